// Mutate looks for mistakes that no test would find. It makes them one by one in the files that are named, runs the tests on
// each, and lists those that survive: a test is missing, or the mistake is none. For the latter accepted.txt has a reason.
//
//	go run ./test/mutate [files]
//
// Run it in the root of the module. Without names it takes all files of the list below. It ends with status 1 if a
// mutant survives that is not in accepted.txt, or if one that is in it does not.
package main

import (
	"bufio"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// targets are the files that amounts, states and limits depend on, and the packages whose tests are about them, the quickest
// first.
var targets = []struct {
	packages, files []string
}{
	{[]string{".", "./test"}, []string{"totals.go", "state.go", "validate.go"}},
	{[]string{"./internal/jsonwire", "./test"}, []string{
		"internal/jsonwire/number.go", "internal/jsonwire/append.go", "internal/jsonwire/time.go",
	}},
	{[]string{"./internal/netting", "./integration"}, []string{"internal/netting/netting.go", "internal/netting/flow.go"}},
	{[]string{"./integration"}, []string{
		"integration/receipt.go", "integration/receipt_rollback.go", "integration/receipt_round.go",
		"integration/receipt_overdiscounted.go",
	}},
}

// skipped are tests that have nothing to do with these files or take long for what they see of them, that measure what the
// mutants beside each other change anyway, as allocations, or that measure time.
const skipped = "Allocations$|^TestTimeGrows|^TestGoBlocks$|^TestLayout$|^TestLinks$|Page|^TestEvery|" +
	"^TestAPI$|^TestSoak$|^TestRetained$|^TestMemoryGrows|^TestCartOfBadItems$|Gigabyte|" +
	"^TestSessionIDsArriveAsSent$|^TestEndlessBodiesAreNotRead$|^TestBodyTooLarge$|Retry|Goroutine"

// acceptedText has paragraphs: a reason, each line behind a #, and the mutants that it is for.
//
//go:embed accepted.txt
var acceptedText string

func main() {
	verbose := flag.Bool("v", false, "list the mutants that do not survive, too")
	flag.Parse()
	good, named := true, flag.NArg()
	for _, t := range targets {
		for _, file := range t.files {
			if flag.NArg() > 0 && !slices.Contains(flag.Args(), file) {
				continue
			}
			named--
			ok, err := mutateFile(os.Stdout, file, t.packages, accepted(acceptedText), *verbose)
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
			good = good && ok
		}
	}
	if named > 0 {
		fmt.Fprintln(os.Stderr, "not all of these files are in the list")
		good = false
	}
	if !good {
		os.Exit(1)
	}
}

// mutateFile writes what becomes of the mutants of a file. ok is false if it is not as accepted.
func mutateFile(out io.Writer, path string, packages []string, accepted map[string]bool, verbose bool) (ok bool, err error) {
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
	ok = true
	err = r.run(func(m *mutant) {
		count[m.result]++
		if m.result == survived && !accepted[r.key(m)] {
			ok = false
		} else if !verbose {
			return
		}
		fmt.Fprintf(out, "%s:%d: %s: %s\n", path, m.line, m.result, m.key)
	})
	if err != nil {
		return false, err
	}
	left := map[string]bool{}
	for _, m := range r.mutants {
		left[r.key(m)] = m.result == survived
	}
	for _, key := range slices.Sorted(maps.Keys(accepted)) {
		if strings.HasPrefix(key, path+": ") && !left[key] {
			ok = false
			fmt.Fprintf(out, "accepted, but does not survive: %s\n", key)
		}
	}
	_, err = fmt.Fprintf(out, "%s: %d mutants: %d killed, %d timed out, %d survived, %d do not compile\n",
		path, len(r.mutants), count[killed], count[timedOut], count[survived], count[notCompiling])
	return ok, err
}

// accepted reads the mutants that may survive.
func accepted(text string) map[string]bool {
	keys := map[string]bool{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		if line := strings.TrimSpace(lines.Text()); line != "" && line[0] != '#' {
			keys[line] = true
		}
	}
	return keys
}
