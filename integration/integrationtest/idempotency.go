package integrationtest

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/talonone-go/talonone"
)

const (
	// maxKeyLength is how many characters an idempotency key may have.
	maxKeyLength = 255
	// keyLifetime is how long the answer to a request with a key is kept.
	keyLifetime = 24 * time.Hour
)

// idempotent names what is done at most once.
type idempotent struct {
	op        talonone.Operation
	sessionID string
	key       string
}

// storedAnswer is what a request with a key was answered.
type storedAnswer struct {
	request [sha256.Size]byte // of the query and the body
	answer  answer
	created time.Time
}

// expires is when the key is free again.
func (a storedAnswer) expires() time.Time { return a.created.Add(keyLifetime) }

// marked returns the answer with the header fields that the API has for keys.
func (a storedAnswer) marked(key string, body []byte, replayed bool) answer {
	marked := a.answer
	marked.header = http.Header{
		"Idempotency-Key":           {key},
		"Idempotent-Replayed":       {strconv.FormatBool(replayed)},
		"X-Idempotency-Created-At":  {a.created.Format(time.RFC3339)},
		"X-Idempotency-Expires-At":  {a.expires().Format(time.RFC3339)},
		"X-Idempotency-Fingerprint": {fmt.Sprintf("%x", sha256.Sum256(body))},
	}
	return marked
}

// once runs an operation that a key does not name, or names for the first time, and otherwise returns the answer of the
// first time. The caller has the session's turn, so a repeat waits for the first one to end.
func (s *Server) once(c *call, key, rawQuery string, operate func() answer) answer {
	if key == "" {
		return operate()
	}
	if len(key) > maxKeyLength {
		return invalid(problem{Title: "Too long", Details: "Idempotency-Key has more than 255 characters"}).answer()
	}
	id := idempotent{c.op, c.sessionID, key}
	request := sha256.Sum256([]byte(rawQuery + "\n" + string(c.body)))
	s.mu.Lock()
	earlier, ok := s.answers[id]
	s.mu.Unlock()
	if ok && c.now.Before(earlier.expires()) {
		if earlier.request != request {
			return invalid(problem{Title: "Idempotency-Key", Details: "the key was used for another request"}).answer()
		}
		return earlier.marked(key, c.body, true)
	}
	a := operate()
	if a.status != http.StatusOK {
		return a
	}
	kept := storedAnswer{request, a, c.now}
	s.mu.Lock()
	s.answers[id] = kept
	s.mu.Unlock()
	return kept.marked(key, c.body, false)
}
