package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMutants(t *testing.T) {
	for _, tt := range []struct{ code, want string }{ // separated by semicolons
		{"x = a < b", "a < b -> a <= b; a < b -> a >= b; x = a < b -> nothing"},
		{"x := a == b", "a == b -> a != b"},
		{"x := a && b", "a && b -> a; a && b -> b"},
		{"x := !a", "!a -> a"},
		{"x := a + 1", "a + 1 -> a - 1; a + 1 -> a + (1 + 1); a + 1 -> a + (1 - 1)"},
		{"x += y", "x += y -> x -= y; x += y -> nothing"},
		{"x++", "x++ -> x--; x++ -> nothing"},
		{"f(a, b)", "f(a, b) -> nothing; f(a, b) -> f(b, a)"},
		{"x := f(a)", "f(a) -> a"},
		{"x := a.Add(b)", "a.Add(b) -> a; a.Add(b) -> b; a.Add -> a.Sub"},
		{"x := max(a, b)", "max(a, b) -> min(a, b)"},
		{"x := s[a:b]", "s[a:b] -> s[:b]; s[a:b] -> s[a:]"},
		{"x := true", "x := true -> x := false"},
		{"return", "return -> nothing"},
		{"return a, nil", "return a, nil -> nothing; return a, nil -> return *new(int), nil"},
		{"if a { break }", "a -> true || (a); a -> false && (a); break -> nothing; break -> continue"},
		{"for i := 0; a; i++ {}", "a -> false && (a); i++ -> i--; i := 0 -> i := (0 + 1); i := 0 -> i := (0 - 1)"},
		{"switch a { case b, c: return }", "case b, c: return -> case b, c:; case b, c: return -> case c: return; " +
			"case b, c: return -> case b: return"},
		{"x := []T{a, b}", "[]T{a, b} -> []T{b}; []T{a, b} -> []T{a}"},
		{"x := T{A: a,\n}", "T{A: a, } -> T{}"},
		{"x := 'a'; x-- // twice\nx--", "x := 'a' -> x := ('a' + 1); x := 'a' -> x := ('a' - 1); x-- -> x++; x-- -> nothing; x-- -> x++; x-- -> nothing"},
	} {
		text := "package p\n\nfunc (t *T) f() (n int, _ error) {\n\t" + tt.code + "\n}\n"
		s, err := mutantsOf("p.go", text)
		require.NoError(t, err)
		var got []string
		for _, m := range s.mutants {
			require.True(t, strings.HasPrefix(m.group, "T.f: ") && len(m.group) > len("T.f: "), m.group)
			got = append(got, m.shown)
			require.NotNil(t, m.body)
			require.Equal(t, "(n int, _ error)", m.body.results)
			require.NotEqual(t, text, m.edit.apply(text, 0, len(text)))
		}
		require.ElementsMatch(t, strings.Split(tt.want, "; "), got, tt.code)
	}
	s, err := mutantsOf("p.go", "package p\n\nconst limit = 3\n\nvar f = func() { g() }\n")
	require.NoError(t, err)
	require.Len(t, s.mutants, 3)
	require.Equal(t, "limit: one more", s.mutants[0].group)
	require.Equal(t, "limit = 3 -> limit = (3 + 1)", s.mutants[0].shown)
	require.Equal(t, 3, s.mutants[0].line)
	require.Nil(t, s.mutants[0].body)
	require.Equal(t, "f: no statement", s.mutants[2].group)
	require.Equal(t, "g() -> nothing", s.mutants[2].shown)
	require.NotNil(t, s.mutants[2].body)
}

// TestMutateFile mutates a module with one function, whose tests do not test the boundary.
func TestMutateFile(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("GOARCH", "") // the mutants run on this machine, even if this test is emulated
	for name, text := range map[string]string{
		"go.mod": "module m\n\ngo 1.26\n",
		"m.go":   "// Package m has numbers.\npackage m\n\nconst limit = 10\n\nfunc Large(n int) bool {\n\treturn n > limit\n}\n",
		"m_test.go": "package m\n\nimport \"testing\"\n\n" +
			"func TestLarge(t *testing.T) {\n\tif !Large(11) || Large(9) {\n\t\tt.Error()\n\t}\n}\n",
	} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	for _, tt := range []struct {
		accepted, want string
	}{
		{"# A reason.\nm.go: limit: one less: 1\nm.go: Large: > -> <=: 1\n\nother.go: Large: > -> <=: 1\n", `m.go: Large: > -> <=: 0 survive, 1 may
m.go: Large: > -> >=: 1 survive, 0 may
	m.go:7: n > limit -> n >= limit
`},
		{"m.go: limit: one less: 1\nm.go: Large: > -> >=: 2\n", `m.go: Large: > -> >=: 1 survive, 2 may
	m.go:7: n > limit -> n >= limit
`},
		{"m.go: limit: one less: 1\n# Another reason.\nm.go: Large: > -> >=: 1\n", ""},
	} {
		groups, err := accepted(tt.accepted)
		require.NoError(t, err)
		var out strings.Builder
		ok, err := mutateFile(&out, "m.go", []string{"."}, groups, false)
		require.NoError(t, err)
		require.Equal(t, tt.want == "", ok)
		require.Equal(t, tt.want+"m.go: 6 mutants: 3 killed, 0 timed out, 2 survived, 1 do not compile\n", out.String())
	}

	require.NoError(t, os.WriteFile("m_test.go", []byte("package m\n\nimport \"testing\"\n\nfunc TestLarge(t *testing.T) { t.Error() }\n"), 0o600))
	_, err := mutateFile(io.Discard, "m.go", []string{"."}, nil, false)
	require.ErrorContains(t, err, "fails without a mutant")
}

func TestAccepted(t *testing.T) {
	groups, err := accepted("# A reason.\nf.go: T.f: > -> >=: 2\n\n# Another one: with a colon.\nf.go: T.f: > -> >=: 1\nf.go: g: no call: 1\n")
	require.NoError(t, err)
	require.Equal(t, map[string]int{"f.go: T.f: > -> >=": 3, "f.go: g: no call": 1}, groups)
	for _, text := range []string{"f.go: f: no call", "f.go: f: no call: 0", "f.go: f: no call: many", "1"} {
		_, err := accepted(text)
		require.Error(t, err, text)
	}
	groups, err = accepted(acceptedText)
	require.NoError(t, err)
	for group := range groups { // each group must have a mutant
		path, rest, _ := strings.Cut(group, ": ")
		text, err := os.ReadFile(filepath.Join("../..", path))
		require.NoError(t, err)
		s, err := mutantsOf(path, string(text))
		require.NoError(t, err)
		require.True(t, slices.ContainsFunc(s.mutants, func(m *mutant) bool { return m.group == rest }), group)
	}
}
