package integration

import (
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// checkBaseURL returns a base URL without slashes at the end.
func checkBaseURL(baseURL string, plainHTTP bool) (string, error) {
	// An error says nothing of the URL: it may hold a password.
	u, err := url.Parse(baseURL)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || !validPort(u.Port()) ||
		strings.TrimSpace(baseURL) != baseURL:
		return "", fmt.Errorf("%w: the base URL must look like https://mycompany.europe-west1.talon.one", ErrInvalidConfig)
	case u.User != nil:
		return "", fmt.Errorf("%w: a user name in the base URL", ErrInvalidConfig)
	case strings.ContainsAny(baseURL, "?#"):
		return "", fmt.Errorf("%w: a query or a fragment in the base URL", ErrInvalidConfig)
	case u.Scheme == "http" && !plainHTTP && !loopback(u.Hostname()):
		return "", fmt.Errorf("%w: the API key would go over the network unencrypted: use https, or WithPlainHTTP",
			ErrInvalidConfig)
	}
	if path := apiPath(u.Path); path != "" {
		return "", fmt.Errorf("%w: leave %q out of the base URL: the client adds the path", ErrInvalidConfig, path)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// apiPath returns what at the end of a base URL's path is the path of the API, such as "/v2", or nothing. With it requests would
// go to /v2/v2/customer_sessions, and the 404 there would look like that of a session. Of an operation's whole path it returns no
// more than these, for the rest may be a session's ID.
func apiPath(path string) string {
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	for i, version := range segments {
		if version != "v1" && version != "v2" {
			continue
		}
		switch rest := segments[i+1:]; {
		case len(rest) == 0:
			return "/" + version
		case rest[0] == "customer_sessions":
			return "/" + version + "/customer_sessions"
		}
	}
	return ""
}

// validPort takes no port at all too.
func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback() || strings.EqualFold(host, "localhost")
}

// newHTTPClient returns the client that sends the requests.
func (s *settings) newHTTPClient() (client *http.Client, err error) {
	defer func() {
		if v := recover(); v != nil {
			client, err = nil, fmt.Errorf("%w: a middleware with %s", ErrInvalidConfig, panicText(v))
		}
	}()
	client = &http.Client{Transport: defaultTransport()}
	if s.httpClient != nil {
		client = new(*s.httpClient)
	}
	if client.Transport == nil {
		client.Transport = http.DefaultTransport
	}
	if t, ok := client.Transport.(*http.Transport); ok {
		client.Transport = once{t}
	}
	layers := []http.RoundTripper{client.Transport}
	for _, middleware := range slices.Backward(s.middleware) {
		if client.Transport = middleware(client.Transport); client.Transport == nil {
			return nil, fmt.Errorf("%w: a middleware that returns nil", ErrInvalidConfig)
		}
		layers = append(layers, client.Transport)
	}
	client.Transport = readable{client.Transport, layers}
	// The context of each attempt bounds it instead: http.Client would start a goroutine, which a panic leaves behind.
	if client.Timeout > 0 && (s.timeout == 0 || client.Timeout < s.timeout) {
		s.timeout = client.Timeout
	}
	client.Timeout = 0
	client.CheckRedirect = checkRedirect(client.CheckRedirect)
	return client, nil
}

// defaultTransport returns a copy of http.DefaultTransport that keeps as many connections open to one host as to all:
// there is only one.
func defaultTransport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = t.MaxIdleConns
	return t
}

// once keeps an http.Transport from sending a write again by itself. On a connection that was used before and breaks it repeats
// what it takes for repeatable: every request with an Idempotency-Key or X-Idempotency-Key. How often a write is sent is for
// Retry and the budget to say. It repeats a GET as well, which only a body could keep it from, and over HTTP/2 that would be
// on the wire. Over HTTP/2 it also repeats what the server has refused unseen.
type once struct{ next *http.Transport }

func (o once) RoundTrip(req *http.Request) (*http.Response, error) {
	r := new(*req)
	r.Header = maps.Clone(r.Header)
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if key, ok := r.Header[name]; ok {
			// On the wire it is the same header.
			delete(r.Header, name)
			r.Header[strings.ToLower(name)] = key
		}
	}
	return o.next.RoundTrip(r)
}

// CloseIdleConnections is for the method of the same name of http.Client.
func (o once) CloseIdleConnections() { o.next.CloseIdleConnections() }

// readable takes from a redirect a Location that is no URL. Of the whole answer http.Client would leave nothing but an error
// that looks like one of the network; without a Location it is an answer like any other.
type readable struct {
	next   http.RoundTripper
	layers []http.RoundTripper // next and all below it
}

func (t readable) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err == nil && resp != nil && resp.StatusCode/100 == 3 {
		if _, err := req.URL.Parse(resp.Header.Get("Location")); err != nil {
			resp.Header.Del("Location")
		}
	}
	return resp, err
}

// CloseIdleConnections is for the method of the same name of http.Client. Few middlewares have one that hands on the call, so
// each layer is asked.
func (t readable) CloseIdleConnections() {
	for _, layer := range t.layers {
		closeIdle(layer)
	}
}

// closeIdle does nothing for a layer without the method, and for one that panics.
func closeIdle(layer http.RoundTripper) {
	defer func() { _ = recover() }()
	if l, ok := layer.(interface{ CloseIdleConnections() }); ok {
		l.CloseIdleConnections()
	}
}

// maxRequests is how many requests net/http makes by default for one that is redirected: it follows one redirect less.
const maxRequests = 10

// checkRedirect refuses the redirects to another host, port or scheme, which would get the API key, and those that would
// turn a write into a GET, whose answer would look like that of the write. Of the others then decides, which may be nil.
func checkRedirect(then func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		first := via[0]
		if req.URL.Scheme != first.URL.Scheme || !strings.EqualFold(req.URL.Host, first.URL.Host) ||
			req.Method != first.Method {
			return http.ErrUseLastResponse
		}
		if len(via) >= maxRequests {
			return http.ErrUseLastResponse
		}
		if then == nil {
			return nil
		}
		err := then(req, via)
		if err == nil || err == http.ErrUseLastResponse { //nolint:errorlint // net/http compares it so: a wrapped one is a failure there
			return err
		}
		return &redirectError{err}
	}
}
