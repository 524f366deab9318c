package integrationtest

import (
	"net/http"
	"net/url"
	"slices"
)

// A Request is one request that the server got.
type Request struct {
	// Method is the method, such as "PUT".
	Method string
	// Path is the path, decoded: a session ID stands in it as the client meant it.
	Path string
	// Query holds the decoded parameters.
	Query url.Values
	// Header holds the header fields, the API key among them.
	Header http.Header
	// Body is the body, as far as the server read it.
	Body []byte
	// Status is the status of the answer; 0 while there is none, and for a client that did not wait for it.
	Status int
}

// Requests returns a copy of the requests that the server got, in the order in which it had read them. Requests that failed are
// among them. [WithRequestLimit] says how many are kept.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := make([]Request, len(s.requests))
	for i, r := range s.requests {
		query := url.Values(http.Header(r.Query).Clone()) // url.Values has no Clone
		requests[i] = Request{r.Method, r.Path, query, r.Header.Clone(), slices.Clone(r.Body), r.Status}
	}
	return requests
}

// keepRequest adds a request to those that Requests returns.
func (s *Server) keepRequest(r *Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.requestLimit == 0 {
		return
	}
	if s.requestLimit > 0 && len(s.requests) == s.requestLimit {
		s.requests = slices.Delete(s.requests, 0, 1)
	}
	s.requests = append(s.requests, r)
}
