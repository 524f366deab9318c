package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const moduleRoot = "../.."

// TestGenerated compares what is generated with the files that are there: one that is stale, or too many, fails.
func TestGenerated(t *testing.T) {
	root := os.DirFS(moduleRoot)
	files, err := generate(root)
	require.NoError(t, err)
	for name, want := range files {
		got, err := fs.ReadFile(root, name)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(want, got), "%s is not what the models say: run go generate .", name)
	}
	require.NoError(t, fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if strings.HasPrefix(string(text), header) {
			assert.Contains(t, files, name, "nothing generates it")
		}
		return err
	}))
}

// TestErrors gives the generator models that say nothing it could write.
func TestErrors(t *testing.T) {
	const good = "// A is a text.\nA string `json:\"a,omitzero\"`\n"
	numbered := strings.Builder{}
	for i := range 65 {
		name := "M" + strings.Repeat("x", i)
		numbered.WriteString(name + " string `json:\"" + name + "\"`\n")
	}
	for _, tt := range []struct{ name, directive, fields, place, want string }{ // want is empty where nothing is wrong
		{"a good one", "model", good, "", ""},
		{"no members", "model", "", "", ""},
		{"no tag", "model", "A string", "M.A", "no tag"},
		{"a tag without a name", "model", "A string `json:\",omitzero\"`", "M.A", "the json tag"},
		{"a tag for something else", "model", "A string `xml:\"a\"`", "M.A", "the json tag"},
		{"another option", "model", "A string `json:\"a,omitempty\"`", "M.A", "the json tag"},
		{"two options", "model", "A string `json:\"a,omitzero,string\"`", "M.A", "the json tag"},
		{"a name twice", "model", good + "B string `json:\"a\"`", "M.B", "a second member a"},
		{"an embedded field", "model", good + "fmt.Stringer", "M", "embedded"},
		{"too many members", "model", numbered.String(), "M", "more than 64"},
		{"an unknown option", "model", "A string `json:\"a\" api:\"readonyl\"`", "M.A", `"readonyl"`},
		{"an option without its value", "model", "A string `json:\"a\" api:\"max\"`", "M.A", `"max"`},
		{"an option with a value too many", "model", "A string `json:\"a\" api:\"readonly=1\"`", "M.A", `"readonly=1"`},
		{"an empty option", "model", "A string `json:\"a\" api:\"readonly,\"`", "M.A", `""`},
		{"a maximum of a number", "model", "A *int64 `json:\"a\" api:\"max=7\"`", "M.A", "max"},
		{"a maximum of each character", "model", "A string `json:\"a\" api:\"each=7\"`", "M.A", "each"},
		{"a default of a number", "model", "A int `json:\"a\" api:\"default=7\"`", "M.A", "default"},
		{"a default that is left out", "model", "A string `json:\"a,omitzero\" api:\"default=7\"`", "M.A", "default"},
		{"another minimum of a string", "model", "A string `json:\"a\" api:\"min=2\"`", "M.A", "minimum"},
		{"a limit that the comment does not name", "model", "// A is at most 7 long.\nA string `json:\"a\" api:\"max=7\"`", "M.A", "no constant that is 7"},
		{"a limit of another value", "model", "// A is at most [MaxLength] long.\nA string `json:\"a\" api:\"max=8\"`", "M.A", "no constant that is 8"},
		{"a limit", "model", "// A is at most [MaxLength] long.\nA string `json:\"a\" api:\"max=7\"`", "", ""},
		{"a type of no kind", "model", "A complex128 `json:\"a\"`", "M.A", "no kind"},
		{"a type of another module", "model", "A fmt.State `json:\"a\"`", "M.A", "no kind"},
		{"a map of texts", "model", "A map[string]string `json:\"a\"`", "M.A", "no kind"},
		{"a value of a model", "model", "A Other `json:\"a\"`", "", ""},
		{"a pointer to a model", "model", "A *Other `json:\"a,omitzero\"`", "", ""},
		{"read-only members in a map", "model", "A map[string]Other `json:\"a\"`", "M.A", "read-only members in a map"},
		{"Extra of another type", "model", good + "Extra map[string]string `json:\"-\"`", "M.Extra", "without a name in JSON"},
		{"Extra twice", "model", good + "X, Y map[string]json.RawMessage `json:\"-\"`", "M.Y", "without a name in JSON"},
		{"an unexported field", "model", good + "n int", "M.n", "no tag"},
		{"one of what is only written", "marshal", good + "n int", "", ""},
		{"an exported one of that", "marshal", good + "N int", "M.N", "no tag"},
		{"an unknown directive", "models", good, "M", "//gen:model"},
		{"an empty directive", "", good, "M", "//gen:model"},
		{"an effect without a name", "effect", good, "M", "//gen:effect"},
		{"a model with a name", "model m", good, "M", "//gen:effect"},
		{"a model for databases", "model sql", good, "", ""},
		{"two more words", "model sql sql", good, "M", "//gen:model sql"},
		{"parts for databases", "parts sql", good, "M", "//gen:model sql"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, form := range []string{"// M has members.\n//\n//gen:%\ntype M struct {\n%}\n", "type (\n\t// M has members.\n\t//\n\t//gen:%\n\tM struct {\n%}\n)\n"} {
				form = strings.Replace(strings.Replace(form, "%", tt.directive, 1), "%", tt.fields+"\n", 1)
				_, err := generate(fstest.MapFS{"m.go": {Data: []byte("package talonone\n\nimport (\n\"encoding/json\"\n\"fmt\"\n)\n\nconst MaxLength = 7\n\ntype validation struct{}\n\n" +
					"// Other is another model.\n//\n//gen:model\ntype Other struct {\nB string `json:\"b\" api:\"readonly\"`\n}\n\n" + form)}})
				if tt.want == "" {
					require.NoError(t, err)
					continue
				}
				require.ErrorContains(t, err, tt.want)
				require.ErrorContains(t, err, tt.place+":")
			}
		})
	}
}

// TestErrorsBeyondAModel has what is wrong only where another file or package is looked at.
func TestErrorsBeyondAModel(t *testing.T) {
	const (
		update  = "// CustomerSessionUpdate is an update.\n//\n//gen:model\ntype CustomerSessionUpdate struct {\n%}\n"
		session = "// CustomerSessionV2 is a session.\n//\n//gen:model\ntype CustomerSessionV2 struct {\n%}\n"
	)
	pair := func(u, s string) fstest.MapFS {
		return fstest.MapFS{"integration/integrationtest/m.go": {Data: []byte("package integrationtest\n")}, "m.go": {Data: []byte("package talonone\n\n" + strings.Replace(update, "%", u+"\n", 1) + strings.Replace(session, "%", s+"\n", 1))}}
	}
	for _, tt := range []struct {
		name string
		root fstest.MapFS
		want string
	}{
		{"the same type", pair("A string `json:\"a,omitzero\"`", "A string `json:\"a\"`"), ""},
		{"a pointer", pair("A *string `json:\"a,omitzero\"`", "A string `json:\"a\"`"), ""},
		{"another type", pair("A int `json:\"a,omitzero\"`", "A string `json:\"a\"`"), "CustomerSessionUpdate.A:"},
		{"another name", pair("A string `json:\"a,omitzero\"`", "B string `json:\"a\"`"), "CustomerSessionUpdate.A:"},
		{"a required member of an update", pair("A string `json:\"a\"`", "A string `json:\"a\"`"), "CustomerSessionUpdate.A:"},
		{"no member of the session", pair("A string `json:\"a,omitzero\"`", "A string `json:\"b\"`"), "CustomerSessionUpdate.A:"},
		{"a limit where nothing validates", fstest.MapFS{"integration/m.go": {Data: []byte(
			"package integration\n\n//gen:model\ntype M struct {\nA string `json:\"a\" api:\"min=1\"`\n}\n")}}, "M.A:"},
		{"a directive of no struct", fstest.MapFS{"m.go": {Data: []byte("package talonone\n\n//gen:model\ntype M string\n")}}, "M:"},
		{"a table of no model", fstest.MapFS{"docs/m.md": {Data: []byte("<!-- members of M -->\n")}}, "docs/m.md"},
		{"no Go", fstest.MapFS{"m.go": {Data: []byte("package talonone\n\ntype M {\n")}}, "m.go:3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := generate(tt.root)
			if tt.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tt.want)
			}
		})
	}
}

// TestWriteLeavesWhatIsRight writes a file only where it differs.
func TestWriteLeavesWhatIsRight(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "m.go"), []byte("package talonone\n\n//gen:model\ntype M struct {\nA string `json:\"a\"`\n}\n"), 0o600))
	name := filepath.Join(root, "m_gen.go")
	require.NoError(t, write(root))
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(want), header))
	require.NoError(t, os.Chmod(name, 0o400))
	require.NoError(t, write(root))
	require.NoError(t, os.Chmod(name, 0o600))
	require.NoError(t, os.WriteFile(name, []byte("stale"), 0o600))
	require.NoError(t, write(root))
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

// TestEnums gives the generator closed sets.
func TestEnums(t *testing.T) {
	const enum = "package talonone\n\n// E is a set.\n//\n//gen:enum\ntype E "
	for _, tt := range []struct{ name, text, valid, err string }{
		{"in the order of the source", "string\n\nconst (\nB E = \"b\"\nA E = \"a\"\n)\n\nconst C = \"c\"\n", "case B,\n\t\tA:\n", ""},
		{"no constant", "string\n\nconst A = \"a\"\n", "", "E: no constant is of this type"},
		{"no strings", "int\n\nconst A E = 1\n", "", "E: //gen:enum is for strings"},
		{"a struct", "struct{}\n", "", "E: //gen:enum is for strings"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files, err := generate(fstest.MapFS{"e.go": {Data: []byte(enum + tt.text)}})
			if tt.err != "" {
				require.EqualError(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Contains(t, string(files["e_gen.go"]), tt.valid)
		})
	}
}
