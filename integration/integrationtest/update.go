package integrationtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/codec"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// update answers PUT /v2/customer_sessions/{customerSessionId}.
func (s *Server) update(c *call) (*integration.IntegrationState, *refusal) {
	body, refused := s.decodeUpdate(c)
	if refused != nil {
		return nil, refused
	}
	session, known, refused := s.updated(c, body.CustomerSession)
	if refused != nil {
		return nil, refused
	}
	var effects outcome
	if session.State == talonone.StateCancelled {
		effects, refused = s.rollBack(c, session, known.effects, nil)
	} else {
		effects, refused = s.evaluate(c, session, known.effects)
	}
	if refused != nil {
		return nil, refused
	}
	if !c.dry {
		s.store(c, session, effects.held, known.returns)
	}
	return respond(session, effects.answer, c.content, known.returns), nil
}

// updateBody is the API reference's "IntegrationRequest". Its decoder skips unknown members, as the API does.
//
//gen:parts
type updateBody struct {
	CustomerSession *talonone.CustomerSessionUpdate `json:"customerSession"`
	ResponseContent []string                        `json:"responseContent,omitzero"`
}

// decodeUpdate reads and checks an update. It clears unknown members, and members that only the server sets.
func (s *Server) decodeUpdate(c *call) (*updateBody, *refusal) {
	var refused *refusal
	if c.dry, refused = c.flag("dry"); refused != nil {
		return nil, refused
	}
	if refused = c.checkNow(); refused != nil {
		return nil, refused
	}
	var b updateBody
	if err := codec.Unmarshal(c.body, &b, decodeUpdateBody); err != nil {
		return nil, undecodable(err, "/customerSession")
	}
	if b.CustomerSession == nil {
		return nil, missing("/customerSession")
	}
	if problems := checkSchema(c.body); problems != nil {
		return nil, invalid(problems...)
	}
	if problems := s.known.check(b.CustomerSession); problems != nil {
		return nil, invalid(problems...)
	}
	if err := b.CustomerSession.Validate(talonone.CatalogPrices()); err != nil {
		return nil, invalidSession(err)
	}
	dropUnknown(b.CustomerSession)
	c.content = b.ResponseContent
	return &b, c.checkContent()
}

// checkNow checks the parameter now. It needs dry, and must be in the future.
func (c *call) checkNow() *refusal {
	if !c.query.Has("now") {
		return nil
	}
	now, ok := jsonwire.ParseTime(c.query.Get("now"))
	details := ""
	switch {
	case !c.dry:
		details = "now needs dry=true"
	case !ok:
		details = "now must be a time by RFC 3339"
	case !now.After(c.now):
		details = "now must be in the future"
	default:
		return nil
	}
	return invalid(problem{Title: "Invalid parameter", Details: details, Parameter: "now"})
}

// invalidSession refuses an update that breaks the rules of [talonone.CustomerSessionUpdate.Validate].
func invalidSession(err error) *refusal {
	broken, ok := errors.AsType[*talonone.ValidationError](err)
	if !ok {
		return invalid(problem{Title: "Invalid", Details: err.Error()})
	}
	var problems []problem
	for _, v := range broken.Violations {
		p := problem{Title: v.Rule.Error(), Details: v.Detail, Pointer: v.Path}
		if v.Path == "/state" {
			p = badState(v.Path)
		}
		problems = append(problems, p)
	}
	return invalid(problems...)
}

// dropUnknown drops the members of an update that the API does not know or does not take.
func dropUnknown(u *talonone.CustomerSessionUpdate) {
	modelCustomerSessionUpdate.ClearReadOnly(u) // only the server sets these
	dropOfCosts(u.AdditionalCosts)
	for i := range u.ExperimentVariantAllocations {
		u.ExperimentVariantAllocations[i].Extra = nil
	}
	for i := range u.CartItems {
		u.CartItems[i].Extra = nil
		dropOfCosts(u.CartItems[i].AdditionalCosts)
		if product := u.CartItems[i].Product; product != nil {
			product.Extra = nil
		}
	}
}

func dropOfCosts(costs map[string]talonone.AdditionalCost) {
	for name, cost := range costs {
		cost.Extra = nil
		costs[name] = cost
	}
}

// updated returns a session after the update, and what the server stored of it before.
func (s *Server) updated(c *call, u *talonone.CustomerSessionUpdate) (
	session talonone.CustomerSessionV2, known stored, refused *refusal,
) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// A dry run looks only at the request.
	if existing := s.sessions[c.sessionID]; existing != nil && !c.dry {
		session, known = existing.session, *existing
		refused = checkTransition(session.State, u.State)
	} else {
		session, refused = s.newSession(c, u.State)
	}
	if refused != nil {
		return session, known, refused
	}
	// Only an open session can be changed. For any other session, a cancellation changes only the state.
	if isOpen(session.State) {
		if u.CartItems == nil {
			session.CartItems = slices.Clone(session.CartItems) // the stored items are never changed in place
		}
		if refused = s.merge(&session, u); refused != nil {
			return session, known, refused
		}
		if refused = calculate(&session); refused != nil {
			return session, known, refused
		}
	}
	if u.State != "" {
		session.State = u.State
	}
	session.UpdateCount++
	session.Updated = c.now
	if !c.dry {
		s.reserve(c, session.ID, session.ProfileID)
	}
	return session, known, nil
}

// newSession returns the session that an update with this state creates, before the update is merged into it. s.mu is held.
func (s *Server) newSession(c *call, state talonone.State) (session talonone.CustomerSessionV2, refused *refusal) {
	if refused = checkID(c.sessionID); refused != nil {
		return session, refused
	}
	if !state.Initial() {
		return session, wrongState("", "", "a session is created open or closed")
	}
	return talonone.CustomerSessionV2{
		ID:            s.lastID.session + 1,
		IntegrationID: c.sessionID,
		Created:       c.now,
		ApplicationID: applicationID,
		State:         talonone.StateOpen,
		FirstSession:  true,
	}, nil
}

// checkID refuses an invalid ID of a session that an update would create.
func checkID(id string) *refusal {
	if !utf8.ValidString(id) {
		return invalid(problem{Title: "Invalid UTF-8", Details: "the session ID is not valid UTF-8"})
	}
	return nil
}

// isOpen reports whether a session can be updated. The zero state counts as open: a session of SetSession may have it.
func isOpen(state talonone.State) bool { return state == "" || state == talonone.StateOpen }

// checkTransition refuses an update that may not move a session from one state to another. to is empty if the update has no state.
func checkTransition(from, to talonone.State) *refusal {
	switch {
	case isOpen(from) && (to == "" || to == talonone.StateOpen):
		return nil
	case to == "" || to == from:
		return wrongState(from, to, fmt.Sprintf("the session is %s and cannot be updated", from))
	}
	if err, ok := errors.AsType[*talonone.TransitionError](from.Transition(to)); ok {
		return wrongState(from, to, strings.TrimPrefix(err.Error(), "talonone: "))
	}
	return nil
}

// merge sets the members that an update has. The others stay unchanged.
func (s *Server) merge(session *talonone.CustomerSessionV2, u *talonone.CustomerSessionUpdate) *refusal {
	mergeMembers(session, u)
	if u.ProfileID != nil {
		session.FirstSession = s.firstSession(session.ProfileID, session.IntegrationID)
	}
	return s.fromCatalog(session.CartItems)
}

// firstSession reports whether a session is the first of a profile. s.mu is held.
func (s *Server) firstSession(profileID, sessionID string) bool {
	first := s.profiles[profileID].firstSession
	return profileID == "" || first == "" || first == sessionID
}

// fromCatalog sets the prices of items without a price, if there is a catalog.
func (s *Server) fromCatalog(items []talonone.CartItem) *refusal {
	if s.catalog == nil {
		return nil
	}
	var problems []problem
	for i := range items {
		if items[i].Price != nil {
			continue
		}
		price, ok := s.catalog[items[i].SKU]
		if !ok {
			problems = append(problems, problem{
				Title:   "Required",
				Details: "the catalog does not have this item, so it needs a price",
				Pointer: fmt.Sprintf("/cartItems/%d/price", i),
			})
			continue
		}
		items[i].Price = &price
	}
	if problems != nil {
		return invalid(problems...)
	}
	return nil
}

// An Evaluation is the argument of the function of [Server.OnEffects].
type Evaluation struct {
	// Session is a copy of the session after the update. Its state is open or closed.
	Session talonone.CustomerSessionV2
	// DryRun is true for a dry run, which stores nothing.
	DryRun bool
	// Previous are copies of the effects that applied before the update. A new session and a dry run have none.
	Previous []integration.Effect
}

// OnEffects sets the function that replaces the rule engine. nil removes it. The server calls the function for each update that
// leaves the session open or closed, dry runs too. The function returns all effects that apply to the session now. The answer has
// these effects, and they replace the earlier ones. Without a function there are no effects.
//
// The function is not called when a session is cancelled, reopened or returned, because the server then makes the rollbacks
// itself: see [Server.OnRollback].
//
// If an effect cannot be sent, the answer is a 500 and the update changes nothing. An effect that the API would not give, such as a
// discount on a line that the session does not have, is sent unchanged. Both fail the test under [NewServer], and are logged under
// [Start]: see [WithLogger].
//
// The server calls the function one call at a time for each session, but at the same time for different sessions. The function may
// call the server's methods, but not Close, which waits for it. If it changes the same session, for example with
// [Server.SetSession], the operation overwrites that change.
func (s *Server) OnEffects(effects func(e Evaluation) []integration.Effect) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onEffects = effects
}

// evaluate returns the outcome of the function of OnEffects for an open or closed session.
func (s *Server) evaluate(c *call, session talonone.CustomerSessionV2, previous []integration.Effect) (outcome, *refusal) {
	s.mu.Lock()
	ask := s.onEffects
	s.mu.Unlock()
	if ask == nil {
		return outcome{answer: []integration.Effect{}}, nil
	}
	given := ask(Evaluation{Session: session.Clone(), DryRun: c.dry, Previous: clone(previous)})
	return s.take("OnEffects", given, session, nil, "undoes no effect in the same list. OnEffects returns all effects that apply now: "+
		"leave out the others. The server makes the rollbacks of a cancellation, a return and a reopening")
}
