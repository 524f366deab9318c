package integrationtest

import (
	"fmt"
	"net/http"
	"time"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// The Application and account that all sessions belong to.
const (
	applicationID = 1
	accountID     = 1
)

// stored is a session with the effects and returns that the server keeps for it.
type stored struct {
	session talonone.CustomerSessionV2
	effects []integration.Effect // the effects that GET returns
	returns []integration.Return
}

// profile is a customer profile.
type profile struct {
	id           int64
	firstSession string // the integration ID of the first session
}

// wrongState refuses to move a session from one state to another. The API documents the message for a move from closed to open. Its
// form for other states, and for a reopening or a return, is inferred. Without a state to move to, the message is that for other
// invalid data.
func wrongState(from, to talonone.State, details string) *refusal {
	r := invalid(problem{Title: "Invalid state", Details: details, Pointer: "/state"})
	if from == "" {
		from = talonone.StateOpen
	}
	if to != "" {
		r.message = fmt.Sprintf("Cannot move session to state %q from state %q", to, from)
	}
	return r
}

// existing returns a copy of a session, and its effects and returns in known.
func (s *Server) existing(id string) (session talonone.CustomerSessionV2, known stored, refused *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[id] == nil {
		return session, known, notFound()
	}
	known = *s.sessions[id]
	return known.session.Clone(), known, nil
}

func notFound() *refusal {
	return refuse(http.StatusNotFound, "There is no such customer session", problem{
		Title:   "Unknown",
		Details: "no session has this integration ID",
	})
}

// store stores a session after an operation.
func (s *Server) store(c *call, session talonone.CustomerSessionV2, effects []integration.Effect, returns []integration.Return) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, known := s.sessions[session.IntegrationID]
	c.undo = append(c.undo, func() {
		if known {
			s.sessions[session.IntegrationID] = before
		} else {
			delete(s.sessions, session.IntegrationID)
		}
	})
	s.sessions[session.IntegrationID] = &stored{session, effects, returns}
}

// reserve uses up the number of a session, so no other session that is created at the same time gets it. It also adds the profile
// of the session. s.mu is held.
func (s *Server) reserve(c *call, id int64, profileID string) {
	s.lastID.session = max(s.lastID.session, id)
	if s.addProfile(profileID, c.sessionID) {
		c.undo = append(c.undo, func() { delete(s.profiles, profileID) })
	}
}

// addProfile adds a profile with its first session, unless the profile exists. It reports whether it added one. s.mu is held.
func (s *Server) addProfile(profileID, sessionID string) bool {
	if _, known := s.profiles[profileID]; profileID == "" || known {
		return false
	}
	s.lastID.profile++
	s.profiles[profileID] = profile{s.lastID.profile, sessionID}
	return true
}

// calculate sets the positions of the items and the totals.
func calculate(session *talonone.CustomerSessionV2) *refusal {
	for i := range session.CartItems {
		session.CartItems[i].Position = position(i)
	}
	setTotals(session)
	for _, total := range []decimal.Decimal{session.Total, session.CartItemTotal, session.AdditionalCostTotal,
		*session.CartItemAdditionalCostTotal} {
		if !jsonwire.DecimalFits(total) {
			return invalid(problem{Title: "Out of range", Details: "the total is too long", Pointer: "/cartItems"})
		}
	}
	return nil
}

// fill sets the fields of a session of SetSession that are zero and that the server calculates.
func fill(session *talonone.CustomerSessionV2, now time.Time) {
	if session.ApplicationID == 0 {
		session.ApplicationID = applicationID
	}
	if session.Created.IsZero() {
		session.Created = now
	}
	if session.Updated.IsZero() {
		session.Updated = now
	}
	if session.UpdateCount == 0 {
		session.UpdateCount = 1
	}
	for i := range session.CartItems {
		if session.CartItems[i].Position == nil {
			session.CartItems[i].Position = position(i)
		}
	}
	if session.Total.IsZero() && session.CartItemTotal.IsZero() && session.AdditionalCostTotal.IsZero() &&
		(session.CartItemAdditionalCostTotal == nil || session.CartItemAdditionalCostTotal.IsZero()) {
		setTotals(session)
	}
}

func setTotals(session *talonone.CustomerSessionV2) {
	session.CartItemAdditionalCostTotal = nil // an old total would decide how ComputeTotals counts item costs
	totals := session.ComputeTotals()
	session.Total = totals.Total
	session.CartItemTotal = totals.CartItemTotal
	session.AdditionalCostTotal = totals.AdditionalCostTotal
	session.CartItemAdditionalCostTotal = &totals.CartItemAdditionalCostTotal
}

func position(i int) *decimal.Decimal { return new(decimal.NewFromInt(int64(i))) }
