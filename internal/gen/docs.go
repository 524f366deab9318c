package main

import (
	"cmp"
	"fmt"
	"go/constant"
	"go/types"
	"io/fs"
	"regexp"
	"strings"
	"unicode"
)

// marker is the line before a table: <!-- members of CartItem -->. The table ends at the next empty line.
var marker = regexp.MustCompile(`(?m)^<!-- members of (\w+) -->\n(?:\|.*\n)*`)

// tables adds the documents with tables of members of the models.
func tables(root fs.FS, models []*model, files map[string][]byte) error {
	names, err := fs.Glob(root, "docs/*.md")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		var bad error
		written := marker.ReplaceAllStringFunc(string(text), func(old string) string {
			of := marker.FindStringSubmatch(old)[1]
			for _, m := range models {
				if m.name == of {
					table, err := m.table(root)
					bad = cmp.Or(bad, err)
					return "<!-- members of " + of + " -->\n" + table
				}
			}
			bad = cmp.Or(bad, fmt.Errorf("%s: no model %s", name, of))
			return old
		})
		if bad != nil {
			return bad
		}
		files[name] = []byte(written)
	}
	return nil
}

// table returns the members of a model as a table in Markdown.
func (m *model) table(root fs.FS) (string, error) {
	var b strings.Builder
	b.WriteString("| Member | Go field | Meaning |\n|---|---|---|\n")
	for _, f := range m.fields {
		if err := f.checkComment(); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| `%s` | `%s` %s | %s |\n", f.member, f.name, f.typeCell(root), f.meaning())
	}
	return b.String(), nil
}

// checkComment checks that the comment of a field contains the name of the member, and what its tags require.
func (f *field) checkComment() error {
	for _, c := range []struct {
		need  bool
		words string
	}{
		{true, f.nameInComment()},
		{!f.optional, "equired"},
		{f.has("readonly"), "Set by the server"},
	} {
		if c.need && !strings.Contains(f.text(), c.words) {
			return fmt.Errorf("%s.%s: the comment does not contain %s", f.model.name, f.name, c.words)
		}
	}
	return nil
}

func (f *field) nameInComment() string { return `("` + f.member + `")` }

// text returns the comment as one line.
func (f *field) text() string { return strings.Join(strings.Fields(f.doc), " ") }

// typeCell returns the type, as a link if docs has a page on the type.
func (f *field) typeCell(root fs.FS) string {
	cell := "`" + types.TypeString(f.typ, func(p *types.Package) string {
		if p.Name() == "talonone" || p.Name() == "integration" {
			return ""
		}
		return p.Name()
	}) + "`"
	held := f.typ
	if t, ok := held.(interface{ Elem() types.Type }); ok {
		held = t.Elem()
	}
	if named, ok := held.(*types.Named); ok {
		page := snake(named.Obj().Name()) + ".md"
		if _, err := fs.Stat(root, "docs/"+page); err == nil {
			return "[" + cell + "](" + page + ")"
		}
	}
	return cell
}

// snake returns the file name for a type, in snake case.
func snake(name string) string {
	return strings.ToLower(regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(name, "${1}_$2"))
}

// docLink is a link in a comment.
var docLink = regexp.MustCompile(`\[\*?([\w.]+)\]`)

// meaning returns the comment of a field without the name of the field and the verb at its start.
func (f *field) meaning() string {
	text := strings.Replace(f.text(), " "+f.nameInComment(), "", 1)
	text = docLink.ReplaceAllStringFunc(text, func(link string) string {
		name := docLink.FindStringSubmatch(link)[1]
		if c, ok := f.model.pkg.types.Scope().Lookup(name).(*types.Const); ok && c.Val().Kind() == constant.Int {
			return "`" + name + "` (" + thousands(c.Val().String()) + ")"
		}
		return "`" + name + "`"
	})
	text = strings.TrimPrefix(text, f.name+" ")
	for _, verb := range []string{"is ", "are ", "tells "} {
		text = strings.TrimPrefix(text, verb)
	}
	runes := []rune(text)
	runes[0] = unicode.ToUpper(runes[0])
	return strings.ReplaceAll(string(runes), "|", `\|`)
}

// thousands separates groups of three digits by commas, except in numbers of four digits.
func thousands(digits string) string {
	if len(digits) < 5 {
		return digits
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
