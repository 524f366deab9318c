package main

import (
	"fmt"
	"go/types"
	"strings"
)

// A kind has the code for members of one type, one line for each operation. In a line, $v is the field, $a and $b are the
// fields of two compared values, $T is the type in Go, $E the type of an element or of the target of a pointer, and $M the name
// of the model in names of functions.
type kind struct {
	zero   string // the value for which an optional member is left out
	decode string // an expression
	append string // an expression: the text with the value
	equal  string // a condition, for required members too unless required is set
	clone  string // an expression, or "" if a copy of the struct is enough
	check  string // a statement, or "" if every value can be written

	required string // equal for required members, where nil equals empty
	mapOf    bool   // needs the functions for maps of the model
}

// kind returns the kind of the field's type, and the replacements of $T, $E and $M.
func (f *field) kind(g *generator) (kind, *strings.Replacer, error) {
	named := func(t types.Type) string { return types.TypeString(t, g.qualify) }
	elem := types.Type(nil)
	switch t := f.typ.(type) {
	case *types.Pointer:
		elem = t.Elem()
	case *types.Slice:
		elem = t.Elem()
	case *types.Map:
		elem = t.Elem()
	}
	if g.modelOf(f.typ) != "" {
		elem = f.typ
	}
	vars := []string{"$v", "v." + f.name, "$a", "a." + f.name, "$b", "b." + f.name, "$T", named(f.typ)}
	key := shape(f.typ)
	if elem != nil {
		vars = append(vars, "$E", named(elem))
		if m := g.modelOf(elem); m != "" {
			vars = append(vars, "$M", upperFirst(m))
			key = strings.Replace(key, shape(elem), "model", 1)
			if g.imported(elem) {
				key = strings.Replace(key, "model", "imported", 1)
			}
		}
	}
	if f.has("union") {
		key = "union"
	}
	k, ok := kinds[key]
	if !ok {
		return kind{}, nil, fmt.Errorf("%s.%s: no kind for the type %s (%s)", f.model.name, f.name, f.typ, key)
	}
	return k, strings.NewReplacer(vars...), nil
}

// shape returns the name of a type in the table of kinds.
func shape(t types.Type) string {
	switch t := t.(type) {
	case *types.Pointer:
		return "*" + shape(t.Elem())
	case *types.Slice:
		return "[]" + shape(t.Elem())
	case *types.Map:
		return "map[" + shape(t.Key()) + "]" + shape(t.Elem())
	case *types.Basic:
		return t.Name()
	case *types.Interface:
		return "any"
	case *types.Named:
		switch name := t.Obj().Name(); name {
		case "Decimal", "Time", "RawMessage":
			return strings.ToLower(name)
		}
		switch under := t.Underlying().(type) {
		case *types.Basic:
			return "~" + under.Name()
		case *types.Map:
			return shape(under)
		}
	}
	return types.TypeString(t, nil)
}

// pointer returns the kind of a pointer to a value without parts.
func pointer(decode, value, check string) kind {
	return kind{
		zero: "nil", decode: "new(" + decode + ")", append: value, equal: "codec.EqualPointers($a, $b)",
		clone: "codec.ClonePointer($v)", check: check,
	}
}

// list returns the kind of an array of values without parts.
func list(decode, value, check string) kind {
	return kind{
		zero: "nil", decode: decode, append: value, equal: "codec.EqualLists($a, $b)", required: "slices.Equal($a, $b)",
		clone: "slices.Clone($v)", check: check,
	}
}

const ifGiven = "if $v != nil { %s }"

// kinds are all kinds of members.
var kinds = map[string]kind{
	"string": {
		zero: `""`, decode: "d.Text()", append: "e.Text(buf, $v)", equal: "$a == $b", check: "c.Text($v)",
	},
	"~string": {
		zero: `""`, decode: "$T(d.Text())", append: "e.Text(buf, string($v))", equal: "$a == $b", check: "c.Text(string($v))",
	},
	"*string": pointer("d.Text()", "e.Text(buf, *$v)", fmt.Sprintf(ifGiven, "c.Text(*$v)")),
	"bool":    {zero: "false", decode: "d.Bool()", append: "e.Bool(buf, $v)", equal: "$a == $b"},
	"*bool":   pointer("d.Bool()", "e.Bool(buf, *$v)", ""),
	"int":     {zero: "0", decode: "d.Int()", append: "e.Int(buf, int64($v))", equal: "$a == $b"},
	"*int": {
		zero: "nil", decode: "d.NewInt()", append: "e.Int(buf, int64(*$v))", equal: "codec.EqualPointers($a, $b)",
		clone: "c.Int($v)",
	},
	"int64":  {zero: "0", decode: "d.Int64()", append: "e.Int(buf, $v)", equal: "$a == $b"},
	"*int64": pointer("d.Int64()", "e.Int(buf, *$v)", ""),
	"decimal": {
		decode: "d.Decimal()", append: "e.Decimal(buf, $v)", equal: "codec.EqualDecimals(&$a, &$b)", check: "c.Decimal($v)",
	},
	"*decimal": {
		zero: "nil", decode: "d.NewDecimal()", append: "e.Decimal(buf, *$v)", equal: "codec.EqualDecimals($a, $b)",
		clone: "c.Decimal($v)", check: fmt.Sprintf(ifGiven, "c.Decimal(*$v)"),
	},
	"time": {
		zero: "time", decode: "d.Time()", append: "e.Time(buf, $v)", equal: "$a.Equal($b)",
		check: "if !$v.IsZero() { c.Time($v) }",
	},
	"[]string":  list("codec.Texts[string](d)", "codec.AppendTexts(e, buf, $v)", fmt.Sprintf(ifGiven, "codec.CheckTexts(&c.Checker, $v)")),
	"[]~string": list("codec.Texts[$E](d)", "codec.AppendTexts(e, buf, $v)", fmt.Sprintf(ifGiven, "codec.CheckTexts(&c.Checker, $v)")),
	"[]int":     list("codec.Ints(d)", "codec.AppendInts(e, buf, $v)", ""),
	"[]int64":   list("codec.Int64s(d)", "codec.AppendInts(e, buf, $v)", ""),
	"map[string]any": {
		zero: "nil", decode: "d.AnyObject()", append: "e.AnyObject(buf, $v)",
		equal: "($a == nil) == ($b == nil) && codec.EqualObjects($a, $b)", required: "codec.EqualObjects($a, $b)",
		clone: "codec.CloneObject($v)", check: fmt.Sprintf(ifGiven, "c.AnyObject($v)"),
	},
	"rawmessage": {
		zero: "nil", decode: "d.Raw()", append: "e.Raw(buf, $v)", equal: "codec.EqualRaw($a, $b)",
		clone: "bytes.Clone($v)", check: fmt.Sprintf(ifGiven, "c.Raw($v)"),
	},
	"model": {
		decode: "codec.Struct(d, decode$M)", append: "append$M(e, buf, &$v)", equal: "equal$M(&$a, &$b)",
		clone: "codec.CloneValue(c, $v, clone$M)", check: "check$M(c, &$v)",
	},
	"*model": {
		zero: "nil", decode: "codec.New(d, decode$M)", append: "append$M(e, buf, $v)",
		equal: "codec.EqualModels($a, $b, equal$M)", clone: "codec.CloneModel(c, $v, clone$M)",
		check: fmt.Sprintf(ifGiven, "check$M(c, $v)"),
	},
	"[]model": {
		zero: "nil", decode: "codec.Slice(d, decode$M)", append: "codec.AppendSlice(e, buf, $v, append$M)",
		equal:    "($a == nil) == ($b == nil) && codec.EqualSlices($a, $b, equal$M)",
		required: "codec.EqualSlices($a, $b, equal$M)", clone: "codec.CloneSlice(c, $v, clone$M)",
		check: fmt.Sprintf(ifGiven, "codec.CheckSlice(&c.Checker, c, $v, check$M)"),
	},
	"map[string]model": {
		zero: "nil", decode: "codec.Map(d, decode$M)", append: "appendMapOf$M(e, buf, $v)",
		equal:    "($a == nil) == ($b == nil) && equalMapsOf$M($a, $b)",
		required: "equalMapsOf$M($a, $b)", clone: "codec.CloneMap(c, $v, clone$M)",
		check: fmt.Sprintf(ifGiven, "checkMapOf$M(c, $v)"), mapOf: true,
	},
	"*imported": {
		zero: "nil", decode: "codec.New(d, model$M.Decode)", append: "model$M.Append(e, buf, $v)",
		equal: "codec.EqualModels($a, $b, model$M.Equal)", clone: "codec.CloneModel(c, $v, model$M.Clone)",
	},
	"union": {
		zero: "nil", append: "v.append{name}(e, buf)", equal: "equal{name}($a, $b)", clone: "clone{name}(c, $v)",
	},
}
