package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A pkg is one package of the module, read from its source.
type pkg struct {
	dir    string // relative to the root of the module, with slashes; for external tests with _test at its end
	name   string
	types  *types.Package
	models []*model
	enums  []types.Object // closed sets of strings: the types with a //gen:enum line
	files  []*ast.File
}

// A model is a struct with a //gen: directive in its comment.
type model struct {
	pkg       *pkg
	name      string
	directive string   // model, effect, parts (of a request, read and written only by this module) or marshal (only written)
	effects   []string // the names of the type of effect, the main one first
	lenient   bool     // an optional member that does not fit its field is kept in Extra
	sql       bool     // it also has the methods for database/sql
	doc       string
	fields    []*field
	extra     string // the field for members that are not declared, or ""
}

// A field is a member of a model.
type field struct {
	model    *model
	name     string // in Go
	member   string // in JSON
	optional bool
	typ      types.Type
	doc      string
	api      map[string]string // the api tag
	bit      int
}

// loader reads the packages of the module. It does not read types of other modules, because only their names matter.
type loader struct {
	fset  *token.FileSet
	root  fs.FS
	path  string // of the module
	known map[string]*pkg
}

// Import implements [types.Importer].
func (l *loader) Import(importPath string) (*types.Package, error) {
	if dir, ok := strings.CutPrefix(importPath+"/", l.path+"/"); ok {
		p, err := l.load(strings.TrimSuffix(dir, "/"))
		if err != nil {
			return nil, err
		}
		return p.types, nil
	}
	p := types.NewPackage(importPath, path.Base(importPath))
	for _, name := range []string{"Decimal", "Time", "RawMessage"} {
		obj := types.NewTypeName(token.NoPos, p, name, nil)
		types.NewNamed(obj, types.NewStruct(nil, nil), nil)
		p.Scope().Insert(obj)
	}
	p.MarkComplete()
	return p, nil
}

// isTest reports whether p has the external tests in a folder.
func (p *pkg) isTest() bool { return strings.HasSuffix(p.dir, "_test") }

// folder returns where the files of the package are.
func (p *pkg) folder() string { return strings.TrimSuffix(p.dir, "_test") }

// load reads the package in a folder, "" for the root of the module.
func (l *loader) load(dir string) (*pkg, error) {
	if p := l.known[dir]; p != nil {
		return p, nil
	}
	p := &pkg{dir: dir}
	l.known[dir] = p
	names, err := fs.Glob(l.root, path.Join(cmp.Or(p.folder(), "."), "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") != p.isTest() || strings.Contains(name, "_gen.") || strings.Contains(name, "_gen_test.") {
			continue
		}
		text, err := fs.ReadFile(l.root, name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(l.fset, filepath.Base(name), text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(file.Name.Name, "_test") != p.isTest() {
			continue // a test in the package itself
		}
		p.files = append(p.files, file)
		p.name = file.Name.Name
	}
	// Declarations of the generated files and of most other modules are missing, so errors mean nothing here.
	conf := types.Config{Importer: l, Error: func(error) {}, FakeImportC: true}
	p.types, _ = conf.Check(path.Join(l.path, dir), l.fset, p.files, nil)
	for _, file := range p.files {
		for _, decl := range file.Decls {
			if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.TYPE {
				for _, spec := range gen.Specs {
					if err := p.addType(gen, spec.(*ast.TypeSpec)); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	slices.SortFunc(p.models, func(a, b *model) int { return strings.Compare(a.name, b.name) })
	return p, nil
}

// directive returns the words of the //gen: line of a comment.
func directive(doc *ast.CommentGroup) []string {
	if doc != nil {
		for _, c := range doc.List {
			if text, ok := strings.CutPrefix(c.Text, "//gen:"); ok {
				return strings.Fields(text)
			}
		}
	}
	return nil
}

// addType adds a type if it is a model or a closed set.
func (p *pkg) addType(decl *ast.GenDecl, spec *ast.TypeSpec) error {
	doc := spec.Doc
	if doc == nil && !decl.Lparen.IsValid() {
		doc = decl.Doc
	}
	words := directive(doc)
	if words == nil {
		return nil
	}
	if slices.Equal(words, []string{"enum"}) {
		return p.addEnum(spec.Name.Name)
	}
	m := &model{pkg: p, name: spec.Name.Name, doc: doc.Text()}
	switch line := strings.Join(words, " "); {
	case slices.Contains([]string{"model", "model lenient", "model sql", "parts", "marshal"}, line):
		m.directive, m.lenient, m.sql = words[0], line == "model lenient", line == "model sql"
	case len(words) > 1 && words[0] == "effect":
		m.directive, m.effects = "effect", words[1:]
	default:
		return fmt.Errorf("%s: want //gen:model, //gen:model lenient, //gen:model sql, //gen:parts, //gen:marshal, //gen:enum, or //gen:effect and the names of the type", m.name)
	}
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		return fmt.Errorf("%s: //gen: is for structs", m.name)
	}
	object := p.types.Scope().Lookup(m.name).Type().Underlying().(*types.Struct)
	i := -1
	for _, f := range structure.Fields.List {
		if len(f.Names) == 0 {
			return fmt.Errorf("%s: an embedded field", m.name)
		}
		for _, name := range f.Names {
			i++
			if m.directive == "marshal" && f.Tag == nil && !name.IsExported() {
				continue // not written
			}
			if err := m.addField(name.Name, object.Field(i).Type(), f); err != nil {
				return fmt.Errorf("%s.%s: %w", m.name, name.Name, err)
			}
		}
	}
	if len(m.fields) > maxMembers {
		return fmt.Errorf("%s: more than %d members", m.name, maxMembers)
	}
	p.models = append(p.models, m)
	return nil
}

// addEnum adds a closed set. Its values are the constants of its type.
func (p *pkg) addEnum(name string) error {
	enum := p.types.Scope().Lookup(name)
	if shape(enum.Type()) != "~string" {
		return fmt.Errorf("%s: //gen:enum is for strings", name)
	}
	if len(p.valuesOf(enum)) == 0 {
		return fmt.Errorf("%s: no constant is of this type", name)
	}
	p.enums = append(p.enums, enum)
	return nil
}

// valuesOf returns the names of the constants of a type, in the order of declaration.
func (p *pkg) valuesOf(enum types.Object) []string {
	var values []types.Object
	for _, name := range p.types.Scope().Names() {
		if c, ok := p.types.Scope().Lookup(name).(*types.Const); ok && c.Type() == enum.Type() {
			values = append(values, c)
		}
	}
	slices.SortFunc(values, func(a, b types.Object) int { return cmp.Compare(a.Pos(), b.Pos()) })
	var names []string
	for _, c := range values {
		names = append(names, c.Name())
	}
	return names
}

// maxMembers is the maximum of the runtime.
const maxMembers = 64

// options are the options of an api tag: whether they have a value, and the types of members that they are for if these are not
// all. [] means arrays of anything.
var options = map[string]struct {
	value  bool
	shapes []string
}{
	"readonly": {}, "must": {}, "rule": {}, "tag": {}, "union": {}, "apart": {}, "lenient": {},
	"default": {true, []string{"string", "~string", "rawmessage"}},
	"min":     {true, []string{"string", "*string", "int"}},
	"max":     {true, []string{"string", "*string", "[]"}},
	"each":    {true, []string{"[]string"}},
}

func (m *model) addField(name string, typ types.Type, f *ast.Field) error {
	if f.Tag == nil {
		return errors.New("no tag")
	}
	text, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return err
	}
	tag := reflect.StructTag(text)
	member, option, _ := strings.Cut(tag.Get("json"), ",")
	if member == "-" && option == "" {
		if shape(typ) != "map[string]rawmessage" || m.extra != "" {
			return errors.New("the field without a name in JSON must be a single map[string]json.RawMessage")
		}
		m.extra = name
		return nil
	}
	if member == "" || option != "" && option != "omitzero" {
		return errors.New("the json tag must be a name, or a name and omitzero")
	}
	if slices.ContainsFunc(m.fields, func(other *field) bool { return other.member == member }) {
		return fmt.Errorf("a second member %s", member)
	}
	added := &field{
		model: m, name: name, member: member, optional: option != "", typ: typ,
		doc: f.Doc.Text(), api: map[string]string{}, bit: len(m.fields),
	}
	if api := tag.Get("api"); api != "" {
		for option := range strings.SplitSeq(api, ",") {
			key, value, _ := strings.Cut(option, "=")
			known, ok := options[key]
			if !ok || known.value != (value != "") {
				return fmt.Errorf("no api option %q", option)
			}
			sh := shape(typ)
			if known.shapes != nil && !slices.Contains(known.shapes, sh) &&
				!(strings.HasPrefix(sh, "[]") && slices.Contains(known.shapes, "[]")) {
				return fmt.Errorf("no api option %q for a %s", key, sh)
			}
			if key == "min" && strings.HasSuffix(sh, "string") && value != "1" {
				return errors.New("the minimum of a string can only be 1")
			}
			added.api[key] = value
		}
	}
	if m.lenient && added.optional {
		added.api["lenient"] = ""
	}
	if added.has("lenient") && !added.optional {
		return errors.New("a lenient member must be optional, or Extra cannot stand in for it")
	}
	if added.has("default") && added.optional {
		return errors.New("default and omitzero together: a default is always written")
	}
	m.fields = append(m.fields, added)
	return nil
}

// has reports whether the api tag has an option.
func (f *field) has(option string) bool { _, ok := f.api[option]; return ok }

// limit returns the Go expression for the limit of an option: the constant that the comment names, which must have the same
// value.
func (f *field) limit(option string) (string, error) {
	want := f.api[option]
	for _, name := range f.model.pkg.types.Scope().Names() {
		c, ok := f.model.pkg.types.Scope().Lookup(name).(*types.Const)
		if ok && c.Val().Kind() == constant.Int && c.Val().String() == want && strings.Contains(f.doc, "["+name+"]") {
			return name, nil
		}
	}
	return "", fmt.Errorf("%s.%s: the comment names no constant that is %s", f.model.name, f.name, want)
}
