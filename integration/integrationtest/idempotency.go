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
	// maxKeyLength is the maximum number of characters in an idempotency key.
	maxKeyLength = 255
	// keyLifetime is the time for which the answer to a request with a key is kept.
	keyLifetime = 24 * time.Hour
)

// idempotent identifies a request that takes effect at most once.
type idempotent struct {
	op        talonone.Operation
	sessionID string
	key       string
}

// storedAnswer is the answer to a request with a key.
type storedAnswer struct {
	request [sha256.Size]byte // the hash of the query and the body
	answer  answer
	created time.Time
}

// expires returns the time after which the key can be used for another request.
func (a storedAnswer) expires() time.Time { return a.created.Add(keyLifetime) }

// marked returns the answer with the API's header fields for idempotency keys.
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

// once runs an operation without a key, or with a new key. For a known key it returns the first answer. The caller has the session's
// turn, so a repeat waits until the first request has ended.
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
