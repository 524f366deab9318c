package talonone

// State is a stub replaced soon.
type State string

const (
	StateOpen              State = "open"
	StateClosed            State = "closed"
	StatePartiallyReturned State = "partially_returned"
	StateCancelled         State = "cancelled"
)

func (s State) orOpen() State {
	if s == "" {
		return StateOpen
	}
	return s
}
