package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

// A script asks a server one question with requests, and has the expected values of the answers. README.md describes the members.
type script struct {
	name string // the name of the file, without its extension

	Question      string               `json:"question"`
	Readings      []string             `json:"readings"`
	OnlyOurServer string               `json:"onlyOurServer"`
	Given         map[string]string    `json:"given"`
	Effects       []integration.Effect `json:"effects"`
	Steps         []step               `json:"steps"`
}

// A step is a request with the expected values of its answer.
type step struct {
	Says           string            `json:"says"`
	Readings       []string          `json:"readings"`
	StatusReadings []string          `json:"statusReadings"`
	OnlyOurServer  string            `json:"onlyOurServer"`
	Request        string            `json:"request"`
	Header         map[string]string `json:"header"`
	Body           json.RawMessage   `json:"body"`
	Text           string            `json:"text"`
	Times          int               `json:"times"`

	Status       int                        `json:"status"`
	Statuses     []int                      `json:"statuses"`
	AnswerHeader map[string]string          `json:"answerHeader"`
	Answer       map[string]json.RawMessage `json:"answer"`
	Contains     map[string]json.RawMessage `json:"contains"`
	Absent       []string                   `json:"absent"`
	Ours         map[string]json.RawMessage `json:"ours"`
}

// readingsOf returns the readings that an answer to a step depends on, and the readings that its status depends on.
func (s script) readingsOf(st step) (all, ofStatus []string) {
	all = s.Readings
	if st.Readings != nil {
		all = st.Readings
	}
	if st.StatusReadings != nil {
		return all, st.StatusReadings
	}
	return all, all
}

// statuses returns the expected statuses of the answers to a step, sorted.
func (st step) statuses() []int {
	if st.Statuses != nil {
		return slices.Sorted(slices.Values(st.Statuses))
	}
	return []int{st.Status}
}

// givenSessions are the requests that make a session in a state, by the name of the state.
type givenSessions map[string][]step

// load reads the scripts in the order of their names, and the requests for given sessions.
func load(t testing.TB) ([]script, givenSessions) {
	t.Helper()
	paths, err := filepath.Glob("testdata/scripts/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	scripts := make([]script, len(paths)) // Glob sorts them
	for i, path := range paths {
		scripts[i].name = strings.TrimSuffix(filepath.Base(path), ".json")
		decode(t, path, &scripts[i])
	}
	given := givenSessions{}
	decode(t, "testdata/given.json", &given)
	return scripts, given
}

// decode reads a file and refuses unknown members, because a step with a misspelled expectation would always pass.
func decode(t testing.TB, path string, v any) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(v), path)
	_, err = d.Token()
	require.ErrorIs(t, err, io.EOF, "%s has one value", path)
}

// definedNames are the placeholders for names that the Campaign Manager must know. All other placeholders are texts that are unique
// to a run.
var definedNames = []string{"cost", "attribute", "otherAttribute"}

var (
	placeholder = regexp.MustCompile(`\$\{([^}]*)\}`)
	repeated    = regexp.MustCompile(`^(.+)\*([0-9]+)$`) // ${x*1001}
)

// needs returns the defined names whose placeholders a script has.
func (s script) needs() (needed []string) {
	text, err := json.Marshal(s.Steps)
	if err != nil {
		panic(err) // load has decoded the steps from JSON
	}
	for _, name := range definedNames {
		if bytes.Contains(text, []byte("${"+name+"}")) {
			needed = append(needed, name)
		}
	}
	return needed
}

// TestScriptsAreWellFormed finds mistakes because of which a script would check less than it seems to.
func TestScriptsAreWellFormed(t *testing.T) {
	scripts, given := load(t)
	for _, s := range scripts {
		t.Run(s.name, func(t *testing.T) {
			require.True(t, strings.HasSuffix(s.Question, "?"), "a question in words")
			require.NotEmpty(t, s.Readings)
			require.NotEmpty(t, s.Steps)
			if s.Effects != nil {
				require.NotEmpty(t, s.OnlyOurServer, "a deployment cannot be told which effects to give: say so")
			}
			for name, state := range s.Given {
				require.Contains(t, given, state)
				require.NotContains(t, definedNames, name)
			}
			var byStep []string
			for i, st := range s.Steps {
				all, _ := s.readingsOf(st)
				byStep = append(byStep, all...)
				for _, reading := range all {
					require.Contains(t, s.Readings, reading, "step %d", i)
				}
				checkStep(t, st, fmt.Sprintf("step %d", i))
				if st.Times > 0 {
					require.NotEmpty(t, s.OnlyOurServer+st.OnlyOurServer, "a deployment gets one request after another: say so")
				}
			}
			for _, reading := range s.Readings {
				require.Contains(t, byStep, reading, "no step depends on it")
			}
		})
	}
	for state, steps := range given {
		for i, st := range steps {
			checkStep(t, st, fmt.Sprintf("%s %d", state, i))
			require.Contains(t, st.Request, "${session}")
		}
	}
}

func checkStep(t testing.TB, st step, where string) {
	t.Helper()
	require.Regexp(t, `^(GET|PUT|POST) /v2/customer_sessions/[^/]+`, st.Request, where)
	require.True(t, (st.Status == 0) != (st.Statuses == nil), "%s: either a status or statuses", where)
	require.Len(t, st.Statuses, st.Times, "%s: a status for each time", where)
	require.True(t, st.Body == nil || st.Text == "", "%s: one body", where)
	for _, pointers := range [][]string{slices.Collect(maps.Keys(st.Answer)), slices.Collect(maps.Keys(st.Contains)), st.Absent,
		slices.Collect(maps.Keys(st.Ours))} {
		require.Zero(t, len(pointers)*st.Times, "%s: the answers to several requests differ", where)
		for _, pointer := range pointers {
			require.True(t, strings.HasPrefix(pointer, "/"), "%s: %q is not a pointer", where, pointer)
		}
	}
}

// TestEveryReadingHasAScript compares the scripts with the list in the package comment of integrationtest.
func TestEveryReadingHasAScript(t *testing.T) {
	doc, err := os.ReadFile("../../integration/integrationtest/doc.go")
	require.NoError(t, err)
	_, list, ok := strings.Cut(string(doc), "// # Strict readings\n")
	require.True(t, ok)
	var listed []string
	for _, match := range regexp.MustCompile(`(?m)^//   - ([a-z-]+): `).FindAllStringSubmatch(list, -1) {
		listed = append(listed, match[1])
	}
	require.Equal(t, strings.Count(list, "\n//   - "), len(listed), "a reading without a name")

	asked := map[string]bool{}
	scripts, _ := load(t)
	for _, s := range scripts {
		for _, reading := range s.Readings {
			asked[reading] = true
		}
		for _, st := range s.Steps {
			require.Subset(t, listed, st.StatusReadings, s.name)
		}
	}
	require.ElementsMatch(t, listed, slices.Collect(maps.Keys(asked)))
}

// TestOpenQuestionsComeFirst: a run against a deployment begins with the open questions that most programs meet.
func TestOpenQuestionsComeFirst(t *testing.T) {
	scripts, _ := load(t)
	var first []string
	for _, s := range scripts[:5] {
		first = append(first, s.Readings[0])
	}
	require.Equal(t, []string{"item-costs", "closed-update", "dry-update", "return-all", "state-message"}, first)
}
