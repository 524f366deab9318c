package test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"

	"github.com/talonone-go/talonone/integration/integrationtest"
)

// callHeader names the call that a request is an attempt of.
const callHeader = "X-Soak-Call"

// A gateway stands between a client and a server, as a load balancer does, and lets things go wrong there. Connections
// break for real, so that net/http says about them what it says in production.
type gateway struct {
	*httptest.Server
	upstream *http.Client
	seed     uint64
	share    float64 // of the attempts that run into a fault

	// alone is held for writing while the server has a fault in store: the next request takes it.
	alone sync.RWMutex

	mu     sync.Mutex
	server *integrationtest.Server
	calls  map[string]*call
	// What the gateway saw.
	attempts, stray int
	injected        map[string]int
}

// A call is one call of the client, with all of its attempts.
type call struct {
	hangUp    context.CancelFunc // ends the caller's context
	attempts  uint64
	met       []string       // the faults of its attempts
	exchanges sync.WaitGroup // those that may still reach the server
}

func newGateway(seed uint64, share float64) *gateway {
	g := &gateway{
		upstream: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}},
		seed:     seed,
		share:    share,
		calls:    map[string]*call{},
		injected: map[string]int{},
	}
	g.Server = httptest.NewServer(g)
	return g
}

// begin makes a call known. Its requests pass until end.
func (g *gateway) begin(name string, hangUp context.CancelFunc) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.calls[name] = &call{hangUp: hangUp}
}

// end returns the faults that a call met. From then on nothing of it reaches the server: without that an attempt that the
// client gave up could overtake the next call, and which update is the last would be left to chance. No client could
// help that.
func (g *gateway) end(name string) []string {
	g.mu.Lock()
	c := g.calls[name]
	delete(g.calls, name)
	g.mu.Unlock()
	c.exchanges.Wait()
	return c.met
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	name := r.Header.Get(callHeader)
	g.mu.Lock()
	g.attempts++
	c := g.calls[name]
	if c == nil || err != nil { // the client has given it up already
		g.stray++
		g.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	f := g.draw(name, c)
	c.exchanges.Add(1)
	g.mu.Unlock()
	defer c.exchanges.Done()
	f.run(&exchange{gateway: g, call: c, w: w, r: r, body: body})
}

// draw chooses what happens to the next attempt of a call. It is the same for a seed, whatever the goroutines do. g.mu is
// held.
func (g *gateway) draw(name string, c *call) fault {
	c.attempts++
	random := rand.New(rand.NewPCG(g.seed, textHash(name)+c.attempts))
	if random.Float64() >= g.share {
		return fault{run: func(x *exchange) { x.pass(x.forward()) }}
	}
	f := faults[random.IntN(len(faults))]
	c.met = append(c.met, f.name)
	g.injected[f.name]++
	return f
}

// textHash is a hash that is the same in every run, as those of package maphash are not.
func textHash(text string) (sum uint64) {
	for i := range len(text) {
		sum = sum*31 + uint64(text[i])
	}
	return sum * 0x9E3779B97F4A7C15
}

// An exchange is one attempt, as the gateway has it in hand.
type exchange struct {
	*gateway
	*call
	w    http.ResponseWriter
	r    *http.Request
	body []byte
}

// A reply is what the server answers.
type reply struct {
	status int
	header http.Header
	body   []byte
	err    error // that the body ended with
}

// A fault is one way in which an attempt goes wrong.
type fault struct {
	name string
	// final: the client does not repeat such an attempt.
	final bool
	run   func(x *exchange)
}

var faults = []fault{
	// The server knows nothing of these.
	{name: "closed before", run: func(x *exchange) { x.close() }},
	{name: "reset before", run: func(x *exchange) { x.reset() }},
	{name: "no answer before", run: func(x *exchange) { x.hold() }},
	{name: "500 before", run: func(x *exchange) { x.say(500, "", "Retry-After", "0") }},
	{name: "503 before", run: func(x *exchange) { x.say(503, "<html>maintenance") }},
	{name: "429 before", run: func(x *exchange) { x.say(429, `{"message":"slow down"}`) }},
	{name: "408 before", run: func(x *exchange) { x.say(408, "") }},
	{name: "425 before", run: func(x *exchange) { x.say(425, "<html>too early") }},
	{name: "409 before", run: func(x *exchange) { x.say(409, `{"errors":["busy"],"StatusCode":409}`) }},
	{name: "429 for an hour before", final: true, run: func(x *exchange) { x.say(429, "", "Retry-After", "3600") }},
	{name: "403 before", final: true, run: func(x *exchange) { x.say(403, "firewall") }},
	{name: "caller gone before", final: true, run: func(x *exchange) { x.hangUp(); x.hold() }},
	{name: "503 of the server", run: func(x *exchange) {
		x.pass(x.forwardInto(func(s *integrationtest.Server) { s.FailNext(1, 503, nil) }))
	}},

	// The server has acted on these, and the client cannot know.
	{name: "closed after", run: func(x *exchange) { x.forward(); x.close() }},
	{name: "reset after", run: func(x *exchange) { x.forward(); x.reset() }},
	{name: "no answer after", run: func(x *exchange) { x.forward(); x.hold() }},
	{name: "502 after", run: func(x *exchange) { x.forward(); x.say(502, "<html>bad gateway") }},
	{name: "504 after", run: func(x *exchange) { x.forward(); x.say(504, "") }},
	{name: "429 after", run: func(x *exchange) { x.forward(); x.say(429, "", "Retry-After", "0") }},
	{name: "cut after", run: func(x *exchange) { x.cut(x.forward()) }},
	{name: "cut in the header after", run: func(x *exchange) { x.forward(); x.raw("HTTP/1.1 200 OK\r\nContent-Ty") }},
	{name: "HTML after", final: true, run: func(x *exchange) { x.forward(); x.say(200, "<html>hello") }},
	{name: "empty after", final: true, run: func(x *exchange) { x.forward(); x.say(200, "") }},
	{name: "a gateway's JSON after", final: true, run: func(x *exchange) {
		x.forward()
		x.say(200, `{"errorMessage":"Task timed out after 3.00 seconds"}`)
	}},
	{name: "byte order mark", run: func(x *exchange) {
		answer := x.forward()
		answer.body = append([]byte("\ufeff"), answer.body...)
		x.pass(answer)
	}},
	{name: "caller gone after", final: true, run: func(x *exchange) { x.forward(); x.hangUp(); x.hold() }},
	{name: "cut by the server", run: func(x *exchange) {
		x.pass(x.forwardInto(func(s *integrationtest.Server) { s.CutNext(1) }))
	}},

	// The server gets these at another time, or more than once.
	{name: "late", run: func(x *exchange) { x.hold(); x.forward() }},
	{name: "twice", run: func(x *exchange) { x.forward(); x.pass(x.forward()) }},
	{name: "twice at once", run: func(x *exchange) {
		var other sync.WaitGroup
		other.Go(func() { x.forward() })
		answer := x.forward()
		other.Wait()
		x.pass(answer)
	}},
	{name: "slow", run: func(x *exchange) { x.trickle(x.forward()) }},
}

// forward sends the request to the server, whether the client still waits or not.
func (x *exchange) forward() reply {
	x.alone.RLock()
	defer x.alone.RUnlock()
	return x.send()
}

// forwardInto does the same with a fault of the server's own.
func (x *exchange) forwardInto(fault func(*integrationtest.Server)) reply {
	x.alone.Lock()
	defer x.alone.Unlock()
	fault(x.server)
	return x.send()
}

func (x *exchange) send() (got reply) {
	ctx := context.WithoutCancel(x.r.Context())
	req, err := http.NewRequestWithContext(ctx, x.r.Method, x.server.URL+x.r.URL.RequestURI(), bytes.NewReader(x.body))
	if err != nil {
		return reply{err: err}
	}
	req.Header = x.r.Header.Clone()
	resp, err := x.upstream.Do(req)
	if err != nil {
		return reply{err: err}
	}
	defer resp.Body.Close()
	got = reply{status: resp.StatusCode, header: resp.Header}
	got.body, got.err = io.ReadAll(resp.Body)
	return got
}

// pass answers as the server did.
func (x *exchange) pass(answer reply) {
	if answer.err != nil {
		x.cut(answer)
	}
	x.head(answer, len(answer.body))
	_, _ = x.w.Write(answer.body)
}

// trickle answers in small pieces.
func (x *exchange) trickle(answer reply) {
	x.head(answer, len(answer.body))
	for i := range answer.body {
		_, _ = x.w.Write(answer.body[i : i+1])
		if i%100 == 0 {
			x.flush()
			time.Sleep(time.Millisecond)
		}
	}
}

// cut answers with half a body.
func (x *exchange) cut(answer reply) {
	x.head(answer, len(answer.body)+1)
	_, _ = x.w.Write(answer.body[:len(answer.body)/2])
	x.flush()
	x.close()
}

// head writes the header of an answer whose body has such a length.
func (x *exchange) head(answer reply, length int) {
	maps.Copy(x.w.Header(), answer.header)
	x.w.Header().Set("Content-Length", strconv.Itoa(length))
	x.w.WriteHeader(answer.status)
}

func (x *exchange) flush() { _ = http.NewResponseController(x.w).Flush() }

// say answers in the server's stead.
func (x *exchange) say(status int, body string, header ...string) {
	answer := reply{status: status, header: http.Header{}, body: []byte(body)}
	for i := 0; i < len(header); i += 2 {
		answer.header.Set(header[i], header[i+1])
	}
	x.pass(answer)
}

// hold says nothing until the client gives the attempt up.
func (x *exchange) hold() { <-x.r.Context().Done() }

// close ends the connection.
func (x *exchange) close() { panic(http.ErrAbortHandler) }

// reset ends the connection as a crash does.
func (x *exchange) reset() { x.hijack(func(c *net.TCPConn) { _ = c.SetLinger(0) }) }

// raw writes bytes that need not be HTTP, and ends the connection.
func (x *exchange) raw(text string) {
	x.hijack(func(c *net.TCPConn) { _, _ = io.WriteString(c, text) })
}

func (x *exchange) hijack(use func(*net.TCPConn)) {
	conn, _, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		panic(err)
	}
	use(conn.(*net.TCPConn))
	_ = conn.Close()
}
