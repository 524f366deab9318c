package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// A mutant is a source file with one small mistake.
type mutant struct {
	id     int    // from 1, in the file
	line   int    // the line of the mistake
	group  string // "function: operator", which other changes of the code do not affect
	shown  string // "before -> after"
	edit   edit
	body   *body // the body that contains the mistake, or nil outside functions
	result result
}

// An edit replaces the source from start to end by text.
type edit struct {
	start, end int
	text       string
}

func (e edit) apply(src string, start, end int) string {
	return src[start:e.start] + e.text + src[e.end:end]
}

// A body is the body of an outermost function.
type body struct {
	start, end int    // the part between the braces
	results    string // the declared results, or empty
}

// A source is a file with its mutants.
type source struct {
	path    string
	text    string
	file    *token.File
	parents []ast.Node // the nodes around the current node, the outermost first
	mutants []*mutant
	edits   map[edit]bool
}

// mutantsOf makes all mutants of a file.
func mutantsOf(path, text string) (*source, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	s := &source{path: path, text: text, file: fset.File(f.Pos()), edits: map[edit]bool{}}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case nil:
			s.parents = s.parents[:len(s.parents)-1]
			return false
		case *ast.ImportSpec, *ast.FieldList:
			return false
		}
		s.mutate(n)
		s.parents = append(s.parents, n)
		return true
	})
	return s, nil
}

var opposites = map[token.Token][]token.Token{
	token.LSS: {token.LEQ, token.GEQ}, token.LEQ: {token.LSS, token.GTR},
	token.GTR: {token.GEQ, token.LEQ}, token.GEQ: {token.GTR, token.LSS},
	token.EQL: {token.NEQ}, token.NEQ: {token.EQL},
	token.ADD: {token.SUB}, token.SUB: {token.ADD}, token.MUL: {token.QUO}, token.QUO: {token.MUL}, token.REM: {token.MUL},
	token.SHL: {token.SHR}, token.SHR: {token.SHL}, token.AND: {token.OR}, token.OR: {token.AND}, token.XOR: {token.AND},
	token.INC: {token.DEC}, token.DEC: {token.INC},
	token.ADD_ASSIGN: {token.SUB_ASSIGN}, token.SUB_ASSIGN: {token.ADD_ASSIGN},
	token.OR_ASSIGN: {token.AND_ASSIGN}, token.AND_ASSIGN: {token.OR_ASSIGN},
}

var otherNames = map[string]string{
	"true": "false", "false": "true", "min": "max", "max": "min", "Min": "Max", "Max": "Min", "Add": "Sub", "Sub": "Add", "Mul": "Add",
	"TrimLeft": "TrimRight", "TrimRight": "TrimLeft", "break": "continue", "continue": "break",
}

// mutate adds the mutants of one node.
func (s *source) mutate(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.LAND || n.Op == token.LOR {
			s.replace("left side alone", n, n, s.code(n.X))
			s.replace("right side alone", n, n, s.code(n.Y))
			return
		}
		s.operators(n, n.OpPos, n.Op)
	case *ast.UnaryExpr:
		if n.Op == token.NOT || n.Op == token.SUB || n.Op == token.XOR {
			s.replace("no "+n.Op.String(), n, n, s.code(n.X))
		}
	case *ast.IncDecStmt:
		s.operators(n, n.TokPos, n.Tok)
		s.remove(n)
	case *ast.AssignStmt:
		s.operators(n, n.TokPos, n.Tok)
		if n.Tok != token.DEFINE {
			s.remove(n)
		}
	case *ast.ExprStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt:
		s.remove(n)
	case *ast.BranchStmt:
		s.remove(n)
		if other := otherNames[n.Tok.String()]; n.Label == nil && other != "" {
			s.replace(n.Tok.String()+" -> "+other, n, n, other)
		}
	case *ast.ReturnStmt:
		s.remove(n)
		s.zeroes(n)
	case *ast.IfStmt:
		s.replace("always true", n.Cond, n.Cond, "true || ("+s.code(n.Cond)+")")
		s.replace("always false", n.Cond, n.Cond, "false && ("+s.code(n.Cond)+")")
	case *ast.ForStmt:
		if n.Cond != nil {
			s.replace("always false", n.Cond, n.Cond, "false && ("+s.code(n.Cond)+")")
		}
	case *ast.CaseClause:
		if len(n.Body) > 0 {
			s.add("empty case", n, edit{s.at(n.Body[0].Pos()), s.at(n.Body[len(n.Body)-1].End()), ""})
		}
		s.elements(n, n.List, s.at(n.Case)+len("case "), s.at(n.Colon), 2)
	case *ast.CompositeLit:
		s.elements(n, n.Elts, s.at(n.Lbrace)+1, s.at(n.Rbrace), 1)
	case *ast.CallExpr:
		s.call(n)
	case *ast.SliceExpr:
		if n.Low != nil {
			s.replace("no bound", n, n.Low, "")
		}
		if n.High != nil && n.Max == nil {
			s.replace("no bound", n, n.High, "")
		}
	case *ast.BasicLit:
		if call, ok := s.around().(*ast.CallExpr); ok && len(call.Args) == 3 && s.code(call.Fun) == "make" {
			return // a capacity
		}
		if r, ok := s.around().(*ast.ReturnStmt); ok && len(r.Results) > 1 && n.Value == "0" {
			return // the zero beside an error or a false, which callers ignore
		}
		if n.Kind == token.INT || n.Kind == token.CHAR {
			s.replace("one more", s.around(), n, "("+n.Value+" + 1)")
			s.replace("one less", s.around(), n, "("+n.Value+" - 1)")
		} else if n.Kind == token.FLOAT {
			s.replace("twice", s.around(), n, "(2 * "+n.Value+")")
		}
	case *ast.Ident:
		if _, declared := s.around().(*ast.FuncDecl); !declared && otherNames[n.Name] != "" {
			s.replace(n.Name+" -> "+otherNames[n.Name], s.around(), n, otherNames[n.Name])
		}
	}
}

func (s *source) at(p token.Pos) int { return s.file.Offset(p) }

func (s *source) code(n ast.Node) string { return s.text[s.at(n.Pos()):s.at(n.End())] }

// around returns the node around the current one. Its text shows a reader more than the node's own text.
func (s *source) around() ast.Node { return s.parents[len(s.parents)-1] }

func (s *source) operators(n ast.Node, at token.Pos, op token.Token) {
	for _, other := range opposites[op] {
		s.add(op.String()+" -> "+other.String(), n, edit{s.at(at), s.at(at) + len(op.String()), other.String()})
	}
}

// remove removes a statement, except in the head of a loop, where this would only make the loop endless.
func (s *source) remove(n ast.Node) {
	if _, head := s.around().(*ast.ForStmt); !head {
		s.replace("no statement", n, n, "")
	}
}

// elements removes each element of a list that is in the source from start to end. It does not change a list with fewer than least
// elements.
func (s *source) elements(n ast.Node, list []ast.Expr, start, end, least int) {
	for i, e := range list {
		switch {
		case len(list) < least:
		case i < len(list)-1:
			s.add("no element", n, edit{s.at(e.Pos()), s.at(list[i+1].Pos()), ""})
		case i > 0:
			s.add("no element", n, edit{s.at(list[i-1].End()), end, ""})
		default:
			s.add("no element", n, edit{start, end, ""})
		}
	}
}

// call replaces a call by its operand or its only argument, and swaps adjacent arguments.
func (s *source) call(n *ast.CallExpr) {
	if _, alone := s.around().(*ast.ExprStmt); !alone {
		if f, ok := n.Fun.(*ast.SelectorExpr); ok {
			s.replace("no call", n, n, s.code(f.X))
		}
		if f, ok := n.Fun.(*ast.Ident); len(n.Args) == 1 || ok && f.Name == "append" {
			s.replace("no call", n, n, s.code(n.Args[0]))
		}
	}
	if regexp.MustCompile(`(?i)(min|max|\.add|\.mul|equal\w*)$`).MatchString(s.code(n.Fun)) {
		return // the order of the arguments does not matter
	}
	for i := range max(len(n.Args)-1, 0) {
		x, y := n.Args[i], n.Args[i+1]
		s.add("swapped arguments", n, edit{s.at(x.Pos()), s.at(y.End()), s.code(y) + ", " + s.code(x)})
	}
}

// zeroes replaces each result by the zero value of its type.
func (s *source) zeroes(n *ast.ReturnStmt) {
	var results *ast.FieldList
	for _, p := range s.parents {
		switch f := p.(type) {
		case *ast.FuncDecl:
			results = f.Type.Results
		case *ast.FuncLit:
			results = f.Type.Results
		}
	}
	var types []string
	if results != nil {
		for _, f := range results.List {
			types = append(types, slices.Repeat([]string{s.code(f.Type)}, max(len(f.Names), 1))...)
		}
	}
	for i, e := range n.Results {
		if zero := slices.Contains([]string{"nil", "0", "false", "true", `""`}, s.code(e)); !zero && !strings.HasSuffix(s.code(e), "{}") && len(types) == len(n.Results) {
			s.replace("zero result", n, e, "*new("+types[i]+")")
		}
	}
}

func (s *source) replace(operator string, shown, n ast.Node, text string) {
	s.add(operator, shown, edit{s.at(n.Pos()), s.at(n.End()), text})
}

// add adds the mutant of an edit, in the group of the operator. The output shows the text of the node shown, before and after the
// edit.
func (s *source) add(operator string, shown ast.Node, e edit) {
	if s.edits[e] || s.text[e.start:e.end] == e.text {
		return
	}
	s.edits[e] = true
	start, end := min(s.at(shown.Pos()), e.start), max(s.at(shown.End()), e.end)
	name, in := s.function()
	after := short(e.apply(s.text, start, end))
	if after == "" {
		after = "nothing"
	}
	s.mutants = append(s.mutants, &mutant{
		id: len(s.mutants) + 1, line: s.file.Line(s.file.Pos(e.start)), group: name + ": " + operator,
		shown: short(s.text[start:end]) + " -> " + after, edit: e, body: in,
	})
}

// function returns the name of the current declaration and, inside a function, the body of the function.
func (s *source) function() (name string, in *body) {
	enter := func(t *ast.FuncType, b *ast.BlockStmt) {
		if in == nil {
			in = &body{start: s.at(b.Lbrace) + 1, end: s.at(b.Rbrace)}
			if t.Results != nil {
				in.results = s.code(t.Results)
			}
		}
	}
	for _, p := range s.parents {
		switch p := p.(type) {
		case *ast.FuncDecl:
			name = p.Name.Name
			if p.Recv != nil {
				name = strings.Trim(s.code(p.Recv.List[0].Type), "*") + "." + name
			}
			enter(p.Type, p.Body)
		case *ast.FuncLit:
			enter(p.Type, p.Body)
		case *ast.ValueSpec:
			if in == nil {
				name = p.Names[0].Name
			}
		}
	}
	return name, in
}

// short returns code in one line, without the middle if it is long.
func short(code string) string {
	const most = 110
	line := strings.Join(strings.Fields(code), " ")
	if r := []rune(line); len(r) > most {
		line = string(r[:most/2]) + " … " + string(r[len(r)-most/2:])
	}
	return line
}
