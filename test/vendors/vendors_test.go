//go:build unix

package vendors

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write testdata/life.json from the answers to fetch")

// results are the results of a client by the names of the steps. Numbers are [json.Number], and times are "a time".
type results map[string]any

// A client lists how the results of a client differ from testdata/life.json. A difference that does not occur fails the test.
type client struct {
	lacks  []string // steps for which the client has no method
	cannot []string // steps in which the client sends another request
	// drops are members that its models do not have. A name with the type of an effect before it is a member of the effect's props.
	drops  []string
	values map[string]any // other results, by JSON Pointer
}

// absent in client.values means that the results lack the member.
type absent struct{}

// The members of a session that the clients for JavaScript do not know.
var unknownToJavaScript = []string{"updateCount", "cartItemAdditionalCostTotal"}

var javascript = map[string]client{
	"": {}, // fetch, which returns the bodies unchanged
	"talon_one_5": {
		drops:  unknownToJavaScript,
		values: map[string]any{"/return/answer/return/returnedCartItems/0/sku": absent{}},
	},
	"talon_one": {
		lacks:  []string{"read", "unknown session", "reopen", "return", "return too much", "read after the return"},
		cannot: []string{"costs of items"},
		drops: append(slices.Clone(unknownToJavaScript), "id", "updated", "returnedQuantity", "remainingQuantity",
			"rollbackDiscount.cartItemPosition", "rollbackDiscount.cartItemSubPosition",
			"rollbackDiscount.additionalCost", "rollbackDiscount.additionalCostId"),
	},
}

func TestJavaScript(t *testing.T) {
	dir := installJavaScript(t)
	program := build(t, "../..", "./cmd/talonone")
	for _, name := range slices.Sorted(maps.Keys(javascript)) {
		t.Run(cmp.Or(name, "fetch"), func(t *testing.T) {
			got := run(t, program, exec.Command("node", filepath.Join(dir, "life.js"), name))
			if *update && name == "" {
				require.NoError(t, os.WriteFile("testdata/life.json", append(pretty(got), '\n'), 0o644))
			}
			assertResults(t, javascript[name], got)
		})
	}
}

// installJavaScript returns a folder with the script and the packages that it needs.
func installJavaScript(t *testing.T) string {
	t.Helper()
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("VENDORS_REQUIRED") != "" {
				t.Fatalf("VENDORS_REQUIRED is set: %v", err)
			}
			t.Skipf("node and npm are required: %v", err)
		}
	}
	dir := t.TempDir()
	for _, name := range []string{".npmrc", "life.js", "package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join("javascript", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o644))
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	npm.Dir = dir
	out, err := npm.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return dir
}

// The client for Go converts every amount to a float32, in requests and answers. It has no model for the error of a 404.
var golang = client{values: map[string]any{
	"/unknown session/error":                                  nil,
	"/large amounts/answer/customerSession/cartItems/0/price": json.Number("1234567.9"),
	"/large amounts/answer/customerSession/cartItemTotal":     json.Number("3703703.8"),
	"/large amounts/answer/customerSession/total":             json.Number("3703704"),
}}

func TestGo(t *testing.T) {
	sdk := clone(t, "talon-one-go-sdk")
	dir := t.TempDir()
	text, err := os.ReadFile("go/life.go")
	require.NoError(t, err)
	text = bytes.Replace(text, []byte("//go:build ignore\n"), nil, 1) // the line keeps the SDK out of this module
	require.NoError(t, os.WriteFile(filepath.Join(dir, "life.go"), text, 0o644))
	module := "module life\n\ngo 1.26\n\nrequire github.com/talon-one/talon-one-go-sdk v0.0.0\n\n" +
		"replace github.com/talon-one/talon-one-go-sdk => " + strconv.Quote(sdk) + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(module), 0o644))
	got := run(t, build(t, "../..", "./cmd/talonone"), exec.Command(build(t, dir, ".")))
	assertResults(t, golang, got)
}

// The client for Python checks items itself, and sends the state open with every update that has no state.
var python = client{values: map[string]any{
	"/bad item":                                  map[string]any{"refused": "1 validation error for CartItem"},
	"/update when closed/error/message":          `Cannot move session to state "open" from state "closed"`,
	"/update when closed/error/errors/0/details": "closed to open needs a reopen, not an update",
}}

func TestPython(t *testing.T) {
	sdk := clone(t, "talon-one-python-sdk")
	cmd := exec.Command("python3", "python/life.py")
	cmd.Env = append(os.Environ(), "PYTHONPATH="+sdk)
	assertResults(t, python, run(t, build(t, "../..", "./cmd/talonone"), cmd))
}

func TestTypeScript(t *testing.T) {
	sdk := clone(t, "talon-one-ts-sdk")
	got := run(t, build(t, "../..", "./cmd/talonone"), exec.Command("node", "javascript/life.js", sdk))
	assertResults(t, client{drops: []string{"cartItemAdditionalCostTotal"}}, got)
}

// clone returns the folder of a client that CI cannot download. Without VENDORS_CLONES, it skips the test.
func clone(t *testing.T, name string) string {
	t.Helper()
	clones := os.Getenv("VENDORS_CLONES")
	if clones == "" {
		t.Skipf("VENDORS_CLONES names no folder with a clone of github.com/talon-one/%s", name)
	}
	dir, err := filepath.Abs(filepath.Join(clones, name))
	require.NoError(t, err)
	require.DirExists(t, dir)
	return dir
}

// build builds a package and returns the path of the program.
func build(t *testing.T, dir, pkg string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	cmd := exec.Command("go", "build", "-o", program, pkg)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return program
}

// run starts a sandbox, runs a client against it, and returns the results of the client.
func run(t *testing.T, program string, cmd *exec.Cmd) results {
	t.Helper()
	url, key := startSandbox(t, program)
	cmd.Env = append(cmd.Environ(), "TALONONE_URL="+url, "TALONONE_API_KEY="+key)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s", &stderr)
	return parse(t, out)
}

// startSandbox starts the program, and stops it when the test ends.
func startSandbox(t *testing.T, program string) (url, key string) {
	t.Helper()
	cmd := exec.Command(program, "sandbox", "-addr", "127.0.0.1:0", "-rules", "testdata/rules.json")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Signal(os.Interrupt))
		assert.NoError(t, cmd.Wait())
	})
	lines := bufio.NewScanner(stdout)
	for (url == "" || key == "") && lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "URL"); ok {
			url = strings.TrimSpace(rest)
		}
		if rest, ok := strings.CutPrefix(lines.Text(), "API key"); ok {
			key = strings.TrimSpace(rest)
		}
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, key, "the program must print its URL and API key")
	return url, key
}

// parse reads results. It replaces times, which are different in each run.
func parse(t *testing.T, text []byte) results {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var r results
	require.NoError(t, d.Decode(&r), "%s", text)
	change(map[string]any(r), func(v any) any {
		switch v := v.(type) {
		case json.Number:
			return json.Number(strings.TrimSuffix(v.String(), ".0")) // Python writes a float with ".0"
		case string:
			if _, err := time.Parse(time.RFC3339, v); err == nil {
				return "a time"
			}
		}
		return v
	})
	return r
}

// change applies a function to all values inside a value, and then to the value itself.
func change(v any, f func(any) any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			v[name] = change(value, f)
		}
	case []any:
		for i := range v {
			v[i] = change(v[i], f)
		}
	}
	return f(v)
}

// assertResults compares the results of a client with testdata/life.json and the listed differences.
func assertResults(t *testing.T, c client, got results) {
	t.Helper()
	text, err := os.ReadFile("testdata/life.json")
	require.NoError(t, err)
	want := parse(t, text)
	for _, step := range c.lacks {
		require.Contains(t, want, step)
		delete(want, step)
	}
	for _, step := range c.cannot {
		assert.NotEqual(t, want[step], got[step], step)
		delete(want, step)
		delete(got, step)
	}
	for _, member := range c.drops {
		assert.True(t, drop(want, member), "no model has %s", member)
	}
	for pointer, value := range c.values {
		before := at(t, want, pointer)
		assert.NotEqual(t, value, before.get(), "%s does not differ", pointer)
		before.set(value)
	}
	assert.Equal(t, string(pretty(want)), string(pretty(got)))
}

// drop deletes every member with this name, or for "type.member", the member of the props of every effect of this type. It reports
// whether there was one.
func drop(r results, member string) (found bool) {
	effectType, prop, ofEffect := strings.Cut(member, ".")
	change(map[string]any(r), func(v any) any {
		object, ok := v.(map[string]any)
		if ok && ofEffect {
			ok = object["effectType"] == effectType
			object, _ = object["props"].(map[string]any)
			member = prop
		}
		if ok {
			_, has := object[member]
			found = found || has
			delete(object, member)
		}
		return v
	})
	return found
}

// A place reads and replaces a value inside results.
type place struct {
	get func() any
	set func(any)
}

// at returns the place of the value at pointer.
func at(t *testing.T, r results, pointer string) place {
	t.Helper()
	var v any = map[string]any(r)
	var p place
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		switch in := v.(type) {
		case map[string]any:
			p = place{func() any { return in[name] }, func(v any) {
				in[name] = v
				if v == (absent{}) {
					delete(in, name)
				}
			}}
		case []any:
			i, err := strconv.Atoi(name)
			require.NoError(t, err, pointer)
			require.Less(t, i, len(in), pointer)
			p = place{func() any { return in[i] }, func(v any) { in[i] = v }}
		default:
			require.Fail(t, "no such value", pointer)
		}
		v = p.get()
	}
	return p
}

// lineLength is the maximum length of a value that testdata/life.json has in one line.
const lineLength = 190

func pretty(r results) []byte { return appendJSON(nil, map[string]any(r), 0) }

// appendJSON appends indented JSON. A short value stays in one line, so that a reader sees a whole step.
func appendJSON(buf []byte, v any, indent int) []byte {
	short, err := marshal(v)
	if err != nil {
		panic(err) // it was JSON before
	}
	object, isObject := v.(map[string]any)
	list, isList := v.([]any)
	if len(short)+2*indent <= lineLength && indent > 0 || !isObject && !isList {
		return append(buf, short...)
	}
	newline := "\n" + strings.Repeat("  ", indent+1)
	separator, open, end := "", "{", "}"
	if isList {
		open, end = "[", "]"
	}
	buf = append(buf, open...)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		key, _ := marshal(name)
		buf = append(append(append(buf, separator+newline...), key...), ": "...)
		buf = appendJSON(buf, object[name], indent+1)
		separator = ","
	}
	for _, element := range list {
		buf = appendJSON(append(buf, separator+newline...), element, indent+1)
		separator = ","
	}
	return append(buf, "\n"+strings.Repeat("  ", indent)+end...)
}

// marshal is json.Marshal without the escapes for HTML.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), err
}
