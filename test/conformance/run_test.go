package conformance

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

// A target is a server that scripts are run against.
type target struct {
	baseURL, key string
	http         *http.Client
	prefix       string            // of session IDs and other texts that must be new
	names        map[string]string // of what the Campaign Manager knows, by placeholder; "" for what it does not know
	ours         bool              // also what only our server must answer is asked
	pause        time.Duration     // before each request
	// hold lets no update end until what it returns is called, so that several are under way. Nil for a deployment.
	hold func() (release func())

	requests int      // how many were sent, those that clean up left out
	written  []string // paths of the sessions that may have been written
}

const (
	// maxRequests bounds what a run asks of a deployment.
	maxRequests = 400
	// slowDowns is how often a request is repeated that a deployment answers with 429.
	slowDowns = 3
	// maxWait bounds the wait before such a repeat.
	maxWait = 30 * time.Second
)

// An answer is what a server said to a request.
type answer struct {
	status int
	header http.Header
	body   any // decoded, numbers as json.Number; nil if it is no JSON
}

// An observation is one thing that a step expects of an answer, and what the answer has.
type observation struct {
	what, got string
	ok        bool
}

// An outcome is what came of a step.
type outcome struct {
	notAsked     string // why it was not sent
	observations []observation
}

func (o outcome) ok() bool {
	return !slices.ContainsFunc(o.observations, func(o observation) bool { return !o.ok })
}

// got returns what was observed of one thing.
func (o outcome) got(what string) string {
	i := slices.IndexFunc(o.observations, func(o observation) bool { return o.what == what })
	return o.observations[i].got
}

// A scriptRun is what came of a script: an outcome for each session that it is given and cannot have, and for each step.
type scriptRun struct {
	notAsked string // why nothing was sent
	given    []outcome
	steps    []outcome
}

// run runs a script. It sends nothing more for a session once the status of an answer was not the one expected: what followed
// would differ only for that. An error is one of the connection or the key, after which no script can run.
func (tg *target) run(ctx context.Context, s script, given givenSessions) (run scriptRun, err error) {
	if !tg.ours {
		run.notAsked = s.OnlyOurServer
	}
	for _, name := range s.needs() {
		if tg.names[name] == "" {
			run.notAsked = cmp.Or(run.notAsked, "no name is given for ${"+name+"}")
		}
	}
	run.steps = make([]outcome, len(s.Steps))
	if run.notAsked != "" {
		for i := range run.steps {
			run.steps[i].notAsked = run.notAsked
		}
		return run, nil
	}
	odd := map[string]bool{} // the sessions that are not as the script expects
	for _, name := range slices.Sorted(maps.Keys(s.Given)) {
		for _, st := range given[s.Given[name]] {
			st.Request = strings.ReplaceAll(st.Request, "${session}", "${"+name+"}")
			o, err := tg.ask(ctx, s, st, odd)
			if err != nil {
				return run, err
			}
			if !o.ok() {
				o.observations[0].what = "status, to make a session " + s.Given[name]
				run.given = append(run.given, o)
			}
		}
	}
	for i, st := range s.Steps {
		if run.steps[i], err = tg.ask(ctx, s, st, odd); err != nil {
			return run, err
		}
	}
	return run, nil
}

// ask sends the request of a step, and looks at the answer.
func (tg *target) ask(ctx context.Context, s script, st step, odd map[string]bool) (o outcome, err error) {
	if !tg.ours && st.OnlyOurServer != "" {
		return outcome{notAsked: st.OnlyOurServer}, nil
	}
	_, path, _ := strings.Cut(st.Request, " ")
	session := sessionPath(path)
	if odd[session] {
		return outcome{notAsked: "an earlier answer for this session differs"}, nil
	}
	answers := make([]answer, max(1, st.Times))
	if st.Times > 0 {
		err = tg.sendTogether(ctx, s, st, answers)
	} else {
		answers[0], err = tg.send(ctx, s, st)
	}
	if err != nil {
		return o, err
	}
	o.observations = tg.observe(s, st, answers)
	odd[session] = !o.observations[0].ok
	return o, nil
}

// sessionPath returns the part of a path that names the session.
func sessionPath(path string) string {
	path, _, _ = strings.Cut(path, "?")
	rest := strings.TrimPrefix(path, "/v2/customer_sessions/")
	id, _, _ := strings.Cut(rest, "/")
	return "/v2/customer_sessions/" + id
}

// sendTogether sends a request several times at once, and lets none end before another was answered.
func (tg *target) sendTogether(ctx context.Context, s script, st step, answers []answer) error {
	release := sync.OnceFunc(tg.hold())
	defer release()
	// A server that holds all of them answers nobody: the step then fails by its statuses.
	timer := time.AfterFunc(5*time.Second, release)
	defer timer.Stop()
	errs := make([]error, len(answers))
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			answers[i], errs[i] = tg.request(ctx, s, st)
			release()
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// send sends the request of a step when it is time to, again if the server asks for patience.
func (tg *target) send(ctx context.Context, s script, st step) (a answer, err error) {
	for attempt := 0; ; attempt++ {
		if tg.requests++; tg.requests > maxRequests {
			return a, fmt.Errorf("more than %d requests", maxRequests)
		}
		if err := sleep(ctx, tg.pause); err != nil {
			return a, err
		}
		a, err = tg.request(ctx, s, st)
		method, path, _ := strings.Cut(tg.fill(s, st.Request), " ")
		// A request without an answer may have been carried out.
		if session := sessionPath(path); method != http.MethodGet && a.status < 300 && !slices.Contains(tg.written, session) {
			tg.written = append(tg.written, session)
		}
		if err != nil {
			return a, err
		}
		if a.status == http.StatusUnauthorized || a.status == http.StatusForbidden {
			return a, fmt.Errorf("status %d: the server does not accept the key", a.status)
		}
		if a.status != http.StatusTooManyRequests || attempt == slowDowns {
			return a, nil
		}
		if err := sleep(ctx, retryAfter(a.header)); err != nil {
			return a, err
		}
	}
}

func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return time.Second
	}
	return min(time.Duration(seconds)*time.Second, maxWait)
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// request sends the request of a step once.
func (tg *target) request(ctx context.Context, s script, st step) (a answer, err error) {
	method, path, _ := strings.Cut(tg.fill(s, st.Request), " ")
	body := []byte(tg.fill(s, st.Text))
	if st.Body != nil {
		var compact bytes.Buffer // the layout of a file is not what is sent
		if err := json.Compact(&compact, st.Body); err != nil {
			return a, err
		}
		body = []byte(tg.fill(s, compact.String()))
	}
	header := http.Header{}
	for name, value := range st.Header {
		header.Set(name, tg.fill(s, value))
	}
	return tg.roundTrip(ctx, method, path, header, body)
}

// roundTrip sends a request. No error of it has the key.
func (tg *target) roundTrip(ctx context.Context, method, path string, header http.Header, body []byte) (a answer, err error) {
	req, err := http.NewRequestWithContext(ctx, method, tg.baseURL+path, bytes.NewReader(body))
	if err != nil {
		return a, err
	}
	req.Header = header
	req.Header.Set("Authorization", "ApiKey-v1 "+tg.key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := tg.http.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	if err != nil {
		return a, err
	}
	a = answer{status: resp.StatusCode, header: resp.Header}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&a.body) != nil {
		a.body = nil
	}
	return a, nil
}

// fill puts texts in the place of placeholders.
func (tg *target) fill(s script, text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		name := placeholder.FindStringSubmatch(found)[1]
		if m := repeated.FindStringSubmatch(name); m != nil {
			n, err := strconv.Atoi(m[2])
			if err != nil {
				panic(err) // digits
			}
			return strings.Repeat(m[1], n)
		}
		if defined, ok := tg.names[name]; ok {
			return defined
		}
		return tg.prefix + "-" + s.name + "-" + name
	})
}

// observe compares the answers to a step with what it expects. The first observation is the status; a wrong one is the only one,
// since all else belongs to an answer of another kind.
func (tg *target) observe(s script, st step, answers []answer) []observation {
	var statuses []int
	for _, a := range answers {
		statuses = append(statuses, a.status)
	}
	slices.Sort(statuses)
	got := strings.Trim(fmt.Sprint(statuses), "[]")
	ok := slices.Equal(statuses, st.statuses())
	a := answers[0]
	if a.status >= 400 {
		if message, found := tg.find(s, a, "/message"); found {
			got += " " + show(message)
		}
	}
	all := []observation{{"status", got, ok}}
	if !ok || st.Times > 0 {
		return all
	}
	for _, name := range slices.Sorted(maps.Keys(st.AnswerHeader)) {
		got, want := a.header.Get(name), tg.fill(s, st.AnswerHeader[name])
		all = append(all, observation{"header " + name, cmp.Or(got, absent), got == want || want == "*" && got != ""})
	}
	expected := maps.Clone(st.Answer)
	if tg.ours && st.Ours != nil {
		if expected == nil {
			expected = map[string]json.RawMessage{}
		}
		maps.Copy(expected, st.Ours)
	}
	for _, pointer := range slices.Sorted(maps.Keys(expected)) {
		got, found := tg.find(s, a, pointer)
		all = append(all, observation{pointer, shown(got, found), found && matches(tg.value(s, expected[pointer]), got)})
	}
	for _, pointer := range slices.Sorted(maps.Keys(st.Contains)) {
		got, found := tg.find(s, a, pointer)
		want := tg.value(s, st.Contains[pointer])
		elements, _ := got.([]any)
		ok := slices.ContainsFunc(elements, func(element any) bool { return matches(want, element) })
		all = append(all, observation{pointer + " contains " + show(want), shown(got, found), ok})
	}
	for _, pointer := range st.Absent {
		got, found := tg.find(s, a, pointer)
		all = append(all, observation{pointer, shown(got, found), !found})
	}
	return all
}

// value decodes an expected value.
func (tg *target) value(s script, text json.RawMessage) (v any) {
	d := json.NewDecoder(strings.NewReader(tg.fill(s, string(text))))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		panic(err) // the file was decoded
	}
	return v
}

// find returns what a JSON Pointer points at. A name in it may have placeholders.
func (tg *target) find(s script, a answer, pointer string) (found any, ok bool) {
	found = a.body
	for _, name := range strings.Split(pointer, "/")[1:] {
		name = tg.fill(s, strings.NewReplacer("~1", "/", "~0", "~").Replace(name))
		switch at := found.(type) {
		case map[string]any:
			if found, ok = at[name]; !ok {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(at) {
				return nil, false
			}
			found = at[i]
		default:
			return nil, false
		}
	}
	return found, true
}

// matches reports whether a value is the expected one. An object may have more members than are expected. Numbers are compared as
// decimals: 2.5 and 2.50 are the same amount, and no digit is lost.
func matches(want, got any) bool {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		for name, w := range want {
			g, found := got[name]
			ok = ok && found && matches(w, g)
		}
		return ok
	case []any:
		got, ok := got.([]any)
		return ok && slices.EqualFunc(want, got, matches)
	case json.Number:
		got, ok := got.(json.Number)
		if !ok {
			return false
		}
		w, err1 := decimal.NewFromString(want.String())
		g, err2 := decimal.NewFromString(got.String())
		// To compare a number with a huge exponent takes its digits.
		return err1 == nil && err2 == nil && max(g.Exponent(), -g.Exponent()) < 1000 && w.Equal(g)
	default:
		return want == got
	}
}

const absent = "(absent)"

func shown(v any, found bool) string {
	if !found {
		return absent
	}
	return show(v)
}

// show returns a value as short text.
func show(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // it was decoded from JSON
	}
	text := strings.TrimSpace(b.String())
	if len(text) > 100 {
		text = strings.ToValidUTF8(text[:100], "") + "..."
	}
	return text
}
