package integration_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
)

func TestReturnsThatAreRefused(t *testing.T) {
	t.Parallel()
	type items = []integration.ReturnedCartItem
	good := integration.ReturnedCartItem{Position: new(0), SKU: "shoe", Quantity: new(1)}
	for _, tt := range []struct {
		name  string
		items items
		want  string // in the error, or "" where the return is sent
		path  string
	}{
		{"good", items{good, good}, "", ""},
		{"position 0", items{{Position: new(0)}}, "", ""},
		{"SKU", items{{SKU: "shoe"}}, "", ""},
		{"unknown member", items{{SKU: "shoe", Extra: map[string]json.RawMessage{"reason": []byte(`"size"`)}}}, "", ""},
		{"nil", nil, "a return of no items", "/return/returnedCartItems"},
		{"empty", items{}, "a return of no items", "/return/returnedCartItems"},
		{"neither", items{good, {Quantity: new(1)}}, "neither position nor SKU", "/return/returnedCartItems/1"},
		{"position", items{{Position: new(-1)}}, "a position below 0", "/return/returnedCartItems/0/position"},
		{"quantity 0", items{good, good, {SKU: "shoe", Quantity: new(0)}}, "a quantity below 1", "/return/returnedCartItems/2/quantity"},
		{"quantity below 0", items{{SKU: "shoe", Quantity: new(-1)}}, "a quantity below 1", "/return/returnedCartItems/0/quantity"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sent := 0
			count := func(*http.Request) (*http.Response, error) {
				sent++
				return reply(200, goodAnswer), nil
			}
			req := integration.ReturnRequest{ReturnedCartItems: tt.items}
			_, err := fakeClient(t, count).ReturnCartItems(t.Context(), testSession, req)
			if tt.want == "" {
				require.NoError(t, err)
				assert.Equal(t, 1, sent)
				return
			}
			require.ErrorIs(t, err, integration.ErrInvalidRequest)
			bad, ok := errors.AsType[*integration.RequestError](err)
			require.True(t, ok, "%T", err)
			assert.Equal(t, tt.path, bad.Path)
			assert.EqualError(t, bad.Err, tt.want)
			assert.EqualError(t, err, "integration: invalid request: "+tt.want+" at "+tt.path)
			assert.Zero(t, sent)

			_, err = fakeClient(t, count, integration.WithoutValidation()).ReturnCartItems(t.Context(), testSession, req)
			require.NoError(t, err)
			assert.Equal(t, 1, sent)
		})
	}
}

// Errors outside the body have no path.
func TestRefusalsWithoutAPlace(t *testing.T) {
	t.Parallel()
	client := nothingSent(t)
	var noContext context.Context
	late := time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, call := range map[string]func() (*integration.IntegrationState, error){
		"client": func() (*integration.IntegrationState, error) {
			return new(integration.Client).GetCustomerSession(t.Context(), testSession)
		},
		"context": func() (*integration.IntegrationState, error) {
			return client.GetCustomerSession(noContext, testSession)
		},
		"ID":    func() (*integration.IntegrationState, error) { return client.GetCustomerSession(t.Context(), "") },
		"dots":  func() (*integration.IntegrationState, error) { return client.GetCustomerSession(t.Context(), "..") },
		"UTF-8": func() (*integration.IntegrationState, error) { return client.GetCustomerSession(t.Context(), "\xff") },
		"header": func() (*integration.IntegrationState, error) {
			return client.GetCustomerSession(t.Context(), testSession, integration.WithHeader("", ""))
		},
		"key": func() (*integration.IntegrationState, error) {
			return client.GetCustomerSession(t.Context(), testSession, integration.WithIdempotencyKey(""))
		},
		"response": func() (*integration.IntegrationState, error) {
			return client.GetCustomerSession(t.Context(), testSession, integration.WithResponse(nil))
		},
		"now": func() (*integration.IntegrationState, error) {
			return client.UpdateCustomerSession(t.Context(), testSession, integration.UpdateRequest{Now: time.Now()})
		},
		"late": func() (*integration.IntegrationState, error) {
			return client.UpdateCustomerSession(t.Context(), testSession, integration.UpdateRequest{DryRun: true, Now: late})
		},
	} {
		state, err := call()
		require.ErrorIs(t, err, integration.ErrInvalidRequest, name)
		assert.Nil(t, state, name)
		bad, ok := errors.AsType[*integration.RequestError](err)
		require.True(t, ok, "%s: %T", name, err)
		assert.Empty(t, bad.Path, name)
		assert.Error(t, bad.Err, name)
	}
}

func TestNow(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	client := nothingSent(t)
	_, err := client.UpdateCustomerSession(ctx, testSession, integration.UpdateRequest{Now: time.Now()})
	require.ErrorIs(t, err, integration.ErrInvalidRequest)
	assert.ErrorContains(t, err, "Now without DryRun")
	late := time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err = client.UpdateCustomerSession(ctx, testSession, integration.UpdateRequest{DryRun: true, Now: late})
	require.ErrorIs(t, err, integration.ErrInvalidRequest)

	var query string
	client = fakeClient(t, func(r *http.Request) (*http.Response, error) {
		query = r.URL.RawQuery
		return reply(200, goodAnswer), nil
	}, integration.WithoutValidation())
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	_, err = client.UpdateCustomerSession(ctx, testSession, integration.UpdateRequest{Now: now})
	require.NoError(t, err)
	assert.Equal(t, "now=2030-01-02T03%3A04%3A05Z", query)
}

func TestWhatCannotBeEncodedIsNotSent(t *testing.T) {
	t.Parallel()
	client := nothingSent(t, integration.WithoutValidation())
	req := update()
	req.CustomerSession.Attributes = talonone.Attributes{"size": "\xff"}
	_, err := client.UpdateCustomerSession(t.Context(), testSession, req)
	var bad *talonone.EncodeError
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, "/customerSession/attributes/size", bad.Path)

	ret := giveBack()
	ret.ReturnedCartItems[0].SKU = "\xff"
	_, err = client.ReturnCartItems(t.Context(), testSession, ret)
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, "/return/returnedCartItems/0/sku", bad.Path)

	content := []integration.ResponseContent{"customerSession", "\xff"}
	_, err = client.UpdateCustomerSession(t.Context(), testSession, integration.UpdateRequest{ResponseContent: content})
	require.ErrorAs(t, err, &bad)
	assert.Equal(t, "/responseContent/1", bad.Path)
}

// A client sends exactly the example of a return in the API's documents.
func TestReturnFixture(t *testing.T) {
	t.Parallel()
	var body string
	client := fakeClient(t, func(r *http.Request) (*http.Response, error) {
		text, _ := io.ReadAll(r.Body)
		body = string(text)
		return reply(200, goodAnswer), nil
	})
	item := integration.ReturnedCartItem{Position: new(2), Quantity: new(1)}
	_, err := client.ReturnCartItems(t.Context(), testSession, integration.ReturnRequest{
		ReturnedCartItems: []integration.ReturnedCartItem{item, item},
		ResponseContent: []integration.ResponseContent{
			integration.ContentCustomerSession, integration.ContentCustomerProfile,
		},
	})
	require.NoError(t, err)
	assert.JSONEq(t, readFile(t, "return-request.postman.json"), body)
}

func TestReturnedCartItemJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, out string }{
		{`{}`, `{}`},
		{`{"position":0,"sku":"shoe","quantity":2}`, `{"position":0,"sku":"shoe","quantity":2}`},
		{`{"quantity":2.0,"position":1e1}`, `{"position":10,"quantity":2}`},
		{`{"position":null,"sku":null,"quantity":null}`, `{}`},
		{`{"zone":[1.50], "sku":"", "area":null}`, `{"area":null,"zone":[1.50]}`},
	} {
		var item integration.ReturnedCartItem
		require.NoError(t, item.UnmarshalJSON([]byte(tt.in)), tt.in)
		out, err := item.MarshalJSON()
		require.NoError(t, err)
		assert.Equal(t, tt.out, string(out))
		appended, err := item.AppendJSON([]byte("before"))
		require.NoError(t, err)
		assert.Equal(t, "before"+tt.out, string(appended))

		clone := item.Clone()
		assert.True(t, item.Equal(clone))
		if clone.Position != nil {
			*clone.Position++
			assert.False(t, item.Equal(clone))
		}
	}
	for _, tt := range []struct {
		in, path string
		reason   error
	}{
		{`{"position":1.5}`, "/position", talonone.ErrOutOfRange},
		{`{"quantity":"1"}`, "/quantity", talonone.ErrWrongType},
		{`{"sku":1}`, "/sku", talonone.ErrWrongType},
		{`{"sku":"a","sku":"b"}`, "/sku", talonone.ErrDuplicateName},
		{`[]`, "", talonone.ErrWrongType},
		{`{"sku":"a"} x`, "", talonone.ErrSyntax},
	} {
		item := integration.ReturnedCartItem{SKU: "unchanged"}
		err := item.UnmarshalJSON([]byte(tt.in))
		var bad *talonone.DecodeError
		require.ErrorAs(t, err, &bad, tt.in)
		require.ErrorIs(t, err, tt.reason, tt.in)
		assert.Equal(t, tt.path, bad.Path, tt.in)
		assert.Equal(t, "unchanged", item.SKU)
	}
	_, err := integration.ReturnedCartItem{SKU: "\xff"}.AppendJSON(nil)
	var bad *talonone.EncodeError
	require.ErrorAs(t, err, &bad)
	require.ErrorIs(t, err, talonone.ErrInvalidUTF8)
}
