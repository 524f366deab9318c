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
	prefix       string            // the beginning of session IDs and other texts that must be new
	names        map[string]string // the names that the Campaign Manager knows, by placeholder; "" if it knows none
	ours         bool              // the target is our server: the steps for our server alone are sent too
	pause        time.Duration     // before each request
	// hold stops every update until release is called, so that several run at once. It is nil for a deployment.
	hold func() (release func())

	requests int      // the number of requests sent so far
	written  []string // paths of the sessions that may have been written
}

const (
	// maxRequests is the maximum number of requests of a run, and also of its clean-up.
	maxRequests = 400
	// slowDowns is the maximum number of repeats of a request after a 429.
	slowDowns = 3
	// maxWait is the longest wait before such a repeat.
	maxWait = 30 * time.Second
)

// An answer is the answer of a server to a request.
type answer struct {
	status int
	header http.Header
	body   any // decoded, numbers as json.Number; nil if it is not JSON
}

// An observation is one value of an answer, and whether it is the value that the step expects.
type observation struct {
	what, got string
	ok        bool
}

// An outcome is the result of a step.
type outcome struct {
	notAsked     string // the reason why it was not sent
	observations []observation
}

func (o outcome) ok() bool {
	return !slices.ContainsFunc(o.observations, func(o observation) bool { return !o.ok })
}

// got returns the observed value with the name what.
func (o outcome) got(what string) string {
	i := slices.IndexFunc(o.observations, func(o observation) bool { return o.what == what })
	return o.observations[i].got
}

// A scriptRun is the result of a script.
type scriptRun struct {
	notAsked string    // the reason why nothing was sent
	given    []outcome // one for each given session that could not be created
	steps    []outcome
}

// run runs a script. After an answer with an unexpected status it sends nothing more for that session, because the later answers
// would differ only because of that. An error is one of the connection, the key or the limit of requests. After it no script can run.
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
	odd := map[string]bool{} // the sessions with an unexpected status
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

// ask sends the request of a step and checks the answer.
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

// sessionPath returns the path of the session that a path is about.
func sessionPath(path string) string {
	path, _, _ = strings.Cut(path, "?")
	rest := strings.TrimPrefix(path, "/v2/customer_sessions/")
	id, _, _ := strings.Cut(rest, "/")
	return "/v2/customer_sessions/" + id
}

// sendTogether sends a request several times at once. The updates end only after one of the requests was answered.
func (tg *target) sendTogether(ctx context.Context, s script, st step, answers []answer) error {
	release := sync.OnceFunc(tg.hold())
	defer release()
	// A server without a limit answers no request while updates are held. The step then fails because of its statuses.
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

// send sends the request of a step after the pause. After a 429 it waits and sends the request again.
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
		// The server may have acted on a request without an answer.
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
		var compact bytes.Buffer // the layout of the file is not sent
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

// roundTrip sends a request. Its errors never have the key.
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

// fill replaces the placeholders in a text.
func (tg *target) fill(s script, text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		name := placeholder.FindStringSubmatch(found)[1]
		if m := repeated.FindStringSubmatch(name); m != nil {
			n, err := strconv.Atoi(m[2])
			if err != nil {
				panic(err) // the pattern allows only digits
			}
			return strings.Repeat(m[1], n)
		}
		if defined, ok := tg.names[name]; ok {
			return defined
		}
		return tg.prefix + "-" + s.name + "-" + name
	})
}

// observe compares the answers to a step with the expected values. The first observation is the status. If it is wrong, there is no
// other observation, because the other values belong to an answer of another kind.
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
		panic(err) // load has decoded the file without an error
	}
	return v
}

// find returns the value at a JSON Pointer. A name in it may have placeholders.
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

// matches reports whether a value is the expected one. An object may have further members. Numbers are compared as decimals: 2.5 and
// 2.50 are the same amount, and no digit is lost.
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
		// A comparison writes out all digits, which are too many for a number with a huge exponent.
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

// show returns a value as text, cut after 100 bytes.
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
