package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
)

// Limits of what is kept for the pages: the number of requests, and the bytes of each body. Together they take at most 25 MB.
const (
	keptExchanges = 200
	keptBody      = 64 << 10
)

// shownBody is how many bytes of a body a list of requests shows. A page with such a list is fetched again after each change.
const shownBody = 4 << 10

// An exchange is one request to the API and its answer.
type exchange struct {
	Number  int // counts from 1
	At      time.Time
	Method  string
	Path    string // as it was sent
	Query   string // as it was sent
	Session string // the integration ID in the path, or empty
	Request body
	Answer  body
	Status  int  // 0 if no answer was begun
	Broken  bool // the connection broke before the answer was whole
	Replay  bool // the answer is that to an earlier request with the same idempotency key
	Took    time.Duration
}

// A body is the first keptBody bytes of a body, and its size.
type body struct {
	text []byte
	size int
}

// Write keeps p up to the limit.
func (b *body) Write(p []byte) (int, error) {
	b.size += len(p)
	b.text = append(b.text, p[:min(len(p), keptBody-len(b.text))]...)
	return len(p), nil
}

// traffic has the last exchanges, the planned faults and the delay. The pages show it, and the streams of events wait for its next
// change.
type traffic struct {
	run string // tells this run of the sandbox from others

	mu        sync.Mutex
	exchanges []exchange // the last keptExchanges, the newest at the end
	number    int        // the number of the last exchange that began
	faults    []plannedFault
	delay     time.Duration
	changes   int
	news      news
	changed   chan struct{} // closed at the next change
}

// news tells a reader what has changed.
type news struct {
	version string // another one after each change and in each run, so that a page notices that the sandbox was started again
	text    string // what changed last, for people
}

// A plannedFault is a fault that a form asked for.
type plannedFault struct {
	what  string
	after int // the number of the last exchange before the form was sent: a later one gets the fault
}

func newTraffic() *traffic {
	t := &traffic{run: strconv.FormatInt(time.Now().UnixNano(), 36), changed: make(chan struct{})}
	t.news = news{t.version(), "the sandbox was started"}
	return t
}

func (t *traffic) version() string { return fmt.Sprintf("%s-%d", t.run, t.changes) }

// change records a change and wakes the readers. The caller holds t.mu.
func (t *traffic) change(text string) {
	t.changes++
	t.news = news{t.version(), text}
	close(t.changed)
	t.changed = make(chan struct{})
}

// latest returns the last news, and a channel that is closed at the next change.
func (t *traffic) latest() (news, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.news, t.changed
}

// begin returns the number of a new exchange.
func (t *traffic) begin() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.number++
	return t.number
}

// end keeps an exchange that has ended. If it got a planned fault, end removes the fault.
func (t *traffic) end(x exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.exchanges) == keptExchanges {
		t.exchanges = slices.Delete(t.exchanges, 0, 1)
	}
	t.exchanges = append(t.exchanges, x)
	// The server answers 501 to a request that the API does not have. Such a request gets no fault.
	if len(t.faults) > 0 && x.Number > t.faults[0].after && x.Status != http.StatusNotImplemented {
		t.faults = t.faults[1:]
	}
	t.change(x.Method + " " + x.Path + ": " + x.Outcome())
}

// plan records n faults. It calls tell, which plans them in the server, while no exchange can begin or end.
func (t *traffic) plan(n int, what string, tell func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	tell()
	for range n {
		t.faults = append(t.faults, plannedFault{what, t.number})
	}
	t.change("a fault is planned")
}

// setDelay records a delay. It calls tell, which sets the delay of the server.
func (t *traffic) setDelay(d time.Duration, tell func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	tell()
	t.delay = d
	t.change("the delay has changed")
}

// find returns the exchange with this number. ok is false if there is none, or if it is no longer kept.
func (t *traffic) find(number int) (x exchange, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.exchanges, func(x exchange) bool { return x.Number == number })
	if i < 0 {
		return x, false
	}
	return t.exchanges[i], true
}

// newest returns the last n exchanges for which fits returns true, the newest first.
func (t *traffic) newest(n int, fits func(exchange) bool) (list []exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range slices.Backward(t.exchanges) {
		if len(list) < n && fits(x) {
			list = append(list, x)
		}
	}
	return list
}

// record lets next answer a request, and keeps the request and the answer. It calls ended when the request has ended, before the
// readers are told.
func (t *traffic) record(next http.Handler, w http.ResponseWriter, r *http.Request, session string, ended func()) {
	x := exchange{
		Number: t.begin(), At: time.Now(), Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Session: session, Broken: true,
	}
	answer := &recorder{ResponseWriter: w}
	r = r.Clone(r.Context())
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, &x.Request), r.Body}
	// Deferred, because next panics to break a connection.
	defer func() {
		x.Took = time.Since(x.At)
		x.Status, x.Answer = answer.status, answer.body
		x.Replay = answer.Header().Get("Idempotent-Replayed") == "true"
		ended()
		t.end(x)
	}()
	next.ServeHTTP(answer, r)
	x.Broken = false
}

// recorder keeps the status and the body of an answer.
type recorder struct {
	http.ResponseWriter
	status int
	body   body
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	_, _ = r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

// Unwrap lets [http.ResponseController] flush.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Excerpt returns the beginning of Text, and whether something follows it.
func (b body) Excerpt() (e struct {
	Text string
	More bool
}) {
	text := b.Text()
	end := min(len(text), shownBody)
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	e.Text, e.More = text[:end], end < len(text) || b.Cut() > 0
	return e
}

// Text returns the body as it can be read: JSON in lines, unless its end is missing.
func (b body) Text() string { return lines(b.text) }

// Cut returns how many bytes of the body were not kept.
func (b body) Cut() int { return b.size - len(b.text) }
