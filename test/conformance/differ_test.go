package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const testKey = "a-key-that-nobody-may-see"

// An exchange is a request to a deployment and its answer, which a test may change.
type exchange struct {
	method, path string
	query        url.Values
	update       struct { // of the request
		CustomerSession struct{ State string }
	}
	status int
	header http.Header
	body   map[string]any
}

// session returns the session in the answer, or nil if there is none.
func (x *exchange) session() map[string]any {
	session, _ := x.body["customerSession"].(map[string]any)
	return session
}

// problem returns the first problem of an error, or nil if there is none.
func (x *exchange) problem() map[string]any {
	if problems, _ := x.body["errors"].([]any); len(problems) > 0 {
		problem, _ := problems[0].(map[string]any)
		return problem
	}
	return nil
}

// standIn starts a server that takes the place of a deployment. It answers like our server, except for the change.
func standIn(t *testing.T, change func(*exchange)) *target {
	t.Helper()
	server := newServer(t, script{})
	var underWay atomic.Int32
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.EqualValues(t, 1, underWay.Add(1), "one request after another")
		defer underWay.Add(-1)
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		x := &exchange{method: r.Method, path: r.URL.EscapedPath(), query: r.URL.Query()}
		_ = json.Unmarshal(body, &x.update) // some bodies are not JSON
		r.Body = io.NopCloser(bytes.NewReader(body))
		recorder := httptest.NewRecorder()
		server.Handler().ServeHTTP(recorder, r)
		d := json.NewDecoder(recorder.Body)
		d.UseNumber()
		assert.NoError(t, d.Decode(&x.body))
		x.status, x.header = recorder.Code, recorder.Header()
		if change != nil {
			change(x)
		}
		text, err := json.Marshal(x.body)
		assert.NoError(t, err)
		maps.Copy(w.Header(), x.header)
		w.Header().Del("Content-Length")
		w.WriteHeader(x.status)
		_, _ = w.Write(text)
	}))
	t.Cleanup(front.Close)
	return deploymentAt(t, front.URL, server.APIKey)
}

// deploymentAt returns a deployment as the environment would name it, but without pauses.
func deploymentAt(t *testing.T, baseURL, key string) *target {
	t.Helper()
	deployment, err := deploymentOf(func(name string) string {
		return map[string]string{
			"TALONONE_BASE_URL": baseURL + "/", "TALONONE_API_KEY": key,
			"TALONONE_COST": ourNames["cost"], "TALONONE_ATTRIBUTES": ourNames["attribute"] + "," + ourNames["otherAttribute"],
		}[name]
	})
	require.NoError(t, err)
	require.Positive(t, deployment.pause)
	deployment.pause = 0
	return deployment
}

// TestSameServer compares our server with another one that answers in the same way.
func TestSameServer(t *testing.T) {
	scripts, given := load(t)
	states := map[string]string{} // the last state of each session that a GET returned, by path
	deployment := standIn(t, func(x *exchange) {
		if session := x.session(); session != nil && x.method == "GET" && x.status == 200 {
			states[x.path], _ = session["state"].(string)
		}
	})
	r := compare(t.Context(), scripts, given, runOurs(t, scripts, given), deployment)
	require.NoError(t, r.err)
	assert.Empty(t, r.differences, r.String())
	assert.ElementsMatch(t, []string{"body-size", "parallel-updates", "return-units", "rollback-all", "run-rule-engine", "session-id"},
		slices.Collect(maps.Keys(r.notAsked)), "what a deployment is not asked")
	assert.Contains(t, r.String(), "\nasked in part: session-id: ")
	assert.Contains(t, r.String(), "\nnot asked: return-units: no request can ask for these effects")
	assert.NotContains(t, r.String(), "DIFFERS")

	assert.Empty(t, r.left)
	assert.NotZero(t, r.cancelled)
	for _, session := range deployment.written {
		assert.Contains(t, []string{"cancelled", ""}, states[session], session) // a dry update creates no session
		assert.Contains(t, session, "/v2/customer_sessions/"+deployment.prefix+"-")
	}
	t.Logf("%d requests, %d sessions, %d requests to clean up", r.requests, r.cancelled, deployment.requests)
}

// TestAlteredServers: if a server differs in one reading, only this reading is reported.
func TestAlteredServers(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*exchange)
		reading string
		rows    []row // some of the reported rows
	}{
		{"costs count once a unit", func(x *exchange) {
			session := x.session()
			if session == nil {
				return
			}
			number := func(v any) decimal.Decimal { return decimal.RequireFromString(v.(json.Number).String()) }
			sum := decimal.Zero
			for _, line := range session["cartItems"].([]any) {
				line := line.(map[string]any)
				costs, _ := line["additionalCosts"].(map[string]any)
				for _, cost := range costs {
					sum = sum.Add(number(line["quantity"]).Mul(number(cost.(map[string]any)["price"])))
				}
			}
			total := number(session["total"]).Sub(number(session["cartItemAdditionalCostTotal"])).Add(sum)
			session["cartItemAdditionalCostTotal"] = json.Number(sum.String())
			session["total"] = json.Number(total.String())
		}, "item-costs", []row{{"/customerSession/cartItemAdditionalCostTotal", "2.50", "7.5"}, {"/customerSession/total", "62.50", "67.5"}}},
		{"a second closing succeeds", func(x *exchange) {
			if x.update.CustomerSession.State == "closed" && x.body["message"] == `Cannot move session to state "closed" from state "closed"` {
				x.status, x.body = 200, map[string]any{"effects": []any{}}
			}
		}, "closed-update", []row{{"status", `400 "Cannot move session to state \"closed\" from state \"closed\""`, "200"}}},
		{"a dry update looks at the stored cart", func(x *exchange) {
			if session := x.session(); session != nil && x.query.Get("dry") == "true" {
				session["total"] = json.Number("22")
			}
		}, "dry-update", []row{{"/customerSession/total", "0", "22"}, {"/customerSession/total", "7", "22"}}},
		{"a full return has a state of its own", func(x *exchange) {
			session := x.session()
			if session == nil || session["state"] != "partially_returned" {
				return
			}
			for _, line := range session["cartItems"].([]any) {
				if line.(map[string]any)["remainingQuantity"] != json.Number("0") {
					return
				}
			}
			session["state"] = "returned"
		}, "return-all", []row{{"/customerSession/state", `"partially_returned"`, `"returned"`}}},
		{"other words", func(x *exchange) {
			if problem := x.problem(); problem != nil && problem["title"] == "Invalid state" {
				x.body["message"] = "The state is wrong"
			}
		}, "state-message", []row{
			{"/message", `"Cannot move session to state \"open\" from state \"closed\""`, `"The state is wrong"`},
			{"/message", `"The submitted data was invalid"`, `"The state is wrong"`},
		}},
		{"pointers of the whole body", func(x *exchange) {
			if problem := x.problem(); problem != nil {
				source := problem["source"].(map[string]any)
				if pointer, ok := source["pointer"].(string); ok {
					source["pointer"] = "/customerSession" + pointer
				}
			}
		}, "pointers", []row{{"/errors/0/source/pointer", `"/cartItems/0/sku"`, `"/customerSession/cartItems/0/sku"`}}},
		{"an unknown session is a 400", func(x *exchange) {
			if x.status == 404 {
				x.status = 400
			}
		}, "not-found", []row{{"status", `404 "There is no such customer session"`, `400 "There is no such customer session"`}}},
		{"idempotency keys are ignored", func(x *exchange) {
			maps.DeleteFunc(x.header, func(name string, _ []string) bool { return strings.Contains(name, "Idempot") })
		}, "idempotency-key", []row{{"header Idempotent-Replayed", "false", absent}}},
		{"returns are updates", func(x *exchange) {
			if session := x.session(); session != nil && session["state"] == "partially_returned" {
				count := decimal.RequireFromString(session["updateCount"].(json.Number).String())
				session["updateCount"] = json.Number(count.Add(decimal.New(1, 0)).String())
			}
		}, "update-count", []row{{"/customerSession/updateCount", "2", "3"}}},
		{"an unknown attribute has another title", func(x *exchange) {
			if problem := x.problem(); problem != nil && problem["title"] == "Unknown" && x.status == 400 {
				problem["title"] = "Undefined"
			}
		}, "undefined-names", []row{{"/errors/0/title", `"Unknown"`, `"Undefined"`}}},
	}
	scripts, given := load(t)
	ours := runOurs(t, scripts, given)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := compare(t.Context(), scripts, given, ours, standIn(t, test.change))
			require.NoError(t, r.err)
			require.Equal(t, []string{test.reading}, slices.Collect(maps.Keys(r.differences)), r.String())
			var rows []row
			for _, d := range r.differences[test.reading] {
				rows = append(rows, d.rows...)
			}
			require.Subset(t, rows, test.rows)
			require.Contains(t, r.String(), "DIFFERS: "+test.reading+"\n")
			for _, row := range test.rows {
				require.Regexp(t, `(?m)^    \Q`+row.what+`\E +\Q`+row.ours+`\E +\Q`+row.theirs+`\E$`, r.String(), "side by side")
			}
		})
	}
}

// TestNothingFollows: after a wrong status for a session, its later requests are not sent, because their answers would prove nothing.
func TestNothingFollows(t *testing.T) {
	scripts, given := load(t)
	deployment := standIn(t, func(x *exchange) {
		if strings.HasSuffix(x.path, "/reopen") {
			x.status, x.body = 400, map[string]any{"message": "no"}
		}
	})
	r := compare(t.Context(), scripts, given, runOurs(t, scripts, given), deployment)
	require.NoError(t, r.err)
	require.ElementsMatch(t, []string{"reopen-state", "not-found", "state-message", "update-count"}, slices.Collect(maps.Keys(r.differences)))
	require.Contains(t, r.notAsked["update-count"], "an earlier answer for this session differs")
	require.Len(t, r.differences["update-count"], 1)
}

// TestSessionsThatCannotBeMade: a script that cannot begin is reported for all its readings.
func TestSessionsThatCannotBeMade(t *testing.T) {
	scripts, given := load(t)
	i := slices.IndexFunc(scripts, func(s script) bool { return s.name == "return-line" })
	r := compare(t.Context(), scripts[i:i+1], given, runOurs(t, scripts[i:i+1], given), standIn(t, func(x *exchange) {
		if x.update.CustomerSession.State == "closed" {
			x.status, x.body = 400, map[string]any{"message": "no"}
		}
	}))
	require.NoError(t, r.err)
	require.Len(t, r.differences["return-line"], 5)
	require.Equal(t, []row{{"status, to make a session closed", "200", `400 "no"`}}, r.differences["return-line"][0].rows)
	require.Empty(t, r.asked)
}

// TestScriptsCanFail: every script fails against a server that accepts everything, and against one that refuses everything.
func TestScriptsCanFail(t *testing.T) {
	scripts, given := load(t)
	for _, status := range []int{200, 400} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "{}")
		}))
		defer server.Close()
		for _, s := range scripts {
			deployment := deploymentAt(t, server.URL, testKey)
			deployment.hold = func() func() { return func() {} }
			s.OnlyOurServer = ""
			for i := range s.Steps {
				s.Steps[i].OnlyOurServer = ""
			}
			run, err := deployment.run(t.Context(), s, given)
			require.NoError(t, err)
			all := slices.Concat(run.given, run.steps)
			require.True(t, slices.ContainsFunc(all, func(o outcome) bool { return !o.ok() }), "%s passes if every answer is %d", s.name, status)
		}
	}
}

// TestLeftBehind: the report names sessions that cannot be cancelled.
func TestLeftBehind(t *testing.T) {
	scripts, given := load(t)
	deployment := standIn(t, nil)
	inner := deployment.baseURL
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		if bytes.Contains(body, []byte(`"cancelled"`)) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		req, err := http.NewRequestWithContext(r.Context(), r.Method, inner+r.URL.RequestURI(), bytes.NewReader(body))
		assert.NoError(t, err)
		req.Header = r.Header.Clone()
		resp, err := http.DefaultClient.Do(req)
		if !assert.NoError(t, err) {
			return
		}
		defer resp.Body.Close()
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	}))
	defer front.Close()
	deployment.baseURL = front.URL
	r := compare(t.Context(), scripts[:1], given, runOurs(t, scripts[:1], given), deployment) // it creates one session, which stays open
	require.NoError(t, r.err)
	require.Zero(t, r.cancelled)
	require.Equal(t, []string{"/v2/customer_sessions/" + deployment.prefix + "-1-item-costs-cart is open"}, r.left)
	require.Contains(t, r.String(), "LEFT BEHIND: "+r.left[0]+"\n")
}

// TestKeyIsNotShown: the report does not show the key, even if a deployment sends it back.
func TestKeyIsNotShown(t *testing.T) {
	scripts, given := load(t)
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Idempotency-Key", r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, `{"message":"`+r.Header.Get("Authorization")+`"}`)
	}))
	defer echo.Close()
	r := compare(t.Context(), scripts, given, runOurs(t, scripts, given), deploymentAt(t, echo.URL, testKey))
	require.NotEmpty(t, r.differences)
	require.Contains(t, r.String(), "(the API key)")
	require.NotContains(t, r.String(), testKey)
}

// TestBrokenOff: a run stops at an error that no later script can avoid. It reports the error, and cleans up.
func TestBrokenOff(t *testing.T) {
	scripts, given := load(t)
	wrong := standIn(t, nil)
	wrong.key = testKey
	r := compare(t.Context(), scripts, given, runOurs(t, scripts, given), wrong)
	require.EqualError(t, r.err, "1-item-costs: status 401: the server does not accept the key")
	require.Contains(t, r.String(), "STOPPED at 1-item-costs: status 401")
	require.Equal(t, 1, r.requests)

	gone := deploymentAt(t, "http://127.0.0.1:1", testKey)
	r = compare(t.Context(), scripts, given, runOurs(t, scripts, given), gone)
	require.Error(t, r.err)
	require.Len(t, r.left, 1, "the session may exist")
	require.NotContains(t, r.String(), testKey)

	bounded := standIn(t, nil)
	bounded.requests = maxRequests - 2
	r = compare(t.Context(), scripts, given, runOurs(t, scripts, given), bounded)
	require.ErrorContains(t, r.err, "more than 400 requests")
	require.Equal(t, 2, r.cancelled, "the created sessions are cancelled")
	require.Empty(t, r.left)

	ctx, cancel := context.WithCancel(t.Context())
	ended := standIn(t, nil)
	ended.http.Transport = roundTripper(func(req *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil || !strings.HasSuffix(req.URL.Path, "-paid") || ctx.Err() != nil {
			return resp, err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		assert.NoError(t, err)
		cancel()
		return nil, ctx.Err() // the server acted on the request, but the run cannot know
	})
	r = compare(ctx, scripts, given, runOurs(t, scripts, given), ended)
	require.ErrorIs(t, r.err, context.Canceled)
	require.Equal(t, 4, r.cancelled, "the session of the last request too")
	require.Empty(t, r.left)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// TestPatience: after a 429 the run waits, and sends the same request again.
func TestPatience(t *testing.T) {
	scripts, given := load(t)
	var n atomic.Int32
	r := compare(t.Context(), scripts[:2], given, runOurs(t, scripts[:2], given), standIn(t, func(x *exchange) {
		if n.Add(1) == 1 {
			x.status, x.body, x.header = 429, map[string]any{}, http.Header{"Retry-After": {"0"}}
		}
	}))
	require.NoError(t, r.err)
	require.Empty(t, r.differences, r.String())
	require.Equal(t, maxWait, retryAfter(http.Header{"Retry-After": {"3600"}}))
}

// TestNamesThatAreMissing: without a name the scripts that need it are not sent, and the report says so.
func TestNamesThatAreMissing(t *testing.T) {
	scripts, given := load(t)
	deployment := standIn(t, nil)
	deployment.names = map[string]string{"cost": "", "attribute": "", "otherAttribute": ""}
	r := compare(t.Context(), scripts, given, runOurs(t, scripts, given), deployment)
	require.NoError(t, r.err)
	require.Empty(t, r.differences, r.String())
	require.Equal(t, []string{"no name is given for ${cost} (1-item-costs)"}, r.notAsked["item-costs"])
	require.Len(t, r.notAsked["merge"], 1)
	require.Contains(t, r.asked, "merge", "the script without names")
}

func TestDeploymentOf(t *testing.T) {
	for _, test := range []struct{ base, key, want string }{
		{"", "", ""},
		{"https://shop.talon.one", "", ""},
		{"", testKey, ""},
		{"shop.talon.one", testKey, "is not a URL"},
		{"http://shop.talon.one", testKey, "must begin with https://"},
		{"http://localhost:1", testKey, ""},
		{"https://shop.talon.one", testKey, ""},
	} {
		deployment, err := deploymentOf(func(name string) string {
			return map[string]string{"TALONONE_BASE_URL": test.base, "TALONONE_API_KEY": test.key}[name]
		})
		if test.want != "" {
			require.ErrorContains(t, err, test.want)
			require.NotContains(t, err.Error(), testKey)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, test.base == "" || test.key == "", deployment == nil)
	}
	one := deploymentAt(t, "http://127.0.0.1:1", testKey)
	other := deploymentAt(t, "http://127.0.0.1:1", testKey)
	require.NotEqual(t, one.prefix, other.prefix, "each run has its own sessions")
	require.NotZero(t, one.http.Timeout)
}

// TestRedirects: the key is not sent to another host.
func TestRedirects(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed") }))
	defer other.Close()
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	scripts, given := load(t)
	r := compare(t.Context(), scripts[:1], given, runOurs(t, scripts[:1], given), deploymentAt(t, server.URL, testKey))
	require.NoError(t, r.err)
	require.NotEmpty(t, r.differences)
}
