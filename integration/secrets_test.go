package integration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

// The secrets that no error and no log may show. None of them is a part of a word that they do show.
const (
	secretReferral = "FRIEND-REFERRAL-8"
	secretProfile  = "profile-identifier-3"
	secretStore    = "store-identifier-5"
	secretCard     = "loyalty-card-11"
	secretSKU      = "sku-shoe-77"
	secretValue    = "attribute-value-0815"
	secretKey      = "my-idempotency-key"
)

var secrets = []string{
	testKey, testSession, testCoupon, testDevice,
	secretReferral, secretProfile, secretStore, secretCard, secretSKU, secretValue, secretKey,
	"customer_sessions/o",
}

// A listener collects the texts of the library.
type listener struct {
	t    testing.TB
	log  bytes.Buffer // of both handlers
	said bytes.Buffer
}

func (l *listener) loggers() []*slog.Logger {
	opts := &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true}
	return []*slog.Logger{slog.New(slog.NewTextHandler(&l.log, opts)), slog.New(slog.NewJSONHandler(&l.log, opts))}
}

// logs writes a value to logs, at every level.
func (l *listener) logs(v any) {
	for _, logger := range l.loggers() {
		for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
			logger.Log(context.Background(), level, "a value", "v", v)
		}
		logger.WithGroup("group").With("with", v).Info("a value")
	}
}

// hears prints an error, and the errors that it wraps, in every format.
func (l *listener) hears(what string, err error) {
	if !assert.Error(l.t, err, what) {
		return
	}
	l.logs(err)
	for _, verb := range []string{"%v", "%+v", "%s", "%q", "%x"} {
		fmt.Fprintf(&l.said, what+" "+verb+"\n", err)
	}
	// %#v shows everything in an APIError, which is the server's answer. Only the key is removed from it.
	if apiErr, ok := errors.AsType[*integration.APIError](err); ok {
		assert.NotContains(l.t, fmt.Sprintf("%#v %s", apiErr, apiErr.Body), testKey, what)
		return
	}
	fmt.Fprintf(&l.said, "%s %#v\n", what, err)
	if errors.Is(err, integration.ErrInvalidResponse) {
		// The path of the answer contains names that the server chose. The key is removed from these too.
		if inner := errors.Unwrap(err); inner != nil {
			assert.NotContains(l.t, fmt.Sprintf("%v %+[1]v %#[1]v", inner), testKey, what)
		}
		return
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		switch inner := e.Unwrap(); {
		case inner == nil:
		case ours(inner):
			l.hears(what, inner)
		default:
			assert.NotContains(l.t, fmt.Sprintf("%v %#[1]v", inner), testKey, what)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if ours(inner) {
				l.hears(what, inner)
			}
		}
	}
}

// ours reports whether an error is of this module. The texts of a transport may be anything.
func ours(err error) bool {
	t := reflect.TypeOf(err)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.HasPrefix(t.PkgPath(), "github.com/talonone-go/talonone")
}

// check searches the collected texts for secrets.
func (l *listener) check(least int) {
	said := append(l.said.Bytes(), l.log.Bytes()...)
	assert.Greater(l.t, bytes.Count(said, []byte("\n")), least, "lines to search")
	for line := range bytes.Lines(said) {
		for _, secret := range secrets {
			if bytes.Contains(line, []byte(secret)) || bytes.Contains(line, fmt.Appendf(nil, "%x", secret)) {
				l.t.Fatalf("%q is shown: %.300s", secret, line)
			}
		}
	}
}

// secretSession has a secret in every text.
func secretSession() talonone.CustomerSessionV2 {
	costs := map[string]talonone.AdditionalCost{"shipping": {Price: decimal.New(490, -2)}}
	raw := json.RawMessage(`{"a":["` + secretValue + `"]}`)
	return talonone.CustomerSessionV2{
		IntegrationID: testSession, ProfileID: secretProfile, StoreIntegrationID: secretStore, ReferralCode: secretReferral,
		CouponCodes: []string{testCoupon}, LoyaltyCards: []string{secretCard}, Identifiers: []string{testDevice},
		Attributes:      talonone.Attributes{"a": secretValue, "b": []any{secretValue, map[string]any{"c": secretValue}}},
		AdditionalCosts: costs, Total: decimal.New(100, 0),
		CartItems: []talonone.CartItem{{
			SKU: secretSKU, Name: secretValue, Quantity: 1, Price: new(decimal.New(995, -2)), Category: secretValue,
			Product: &talonone.Product{Name: secretValue}, Attributes: talonone.Attributes{"a": secretValue}, AdditionalCosts: costs,
			Extra: map[string]json.RawMessage{"x": raw},
		}},
		Extra: map[string]json.RawMessage{"x": raw},
	}
}

func secretEffects() []integration.Effect {
	return []integration.Effect{
		{RuleName: secretValue, Props: &integration.AcceptCoupon{Value: testCoupon}},
		{Type: "rejectReferral", Props: &integration.RejectReferral{Value: secretReferral}},
		{Props: &integration.SetDiscountPerItem{Name: secretValue, Value: decimal.New(1, 0)}},
		{Props: &integration.UnknownEffect{Type: "new", Raw: json.RawMessage(`{"value":"` + testCoupon + `"}`)}},
	}
}

// everyOperation returns the four operations and a Do with secrets in every text.
func everyOperation() []operation {
	return append(slices.Clone(operations), operation{"do", "PUT", "/v2/customer_profiles/" + testSession, true,
		func(ctx context.Context, c *integration.Client, opts ...integration.CallOption) (*integration.IntegrationState, error) {
			var out struct {
				Message         int
				CustomerSession struct{ Total decimal.Decimal }
			}
			return nil, c.Do(ctx, integration.Request{
				Method: "PUT", Path: "/v2/customer_profiles/" + testSession + "/" + secretCard,
				Query: url.Values{"code": {testCoupon}, "profile id": {secretProfile}},
				Body:  map[string]any{"attributes": talonone.Attributes{"a": secretValue}},
			}, &out, opts...)
		}})
}

// TestNothingSecretIsShown makes calls fail in every way, and searches all errors and logs.
func TestNothingSecretIsShown(t *testing.T) {
	t.Parallel()
	l := &listener{t: t}
	echo := func(r *http.Request) string {
		body := ""
		if r.Body != nil {
			text, _ := io.ReadAll(r.Body)
			body = string(text)
		}
		return r.Header.Get("Authorization") + " " + r.URL.String() + " " + body
	}
	for name, f := range map[string]transport{
		"200":      func(r *http.Request) (*http.Response, error) { return reply(200, goodAnswer), nil },
		"200 cut":  func(r *http.Request) (*http.Response, error) { return reply(200, `{"`+echo(r)), nil },
		"200 HTML": func(r *http.Request) (*http.Response, error) { return reply(200, "<p>"+echo(r)), nil },
		"200 of a gateway": func(r *http.Request) (*http.Response, error) {
			return reply(200, fmt.Sprintf(`{"message":%q}`, echo(r)), "X-Echo", r.Header.Get("Authorization")), nil
		},
		"200 empty": func(r *http.Request) (*http.Response, error) { return reply(200, ""), nil },
		"200 large": func(r *http.Request) (*http.Response, error) {
			return reply(200, "{"+strings.Repeat(" ", 99_999)+echo(r)), nil
		},
		"200 of another type": func(r *http.Request) (*http.Response, error) {
			return reply(200, fmt.Sprintf(`{"customerSession":{"total":%q}}`, echo(r)), "Content-Type", echo(r)), nil
		},
		"302": func(r *http.Request) (*http.Response, error) {
			return reply(302, echo(r), "Location", "https://other.example"+r.URL.Path), nil
		},
		"bad redirect": func(r *http.Request) (*http.Response, error) {
			return reply(302, echo(r), "Location", r.URL.Path+"%zz"), nil
		},
		"400": func(r *http.Request) (*http.Response, error) {
			return reply(400, `{"message":"invalid","other":`+fmt.Sprintf("%q", echo(r))+`}`), nil
		},
		"401 with the key": func(r *http.Request) (*http.Response, error) {
			return reply(401, fmt.Sprintf(`{"message":%q,"errors":[%[1]q]}`, r.Header.Get("Authorization")),
				"X-Echo", r.Header.Get("Authorization")), nil
		},
		"409": func(r *http.Request) (*http.Response, error) { return reply(409, echo(r)), nil },
		"503": func(r *http.Request) (*http.Response, error) { return reply(503, "<p>"+echo(r)), nil },
		"cut body": func(r *http.Request) (*http.Response, error) {
			resp := reply(200, "")
			resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(echo(r)), failingReader{}))
			return resp, nil
		},
		"broken":  func(r *http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF },
		"URL":     func(r *http.Request) (*http.Response, error) { return nil, errors.New(r.URL.String()) },
		"path":    func(r *http.Request) (*http.Response, error) { return nil, errors.New(r.URL.Path) },
		"header":  func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("%v", r.Header) },
		"timeout": func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() },
	} {
		for _, op := range everyOperation() {
			for _, logger := range l.loggers() {
				client := fakeClient(t, f, fast, integration.WithLogger(logger), integration.WithTimeout(time.Millisecond),
					integration.WithMaxResponseBytes(100_000))
				var resp integration.Response
				_, err := op.call(t.Context(), client, integration.WithIdempotencyKey(secretKey), integration.WithResponse(&resp))
				if name != "200" {
					l.hears(name+"/"+op.name, err)
				}
				assert.NotContains(t, fmt.Sprintf("%+v", resp), testKey, name)
				l.logs(client)
				for _, verb := range []string{"%v", "%+v", "%#v"} {
					fmt.Fprintf(&l.said, verb+"\n", client)
				}
			}
		}
	}
	l.check(4000)
}

// TestFunctionsShowNothingSecret makes the caller's functions fail with errors that contain all secrets.
func TestFunctionsShowNothingSecret(t *testing.T) {
	t.Parallel()
	l := &listener{t: t}
	all := strings.Join(secrets, " ")
	failures := map[string]func(context.Context) (string, error){
		"error":    func(context.Context) (string, error) { return "", errors.New(all) },
		"both":     func(context.Context) (string, error) { return testKey, fmt.Errorf("%s: %w", all, io.EOF) },
		"panic":    func(context.Context) (string, error) { panic(all) },
		"an error": func(context.Context) (string, error) { panic(errors.New(all)) },
		"text":     func(context.Context) (string, error) { panic(http.Header{"Authorization": secrets}) },
		"bad key":  func(context.Context) (string, error) { return all, nil },
		"scheme":   func(context.Context) (string, error) { return "ApiKey-v1 " + testKey, nil },
	}
	for _, op := range everyOperation() {
		for _, logger := range l.loggers() {
			for name, key := range failures {
				client, err := integration.NewClient("https://shop.example", "", integration.WithAPIKeyFunc(key),
					integration.WithLogger(logger))
				require.NoError(t, err)
				_, err = op.call(t.Context(), client, integration.WithIdempotencyKey(secretKey))
				l.hears(name+"/"+op.name, err)
				l.logs(client)
			}
			short := testKey + " " + testSession // the text of a panic in Decide
			if op.writes {
				short += " " + secretKey
			}
			for _, thrown := range []any{short, errors.New(short), fmt.Errorf("%s: %w", short, io.EOF)} {
				client := fakeClient(t, func(*http.Request) (*http.Response, error) { return nil, io.EOF },
					integration.WithLogger(logger), integration.WithRetry(integration.Retry{Decide: func(error, bool) bool { panic(thrown) }}))
				_, err := op.call(t.Context(), client, integration.WithIdempotencyKey(secretKey))
				l.hears("Decide/"+op.name, err)
				l.logs(client)
			}
		}
	}
	l.check(2000)
}

// TestRefusalsShowNothingSecret checks calls that are refused before anything is sent.
func TestRefusalsShowNothingSecret(t *testing.T) {
	t.Parallel()
	l := &listener{t: t}
	for what, args := range map[string][2]string{
		"key":               {"https://shop.example", testKey + "\n"},
		"scheme of the key": {"https://shop.example", "ApiKey-v1 " + testKey},
		"path":              {"https://shop.example/v2/customer_sessions/" + testSession, testKey},
		"base URL":          {"https://" + testKey + "@shop.example", testKey},
		"scheme":            {"ftp://shop.example/" + testSession, testKey},
	} {
		_, err := integration.NewClient(args[0], args[1])
		l.hears(what, err)
	}
	_, err := integration.NewClient("https://shop.example", testKey, integration.WithUserAgent(secretValue+"\n"))
	l.hears("user agent", err)

	client := nothingSent(t)
	for _, opts := range [][]integration.CallOption{
		{integration.WithHeader("X-Secret\n", testKey)},
		{integration.WithHeader("X-Secret", testKey+"\n"+testSession)},
		{integration.WithHeader("Authorization", testKey)},
		{integration.WithIdempotencyKey(secretKey + "\n")},
	} {
		for _, op := range everyOperation() {
			_, err := op.call(t.Context(), client, opts...)
			l.hears("option of "+op.name, err)
		}
	}
	_, err = client.GetCustomerSession(t.Context(), testSession+"\xff")
	l.hears("session ID", err)
	for _, end := range []string{"?", "#", "\xff", "\n", "%", "%zz", "/", "//x", "/..", "/%2E", "{x}", "/reopen"} {
		l.hears("path", client.Do(t.Context(), get("/v2/customer_sessions/"+testSession+end), nil))
	}
	l.hears("start of a path", client.Do(t.Context(), get("https://"+testSession+"/v1/x"), nil))
	l.hears("method", client.Do(t.Context(), integration.Request{Method: testSession, Path: "/v1/x"}, nil))
	l.hears("query", client.Do(t.Context(), integration.Request{Method: "GET", Path: "/v1/x", Query: url.Values{secretCard: {testCoupon + "\xff"}}}, nil))
	for _, body := range []any{
		[]byte(testCoupon), json.RawMessage(`{"a":"` + secretValue + `"`), badText{}, panicking{}, map[string]any{"a": json.Number(secretValue)},
		talonone.CartItem{SKU: secretSKU + "\xff"}, map[string]any{"a": json.RawMessage(testCoupon)}, map[string]any{secretValue: func() {}},
		talonone.Attributes{"a": secretValue + "\xff"},
	} {
		l.hears("body", client.Do(t.Context(), integration.Request{Method: "PUT", Path: "/v1/x", Body: body}, nil))
	}
	_, err = client.ReturnCartItems(t.Context(), testSession, integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{SKU: secretSKU, Quantity: new(0)}},
	})
	l.hears("return", err)
	_, err = client.ReturnCartItems(t.Context(), testSession, integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{{SKU: secretSKU + "\xff"}},
	})
	l.hears("return that cannot be written", err)

	// Each text of an update is bad, once for validation and once only for encoding.
	texts := 0
	for _, end := range []string{"\xff", strings.Repeat("é", 1000)} {
		for i := 0; ; i++ {
			u := secretSession().Update()
			if left := i; !spoil(reflect.ValueOf(&u).Elem(), end, &left) {
				break
			}
			texts++
			_, err := client.UpdateCustomerSession(t.Context(), testSession, integration.UpdateRequest{CustomerSession: u})
			if err == nil {
				continue // long, which only codes and IDs must not be
			}
			l.hears("update", err)
			if _, err := u.AppendJSON(nil); err != nil {
				l.hears("encoding", err)
			}
		}
		client = fakeClient(t, func(*http.Request) (*http.Response, error) { return reply(200, goodAnswer), nil })
	}
	assert.Greater(t, texts, 30)
	_, err = talonone.ParseState("")
	l.hears("state", err)
	l.hears("totals", secretSession().CheckTotals())

	s := secretSession()
	for _, e := range []integration.EffectProps{
		&integration.SetDiscountPerItem{Name: secretValue, Position: 9, Value: decimal.New(1, 0)},
		&integration.RollbackDiscount{Name: secretValue, Value: decimal.New(1, 0)},
		&integration.SetDiscountPerAdditionalCost{Name: secretValue, AdditionalCost: "none", Value: decimal.New(1, 0)},
		&integration.UnknownEffect{Type: "setDiscount", Raw: json.RawMessage(`{"name":"` + secretValue + `"}`)},
	} {
		_, err := integration.NewReceipt(&s, []integration.Effect{{Props: e}})
		l.hears("receipt", err)
	}
	s.CartItems[0].Price = nil
	_, err = integration.NewReceipt(&s, nil)
	l.hears("receipt", err)
	l.check(1000)
}

// spoil appends to one of the texts in v, that before which *left others come. It reports false if there are not so many.
func spoil(v reflect.Value, end string, left *int) bool {
	switch v.Kind() {
	case reflect.String:
		*left--
		if *left < 0 {
			v.SetString(v.String() + end)
			return true
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Type() != reflect.TypeFor[*decimal.Decimal]() {
			return spoil(v.Elem(), end, left)
		}
	case reflect.Interface:
		if !v.IsNil() {
			inside := reflect.New(v.Elem().Type()).Elem()
			inside.Set(v.Elem())
			found := spoil(inside, end, left)
			v.Set(inside)
			return found
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[decimal.Decimal]() || v.Type() == reflect.TypeFor[time.Time]() {
			return false
		}
		for _, field := range v.Fields() {
			if spoil(field, end, left) {
				return true
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return false
		}
		for i := range v.Len() {
			if spoil(v.Index(i), end, left) {
				return true
			}
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(key))
			found := spoil(value, end, left)
			v.SetMapIndex(key, value)
			if found {
				return true
			}
		}
	}
	return false
}

// TestDecodingShowsNothingSecret cuts an answer off at each byte, and spoils each.
func TestDecodingShowsNothingSecret(t *testing.T) {
	t.Parallel()
	l := &listener{t: t}
	s := secretSession()
	text, err := integration.IntegrationState{CustomerSession: &s, Effects: secretEffects()}.MarshalJSON()
	require.NoError(t, err)
	failed := 0
	decode := func(text []byte) {
		var state integration.IntegrationState
		if err := state.UnmarshalJSON(text); err != nil {
			failed++
			fmt.Fprintf(&l.said, "%v\n%+v\n%q\n", err, err, err)
			if failed%50 == 0 { // slower, so not always
				l.hears("decoding", err)
			}
			return
		}
		for _, e := range state.Effects {
			if u, ok := e.Props.(*integration.UnknownEffect); ok && u.Err != nil {
				fmt.Fprintf(&l.said, "%v\n", u.Err)
			}
		}
	}
	names := spans(text)
	for i := range text {
		decode(text[:i])
		if names[i] {
			continue // an error names its place, and so a name that is spoiled
		}
		for _, c := range "\x00\xff\"[0,x" {
			decode(slices.Concat(text[:i], []byte{byte(c)}, text[i+1:]))
		}
	}
	assert.Greater(t, failed, 3000)
	l.check(9000)
}

// spans returns which bytes of a text are in names, or next to one. A quote there turns the following text into a name.
func spans(text []byte) map[int]bool {
	in := map[int]bool{}
	for i, c := range text {
		if c == ':' {
			for j := i; j >= 0 && text[j] != ',' && text[j] != '{'; j-- {
				in[j] = true
			}
		}
	}
	return in
}

// TestLogsShowNothingSecret logs every value with a LogValue. That of a session has its ID and that of an item its SKU, by
// design, and nothing else.
func TestLogsShowNothingSecret(t *testing.T) {
	t.Parallel()
	l := &listener{t: t}
	session := secretSession()
	session.IntegrationID = "an ID"
	item := session.CartItems[0]
	item.SKU = "a SKU"
	state := integration.IntegrationState{
		CustomerSession: &session, Effects: secretEffects(), Coupons: []integration.IntegrationCoupon{{Value: testCoupon}},
		CustomerProfile: &integration.CustomerProfile{IntegrationID: secretProfile}, Extra: session.Extra,
		Return:          &integration.Return{SessionIntegrationID: testSession, ProfileIntegrationID: secretProfile},
		PreviousReturns: []integration.Return{{SessionIntegrationID: testSession}},
	}
	update := integration.UpdateRequest{CustomerSession: session.Update()}
	giveBack := integration.ReturnRequest{ReturnedCartItems: []integration.ReturnedCartItem{{SKU: secretSKU}}}
	receipt, err := integration.NewReceipt(&session, secretEffects()[2:3])
	require.NoError(t, err)
	values := []any{
		session, &session, update.CustomerSession, &update.CustomerSession, item, &item,
		state, &state, update, &update, giveBack, &giveBack, *receipt, receipt,
		talonone.CustomerSessionV2{}, talonone.CustomerSessionUpdate{}, talonone.CartItem{}, integration.IntegrationState{},
		integration.UpdateRequest{}, integration.ReturnRequest{}, integration.Request{}, integration.Receipt{},
		integration.Request{Method: "PUT", Path: "/v1/" + testSession, Query: url.Values{secretCard: {testCoupon}}, Body: secretValue}, integration.Effect{},
	}
	for _, e := range state.Effects {
		values = append(values, e, &e)
	}
	for _, v := range values {
		valuer, ok := v.(slog.LogValuer)
		require.True(t, ok, "%T", v)
		require.NotPanics(t, func() {
			fmt.Fprintf(&l.said, "%T %v %+[2]v\n", v, valuer.LogValue())
			l.logs(v)
		})
	}
	assert.NotContains(t, l.log.String(), "panicked")
	l.check(250)
}

func TestLogValue(t *testing.T) {
	t.Parallel()
	session := talonone.CustomerSessionV2{IntegrationID: "i", Total: decimal.New(550, -2)}
	discount := []integration.Effect{{CampaignID: 7, Props: &integration.SetDiscount{Name: "n", Value: decimal.New(550, -2)}}}
	item := talonone.CartItem{SKU: "s", Quantity: 2, Price: new(decimal.New(550, -2))}
	session.CartItems = []talonone.CartItem{item}
	receipt, err := integration.NewReceipt(&session, discount)
	require.NoError(t, err)
	for _, c := range []struct {
		v    slog.LogValuer
		want string
	}{
		{integration.IntegrationState{}, "[effects=0]"},
		{integration.IntegrationState{CustomerSession: &session, Effects: discount},
			"[effects=1 customerSession=[integrationId=i state=open cartItems=1 total=5.50]]"},
		{integration.UpdateRequest{}, "[customerSession=[state= cartItems=0] dryRun=false]"},
		{integration.UpdateRequest{CustomerSession: session.Update(), DryRun: true},
			"[customerSession=[state= cartItems=1] dryRun=true]"},
		{giveBack(), "[returnedCartItems=1 dryRun=false runRuleEngine=false]"},
		{integration.ReturnRequest{DryRun: true, RunRuleEngine: true}, "[returnedCartItems=0 dryRun=true runRuleEngine=true]"},
		{discount[0], "[effectType=setDiscount campaignId=7]"},
		{integration.Effect{Type: "new"}, "[effectType=new campaignId=0]"},
		{integration.Effect{}, "[effectType= campaignId=0]"},
		{receipt, "[lines=1 subtotal=11.00 discountTotal=5.50 total=5.50]"},
	} {
		assert.Equal(t, c.want, c.v.LogValue().String())
	}
}
