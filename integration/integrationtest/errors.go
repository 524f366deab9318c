package integrationtest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/talonone-go/talonone"
)

// A refusal is an answer that is not a 2xx.
type refusal struct {
	status   int
	message  string
	problems []problem
}

// A problem is one entry of an error's "errors". The API sets one member of its source.
type problem struct {
	Title, Details     string
	Pointer, Parameter string
}

func refuse(status int, message string, problems ...problem) *refusal {
	return &refusal{status, message, problems}
}

// invalid refuses data. The message is the API's.
func invalid(problems ...problem) *refusal {
	return refuse(http.StatusBadRequest, "The submitted data was invalid", problems...)
}

// answer writes the refusal in the shape that the API has for its status: "ErrorResponse" for a 400, and for the others
// "ErrorResponseWithStatus", where a 409 has texts instead of objects, and empty ones.
func (r *refusal) answer() answer {
	body := struct {
		Message    string `json:"message"`
		Errors     []any  `json:"errors,omitempty"`
		StatusCode int    `json:"StatusCode,omitempty"`
	}{Message: r.message}
	for _, p := range r.problems {
		body.Errors = append(body.Errors, p)
	}
	if r.status == http.StatusConflict {
		body.Errors = []any{""}
	}
	if r.status != http.StatusBadRequest {
		body.StatusCode = r.status
	}
	text, err := json.Marshal(body)
	if err != nil { // strings and a number
		panic(err)
	}
	return answer{status: r.status, body: text}
}

// MarshalJSON writes the problem as the API's "APIError". A pointer may be empty: it is that of the whole body.
func (p problem) MarshalJSON() ([]byte, error) {
	source := map[string]string{"pointer": p.Pointer}
	if p.Parameter != "" {
		source = map[string]string{"parameter": p.Parameter}
	}
	return json.Marshal(struct {
		Title   string            `json:"title"`
		Details string            `json:"details,omitempty"`
		Source  map[string]string `json:"source"`
	}{p.Title, p.Details, source})
}

// undecodable refuses a body that the decoder refuses. inner is the member of the body whose value the API's pointers start
// below.
func undecodable(err error, inner string) *refusal {
	p := problem{Title: "Malformed JSON", Details: err.Error()}
	switch {
	case errors.Is(err, talonone.ErrWrongType):
		p.Title = "Invalid type"
	case errors.Is(err, talonone.ErrOutOfRange):
		p.Title = "Out of range"
	}
	if e, ok := errors.AsType[*talonone.DecodeError](err); ok {
		p.Details, p.Pointer = e.Err.Error(), below(inner, e.Path)
	}
	return invalid(p)
}

func missing(pointer string) *refusal {
	return invalid(problem{Title: "Required", Details: "the member is required", Pointer: pointer})
}

// below returns a pointer that starts below a member of the body, as the API's pointers do, if it points there.
func below(inner, pointer string) string {
	if rest, ok := strings.CutPrefix(pointer, inner); ok && strings.HasPrefix(rest, "/") {
		return rest
	}
	return pointer
}

func badState(pointer string) problem {
	return problem{Title: "enum", Details: `state must be one of the following: "open", "closed", "cancelled"`, Pointer: pointer}
}
