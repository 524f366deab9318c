package sandbox

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/cmd/talonone/internal/receiptrows"
	"github.com/talonone-go/talonone/cmd/talonone/internal/rules"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// This file has the paths of the pages, the guard against other sites, and then the handler of each page.

//go:embed pages
var files embed.FS

var pages = template.Must(template.New("").ParseFS(files, "pages/*.html"))

// routes returns the handlers of the pages by path. The API has none of these paths.
func (s *Sandbox) routes() map[string]http.Handler {
	refuseOthers := http.NewCrossOriginProtection()
	page := func(method string, serve http.HandlerFunc) http.Handler {
		return s.guard(method, refuseOthers.Handler(serve))
	}
	static := func(name, contentType string) http.Handler {
		return page(http.MethodGet, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", contentType)
			http.ServeFileFS(w, r, files, "pages/"+name)
		})
	}
	return map[string]http.Handler{
		"/":          page(http.MethodGet, s.overview),
		"/session":   page(http.MethodGet, s.session),
		"/request":   page(http.MethodGet, s.request),
		"/events":    page(http.MethodGet, s.events),
		"/fault":     page(http.MethodPost, s.planFault),
		"/delay":     page(http.MethodPost, s.changeDelay),
		"/style.css": static("style.css", "text/css; charset=utf-8"),
		"/live.js":   static("live.js", "text/javascript; charset=utf-8"),
		"/icon.svg":  static("icon.svg", "image/svg+xml"),
	}
}

// guard answers only requests by the method that a page has, and only those that ask for this sandbox by an address, by localhost
// or by the name that it was told to listen on. Otherwise a foreign page could give its own name the address of this machine and
// read what is shown here. To an address nobody can give another one, so any will do: that of a container's host, say.
func (s *Sandbox) guard(method string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "+
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		switch {
		case !s.known(r.Host):
			http.Error(w, "Open this page by the address of the sandbox, or start the sandbox with this host name in -addr.", http.StatusForbidden)
		case r.Method != method && (method != http.MethodGet || r.Method != http.MethodHead):
			h.Set("Allow", method)
			http.Error(w, "This page accepts only "+method+".", http.StatusMethodNotAllowed)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// known reports whether a Host header names the sandbox.
func (s *Sandbox) known(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return strings.EqualFold(host, "localhost") || s.host != "" && strings.EqualFold(host, s.host)
}

// show writes a page. version is that of the news which it shows at least.
func (s *Sandbox) show(w http.ResponseWriter, status int, name, title, version string, content any) {
	var b bytes.Buffer
	err := pages.ExecuteTemplate(&b, name, struct {
		Title, Version string
		Content        any
	}{title, version, content})
	if err != nil {
		s.log.Printf("the page %s cannot be shown: %v", name, err)
		http.Error(w, "This page cannot be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w)
}

// The maximum numbers of rows in the tables.
const (
	shownSessions  = 50
	shownExchanges = 50
)

func (s *Sandbox) overview(w http.ResponseWriter, r *http.Request) {
	latest, _ := s.traffic.latest()
	content := struct {
		Host, Key    string
		Sessions     []summary
		MoreSessions int
		Exchanges    []exchange
		controls
		Rules []rules.Description
	}{
		Host:      r.Host,
		Key:       s.shownKey(),
		Exchanges: s.traffic.newest(shownExchanges, func(exchange) bool { return true }),
		controls:  s.traffic.controls(),
	}
	ids := s.recent(shownSessions)
	for _, id := range ids {
		if session, effects, ok := s.stored(id); ok {
			row, _ := summarize(session, effects)
			content.Sessions = append(content.Sessions, row)
		}
	}
	content.MoreSessions = s.Len() - len(ids)
	if s.rules != nil {
		content.Rules = s.rules.Describe()
	}
	s.show(w, http.StatusOK, "overview.html", "Sessions", latest.version, content)
}

// shownKey returns the key for the command on the page. A key from -key may be a secret, so the page shows a variable instead.
func (s *Sandbox) shownKey() string {
	if s.chosenKey {
		return "$TALONONE_API_KEY"
	}
	return s.APIKey
}

// A summary is the row of a session in the table of sessions.
type summary struct {
	ID, State, Profile string
	Items              int
	Subtotal, ToPay    string
	Problem            string // why there is no receipt
	Updated            time.Time
}

// summarize returns the row of a session, and its receipt, or nil if there is none.
func summarize(session talonone.CustomerSessionV2, effects []integration.Effect) (row summary, receipt *integration.Receipt) {
	row = summary{
		ID: session.IntegrationID, State: stateText(session), Profile: session.ProfileID, Items: len(session.CartItems), Updated: session.Updated,
	}
	if receipt, row.Problem = receiptOf(session, effects); receipt != nil {
		row.Subtotal, row.ToPay = jsonwire.DecimalText(receipt.Subtotal), jsonwire.DecimalText(receipt.Payable())
	}
	return row, receipt
}

func stateText(session talonone.CustomerSessionV2) string {
	return cmp.Or(strings.ReplaceAll(string(session.State), "_", " "), "open")
}

// receiptOf returns the receipt of a session. If there is none, it returns nil and the reason.
func receiptOf(session talonone.CustomerSessionV2, effects []integration.Effect) (r *integration.Receipt, problem string) {
	r, err := integration.NewReceipt(&session, effects)
	if e, ok := errors.AsType[*integration.ReceiptError](err); ok {
		return nil, e.Path + ": " + e.Err.Error()
	}
	if err != nil {
		return nil, err.Error()
	}
	return r, ""
}

func (s *Sandbox) session(w http.ResponseWriter, r *http.Request) {
	latest, _ := s.traffic.latest()
	id := r.URL.Query().Get("id")
	session, effects, ok := s.stored(id)
	if !ok {
		s.show(w, http.StatusNotFound, "absent.html", "No such session", latest.version, "There is no session with this ID.")
		return
	}
	type shownEffect struct {
		Number           int
		Type, Rule, Text string
	}
	row, receipt := summarize(session, effects)
	content := struct {
		summary
		Rows      []receiptrows.Row
		Over      []string
		Effects   []shownEffect
		JSON      string
		Exchanges []exchange
	}{
		summary:   row,
		Exchanges: s.traffic.newest(shownExchanges, func(x exchange) bool { return x.Session == id }),
	}
	if receipt != nil {
		content.Rows = receiptrows.Of(receipt, receiptrows.Exactly)
		content.Over = receipt.Overdiscounted()
	}
	for i, e := range effects {
		content.Effects = append(content.Effects, shownEffect{i, e.Type, e.RuleName, oneLine(text(e.Props))})
	}
	content.JSON = lines([]byte(text(session)))
	s.show(w, http.StatusOK, "session.html", "Session "+id, latest.version, content)
}

func (s *Sandbox) request(w http.ResponseWriter, r *http.Request) {
	latest, _ := s.traffic.latest()
	number, err := strconv.Atoi(r.URL.Query().Get("n"))
	x, ok := s.traffic.find(number)
	if err != nil || !ok {
		s.show(w, http.StatusNotFound, "absent.html", "No such request", latest.version,
			fmt.Sprintf("There is no request with this number. Only the last %d are kept.", keptExchanges))
		return
	}
	s.show(w, http.StatusOK, "request.html", fmt.Sprintf("Request %d", number), latest.version, x)
}

// text returns a value as JSON.
func text(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)              // the templates do that
	if err := e.Encode(v); err != nil { // what a rule gives need not be fit to send
		return err.Error()
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// oneLine returns JSON in a line that a browser can break.
func oneLine(text string) string {
	var parts []string
	for part := range strings.Lines(lines([]byte(text))) {
		parts = append(parts, strings.TrimSpace(part))
	}
	return strings.Join(parts, " ")
}

// lines returns JSON in lines, and any other text as it is, but for invalid UTF-8.
func lines(text []byte) string {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return string(bytes.ToValidUTF8(text, []byte("\uFFFD")))
	}
	return b.String()
}

// The templates call the methods below.

// Outcome returns the status, or what happened to the connection.
func (x exchange) Outcome() string {
	switch {
	case x.Status == 0:
		return "no answer"
	case x.Broken:
		return fmt.Sprintf("%d, cut", x.Status)
	case x.Replay:
		return fmt.Sprintf("%d, replayed", x.Status)
	}
	return strconv.Itoa(x.Status)
}

// Good reports whether the client got a complete answer with a status from 200 to 299.
func (x exchange) Good() bool { return x.Status >= 200 && x.Status < 300 && !x.Broken }

// Where returns the decoded path, and the query as it was sent.
func (x exchange) Where() string {
	where, err := url.PathUnescape(x.Path)
	if err != nil {
		where = x.Path
	}
	if x.Query != "" {
		where += "?" + x.Query
	}
	return where
}

// Duration returns the time from the request to the end of the answer.
func (x exchange) Duration() string { return x.Took.Round(10 * time.Microsecond).String() }
