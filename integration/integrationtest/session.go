package integrationtest

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/jsonwire"
)

// The order of this file: what GET and an update answer; how an update creates or changes a session, with its state, its prices
// and its totals; what SetSession fills in; reopen; where sessions and profiles are kept; and the answer's contents. An
// operation works on copies, and what it leaves is kept by store, in one step. Returns are in returns.go.

// The Application and account that all sessions belong to.
const (
	applicationID = 1
	accountID     = 1
)

// get answers GET /v2/customer_sessions/{customerSessionId}.
func (s *Server) get(c *call) (*integration.IntegrationState, *refusal) {
	session, known, refused := s.existing(c.sessionID)
	if refused != nil {
		return nil, refused
	}
	effects := append([]integration.Effect{}, known.effects...)
	return &integration.IntegrationState{CustomerSession: &session, Effects: effects}, nil
}

// update answers PUT /v2/customer_sessions/{customerSessionId}.
func (s *Server) update(c *call) (*integration.IntegrationState, *refusal) {
	body, refused := c.decodeUpdate()
	if refused != nil {
		return nil, refused
	}
	session, returns, refused := s.updated(c, body.CustomerSession)
	if refused != nil {
		return nil, refused
	}
	effects, refused := s.evaluate(c.op, session)
	if refused != nil {
		return nil, refused
	}
	if !c.dry {
		s.store(session, remaining(nil, effects), returns)
	}
	return respond(session, effects, body.ResponseContent, returns), nil
}

// updated returns a session as the update leaves it, and its returns.
func (s *Server) updated(c *call, u *talonone.CustomerSessionUpdate) (
	session talonone.CustomerSessionV2, returns []integration.Return, refused *refusal,
) {
	s.mu.Lock()
	defer s.mu.Unlock()
	// A dry run looks at nothing but the request.
	if known := s.sessions[c.sessionID]; known != nil && !c.dry {
		session, returns = known.session.Clone(), known.returns
		refused = checkTransition(session.State, u.State)
	} else {
		session, refused = s.newSession(c, u.State)
	}
	if refused != nil {
		return session, nil, refused
	}
	// A session that is no longer open cannot be changed: to cancel it changes its state alone.
	if isOpen(session.State) {
		if refused = s.merge(&session, u); refused != nil {
			return session, nil, refused
		}
		if refused = calculate(&session); refused != nil {
			return session, nil, refused
		}
	}
	if u.State != "" {
		session.State = u.State
	}
	session.UpdateCount++
	session.Updated = c.now
	if !c.dry {
		s.lastID.session = max(s.lastID.session, session.ID)
		s.addProfile(session.ProfileID, session.IntegrationID)
	}
	return session, returns, nil
}

// newSession returns what an update that asks for a state creates, before the update is merged into it. s.mu is held.
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

// isOpen reports whether a session can be updated; the zero state, which SetSession may have been given, counts as open.
func isOpen(state talonone.State) bool { return state == "" || state == talonone.StateOpen }

// checkID says what is wrong with the ID of a session that is to be created.
func checkID(id string) *refusal {
	if !utf8.ValidString(id) {
		return invalid(problem{Title: "Invalid UTF-8", Details: "the session ID is not valid UTF-8"})
	}
	if n := utf8.RuneCountInString(id); n > talonone.MaxIDLength {
		details := fmt.Sprintf("the session ID has %d characters, at most %d", n, talonone.MaxIDLength)
		return invalid(problem{Title: "Too long", Details: details})
	}
	return nil
}

// checkTransition says what is wrong with an update of a session in one state that asks for another, or for none.
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

// wrongState refuses to move a session from one state to another. Of closed to open the message is the API's; that it has this
// form for other states, and where a reopening or a return asks for them, is inferred. Without a state to move to it is that of
// other invalid data.
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

// merge sets what an update gives. What it leaves out stays as it is.
func (s *Server) merge(session *talonone.CustomerSessionV2, u *talonone.CustomerSessionUpdate) *refusal {
	mergeMembers(session, u)
	if u.ProfileID != nil {
		session.FirstSession = s.firstSession(session.ProfileID, session.IntegrationID)
	}
	return s.fromCatalog(session.CartItems)
}

// fromCatalog sets the prices that items leave to the catalog, if there is one.
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
				Details: "the item is in no catalog, so it needs a price",
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

// calculate sets what the server calculates of the cart.
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

func setTotals(session *talonone.CustomerSessionV2) {
	session.CartItemAdditionalCostTotal = nil // one of another cart would decide how item costs count
	totals := session.ComputeTotals()
	session.Total = totals.Total
	session.CartItemTotal = totals.CartItemTotal
	session.AdditionalCostTotal = totals.AdditionalCostTotal
	session.CartItemAdditionalCostTotal = &totals.CartItemAdditionalCostTotal
}

// fill sets what a session that SetSession is given leaves at zero and the server would have calculated.
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

func position(i int) *decimal.Decimal { return new(decimal.NewFromInt(int64(i))) }

// reopen answers PUT /v2/customer_sessions/{customerSessionId}/reopen.
func (s *Server) reopen(c *call) (*integration.IntegrationState, *refusal) {
	session, known, refused := s.existing(c.sessionID)
	if refused != nil {
		return nil, refused
	}
	if op, _ := session.State.Via(talonone.StateOpen); op != talonone.OperationReopen {
		return nil, wrongState(session.State, talonone.StateOpen, "only a closed session can be reopened")
	}
	session.State = talonone.StateOpen
	session.Updated = c.now
	effects, refused := s.evaluate(c.op, session)
	if refused != nil {
		return nil, refused
	}
	s.store(session, remaining(known.effects, effects), known.returns)
	return &integration.IntegrationState{Effects: effects}, nil
}

// existing returns a copy of a session, and what else is known of it.
func (s *Server) existing(id string) (session talonone.CustomerSessionV2, known stored, refused *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[id] == nil {
		return session, known, notFound()
	}
	known = *s.sessions[id]
	return known.session.Clone(), known, nil
}

// store remembers a session as an operation leaves it.
func (s *Server) store(session talonone.CustomerSessionV2, effects []integration.Effect, returns []integration.Return) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[session.IntegrationID] = &stored{session, effects, returns}
}

// firstSession tells whether a session is the first of a profile. s.mu is held.
func (s *Server) firstSession(profileID, sessionID string) bool {
	first := s.profiles[profileID].firstSession
	return profileID == "" || first == "" || first == sessionID
}

// addProfile makes a profile known with the session that brings it. s.mu is held.
func (s *Server) addProfile(profileID, sessionID string) {
	if _, known := s.profiles[profileID]; profileID != "" && !known {
		s.profiles[profileID] = profile{int64(len(s.profiles) + 1), sessionID}
	}
}

// respond makes the answer to an update or a return: the effects, and what else was asked for.
func respond(
	session talonone.CustomerSessionV2, effects []integration.Effect, content []string, returns []integration.Return,
) *integration.IntegrationState {
	state := &integration.IntegrationState{
		Effects: effects, CreatedCoupons: []integration.Coupon{}, CreatedReferrals: []integration.Referral{},
	}
	for _, name := range content {
		switch name {
		case "customerSession":
			state.CustomerSession = &session
		case "previousReturns":
			state.PreviousReturns = append([]integration.Return{}, returns...)
		case "coupons":
			state.Coupons = []integration.IntegrationCoupon{}
		case "triggeredCampaigns":
			state.TriggeredCampaigns = []integration.Campaign{}
		case "awardedGiveaways":
			state.AwardedGiveaways = []integration.Giveaway{}
		case "achievements":
			state.Achievements = []integration.CustomerAchievement{}
		case "unlockedRewards":
			state.Rewards = []integration.RewardWithUnlocks{}
		case "ruleFailureReasons":
			state.RuleFailureReasons = []integration.RuleFailureReason{}
		case "campaignEligibility":
			state.CampaignEligibility = []integration.CampaignEligibility{}
		}
	}
	return state
}
