// Mutate looks for mistakes that no test finds. It makes small mistakes in source files, one at a time, and runs the tests with
// each. A file with such a mistake is a mutant. A mutant survives if all tests pass: a test is missing, or the change is no mistake.
// accepted.txt has the number of mutants that may survive, with the reasons. It counts them by function and kind of change, so
// other changes of the code do not affect it.
//
//	go run ./test/mutate [files]
//
// Run it in the root of the module. Without files, it uses all files of the list below. It exits with 1 if the number of survivors
// is not the number in accepted.txt.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// targets are the files that amounts, states and limits depend on, and the packages with their tests, the fastest package first.
var targets = []struct {
	packages, files []string
}{
	{[]string{".", "./test"}, []string{"totals.go", "state.go", "validate.go"}},
	{[]string{"./internal/jsonwire", "./test"}, []string{
		"internal/jsonwire/number.go", "internal/jsonwire/append.go", "internal/jsonwire/time.go",
	}},
	{[]string{"./internal/codec", "./test"}, []string{
		"internal/codec/shape.go", "internal/codec/decoder.go", "internal/codec/encoder.go", "internal/codec/any.go",
		"internal/codec/reflect.go", "internal/codec/equal.go", "internal/codec/clone.go", "internal/codec/check.go",
		"internal/codec/model.go",
	}},
	{[]string{"./internal/netting", "./integration"}, []string{"internal/netting/netting.go"}},
	{[]string{"./integration"}, []string{
		"integration/receipt.go", "integration/receipt_rollback.go", "integration/receipt_round.go",
		"integration/receipt_overdiscounted.go",
	}},
	{[]string{"./integration/integrationtest", "./integration"}, []string{
		"integration/integrationtest/effects.go", "integration/integrationtest/rollback.go",
		"integration/integrationtest/rules.go", "integration/integrationtest/schema.go",
	}},
	{[]string{"./cmd/talonone/internal/rules", "./cmd/talonone"}, []string{"cmd/talonone/internal/rules/rules.go"}},
}

// skipped are tests that do not test these files, that are too slow for what they test, or that measure time. It also has the tests
// that measure allocations, because the switch between the mutants changes those.
const skipped = "Allocations$|^TestTimeGrows|^TestGoBlocks$|^TestLayout$|^TestLinks$|Page|^TestEvery|" +
	"^TestAPI$|^TestSoak$|^TestRetained$|^TestMemory|^TestCartOfBadItems$|Gigabyte|" +
	"^TestSessionIDsArriveAsSent$|^TestEndlessBodiesAreNotRead$|^TestBodyTooLarge$|Retry|Goroutine"

// acceptedText has paragraphs. Each begins with a reason, in lines with #. The lines that follow, such as
// "file: function: operator: 2", have the number of mutants that may survive for this reason.
//
//go:embed accepted.txt
var acceptedText string

func main() {
	verbose := flag.Bool("v", false, "also list the mutants that do not survive")
	flag.Parse()
	good, named := true, flag.NArg()
	for _, t := range targets {
		for _, file := range t.files {
			if flag.NArg() > 0 && !slices.Contains(flag.Args(), file) {
				continue
			}
			named--
			may, err := accepted(acceptedText)
			ok := err == nil
			if ok {
				ok, err = mutateFile(os.Stdout, file, t.packages, may, *verbose)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			good = good && ok
		}
	}
	if named > 0 {
		fmt.Fprintln(os.Stderr, "a file is not in the list of test/mutate/main.go")
		good = false
	}
	if !good {
		os.Exit(1)
	}
}

// mutateFile tests the mutants of a file and writes the results. ok is false if other mutants survive than those that are accepted.
func mutateFile(out io.Writer, path string, packages []string, accepted map[string]int, verbose bool) (ok bool, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	r := &runner{packages: packages, killers: make([][]string, len(packages)), skip: skipped, accepted: accepted}
	if r.source, err = mutantsOf(path, string(text)); err != nil {
		return false, err
	}
	if r.root, err = os.Getwd(); err != nil {
		return false, err
	}
	if r.dir, err = os.MkdirTemp("", "mutate"); err != nil {
		return false, err
	}
	defer os.RemoveAll(r.dir)

	count := map[result]int{}
	survivors := map[string][]*mutant{}
	err = r.run(func(m *mutant) {
		count[m.result]++
		if m.result == survived {
			survivors[r.group(m)] = append(survivors[r.group(m)], m)
		}
		if verbose {
			fmt.Fprintf(out, "%s:%d: %s: %s: %s\n", path, m.line, m.result, m.group, m.shown)
		}
	})
	if err != nil {
		return false, err
	}
	ok = true
	for group := range accepted {
		if strings.HasPrefix(group, path+": ") && survivors[group] == nil {
			survivors[group] = []*mutant{}
		}
	}
	for _, group := range slices.Sorted(maps.Keys(survivors)) {
		n, may := len(survivors[group]), accepted[group]
		if n == may {
			continue
		}
		ok = false
		fmt.Fprintf(out, "%s: %d survive, %d may\n", group, n, may)
		for _, m := range survivors[group] {
			fmt.Fprintf(out, "\t%s:%d: %s\n", path, m.line, m.shown)
		}
	}
	_, err = fmt.Fprintf(out, "%s: %d mutants: %d killed, %d timed out, %d survived, %d do not compile\n",
		path, len(r.mutants), count[killed], count[timedOut], count[survived], count[notCompiling])
	return ok, err
}

// accepted returns the number of mutants of each group that may survive.
func accepted(text string) (map[string]int, error) {
	groups := map[string]int{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		i := strings.LastIndex(line, ": ")
		n, err := strconv.Atoi(line[i+len(": "):])
		if i < 0 || err != nil || n < 1 {
			return nil, fmt.Errorf("the line has no number of mutants: %s", line)
		}
		groups[line[:i]] += n // a group can have several reasons
	}
	return groups, nil
}
