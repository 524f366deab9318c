package integrationtest

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/talonone-go/talonone"
)

// A refusal is an answer with an error.
type refusal struct {
	status   int
	message  string
	problems []problem
}

// A problem is one entry of an error's "errors". Its source has either the pointer or the parameter.
type problem struct {
	Title, Details     string
	Pointer, Parameter string
}

func refuse(status int, message string, problems ...problem) *refusal {
	return &refusal{status, message, problems}
}

// invalid refuses data with the API's message.
func invalid(problems ...problem) *refusal {
	return refuse(http.StatusBadRequest, "The submitted data was invalid", problems...)
}

// answer writes the refusal in the API's form for its status: "ErrorResponse" for a 400, and "ErrorResponseWithStatus" for the
// others. The errors of a 409 are empty texts instead of objects.
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
	if err != nil { // strings and a number cannot fail
		panic(err)
	}
	return answer{status: r.status, body: text}
}

// MarshalJSON writes the problem as the API's "APIError". An empty pointer points at the whole body.
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

// undecodable refuses a body that cannot be decoded. inner points at the member of the body below which the API's pointers start.
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

// below makes a pointer into the member inner relative to it, as the API's pointers are. It returns any other pointer unchanged.
func below(inner, pointer string) string {
	if rest, ok := strings.CutPrefix(pointer, inner); ok && strings.HasPrefix(rest, "/") {
		return rest
	}
	return pointer
}

func badState(pointer string) problem {
	return problem{Title: "enum", Details: `state must be one of the following: "open", "closed", "cancelled"`, Pointer: pointer}
}
