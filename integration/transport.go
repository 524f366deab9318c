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

// checkBaseURL checks a base URL and returns it without slashes at the end.
func checkBaseURL(baseURL string, plainHTTP bool) (string, error) {
	// Errors do not show the URL, because it may contain a password.
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

// apiPath returns the API's part at the end of a base URL's path, such as "/v2", or "". With such a base URL requests would go
// to /v2/v2/customer_sessions, and the 404 there would look like a missing session. apiPath never returns the rest of a longer
// path, because that may be a session's ID.
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

// validPort also accepts an empty port.
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
	// The context of each attempt has this timeout instead. http.Client would start a goroutine that a panic leaves behind.
	if client.Timeout > 0 && (s.timeout == 0 || client.Timeout < s.timeout) {
		s.timeout = client.Timeout
	}
	client.Timeout = 0
	client.CheckRedirect = checkRedirect(client.CheckRedirect)
	return client, nil
}

// defaultTransport returns a copy of http.DefaultTransport that may keep all its idle connections open to one host, because a
// Client has only one.
func defaultTransport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = t.MaxIdleConns
	return t
}

// once keeps an http.Transport from repeating writes. If a reused connection breaks, net/http silently repeats requests that
// carry an Idempotency-Key or X-Idempotency-Key. We hide these headers from it, so that only Retry and the budget decide about
// writes. net/http still repeats a GET (only a body would prevent that, and HTTP/2 would send it), and over HTTP/2 any request
// that the server refused without processing it.
type once struct{ next *http.Transport }

func (o once) RoundTrip(req *http.Request) (*http.Response, error) {
	r := new(*req)
	r.Header = maps.Clone(r.Header)
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if key, ok := r.Header[name]; ok {
			// net/http does not find the lower-case name, but header names are case-insensitive for the server.
			delete(r.Header, name)
			r.Header[strings.ToLower(name)] = key
		}
	}
	return o.next.RoundTrip(r)
}

// CloseIdleConnections is called by the method of the same name of http.Client.
func (o once) CloseIdleConnections() { o.next.CloseIdleConnections() }

// readable removes a Location that is not a URL from a redirect. With it http.Client would drop the answer and return an error
// like that of a network failure. Without a Location the redirect is an ordinary answer.
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

// CloseIdleConnections is called by the method of the same name of http.Client. Few middlewares pass the call on, so it calls
// each layer.
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

// maxRequests is the default limit of net/http: a request and at most nine redirects.
const maxRequests = 10

// checkRedirect refuses redirects to another host, port or scheme, because these would get the API key. It also refuses
// redirects that turn a write into a GET, whose answer would look like that of the write. then decides about all others. It may
// be nil.
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
		if err == nil || err == http.ErrUseLastResponse { //nolint:errorlint // net/http compares with == too: a wrapped error is a failure there
			return err
		}
		return &redirectError{err}
	}
}
