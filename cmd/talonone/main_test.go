package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/cmd/talonone/internal/receiptrows"
	"github.com/talonone-go/talonone/integration"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden runs the program and compares its exit code, its output and its errors with testdata/golden.
func TestGolden(t *testing.T) {
	for _, test := range []struct {
		name  string
		stdin string
		args  string
		code  int
	}{
		{name: "none", code: exitFailed},
		{name: "help", args: "help"},
		{name: "unknown", args: "verify", code: exitFailed},
		{name: "validate_help", args: "validate -h"},
		{name: "validate_flag", args: "validate -yaml", code: exitFailed},
		{name: "validate_as", args: "validate -as cart", code: exitFailed},
		{name: "validate_ok", args: "validate testdata/update.json"},
		{name: "validate_broken", args: "validate testdata/broken.json testdata/update.json", code: exitInvalid},
		{name: "validate_json", args: "validate -json testdata/broken.json testdata/update.json", code: exitInvalid},
		{name: "validate_catalog", args: "validate -catalog-prices testdata/items.json"},
		{name: "validate_items", args: "validate testdata/items.json", code: exitInvalid},
		{name: "validate_session", args: "validate testdata/session.json", code: exitInvalid},
		{name: "validate_session_as_update", args: "validate -as update testdata/session.json", code: exitInvalid},
		{name: "validate_request", args: "validate testdata/request.json testdata/request_store.json", code: exitInvalid},
		{name: "validate_request_without", args: "validate -as request testdata/update.json", code: exitInvalid},
		{name: "validate_answer", args: "validate testdata/answer.json"},
		{name: "validate_foreign", args: "validate rules.json", code: exitInvalid},
		{name: "validate_foreign_as_update", args: "validate -as update rules.json"},
		{name: "validate_no_member", args: "validate", stdin: "{}"},
		{name: "validate_syntax", args: "validate testdata/syntax.json", code: exitInvalid},
		{name: "validate_stdin", args: "validate", stdin: `{"customerSession":null}`, code: exitInvalid},
		{name: "validate_number", args: "validate -", stdin: "\n 12", code: exitInvalid},
		{name: "validate_empty", args: "validate -", stdin: "", code: exitInvalid},
		{name: "receipt_help", args: "receipt -h"},
		{name: "receipt", args: "receipt testdata/answer.json"},
		{name: "receipt_round", args: "receipt -round 2 testdata/answer.json"},
		{name: "receipt_too_much", args: "receipt testdata/answer_too_much.json"},
		{name: "receipt_no_price", args: "receipt testdata/answer_no_price.json", code: exitInvalid},
		{name: "receipt_no_line", args: "receipt testdata/answer_no_line.json", code: exitInvalid},
		{name: "receipt_no_session", args: "receipt", stdin: `{"effects":[]}`, code: exitInvalid},
		{name: "receipt_type", args: "receipt", stdin: `{"effects":[{"effectType":7}]}`, code: exitInvalid},
		{name: "receipt_places", args: "receipt -round -1 testdata/answer.json", code: exitFailed},
		{name: "receipt_two", args: "receipt a.json b.json", code: exitFailed},
		{name: "states", args: "states"},
		{name: "states_help", args: "states -h"},
		{name: "states_argument", args: "states open", code: exitFailed},
		{name: "sandbox_help", args: "sandbox -h"},
		{name: "sandbox_rules", args: "sandbox -rules testdata/rules_broken.json", code: exitInvalid},
		{name: "sandbox_argument", args: "sandbox rules.json", code: exitFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := program(t.Context(), test.stdin, strings.Fields(test.args)...)
			assert.Equal(t, test.code, code, stderr)
			got := "-- stdout\n" + stdout + "-- stderr\n" + stderr
			file := filepath.Join("testdata/golden", test.name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o666))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
		})
	}
}

func program(ctx context.Context, stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

// TestUnreadable checks that a file that cannot be read does not stop the others, and that the highest exit code is returned.
func TestUnreadable(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none.json")
	code, stdout, stderr := program(t.Context(), "", "validate", none, "testdata/items.json")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, stdout, "testdata/items.json:1:2: /0/price: required")
	assert.Contains(t, stderr, none)
	for _, args := range [][]string{{"receipt", none}, {"sandbox", "-rules", none}} {
		code, stdout, stderr := program(t.Context(), "", args...)
		assert.Equal(t, exitFailed, code)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, none)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestOutputThatFails(t *testing.T) {
	for _, args := range [][]string{
		{"help"}, {"states"}, {"validate", "testdata/update.json"}, {"validate", "-json", "testdata/update.json"},
		{"receipt", "testdata/answer.json"}, {"sandbox", "-addr", "127.0.0.1:0"},
	} {
		assert.Equal(t, exitFailed, run(t.Context(), args, strings.NewReader(""), brokenPipe{}, io.Discard), args)
	}
}

func TestReceiptJSON(t *testing.T) {
	text, err := os.ReadFile("testdata/answer.json")
	require.NoError(t, err)
	var answer integration.IntegrationState
	require.NoError(t, answer.UnmarshalJSON(text))
	exact, err := integration.NewReceipt(answer.CustomerSession, answer.Effects)
	require.NoError(t, err)
	for _, test := range []struct {
		args    []string
		receipt any
	}{
		{[]string{"receipt", "-json", "testdata/answer.json"}, exact},
		{[]string{"receipt", "-json", "-round", "2", "testdata/answer.json"}, exact.Round(2)},
	} {
		want, err := json.Marshal(test.receipt)
		require.NoError(t, err)
		code, stdout, _ := program(t.Context(), "", test.args...)
		assert.Equal(t, exitOK, code)
		var compact bytes.Buffer
		require.NoError(t, json.Compact(&compact, []byte(stdout)))
		assert.Equal(t, string(want), compact.String())
	}
}

// TestManyProblems would take very long if each problem caused a walk through the file: one walk must find all places.
func TestManyProblems(t *testing.T) {
	cart := `[` + strings.Repeat(`{"sku":"","quantity":1,"price":1},`, 20_000) + `{"sku":"","quantity":1,"price":1}]`
	code, stdout, _ := program(t.Context(), cart, "validate")
	assert.Equal(t, exitInvalid, code)
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	require.Len(t, lines, 10_001)
	assert.Regexp(t, `^standard input:1:1: too many cart items`, lines[0])
	assert.Equal(t, "standard input: and 10003 more problems", lines[len(lines)-1])
}

// TestRuleNames checks that each error that package talonone exports has a name in JSON.
func TestRuleNames(t *testing.T) {
	listing, err := os.ReadFile("../../test/testdata/api/talonone.txt")
	require.NoError(t, err)
	named := map[string]bool{}
	for _, rule := range ruleNames {
		named["err"+rule.name] = true
		assert.Equal(t, rule.name, ruleName(talonone.Violation{Rule: rule.err}))
	}
	exported := regexp.MustCompile(`(?m)^var (Err\w+)`).FindAllStringSubmatch(string(listing), -1)
	require.Len(t, exported, len(ruleNames))
	for _, m := range exported {
		found := false
		for name := range named {
			found = found || strings.EqualFold(name, m[1])
		}
		assert.True(t, found, m[1])
	}
	assert.Empty(t, ruleName(errors.New("another")))
}

// TestREADME checks that the README shows rules.json unchanged.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	example, err := os.ReadFile("rules.json")
	require.NoError(t, err)
	assert.Contains(t, string(readme), "```json\n"+string(example)+"```\n")
}

// FuzzValidate reads any text as each kind of document and as an answer. Each problem must have a place in the text.
func FuzzValidate(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(f, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, kind := range kinds {
			s := &source{text: text}
			v := s.validate(kind, nil)
			require.Equal(t, v.Valid, len(v.Problems) == 0)
			for _, p := range v.Problems {
				require.True(t, p.Line > 0 && p.Column > 0 && p.offset <= len(text))
				require.NotEmpty(t, p.Message)
			}
		}
		s := &source{text: text}
		if r := s.receipt(); r != nil {
			_ = receiptText(r, receiptrows.Exactly)
		} else {
			require.NotEmpty(t, s.problems)
		}
	})
}
