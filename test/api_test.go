package test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const modulePath = "github.com/talonone-go/talonone"

// TestAPI compares what each package exports with its listing in testdata/api, so that a change that could break a caller is
// seen in the diff that makes it. With -update it writes the listings.
func TestAPI(t *testing.T) {
	t.Parallel()
	exports := map[string]string{} // where the export data of a package is
	var public []string
	for line := range strings.Lines(goList(t, "-export", "-deps", "-f", "{{.ImportPath}} {{.Name}} {{.Export}}", modulePath+"/...")) {
		fields := strings.Fields(line)
		if len(fields) == 3 {
			exports[fields[0]] = fields[2]
		}
		if name, ok := strings.CutPrefix(fields[0]+"/", modulePath+"/"); ok && fields[1] != "main" &&
			!strings.HasPrefix(name, "test/") && !slices.Contains(strings.Split(name, "/"), "internal") {
			public = append(public, fields[0])
		}
	}
	require.GreaterOrEqual(t, len(public), 3)
	imported := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })

	listings := map[string]bool{}
	for _, pkgPath := range public {
		pkg, err := imported.Import(pkgPath)
		require.NoError(t, err)
		file := filepath.Join("testdata/api", path.Base(pkgPath)+".txt")
		listings[file] = true
		listing := strings.Join(apiOf(pkg), "\n") + "\n"
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(listing), 0o666))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		if diff := lineDiff(string(want), listing); len(diff) > 0 {
			t.Errorf("%s no longer says what %s exports:\n%s\nIf that is meant, run go test ./test -run '^TestAPI$' -update "+
				"and say in CHANGELOG.md what changes for a caller.", file, pkgPath, strings.Join(diff, "\n"))
		}
	}
	files, err := filepath.Glob("testdata/api/*")
	require.NoError(t, err)
	for _, file := range files {
		assert.True(t, listings[file], "%s is the listing of no package", file)
	}
}

// goList runs go list.
func goList(t *testing.T, args ...string) string {
	t.Helper()
	list := exec.Command("go", append([]string{"list"}, args...)...)
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	require.NoError(t, err, stderr.String())
	return string(out)
}

// lineDiff returns the lines that only one of two sorted texts has.
func lineDiff(want, got string) (diff []string) {
	wanted, listed := strings.Split(want, "\n"), strings.Split(got, "\n")
	for _, line := range wanted {
		if !slices.Contains(listed, line) {
			diff = append(diff, "- "+line)
		}
	}
	for _, line := range listed {
		if !slices.Contains(wanted, line) {
			diff = append(diff, "+ "+line)
		}
	}
	return diff
}

// apiOf lists what a caller of a package can depend on, a line for each: constants with their values, variables, functions,
// types, and of these the exported fields and the methods. Names of parameters and unexported parts are not in it.
func apiOf(pkg *types.Package) (lines []string) {
	qualify := func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		return other.Name()
	}
	text := func(t types.Type) string { return types.TypeString(t, qualify) }
	signature := func(t types.Type) string {
		s := t.(*types.Signature)
		return strings.TrimPrefix(text(types.NewSignatureType(nil, nil, nil, nameless(s.Params()), nameless(s.Results()), s.Variadic())), "func")
	}
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }

	for _, name := range pkg.Scope().Names() {
		object := pkg.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		switch object := object.(type) {
		case *types.Const:
			add("const %s %s = %s", name, text(object.Type()), object.Val().ExactString())
		case *types.Var:
			add("var %s %s", name, text(object.Type()))
		case *types.Func:
			add("func %s%s", name, signature(object.Type()))
		case *types.TypeName:
			if object.IsAlias() {
				add("type %s = %s", name, text(types.Unalias(object.Type())))
				continue
			}
			declared := text(object.Type()) // with its type parameters
			switch underlying := object.Type().Underlying().(type) {
			case *types.Struct:
				notes := ""
				if !types.Comparable(underlying) {
					notes += ", not comparable"
				}
				for i := range underlying.NumFields() {
					field := underlying.Field(i)
					if !field.Exported() {
						if !strings.Contains(notes, "unexported") {
							notes += ", unexported fields"
						}
						continue
					}
					fieldText := field.Name() + " " + text(field.Type())
					if field.Embedded() {
						fieldText += ", embedded"
					}
					if tag := underlying.Tag(i); tag != "" {
						fieldText += fmt.Sprintf(" %q", tag)
					}
					add("field %s.%s", name, fieldText)
				}
				add("type %s struct%s", declared, notes)
			case *types.Interface:
				notes := ""
				for method := range underlying.Methods() {
					if method.Exported() {
						add("method (%s) %s%s", name, method.Name(), signature(method.Type()))
					} else {
						notes = ", unexported methods"
					}
				}
				add("type %s interface%s", declared, notes)
				continue
			default:
				add("type %s %s", declared, text(underlying))
			}
			ofValue := types.NewMethodSet(object.Type())
			for selection := range types.NewMethodSet(types.NewPointer(object.Type())).Methods() {
				method := selection.Obj()
				if !method.Exported() {
					continue
				}
				receiver := "*" + name
				if ofValue.Lookup(pkg, method.Name()) != nil {
					receiver = name
				}
				add("method (%s) %s%s", receiver, method.Name(), signature(selection.Type()))
			}
		}
	}
	slices.Sort(lines)
	return lines
}

// nameless returns parameters or results without their names: these may change.
func nameless(tuple *types.Tuple) *types.Tuple {
	var vars []*types.Var
	for v := range tuple.Variables() {
		vars = append(vars, types.NewParam(token.NoPos, v.Pkg(), "", v.Type()))
	}
	return types.NewTuple(vars...)
}

// TestAPIShowsEveryChange changes a package in each way there is, and looks for the change in its listing.
func TestAPIShowsEveryChange(t *testing.T) {
	const source = `package p
		const Max = 10
		const First Kind = "a"
		const hidden = 1
		type Kind string
		type Text = string
		type Model struct { ID int64 ` + "`json:\"id\"`" + `; Names []string; inner int }
		type Key struct { A int }
		type Wrapper struct { Key }
		type Props interface { Name() string }
		type List[T any] []T
		var ErrA error
		func Make(name string, sizes ...int) (*Model, error) { return nil, nil }
		func (m Model) Size(unit Kind) int { return 0 }
		func (m *Model) Set(size int) {}
		func (m Model) secret() {}
		func (k Key) Valid() bool { return false }
		func helper() {}`
	listing := func(source string) []string {
		t.Helper()
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", source, 0)
		require.NoError(t, err)
		pkg, err := new(types.Config).Check("p", fset, []*ast.File{file}, nil)
		require.NoError(t, err)
		return apiOf(pkg)
	}
	before := listing(source)
	assert.Equal(t, []string{
		`const First Kind = "a"`,
		`const Max untyped int = 10`,
		`field Key.A int`,
		`field Model.ID int64 "json:\"id\""`,
		`field Model.Names []string`,
		`field Wrapper.Key Key, embedded`,
		`func Make(string, ...int) (*Model, error)`,
		`method (*Model) Set(int)`,
		`method (Key) Valid() bool`,
		`method (Model) Size(Kind) int`,
		`method (Props) Name() string`,
		`method (Wrapper) Valid() bool`,
		`type Key struct`,
		`type Kind string`,
		`type List[T any] []T`,
		`type Model struct, not comparable, unexported fields`,
		`type Props interface`,
		`type Text = string`,
		`type Wrapper struct`,
		`var ErrA error`,
	}, before)

	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"a function is removed", "func Make(name string, sizes ...int) (*Model, error) { return nil, nil }", "",
			[]string{"- func Make(string, ...int) (*Model, error)"}},
		{"a function is added", "func helper() {}", "func Helper() {}", []string{"+ func Helper()"}},
		{"a parameter is added", "Make(name string,", "Make(name string, n int,",
			[]string{"- func Make(string, ...int) (*Model, error)", "+ func Make(string, int, ...int) (*Model, error)"}},
		{"a parameter is no longer variadic", "sizes ...int", "sizes []int",
			[]string{"- func Make(string, ...int) (*Model, error)", "+ func Make(string, []int) (*Model, error)"}},
		{"a result is removed", "(*Model, error) { return nil, nil }", "*Model { return nil }",
			[]string{"- func Make(string, ...int) (*Model, error)", "+ func Make(string, ...int) *Model"}},
		{"a parameter has another name", "Make(name string,", "Make(text string,", nil},
		{"a constant has another value", "Max = 10", "Max = 11", []string{"- const Max untyped int = 10", "+ const Max untyped int = 11"}},
		{"a constant has another text", `Kind = "a"`, `Kind = "b"`, []string{`- const First Kind = "a"`, `+ const First Kind = "b"`}},
		{"a constant has a type", "Max = 10", "Max int = 10", []string{"- const Max untyped int = 10", "+ const Max int = 10"}},
		{"a constant is removed", "const Max = 10", "", []string{"- const Max untyped int = 10"}},
		{"a method is added", "func helper() {}", "func (m Model) New() {}", []string{"+ method (Model) New()"}},
		{"a method is removed", "func (m *Model) Set(size int) {}", "", []string{"- method (*Model) Set(int)"}},
		{"a method has another receiver", "(m Model) Size(", "(m *Model) Size(",
			[]string{"- method (Model) Size(Kind) int", "+ method (*Model) Size(Kind) int"}},
		{"a promoted method is removed", "struct { Key }", "struct { Key Key }",
			[]string{"- field Wrapper.Key Key, embedded", "- method (Wrapper) Valid() bool", "+ field Wrapper.Key Key"}},
		{"a method of an interface is added", "Name() string }", "Name() string; Size() int }",
			[]string{"+ method (Props) Size() int"}},
		{"an interface is closed", "Name() string }", "Name() string; closed() }",
			[]string{"- type Props interface", "+ type Props interface, unexported methods"}},
		{"a field is added", "Names []string;", "Names []string; Count int;", []string{"+ field Model.Count int"}},
		{"a field is removed", "Names []string;", "", []string{"- field Model.Names []string",
			"- type Model struct, not comparable, unexported fields", "+ type Model struct, unexported fields"}},
		{"a field has another type", "ID int64", "ID int", []string{`- field Model.ID int64 "json:\"id\""`, `+ field Model.ID int "json:\"id\""`}},
		{"a field has another tag", `json:"id"`, `json:"ID"`,
			[]string{`- field Model.ID int64 "json:\"id\""`, `+ field Model.ID int64 "json:\"ID\""`}},
		{"a struct can no longer be compared", "struct { A int }", "struct { A int; list []int }",
			[]string{"- type Key struct", "- type Wrapper struct", "+ type Key struct, not comparable, unexported fields", "+ type Wrapper struct, not comparable"}},
		{"a type has another base", "List[T any] []T", "List[T any] map[string]T", []string{"- type List[T any] []T", "+ type List[T any] map[string]T"}},
		{"a type parameter has another constraint", "List[T any]", "List[T comparable]",
			[]string{"- type List[T any] []T", "+ type List[T comparable] []T"}},
		{"a type is removed", "type Text = string", "", []string{"- type Text = string"}},
		{"an alias becomes a type", "Text = string", "Text string", []string{"- type Text = string", "+ type Text string"}},
		{"a variable is removed", "var ErrA error", "", []string{"- var ErrA error"}},
		{"a variable has another type", "var ErrA error", "var ErrA string", []string{"- var ErrA error", "+ var ErrA string"}},
		{"what is not exported changes", "func helper() {}", "func helper(n int) {}; func other() {}", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, source, c.old)
			after := listing(strings.Replace(source, c.old, c.new, 1))
			assert.Equal(t, c.want, lineDiff(strings.Join(before, "\n"), strings.Join(after, "\n")))
		})
	}
}
