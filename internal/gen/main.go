// Gen writes the code and the tables for the models and the closed sets. A model is a struct with a //gen: line in its comment,
// a closed set is a string type with //gen:enum.
//
//	go generate ./...
//
// It reads the structs with their tags, and writes *_gen.go beside them and the tables at the markers in docs. This file lists
// the packages. load.go reads them, kinds.go has the code for each type of member, emit.go and registry.go write code, docs.go
// writes tables.
package main

import (
	"bytes"
	"fmt"
	"go/token"
	"go/types"
	"io/fs"
	"log"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

const module = "github.com/talonone-go/talonone"

// packages are the packages with models. A name with _test at its end means the external tests in a folder.
var packages = []string{"", "integration", "integration/integrationtest", "internal/codec_test"}

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := write(root); err != nil {
		log.Fatal(err)
	}
}

// write writes the generated files of a module that have changed.
func write(root string) error {
	files, err := generate(os.DirFS(root))
	if err != nil {
		return err
	}
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
			continue
		}
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the generated files of a module, by name.
func generate(root fs.FS) (map[string][]byte, error) {
	l := &loader{fset: token.NewFileSet(), root: root, path: module, known: map[string]*pkg{}}
	files := map[string][]byte{}
	var all []*model
	for _, dir := range packages {
		p, err := l.load(dir)
		if err != nil {
			return nil, err
		}
		all = append(all, p.models...)
		if err := l.code(p, files); err != nil {
			return nil, err
		}
	}
	return files, tables(root, all, files)
}

// code adds the files of a package: one beside each that has models, and models_gen.go for all together.
func (l *loader) code(p *pkg, files map[string][]byte) error {
	g := &generator{pkg: p, module: l.path}
	add := func(name string) error {
		if g.buf.Len() == 0 {
			return nil
		}
		text, err := g.file()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		files[path.Join(p.folder(), name)] = text
		return nil
	}
	byFile := map[string][]func(){}
	addTo := func(declared types.Object, write func()) {
		file := path.Base(l.fset.Position(declared.Pos()).Filename)
		byFile[file] = append(byFile[file], write)
	}
	for _, m := range p.models {
		addTo(p.types.Scope().Lookup(m.name), func() { g.model(m) })
	}
	for _, enum := range p.enums {
		addTo(enum, func() { g.enum(enum) })
	}
	for _, file := range slices.Sorted(maps.Keys(byFile)) {
		for _, write := range byFile[file] {
			write()
		}
		name := strings.TrimSuffix(file, ".go") + "_gen.go"
		if p.isTest() {
			name = strings.TrimSuffix(file, "_test.go") + "_gen_test.go"
		}
		if err := add(name); err != nil {
			return err
		}
	}
	g.importedModels()
	g.effects()
	update, session := l.known[""].model("CustomerSessionUpdate"), l.known[""].model("CustomerSessionV2")
	switch {
	case update == nil || session == nil:
	case p.dir == "":
		g.copies(update, session)
	case p.dir == "integration/integrationtest":
		g.merge(update, session)
	}
	return add("models_gen.go")
}

func (p *pkg) model(name string) *model {
	for _, m := range p.models {
		if m.name == name {
			return m
		}
	}
	return nil
}
