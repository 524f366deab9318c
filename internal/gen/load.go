package main

import (
	"cmp"
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
	dir    string // below the root of the module, with slashes
	name   string
	types  *types.Package
	models []*model
	files  []*ast.File
}

// A model is a struct with a //gen: directive in its comment.
type model struct {
	pkg       *pkg
	name      string
	directive string   // model, effect or parts
	effects   []string // the names that an effect goes by, the own one first
	lenient   bool     // an optional member that does not fit its field is kept in Extra
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

// loader reads the packages of the module. Types of other modules are not read: all that matters of them is their name.
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

// load reads the package in a folder, "" for the root of the module.
func (l *loader) load(dir string) (*pkg, error) {
	if p := l.known[dir]; p != nil {
		return p, nil
	}
	p := &pkg{dir: dir}
	l.known[dir] = p
	names, err := fs.Glob(l.root, path.Join(cmp.Or(dir, "."), "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_gen.go") {
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
		p.files = append(p.files, file)
		p.name = file.Name.Name
	}
	// What the generated files declare is missing, and so is most of other modules: errors say nothing here.
	conf := types.Config{Importer: l, Error: func(error) {}, FakeImportC: true}
	p.types, _ = conf.Check(path.Join(l.path, dir), l.fset, p.files, nil)
	for _, file := range p.files {
		for _, decl := range file.Decls {
			if err := p.addModel(decl); err != nil {
				return nil, err
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

func (p *pkg) addModel(decl ast.Decl) error {
	gen, ok := decl.(*ast.GenDecl)
	if !ok || gen.Tok != token.TYPE {
		return nil
	}
	words := directive(gen.Doc)
	if words == nil {
		return nil
	}
	spec := gen.Specs[0].(*ast.TypeSpec)
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		return fmt.Errorf("%s: //gen: is for structs", spec.Name.Name)
	}
	m := &model{pkg: p, name: spec.Name.Name, directive: words[0], doc: gen.Doc.Text()}
	switch options := words[1:]; {
	case m.directive == "effect":
		m.effects = options
	case len(options) == 1 && options[0] == "lenient":
		m.lenient = true
	case len(options) > 0:
		return fmt.Errorf("%s: no option %q", m.name, options)
	}
	object := p.types.Scope().Lookup(m.name).Type().Underlying().(*types.Struct)
	i := -1
	for _, f := range structure.Fields.List {
		for _, name := range f.Names {
			i++
			if f.Tag == nil {
				return fmt.Errorf("%s.%s: no tag", m.name, name.Name)
			}
			text, err := strconv.Unquote(f.Tag.Value)
			if err != nil {
				return err
			}
			tag := reflect.StructTag(text)
			member, option, _ := strings.Cut(tag.Get("json"), ",")
			if member == "-" {
				m.extra = name.Name
				continue
			}
			if member == "" || option != "" && option != "omitzero" {
				return fmt.Errorf("%s.%s: the json tag must be a name, or a name and omitzero", m.name, name.Name)
			}
			added := &field{
				model: m, name: name.Name, member: member, optional: option != "", typ: object.Field(i).Type(),
				doc: f.Doc.Text(), api: map[string]string{}, bit: len(m.fields),
			}
			for _, option := range strings.Split(tag.Get("api"), ",") {
				if key, value, _ := strings.Cut(option, "="); key != "" {
					if !slices.Contains([]string{"readonly", "default", "must", "min", "max", "each", "rule", "tag", "union", "apart", "lenient"}, key) {
						return fmt.Errorf("%s.%s: no api option %q", m.name, name.Name, key)
					}
					added.api[key] = value
				}
			}
			if m.lenient && added.optional {
				added.api["lenient"] = ""
			}
			if added.has("lenient") && !added.optional {
				return fmt.Errorf("%s.%s: a lenient member must be optional, or Extra cannot stand in for it", m.name, name.Name)
			}
			m.fields = append(m.fields, added)
		}
	}
	p.models = append(p.models, m)
	return nil
}

// has reports whether the api tag has an option.
func (f *field) has(option string) bool { _, ok := f.api[option]; return ok }

// limit returns how code writes the limit of an option: by the constant that the comment names, which must have that value.
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
