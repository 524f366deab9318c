package talonone

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// These tests compare the tables of the documents with the code. docs_blocks_test.go tests Go blocks, output and links.

// modelPages are the models with a page that has a table of members.
var modelPages = []struct {
	page string
	typ  reflect.Type
}{
	{"customer_session_v2", reflect.TypeFor[CustomerSessionV2]()},
	{"customer_session_update", reflect.TypeFor[CustomerSessionUpdate]()},
	{"cart_item", reflect.TypeFor[CartItem]()},
	{"additional_cost", reflect.TypeFor[AdditionalCost]()},
	{"product", reflect.TypeFor[Product]()},
	{"price_detail", reflect.TypeFor[PriceDetail]()},
	{"experiment_variant_allocation", reflect.TypeFor[ExperimentVariantAllocation]()},
}

// A modelField is a field of a model with its JSON name.
type modelField struct {
	reflect.StructField
	member string
}

// fieldsOf returns the fields of a model except Extra.
func fieldsOf(typ reflect.Type) (fields []modelField) {
	for f := range typ.Fields() {
		if member, _, _ := strings.Cut(f.Tag.Get("json"), ","); member != "-" {
			fields = append(fields, modelField{f, member})
		}
	}
	return fields
}

// limits are the constants that a page may name.
var limits = map[string]int{
	"MaxCartItems":         MaxCartItems,
	"MaxFlattenedQuantity": MaxFlattenedQuantity,
	"MaxLoyaltyCards":      MaxLoyaltyCards,
	"MaxIdentifiers":       MaxIdentifiers,
	"MaxCodeLength":        MaxCodeLength,
	"MaxIDLength":          MaxIDLength,
}

// TestModelPages checks that the page of each model has its table, which go generate writes.
func TestModelPages(t *testing.T) {
	for _, m := range modelPages {
		assert.Equal(t, 1, strings.Count(read(t, "docs/"+m.page+".md"), "\n<!-- members of "+m.typ.Name()+" -->\n"), m.page)
	}
}

// TestEffectsPage checks that each type of effect of the API has a section of the page, with the table of the struct and a text
// on what to do.
func TestEffectsPage(t *testing.T) {
	var api struct {
		Models []struct {
			Go, Effect string
			Deprecated bool
		}
	}
	require.NoError(t, json.Unmarshal([]byte(read(t, "test/testdata/api.json")), &api))
	type section struct {
		effect, structName string
		deprecated         bool
	}
	var want, got []section
	for _, m := range api.Models {
		if m.Effect != "" {
			want = append(want, section{m.Effect, strings.TrimPrefix(m.Go, "integration."), m.Deprecated})
		}
	}
	heading := regexp.MustCompile("^`(\\w+)`: `(\\w+)`\n")
	page := read(t, "docs/effects.md")
	for _, text := range strings.Split(page, "\n### ")[1:] {
		text, _, _ = strings.Cut(text, "\n## ")
		m := heading.FindStringSubmatch(text)
		require.NotNil(t, m, "%.40s", text)
		got = append(got, section{m[1], m[2], strings.Contains(text, "Deprecated")})
		tables := 1
		if strings.Contains(text, "It has no props") {
			tables = 0
		}
		assert.Equal(t, tables, strings.Count(text, "\n<!-- members of "+m[2]+" -->\n"), m[1])
		assert.Contains(t, text, "\nWhat to do: ", m[1])
	}
	assert.ElementsMatch(t, want, got)
	assert.Contains(t, page, "\n<!-- members of Effect -->\n")
}

func TestLimitsInTheDocs(t *testing.T) {
	for _, path := range documents(t) {
		for _, limit := range regexp.MustCompile("`(Max[A-Z]\\w+)` \\(([\\d,]+)\\)").FindAllStringSubmatch(read(t, path), -1) {
			value, err := strconv.Atoi(strings.ReplaceAll(limit[2], ",", ""))
			require.NoError(t, err)
			assert.Equal(t, limits[limit[1]], value, "%s: %s", path, limit[1])
		}
	}
}

func TestEveryModelHasAPage(t *testing.T) {
	files, err := filepath.Glob("model_*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		if name := strings.TrimPrefix(strings.TrimSuffix(file, ".go"), "model_"); !strings.HasSuffix(name, "_gen") {
			assert.FileExists(t, "docs/"+name+".md")
		}
	}
}

// TestPagesNameEveryMethod checks that the index names the methods of all models, and that the page of a model names its other
// methods.
func TestPagesNameEveryMethod(t *testing.T) {
	common := read(t, "docs/README.md")
	check := func(page string, typ reflect.Type) {
		text := read(t, "docs/"+page+".md")
		pointer := reflect.PointerTo(typ)
		for method := range pointer.Methods() {
			row := "\n| " + code(method.Name) + " | "
			assert.Equal(t, 1, strings.Count(common, row)+strings.Count(text, row), "%s.%s", typ.Name(), method.Name)
		}
	}
	for _, m := range modelPages {
		check(m.page, m.typ)
	}
	check("attributes", reflect.TypeFor[Attributes]())
}

func TestIndexListsEveryPage(t *testing.T) {
	index := read(t, "docs/README.md")
	pages, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	for _, page := range pages {
		if name := filepath.Base(page); name != "README.md" {
			assert.True(t, strings.Contains(index, "]("+name+")"), "docs/README.md links to %s", name)
		}
	}
}

// TestJSONExamples runs the examples in the tables of docs/json.md: each gives the stated JSON or the stated sentinel.
func TestJSONExamples(t *testing.T) {
	sentinels := map[string]error{
		"ErrSyntax": ErrSyntax, "ErrWrongType": ErrWrongType, "ErrOutOfRange": ErrOutOfRange,
		"ErrDuplicateName": ErrDuplicateName, "ErrInvalidUTF8": ErrInvalidUTF8, "ErrTooDeep": ErrTooDeep,
	}
	types := map[string]reflect.Type{"Attributes": reflect.TypeFor[Attributes]()}
	for _, m := range modelPages {
		types[m.typ.Name()] = m.typ
	}
	refusal := regexp.MustCompile("^`(Err\\w+)`(?: at `(.*)`)?$")
	for _, row := range table(t, read(t, "docs/json.md"), "model", "JSON", "becomes", "") {
		text := strings.Trim(row["JSON"], "`")
		t.Run(text, func(t *testing.T) {
			require.Contains(t, types, strings.Trim(row["model"], "`"))
			v := reflect.New(types[strings.Trim(row["model"], "`")]).Interface()
			err := v.(json.Unmarshaler).UnmarshalJSON([]byte(text))
			if m := refusal.FindStringSubmatch(row["becomes"]); m != nil {
				require.Contains(t, sentinels, m[1])
				require.ErrorIs(t, err, sentinels[m[1]])
				e, _ := errors.AsType[*DecodeError](err)
				assert.Equal(t, m[2], e.Path)
				return
			}
			require.NoError(t, err)
			written, err := v.(json.Marshaler).MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, row["becomes"], code(string(written)))
		})
	}
}

// TestMigratingTables checks the column of docs/migrating.md with the fields of this package.
func TestMigratingTables(t *testing.T) {
	page := read(t, "docs/migrating.md")
	for _, m := range modelPages {
		t.Run(m.page, func(t *testing.T) {
			_, section, ok := strings.Cut(page, "\n### "+m.typ.Name()+"\n")
			require.True(t, ok, "a section with the name of the type")
			section, _, _ = strings.Cut(section, "\n#")
			rows := table(t, section, "member", "talon-one-go-sdk", "here", "")
			here := map[string]string{}
			for _, f := range fieldsOf(m.typ) {
				here[code(f.member)] = code(f.Name + " " + typeName(f.Type))
			}
			for _, row := range rows {
				assert.Equal(t, here[row["member"]], row["here"], row["member"])
			}
		})
	}
}

// TestFloat32InTheDocs checks the figures of the README on amounts in float32.
func TestFloat32InTheDocs(t *testing.T) {
	for _, row := range table(t, read(t, "README.md"), "amount", "as a float32") {
		f, err := strconv.ParseFloat(row["amount"], 32)
		require.NoError(t, err)
		written, err := json.Marshal(float32(f))
		require.NoError(t, err)
		assert.Equal(t, row["as a float32"], string(written))

		var cost AdditionalCost
		text := `{"price":` + row["amount"] + `}`
		require.NoError(t, cost.UnmarshalJSON([]byte(text)))
		written, err = cost.MarshalJSON()
		require.NoError(t, err)
		assert.Equal(t, text, string(written))
	}
}

// TestLayout checks the table of packages and their allowed imports in CONTRIBUTING.md.
func TestLayout(t *testing.T) {
	const module = "github.com/talonone-go/talonone"
	allowed := map[string]string{}
	for _, row := range table(t, read(t, "CONTRIBUTING.md"), "package", "what it is", "may import") {
		allowed[path.Join(module, strings.Trim(row["package"], "`"))] = row["may import"]
	}
	list := exec.Command("go", "list", "-f", `{{.ImportPath}}: {{join .Imports " "}}`, "./...")
	out, err := list.Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		pkg, imports, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if strings.HasPrefix(pkg, module+"/examples/") || strings.HasPrefix(pkg, module+"/test") {
			continue
		}
		require.Contains(t, allowed, pkg)
		for imported := range strings.FieldsSeq(imports) {
			if !strings.Contains(imported, ".") { // the standard library
				if pkg == module {
					assert.NotContains(t, []string{"net", "net/http", "os"}, imported)
				}
				continue
			}
			name, ok := strings.CutPrefix(imported, module)
			switch {
			case !ok:
				name = path.Base(imported)
			case name == "":
				name = "."
			default:
				name, _, _ = strings.Cut(strings.TrimPrefix(name, "/"), "/")
			}
			assert.Contains(t, allowed[pkg], code(name), "%s imports %s", pkg, imported)
		}
	}
}

func TestEveryTypeHasAnExample(t *testing.T) {
	for _, typ := range documentation(t, ".") {
		examples := typ.Examples
		for _, method := range typ.Methods {
			examples = append(examples, method.Examples...)
		}
		for _, f := range typ.Funcs {
			examples = append(examples, f.Examples...)
		}
		assert.NotEmpty(t, examples, "%s has an example", typ.Name)
		for _, example := range examples {
			assert.NotEmpty(t, example.Output, "the example %s of %s checks its output", example.Name, typ.Name)
		}
	}
}

// TestTestsThatDocumentsName checks that each test, fuzz target and benchmark named in a document exists.
func TestTestsThatDocumentsName(t *testing.T) {
	there := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	require.NoError(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, m := range declared.FindAllStringSubmatch(read(t, path), -1) {
			there[m[1]] = true
		}
		return nil
	}))
	// Except those that a fenced block declares itself.
	named := regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w+`)
	for _, path := range append(documents(t), ".ci/run") {
		text := regexp.MustCompile("(?ms)^```go$.*?^```$").ReplaceAllString(read(t, path), "")
		for _, name := range named.FindAllString(text, -1) {
			assert.True(t, there[name], "%s: %s", path, name)
		}
	}
}

// read returns a file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// documents returns the paths of all documents.
func documents(t *testing.T) (paths []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if filepath.Ext(path) == ".md" {
			paths = append(paths, path)
		}
		return err
	}))
	for _, path := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/README.md"} {
		require.Contains(t, paths, path)
	}
	return paths
}

// table returns the rows of all tables with these columns in a document, by column.
func table(t *testing.T, text string, columns ...string) (rows []map[string]string) {
	t.Helper()
	header := "|"
	for _, column := range columns {
		header += strings.TrimRight(" "+column, " ") + " |"
	}
	inTable := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == header:
			inTable = true
		case !strings.HasPrefix(line, "|"):
			inTable = false
		case inTable && !strings.HasPrefix(line, "|-"):
			cells := strings.Split(strings.Trim(line, "|"), "|")
			require.Len(t, cells, len(columns), line)
			row := map[string]string{}
			for i, column := range columns {
				row[column] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, row)
		}
	}
	require.NotEmpty(t, rows, "a table with the columns %v", columns)
	return rows
}

func code(text string) string { return "`" + text + "`" }

// typeName returns the name of a type as it is inside this package.
func typeName(typ reflect.Type) string { return strings.ReplaceAll(typ.String(), "talonone.", "") }

// documentation returns the exported types of the package in a directory, with their comments and examples.
func documentation(t *testing.T, dir string) []*doc.Type {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	fset := token.NewFileSet()
	var files []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		require.NoError(t, err)
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(fset, files, "github.com/talonone-go/talonone")
	require.NoError(t, err)
	require.NotEmpty(t, pkg.Types)
	return pkg.Types
}
