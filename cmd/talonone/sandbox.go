package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/netip"

	"github.com/talonone-go/talonone/cmd/talonone/internal/rules"
	"github.com/talonone-go/talonone/cmd/talonone/internal/sandbox"
	"github.com/talonone-go/talonone/integration"
)

var sandboxCommand = command{
	name:    "sandbox",
	summary: "serve the customer sessions of the Integration API, in memory",
	about: `It prints its URL and API key, and serves until it gets SIGINT or SIGTERM. Running requests then have five seconds to end.
Open the URL in a browser. The page shows the sessions, their receipts and each request as it arrives.

The rules decide which effects a session gets. docs/sandbox.md describes them. Without rules, no session gets effects.
The state file keeps the sessions when the sandbox restarts. It is created if it does not exist.

Exit codes: 0 stopped by a signal, 1 the rules are not valid, 2 usage error, or reading, writing or listening failed.
`,
	run: (*cli).sandbox,
}

func (c *cli) sandbox(ctx context.Context, args []string) int {
	addr := c.flags.String("addr", "127.0.0.1:8080", "listen on `host:port`; port 0 chooses a free port")
	rulesFile := c.flags.String("rules", "", "read the rules from `file`")
	stateFile := c.flags.String("state", "", "keep the sessions in `file`")
	key := c.flags.String("key", "", "require this API `key` instead of the default one")
	if code, done := c.parse(args); done {
		return code
	}
	if c.flags.NArg() > 0 {
		return c.usage("no argument is expected")
	}
	if *key != "" {
		if _, err := integration.NewClient("http://127.0.0.1", *key); err != nil {
			return c.usage("-key: %v", err)
		}
	}
	config := sandbox.Config{
		APIKey:    *key,
		StateFile: *stateFile,
		Log:       log.New(c.stderr, "talonone sandbox: ", 0),
		Host:      hostName(*addr),
	}
	var about table
	if *rulesFile != "" {
		s, err := c.read(*rulesFile)
		if err != nil {
			return c.fail(err)
		}
		if config.Rules = s.rules(); config.Rules == nil {
			s.place()
			fmt.Fprint(c.stderr, s.lines())
			return exitInvalid
		}
		about.add("rules", fmt.Sprintf("%s (%d)", oneLine(*rulesFile), config.Rules.Len()))
	}
	server, err := sandbox.New(config)
	if err != nil {
		return c.fail(err)
	}
	if *stateFile != "" {
		about.add("sessions", fmt.Sprintf("%s (%d)", oneLine(*stateFile), server.Len()))
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return c.fail(err)
	}
	local, everywhere := localURL(listener.Addr())
	if everywhere {
		c.report("warning: other machines may reach %s, where the page asks for no key; without -addr only this one can", listener.Addr())
	}
	about.rows = append([][]string{{"URL", local}, {"API key", server.APIKey}}, about.rows...)
	if code := c.print(about.String(), exitOK); code != exitOK {
		_ = listener.Close()
		return code
	}
	if err := server.Serve(ctx, listener); err != nil {
		return c.fail(err)
	}
	return exitOK
}

// rules parses the source as rules. If they are not valid, it adds the problems and returns nil.
func (s *source) rules() *rules.Rules {
	r, err := rules.Parse(s.text)
	if e, ok := errors.AsType[*rules.Error](err); ok {
		for _, p := range e.Problems {
			s.add(p.Offset, p.Pointer, p, p.Err.Error())
		}
		return nil
	}
	return r
}

// localURL returns the URL of a listener for clients on this machine, and whether other machines may reach it.
func localURL(addr net.Addr) (url string, everywhere bool) {
	at, err := netip.ParseAddrPort(addr.String())
	if err != nil { // not a TCP address
		return "http://" + addr.String(), true
	}
	host := at.Addr().Unmap()
	everywhere = !host.IsLoopback()
	if host.IsUnspecified() {
		host = netip.AddrFrom4([4]byte{127, 0, 0, 1})
	}
	return "http://" + netip.AddrPortFrom(host, at.Port()).String(), everywhere
}

// hostName returns the host in -addr, which browsers may then use to open the page. It is empty if -addr has no host.
func hostName(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return ""
	}
	return host
}
