package integrationtest

import (
	"net/http"
	"net/url"
	"slices"
)

// A Request is one request that the server received.
type Request struct {
	// Method is the method, such as "PUT".
	Method string
	// Path is the decoded path, so a session ID in it has no escapes.
	Path string
	// Query holds the decoded parameters.
	Query url.Values
	// Header has the header fields. The API key is among them.
	Header http.Header
	// Body is the part of the body that the server read.
	Body []byte
	// Status is the status of the answer. It is 0 while there is none, and if the client did not wait for it.
	Status int
}

// Requests returns a copy of the requests that the server received, in the order in which it finished reading them. It includes
// requests that failed. [WithRequestLimit] limits how many are kept.
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
