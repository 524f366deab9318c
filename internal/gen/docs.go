package main

import (
	"cmp"
	"fmt"
	"go/types"
	"io/fs"
	"regexp"
	"strings"
	"unicode"
)

// marker is the line before a table: <!-- members of CartItem -->. The table ends at the next empty line.
var marker = regexp.MustCompile(`(?m)^<!-- members of (\w+) -->\n(?:\|.*\n)*`)

// tables adds the documents whose tables of members follow from the models.
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
		var unknown error
		written := marker.ReplaceAllStringFunc(string(text), func(old string) string {
			of := marker.FindStringSubmatch(old)[1]
			for _, m := range models {
				if m.name == of {
					return "<!-- members of " + of + " -->\n" + m.table()
				}
			}
			unknown = cmp.Or(unknown, fmt.Errorf("%s: no model %s", name, of))
			return old
		})
		if unknown != nil {
			return unknown
		}
		files[name] = []byte(written)
	}
	return nil
}

// table returns the members of a model as a table in Markdown.
func (m *model) table() string {
	var b strings.Builder
	b.WriteString("| Member | Go field | Meaning |\n|---|---|---|\n")
	for _, f := range m.fields {
		fmt.Fprintf(&b, "| `%s` | `%s` `%s` | %s |\n", f.member, f.name, f.typeName(), f.meaning())
	}
	return b.String()
}

func (f *field) typeName() string {
	return types.TypeString(f.typ, func(p *types.Package) string {
		if p == f.model.pkg.types || p.Name() == "talonone" {
			return ""
		}
		return p.Name()
	})
}

var (
	memberName = regexp.MustCompile(` \("[^"]+"\)`)
	docLink    = regexp.MustCompile(`\[\*?([\w.]+)\]`)
)

// meaning returns the comment of a field as a sentence that does not begin with the name of the field.
func (f *field) meaning() string {
	text := strings.Join(strings.Fields(f.doc), " ")
	text = memberName.ReplaceAllString(text, "")
	text = docLink.ReplaceAllString(text, "`$1`")
	text = strings.TrimPrefix(text, f.name+" ")
	for _, verb := range []string{"is ", "are "} {
		text = strings.TrimPrefix(text, verb)
	}
	runes := []rune(text)
	runes[0] = unicode.ToUpper(runes[0])
	return strings.ReplaceAll(string(runes), "|", `\|`)
}
