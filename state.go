package talonone

// State is the state of a customer session ("state"). It decides what may still be done with the session.
//
// The zero value counts as [StateOpen] wherever it is the current state of a session. Decoding keeps an unknown state. Valid
// and Validate report it. A State is a string, so any number of goroutines may use it.
type State string

const (
	// StateOpen is a session that is still being filled. Updates may change it any number of times.
	StateOpen State = "open"
	// StateClosed is a paid order: its coupons are redeemed and its effects count.
	StateClosed State = "closed"
	// StatePartiallyReturned is a closed session with returned items. Only a return sets it.
	StatePartiallyReturned State = "partially_returned"
	// StateCancelled is a cancelled session: its coupons may be used again. No operation changes it to another state.
	StateCancelled State = "cancelled"
)

// Operation is an API operation that changes the state of a session. Several goroutines may use a value at once.
type Operation string

const (
	// OperationUpdate is PUT /v2/customer_sessions/{customerSessionId}, with the new state in its body.
	OperationUpdate Operation = "update"
	// OperationReopen is PUT /v2/customer_sessions/{customerSessionId}/reopen.
	OperationReopen Operation = "reopen"
	// OperationReturn is POST /v2/customer_sessions/{customerSessionId}/returns.
	OperationReturn Operation = "return"
)

// transitions lists every change of state. It follows the descriptions of updateCustomerSessionV2, reopenCustomerSession and
// returnCartItems in the API reference.
var transitions = [...]struct {
	from, to State
	by       Operation
}{
	{StateOpen, StateClosed, OperationUpdate},
	{StateOpen, StateCancelled, OperationUpdate},
	{StateClosed, StateCancelled, OperationUpdate},
	{StatePartiallyReturned, StateCancelled, OperationUpdate},
	{StateClosed, StateOpen, OperationReopen},
	{StateClosed, StatePartiallyReturned, OperationReturn},
	{StatePartiallyReturned, StatePartiallyReturned, OperationReturn},
}

// ParseState returns the state with the name s, or an [*UnknownStateError]. Names match exactly, and an empty name is unknown.
func ParseState(s string) (State, error) {
	if state := State(s); state.Valid() {
		return state, nil
	}
	return "", &UnknownStateError{Value: s}
}

// Valid reports whether s is one of the four states. The zero value is not.
func (s State) Valid() bool {
	switch s {
	case StateOpen, StateClosed, StatePartiallyReturned, StateCancelled:
		return true
	}
	return false
}

// Initial reports whether an update may create a session in this state: open, the zero value, or closed.
func (s State) Initial() bool {
	s = s.orOpen()
	return s == StateOpen || s == StateClosed
}

// Terminal reports whether no operation changes this state to another one. This is true of cancelled only.
func (s State) Terminal() bool {
	for _, t := range transitions {
		if t.from == s {
			return false
		}
	}
	return s.Valid()
}

// CanTransitionTo reports whether an update may move a session from s to next. A state is no transition to itself, so
// CanTransitionTo is false for open to open, although an update may leave a session open.
func (s State) CanTransitionTo(next State) bool {
	by, ok := s.Via(next)
	return ok && by == OperationUpdate
}

// Transition returns nil if an update may move a session from s to next. Otherwise it returns a [*TransitionError] that names
// the operation needed, if there is one.
func (s State) Transition(next State) error {
	by, ok := s.Via(next)
	if ok && by == OperationUpdate {
		return nil
	}
	return &TransitionError{From: s.orOpen(), To: next, Operation: by}
}

// Via returns the operation that moves a session from s to next. ok is false if none does.
func (s State) Via(next State) (op Operation, ok bool) {
	s = s.orOpen()
	for _, t := range transitions {
		if t.from == s && t.to == next {
			return t.by, true
		}
	}
	return "", false
}

// Next returns the states to which an update may move a session in state s. The slice is new, and empty if there are none.
func (s State) Next() []State {
	s = s.orOpen()
	var next []State
	for _, t := range transitions {
		if t.from == s && t.by == OperationUpdate {
			next = append(next, t.to)
		}
	}
	return next
}

func (s State) orOpen() State {
	if s == "" {
		return StateOpen
	}
	return s
}

// TransitionTo sets the session's state to next if an update may do that. Otherwise it returns a [*TransitionError] and
// leaves the session as it is.
func (s *CustomerSessionV2) TransitionTo(next State) error {
	if err := s.State.Transition(next); err != nil {
		return err
	}
	s.State = next
	return nil
}

// A TransitionError says that an update cannot move a session from one state to another. Its text is for people and may
// change.
type TransitionError struct {
	// From is the state of the session. It is open if the session had the zero value.
	From State
	// To is the requested state.
	To State
	// Operation is the operation that makes this change, such as [OperationReopen]. It is empty if none does.
	Operation Operation
}

// Error names both states and the operation that is needed, such as "talonone: closed to open needs a reopen, not an
// update".
func (e *TransitionError) Error() string {
	move := "talonone: " + e.From.text() + " to " + e.To.text()
	switch {
	case e.Operation != "":
		return move + " needs a " + string(e.Operation) + ", not an update"
	case e.From == e.To:
		return move + " is no transition"
	case !e.To.Valid():
		return move + " is not possible: there is no such state"
	case e.From.Terminal():
		return move + " is not possible: nothing leads out of " + e.From.text()
	}
	return move + " is not possible by any operation"
}

// text returns the state for an error text. An unknown state may be any text, so it is quoted and cut.
func (s State) text() string {
	if s.Valid() {
		return string(s)
	}
	return quote(string(s), maxValueText)
}

// An UnknownStateError is a text that names none of the four states. It unwraps to [ErrUnknownState]. Its text is for people
// and may change.
type UnknownStateError struct {
	// Value is the whole text.
	Value string
}

// Error shows at most 64 bytes of the value, quoted.
func (e *UnknownStateError) Error() string {
	return "talonone: " + ErrUnknownState.Error() + " " + quote(e.Value, maxValueText)
}

// Unwrap returns [ErrUnknownState].
func (e *UnknownStateError) Unwrap() error { return ErrUnknownState }
