package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAddMember adds a member to the models in a copy of the module: a field with its comment and its tag. The generator must do all
// the rest.
func TestAddMember(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.CopyFS(root, moduleFiles{os.DirFS(moduleRoot)}))
	const field = "\t// GiftMessage is printed on the card (\"giftMessage\"), at most [MaxCodeLength] characters.\n" +
		"\tGiftMessage % `json:\"giftMessage,omitzero\" api:\"max=100\"`\n"
	for file, before := range map[string]string{
		"model_cart_item.go":               "\t// SKU is ",
		"model_customer_session_v2.go":     "\t// State is ",
		"model_customer_session_update.go": "\t// CartItems is ",
	} {
		text, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(string(text), before), "%s has the place", file)
		typ := "string"
		if strings.Contains(file, "update") {
			typ = "*string"
		}
		changed := strings.Replace(string(text), before, strings.Replace(field, "%", typ, 1)+before, 1)
		require.NoError(t, os.WriteFile(filepath.Join(root, file), []byte(changed), 0o600))
	}
	add := func(name, text string) {
		name = filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o700))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	}
	add("docs/gift.md", "<!-- members of CartItem -->\n\n<!-- members of CustomerSessionV2 -->\n\n<!-- members of CustomerSessionUpdate -->\n\nThe end.\n")
	add("internal/gift/gift_test.go", giftTest)

	require.NoError(t, write(root))
	pages, err := fs.Glob(os.DirFS(root), "docs/*.md")
	require.NoError(t, err)
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(root, page))
		require.NoError(t, err)
		for part := range strings.SplitSeq(string(text), "\n\n") {
			for model, typ := range map[string]string{"CartItem": "string", "CustomerSessionV2": "string", "CustomerSessionUpdate": "*string"} {
				if strings.HasPrefix(part, "<!-- members of "+model+" -->\n") {
					assert.Contains(t, part, "| `giftMessage` | `GiftMessage` `"+typ+"` | Printed on the card, at most `MaxCodeLength` (100) characters. |\n", page)
				}
			}
		}
	}

	goCommand := func(args ...string) {
		cmd := exec.Command("go", args...)
		cmd.Dir = root
		// The commands run on this machine even if the tests are emulated, so GOARCH and CGO_ENABLED have their defaults. With -trimpath
		// the build does not depend on the folder: later runs find it in the cache and take a tenth of the time.
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod -trimpath", "GOWORK=off", "GOARCH=", "CGO_ENABLED=")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	goCommand("test", "-vet=off", "./internal/gift")
	goCommand("test", "-vet=off", "./test", "-run", "^TestAPI$", "-update")
	listing, err := os.ReadFile(filepath.Join(root, "test/testdata/api/talonone.txt"))
	require.NoError(t, err)
	for _, line := range []string{
		"field CartItem.GiftMessage string", "field CustomerSessionV2.GiftMessage string", "field CustomerSessionUpdate.GiftMessage *string",
	} {
		assert.Contains(t, string(listing), line)
	}
}

// moduleFiles are the files of the module, without what no package is built from.
type moduleFiles struct{ fs.FS }

func (m moduleFiles) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(m.FS, name)
	kept := entries[:0]
	for _, entry := range entries {
		if entry.Name() != ".git" {
			kept = append(kept, entry)
		}
	}
	return kept, err
}

// giftTest is a test of the member.
const giftTest = `package gift

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

func check(t *testing.T, ok bool, what string) {
	t.Helper()
	if !ok {
		t.Error(what)
	}
}

func Test(t *testing.T) {
	const item = ` + "`" + `{"giftMessage":"for you","sku":"a","quantity":1,"price":2}` + "`" + `
	var i, other talonone.CartItem
	check(t, json.Unmarshal([]byte(item), &i) == nil && i.GiftMessage == "for you" && i.Extra == nil, "decode")
	text, err := json.Marshal(i)
	check(t, err == nil && string(text) == item, "encode: "+string(text))
	check(t, json.Unmarshal([]byte(strings.Replace(item, "for you", "for me", 1)), &other) == nil && !i.Equal(other), "Equal of others")
	check(t, i.Equal(i.Clone()) && i.Clone().GiftMessage == "for you", "Clone")
	check(t, json.Unmarshal([]byte(` + "`" + `{"giftMessage":1}` + "`" + `), &other) != nil, "decode of a number")
	i.Extra = map[string]json.RawMessage{"giftMessage": json.RawMessage("null")}
	_, err = i.MarshalJSON()
	check(t, errors.Is(err, talonone.ErrDuplicateName), "Extra")
	i.Extra = nil

	s := talonone.CustomerSessionV2{IntegrationID: "s", GiftMessage: "for all", CartItems: []talonone.CartItem{i}}
	text, err = json.Marshal(s)
	var back talonone.CustomerSessionV2
	check(t, err == nil && json.Unmarshal(text, &back) == nil && back.Equal(s), "a session")
	u := s.Update()
	check(t, u.GiftMessage != nil && *u.GiftMessage == "for all" && u.CartItems[0].GiftMessage == "for you", "Update")
	clone := u.Clone()
	check(t, clone.Equal(u) && clone.GiftMessage != u.GiftMessage, "Clone of an update")
	text, err = json.Marshal(u)
	check(t, err == nil && strings.Contains(string(text), ` + "`" + `"giftMessage":"for all"` + "`" + `), "encode of an update")

	check(t, u.Validate() == nil, "Validate")
	long := strings.Repeat("x", talonone.MaxCodeLength+1)
	u.GiftMessage, u.CartItems[0].GiftMessage = &long, long
	violations := map[string]bool{}
	for e, ok := errors.AsType[*talonone.ValidationError](u.Validate()); ok; ok = false {
		for _, v := range e.Violations {
			violations[v.Path] = errors.Is(v, talonone.ErrTooLong)
		}
	}
	check(t, len(violations) == 2 && violations["/giftMessage"] && violations["/cartItems/0/giftMessage"], "Validate of what is too long")

	// The server for tests keeps it, and what an update leaves out.
	server := integrationtest.NewServer(t)
	for _, message := range []*string{new("for all"), nil} {
		_, err = server.Client().UpdateCustomerSession(context.Background(), "s", integration.UpdateRequest{
			CustomerSession: talonone.CustomerSessionUpdate{
				GiftMessage: message, CartItems: []talonone.CartItem{{SKU: "a", Quantity: 1, Price: new(decimal.New(2, 0)), GiftMessage: "for you"}},
			},
		})
		check(t, err == nil, "an update")
		session, ok := server.Session("s")
		check(t, ok && session.GiftMessage == "for all" && session.CartItems[0].GiftMessage == "for you", "the session of the server")
	}
}
`
