package talonone

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// These tests compile the Go blocks of the documents, run programs whose output is shown, and check links. CONTRIBUTING.md says
// how to write a block.

// packages are the packages that a fragment may use without an import.
var packages = map[string]string{
	"context": "context", "errors": "errors", "fmt": "fmt", "http": "net/http", "json": "encoding/json", "log": "log", "maps": "maps",
	"os": "os", "slices": "slices", "slog": "log/slog", "sql": "database/sql", "testing": "testing", "time": "time", "url": "net/url",
	"decimal":         "github.com/shopspring/decimal",
	"talonone":        "github.com/talonone-go/talonone",
	"integration":     "github.com/talonone-go/talonone/integration",
	"integrationtest": "github.com/talonone-go/talonone/integration/integrationtest",
}

// variables are the variables that a fragment may use without a declaration.
var variables = map[string]string{
	"client":  "*integration.Client",
	"ctx":     "context.Context",
	"err":     "error",
	"receipt": "*integration.Receipt",
	"server":  "*integrationtest.Server",
	"session": "talonone.CustomerSessionV2",
	"state":   "*integration.IntegrationState",
	"t":       "*testing.T",
	"update":  "talonone.CustomerSessionUpdate",
}

// A block is a Go code block of a document.
type block struct {
	path   string
	line   int // where its first line stands
	code   string
	file   string // of a recipe: the file in test/recipes that it shows
	output string // of a program that shows it, in a text block right after
}

func (b block) String() string { return fmt.Sprintf("%s:%d", b.path, b.line) }

// complete reports whether the block is a file. Any other block is a fragment: declarations or statements.
func (b block) complete() bool {
	return regexp.MustCompile(`(?m)^package \w+$`).MatchString(b.code)
}

func TestGoBlocks(t *testing.T) {
	blocks := append(goBlocks(t), packageComment(t)...)
	require.NotEmpty(t, blocks)
	fset := token.NewFileSet()
	files := map[block]*ast.File{}
	imports := map[string]bool{}
	blocks = slices.DeleteFunc(blocks, func(b block) bool { return b.file != "" })
	for _, b := range blocks {
		file, err := b.parse(fset)
		require.NoError(t, err)
		files[b] = file
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			imports[path] = true
		}
	}
	compiled := exportData(t, slices.Sorted(maps.Keys(imports)))
	imported := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(compiled[path]) })
	for _, b := range blocks {
		t.Run(b.String(), func(t *testing.T) {
			config := types.Config{
				Importer: imported,
				Error: func(err error) {
					// A fragment need not use what it declares.
					if e, ok := errors.AsType[types.Error](err); b.complete() || !ok || !e.Soft {
						t.Error(err)
					}
				},
			}
			_, _ = config.Check(b.String(), fset, []*ast.File{files[b]}, nil) // Error has seen every error
		})
	}
}

// parse turns the block into a file. Errors are reported at the line in the document.
func (b block) parse(fset *token.FileSet) (*ast.File, error) {
	code := fmt.Sprintf("//line %s:%d\n%s", b.path, b.line, b.code)
	if b.complete() {
		return parser.ParseFile(fset, "", code, 0)
	}
	// Declarations stay at package level, statements go into a function.
	body := code
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+body, 0)
	if err != nil {
		body = "func _() error {\n" + code + "\npanic(0)\n}\n"
		if file, err = parser.ParseFile(token.NewFileSet(), "", "package p\n"+body, 0); err != nil {
			return nil, err
		}
	}
	var imports, declarations string
	used := map[string]bool{}
	for _, ident := range file.Unresolved {
		used[ident.Name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if typ, ok := variables[name]; ok {
			declarations += "var " + name + " " + typ + "\n"
			if pkg, _, ok := strings.Cut(strings.TrimPrefix(typ, "*"), "."); ok {
				used[pkg] = true
			}
		}
	}
	for name := range used {
		if path, ok := packages[name]; ok {
			imports += fmt.Sprintf("import %q\n", path)
		}
	}
	return parser.ParseFile(fset, "", "package p\n"+imports+declarations+body, 0)
}

// exportData compiles packages and their dependencies, and returns the file of each one's export data.
func exportData(t *testing.T, paths []string) map[string]string {
	t.Helper()
	list := exec.Command("go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, paths...)...)
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	require.NoError(t, err, stderr.String())
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	return files
}

// TestRecipes checks that docs/recipes.md shows the files of test/recipes unchanged. They need other libraries, so they are
// compiled and tested there.
func TestRecipes(t *testing.T) {
	var want, got []string
	for _, b := range goBlocks(t) {
		if b.file != "" {
			assert.Equal(t, read(t, b.file), b.code, b.file)
			got = append(got, b.file)
		}
	}
	paths, err := filepath.Glob("test/recipes/*/*.go")
	require.NoError(t, err)
	for _, path := range paths {
		if !strings.HasSuffix(path, "_test.go") {
			want = append(want, filepath.ToSlash(path))
		}
	}
	require.NotEmpty(t, want)
	assert.ElementsMatch(t, want, got)
}

func TestProgramsPrintWhatTheDocsShow(t *testing.T) {
	found := 0
	for _, b := range goBlocks(t) {
		if b.output == "" {
			continue
		}
		found++
		t.Run(b.String(), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "main.go")
			require.NoError(t, os.WriteFile(file, []byte(b.code), 0o600))
			out, err := exec.Command("go", "run", file).CombinedOutput()
			require.NoError(t, err, string(out))
			assert.Equal(t, b.output, string(out))
		})
	}
	require.NotZero(t, found)
}

// goBlocks returns the Go blocks of all documents, and the results of diffs.
func goBlocks(t *testing.T) (blocks []block) {
	fence := regexp.MustCompile("(?ms)^```(go|diff)\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?")
	hidden := regexp.MustCompile("(?m)^[ \t]+```go|^```golang|^~~~")
	removed := regexp.MustCompile("(?m)^-.*$")
	added := regexp.MustCompile("(?m)^[+ ]")
	recipe := regexp.MustCompile(`<!-- (test/recipes/\S+) -->\n$`)
	for _, path := range documents(t) {
		text := read(t, path)
		require.False(t, hidden.MatchString(text), "%s: a Go block begins with ```go at the beginning of a line", path)
		for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
			b := block{path: path, line: 1 + strings.Count(text[:m[4]], "\n"), code: text[m[4]:m[5]]}
			if text[m[2]:m[3]] == "diff" {
				b.code = added.ReplaceAllString(removed.ReplaceAllString(b.code, ""), "")
			}
			if file := recipe.FindStringSubmatch(text[:m[0]]); file != nil {
				b.file = file[1]
			}
			if m[6] >= 0 {
				b.output = text[m[6]:m[7]]
			}
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// packageComment returns the blocks of the package's comment.
func packageComment(t *testing.T) (blocks []block) {
	const path = "doc.go"
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	require.NoError(t, err)
	text := file.Doc.Text()
	for _, part := range new(comment.Parser).Parse(text).Content {
		if c, ok := part.(*comment.Code); ok {
			first, _, _ := strings.Cut(c.Text, "\n")
			before, _, _ := strings.Cut(text, "\t"+first)
			blocks = append(blocks, block{path: path, line: 1 + strings.Count(before, "\n"), code: c.Text})
		}
	}
	return blocks
}

// TestLinks checks that each link within the repository leads to a file, and to a heading if it names one. A link to this
// module at pkg.go.dev must lead to an existing package.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)|(?m)^\[[^]]+\]: *(\S+)|(?:href|src)="([^"]+)"`)
	const module, online = "github.com/talonone-go/talonone", "https://pkg.go.dev/"
	found := 0
	for _, path := range documents(t) {
		text := withoutCode(read(t, path))
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			to := m[1] + m[2] + m[3]
			target, anchor, _ := strings.Cut(to, "#")
			switch pkg, ok := strings.CutPrefix(target, online+module); {
			case ok:
				target = "./" + pkg
			case strings.Contains(to, "://"):
				continue
			case target == "":
				target = path
			default:
				target = filepath.Join(filepath.Dir(path), target)
			}
			found++
			if _, err := os.Stat(target); !assert.NoError(t, err, "%s: %s", path, to) || anchor == "" || filepath.Ext(target) != ".md" {
				continue
			}
			assert.Contains(t, anchors(withoutCode(read(t, target))), anchor, "%s: %s", path, to)
		}
	}
	assert.Greater(t, found, 50)
}

// TestFilesThatCommentsName checks that the documents named in comments of Go files and of .ci/run exist.
func TestFilesThatCommentsName(t *testing.T) {
	name := regexp.MustCompile(`\b(?:docs/[\w/]+\.\w+|[A-Z]+\.md)\b`)
	found := 0
	check := func(path, text string) {
		for _, target := range name.FindAllString(text, -1) {
			found++
			assert.FileExists(t, target, path)
		}
	}
	check(".ci/run", read(t, ".ci/run"))
	require.NoError(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, group := range file.Comments {
			check(path, group.Text())
		}
		return nil
	}))
	assert.NotZero(t, found)
}

// TestDocLinks checks the links in the comments of all packages, such as [State.Valid]: each must lead to an existing symbol.
func TestDocLinks(t *testing.T) {
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{.Dir}} {{join .GoFiles " "}}`, "./...")
	out, err := list.Output()
	require.NoError(t, err)
	exports := exportData(t, []string{"./..."})
	imported := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	found := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 3 { // only tests
			continue
		}
		fset := token.NewFileSet()
		var files []*ast.File
		for _, name := range fields[2:] {
			file, err := parser.ParseFile(fset, filepath.Join(fields[1], name), nil, parser.ParseComments)
			require.NoError(t, err)
			files = append(files, file)
		}
		var groups []*ast.CommentGroup
		for _, file := range files {
			groups = append(groups, file.Comments...)
		}
		pkg, err := doc.NewFromFiles(fset, files, fields[0], doc.AllDecls|doc.PreserveAST)
		require.NoError(t, err)
		for _, group := range groups {
			at := fset.Position(group.Pos())
			for _, link := range docLinks(t, at, pkg.Parser().Parse(group.Text())) {
				found++
				if link.ImportPath == "" {
					continue // the parser knows the symbols of its own package
				}
				other, err := imported.Import(link.ImportPath)
				if !assert.NoError(t, err, "%v: %v", at, link) || link.Name == "" {
					continue
				}
				object := other.Scope().Lookup(cmp.Or(link.Recv, link.Name))
				if object != nil && link.Recv != "" {
					object, _, _ = types.LookupFieldOrMethod(object.Type(), true, other, link.Name)
				}
				assert.NotNil(t, object, "%v: %v", at, link)
			}
		}
	}
	assert.Greater(t, found, 100)
}

// docLinks returns the links in a comment. A link to a name that does not exist is an error.
func docLinks(t *testing.T, at token.Position, parsed *comment.Doc) (links []*comment.DocLink) {
	looksLikeLink := regexp.MustCompile(`\[\*?(?:[a-z]+\.)?[A-Z]\w+(?:\.[A-Z]\w+)?\]`)
	text := func(list []comment.Text) {
		for _, part := range list {
			switch part := part.(type) {
			case *comment.DocLink:
				links = append(links, part)
			case comment.Plain:
				assert.NotRegexp(t, looksLikeLink, string(part), "%v: there is no such symbol", at)
			}
		}
	}
	for _, b := range parsed.Content {
		switch b := b.(type) {
		case *comment.Paragraph:
			text(b.Text)
		case *comment.Heading:
			text(b.Text)
		case *comment.List:
			for _, item := range b.Items {
				for _, b := range item.Content {
					text(b.(*comment.Paragraph).Text)
				}
			}
		}
	}
	return links
}

// anchors returns the anchors that GitHub generates for the headings of a document.
func anchors(text string) (all []string) {
	punctuation := regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		name := punctuation.ReplaceAllString(strings.ToLower(m[1]), "")
		all = append(all, strings.ReplaceAll(name, " ", "-"))
	}
	return all
}

// withoutCode removes the fenced blocks of a document.
func withoutCode(text string) string {
	return regexp.MustCompile("(?ms)^```.*?^```$").ReplaceAllString(text, "")
}
