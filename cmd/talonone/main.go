// Talonone checks carts, reads receipts, shows how sessions move between states, and serves a sandbox of Talon.One's Integration
// API. docs/sandbox.md describes it.
//
//	talonone validate cart.json
//	talonone receipt -round 2 answer.json
//	talonone states
//	talonone sandbox -rules rules.json
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes.
const (
	exitOK      = 0
	exitInvalid = 1 // the command ran, and its input is not valid
	exitFailed  = 2 // the command line is wrong, or reading, writing or listening failed
)

func main() {
	// The first signal shuts the sandbox down gracefully. A second one kills the program, because stop removes the handler.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// command is one of the program's commands.
type command struct {
	name    string
	args    string // the arguments after the flags, for the help
	summary string
	about   string // the text of the help between the summary and the flags
	run     func(c *cli, ctx context.Context, args []string) int
}

var commands = []command{validateCommand, receiptCommand, statesCommand, sandboxCommand}

// cli is one run of a command.
type cli struct {
	command
	flags          *flag.FlagSet
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run runs the program with these arguments and streams, and returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &cli{stdin: stdin, stdout: stdout, stderr: stderr}
	if len(args) == 0 {
		fmt.Fprint(stderr, overview())
		return exitFailed
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		return c.print(overview(), exitOK)
	}
	for _, command := range commands {
		if command.name == args[0] {
			c.command = command
			c.flags = flag.NewFlagSet(command.name, flag.ContinueOnError)
			c.flags.SetOutput(io.Discard) // parse prints errors and the help itself
			return command.run(c, ctx, args[1:])
		}
	}
	fmt.Fprintf(stderr, "talonone: unknown command %q\n\n%s", args[0], overview())
	return exitFailed
}

func overview() string {
	var b bytes.Buffer
	b.WriteString("usage: talonone <command> [flags] [files]\n\n")
	t := table{}
	for _, command := range commands {
		t.add("  "+command.name, command.summary)
	}
	b.WriteString(t.String())
	b.WriteString("\ntalonone <command> -h describes a command.\n")
	b.WriteString("Exit codes: 0 success, 1 the input is not valid, 2 usage error, or reading, writing or listening failed.\n")
	return b.String()
}

// parse parses the flags of the command. If done is true, the command returns code at once.
func (c *cli) parse(args []string) (code int, done bool) {
	err := c.flags.Parse(args)
	switch {
	case err == nil:
		return 0, false
	case errors.Is(err, flag.ErrHelp):
		return c.print(c.help(), exitOK), true
	}
	return c.usage("%v", err), true
}

func (c *cli) help() string {
	var b bytes.Buffer
	hasFlags := false
	c.flags.VisitAll(func(*flag.Flag) { hasFlags = true })
	usage := "usage: talonone " + c.name
	if hasFlags {
		usage += " [flags]"
	}
	fmt.Fprintf(&b, "%s%s\n\n%s\n", usage, c.args, c.summary)
	if c.about != "" {
		b.WriteString("\n" + c.about)
	}
	if hasFlags {
		b.WriteString("\nFlags:\n")
	}
	c.flags.SetOutput(&b)
	c.flags.PrintDefaults()
	return b.String()
}

// usage reports an error in the command line.
func (c *cli) usage(format string, args ...any) int {
	c.report(format, args...)
	fmt.Fprintf(c.stderr, "talonone %s -h describes the command.\n", c.name)
	return exitFailed
}

// fail reports an error of reading, writing or listening.
func (c *cli) fail(err error) int {
	c.report("%v", err)
	return exitFailed
}

func (c *cli) report(format string, args ...any) {
	fmt.Fprintf(c.stderr, "talonone %s: %s\n", c.name, printable(fmt.Sprintf(format, args...)))
}

// print writes the output of a command. It returns code, or exitFailed if writing fails.
func (c *cli) print(text string, code int) int {
	if _, err := io.WriteString(c.stdout, text); err != nil {
		return c.fail(err)
	}
	return code
}
