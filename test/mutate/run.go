package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A result is the result of the tests of a mutant.
type result string

const (
	killed       result = "killed"
	timedOut     result = "timed out" // also means that the tests found the mistake
	survived     result = "survived"
	notCompiling result = "not compiling"
)

// A runner makes the mutants of one file and runs the tests on them.
//
// Compiling each mutant would take too long. The runner builds one program, in which every function begins with a switch over its
// mutants. An environment variable chooses the mutant.
type runner struct {
	*source
	dir      string     // the folder for the built programs
	root     string     // the root folder of the module
	packages []string   // the packages whose tests run, in this order
	killers  [][]string // by package, the tests that killed a mutant, the last one first
	skip     string
	accepted map[string]int // by group, the number of mutants that may survive
	tests    []*tests       // by package
	chosen   bool           // true while the program has many mutants and the variable chooses one
}

// tests is the test program of a package.
type tests struct {
	program, dir string
	timeout      time.Duration
}

// group returns the group of a mutant, as written in accepted.txt.
func (r *runner) group(m *mutant) string { return r.path + ": " + m.group }

const choice = "MUTANT"

// chooser is a file that the runner adds to the package.
const chooser = `package %s

import (
	"os"
	"strconv"
)

var mutantID, _ = strconv.Atoi(os.Getenv("` + choice + `"))
`

// run runs the tests on all mutants, and calls done after each.
func (r *runner) run(done func(*mutant)) error {
	var together, alone []*mutant
	for _, m := range r.mutants {
		if m.body == nil {
			alone = append(alone, m)
		} else {
			together = append(together, m)
		}
	}
	for {
		text, owners := r.render(together)
		lines, err := r.compile(text)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			break
		}
		for _, line := range lines {
			m := owners[line]
			if m == nil {
				return fmt.Errorf("%s: line %d does not compile, and is in no mutant", r.path, line)
			}
			if m.result != notCompiling {
				m.result = notCompiling
				done(m)
			}
		}
		together = slices.DeleteFunc(together, func(m *mutant) bool { return m.result == notCompiling })
	}
	r.chosen = true
	left := map[string]int{}
	for _, m := range together {
		if err := r.test(m, 0, 1); err != nil {
			return err
		}
		if m.result == survived {
			left[r.group(m)]++
		}
	}
	for _, m := range together {
		// The tests of the other packages take longer. They run only if more mutants of the group are left than may survive.
		if group := r.group(m); m.result == survived && left[group] > r.accepted[group] {
			if err := r.test(m, 1, len(r.packages)); err != nil {
				return err
			}
			if m.result != survived {
				left[group]--
			}
		}
		done(m)
	}
	r.chosen = false
	for _, m := range alone {
		lines, err := r.compile(m.edit.apply(r.text, 0, len(r.text)))
		// An ExitError means that another file of the package does not compile with this mutant.
		if _, elsewhere := errors.AsType[*exec.ExitError](err); err != nil && !elsewhere {
			return err
		}
		if m.result = notCompiling; err == nil && len(lines) == 0 {
			if err := r.test(m, 0, len(r.packages)); err != nil {
				return err
			}
		}
		done(m)
	}
	return nil
}

// render returns the source with the mutants of each function in it, and the mutant of each line.
func (r *runner) render(mutants []*mutant) (text string, owners map[int]*mutant) {
	owners = map[int]*mutant{}
	var b strings.Builder
	line := 1
	write := func(text string, m *mutant) {
		b.WriteString(text)
		for range strings.Count(text, "\n") {
			owners[line] = m
			line++
		}
	}
	written := 0
	for i, m := range mutants {
		if i == 0 || *m.body != *mutants[i-1].body {
			write(r.text[written:m.body.start]+"\nswitch mutantID {\n", nil)
			written = m.body.start
		}
		mutated := m.edit.apply(r.text, m.body.start, m.body.end)
		call := "func() {" + mutated + "}()\nreturn"
		if m.body.results != "" {
			call = "return func() " + m.body.results + " {" + mutated + "}()"
		}
		write(fmt.Sprintf("case %d:\n%s\n", m.id, call), m)
		if i == len(mutants)-1 || *m.body != *mutants[i+1].body {
			write("}\n", nil)
		}
	}
	write(r.text[written:], nil)
	return b.String(), owners
}

// compile compiles the package with text as the content of the file, and returns the lines that have errors.
func (r *runner) compile(text string) (lines []int, err error) {
	r.tests = make([]*tests, len(r.packages))
	pkg := filepath.Dir(r.path)
	name, _, _ := strings.Cut(r.text[strings.Index(r.text, "\npackage ")+1:], "\n")
	replace := map[string]string{}
	for file, text := range map[string]string{r.path: text, pkg + "/mutant_id.go": fmt.Sprintf(chooser, strings.TrimPrefix(name, "package "))} {
		temporary := filepath.Join(r.dir, filepath.Base(file))
		replace[filepath.Join(r.root, file)] = temporary
		if err := os.WriteFile(temporary, []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(r.overlay(), overlay, 0o600); err != nil {
		return nil, err
	}
	out, err := r.goCommand("build", "-overlay", r.overlay(), "-gcflags=-e", "./"+pkg).CombinedOutput()
	if err == nil {
		return nil, nil
	}
	for _, m := range regexp.MustCompile(`(?m)`+regexp.QuoteMeta(filepath.Base(r.path))+`:(\d+):\d+: `).FindAllSubmatch(out, -1) {
		line, _ := strconv.Atoi(string(m[1]))
		lines = append(lines, line)
	}
	if lines == nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return lines, nil
}

func (r *runner) overlay() string { return filepath.Join(r.dir, "overlay.json") }

func (r *runner) goCommand(args ...string) *exec.Cmd {
	cmd := exec.Command("go", args...)
	cmd.Dir = r.root
	return cmd
}

// test runs the tests of the packages with an index from first to end-1 on a mutant. In each package, the tests that killed the
// last mutants run first.
func (r *runner) test(m *mutant, first, end int) error {
	m.result = survived
	for i := first; i < end; i++ {
		t, err := r.built(i)
		if err != nil && !r.chosen { // the package compiles, but its tests do not, for example if a constant has another type now
			m.result = notCompiling
			return nil
		}
		if err != nil {
			return err
		}
		names := r.killers[i][:min(len(r.killers[i]), 5)]
		patterns := []string{"."}
		if len(names) > 0 {
			patterns = []string{"^(" + strings.Join(names, "|") + ")$", "."}
		}
		for _, pattern := range patterns {
			out, err := t.run(m, pattern, r.skip)
			if err == nil {
				continue
			}
			if m.result = killed; bytes.Contains(out, []byte("panic: test timed out")) {
				m.result = timedOut
			} else if found := regexp.MustCompile(`(?m)^--- FAIL: (\w+)`).FindSubmatch(out); found != nil {
				name := string(found[1])
				others := slices.DeleteFunc(r.killers[i], func(s string) bool { return s == name })
				r.killers[i] = append([]string{name}, others...)
			}
			return nil
		}
	}
	return nil
}

// built returns the test program of a package, and builds it on the first call. The tests must pass while no mutant is chosen.
func (r *runner) built(i int) (*tests, error) {
	if r.tests[i] != nil {
		return r.tests[i], nil
	}
	pkg := r.packages[i]
	t := &tests{program: filepath.Join(r.dir, "tests"+strconv.Itoa(i)), dir: filepath.Join(r.root, pkg), timeout: 5 * time.Minute}
	out, err := r.goCommand("test", "-c", "-vet=off", "-overlay", r.overlay(), "-o", t.program, pkg).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("go test -c %s: %w\n%s", pkg, err, out)
	}
	if r.chosen {
		start := time.Now()
		if out, err := t.run(new(mutant), ".", r.skip); err != nil {
			return nil, fmt.Errorf("%s fails without a mutant: %w\n%s", pkg, err, out)
		}
		t.timeout = 2*time.Since(start) + 2*time.Second
	}
	r.tests[i] = t
	return t, nil
}

// run runs the tests that match the pattern. The memory is limited, because a mutant may try to use all of it.
func (t *tests) run(m *mutant, pattern, skip string) (out []byte, err error) {
	cmd := exec.Command("sh", "-c", `ulimit -v 4194304; exec "$@"`, "sh", t.program,
		"-test.short", "-test.failfast", "-test.run", pattern, "-test.skip", skip, "-test.timeout", t.timeout.String())
	cmd.Dir = t.dir
	cmd.Env = append(os.Environ(), choice+"="+strconv.Itoa(m.id))
	return cmd.CombinedOutput()
}
