package talonone_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone"
)

const unknown talonone.State = "frozen"

func TestStateTransitions(t *testing.T) {
	const (
		none   = talonone.Operation("")
		update = talonone.OperationUpdate
		reopen = talonone.OperationReopen
		giving = talonone.OperationReturn
	)
	// One row for each state of a session, one column for each requested state.
	states := []talonone.State{"open", "closed", "partially_returned", "cancelled", "", unknown}
	table := []struct {
		from talonone.State
		by   []talonone.Operation
	}{
		{"open", []talonone.Operation{none, update, none, update, none, none}},
		{"closed", []talonone.Operation{reopen, none, giving, update, none, none}},
		{"partially_returned", []talonone.Operation{none, none, giving, update, none, none}},
		{"cancelled", []talonone.Operation{none, none, none, none, none, none}},
		{"", []talonone.Operation{none, update, none, update, none, none}},
		{unknown, []talonone.Operation{none, none, none, none, none, none}},
	}
	for _, row := range table {
		var next []talonone.State
		for i, by := range row.by {
			to := states[i]
			t.Run(fmt.Sprintf("%q to %q", row.from, to), func(t *testing.T) {
				via, ok := row.from.Via(to)
				require.Equal(t, by, via)
				require.Equal(t, by != none, ok)
				require.Equal(t, by == update, row.from.CanTransitionTo(to))

				session := talonone.CustomerSessionV2{IntegrationID: "s", State: row.from}
				errs := []error{row.from.Transition(to), session.TransitionTo(to)}
				if by == update {
					require.Equal(t, []error{nil, nil}, errs)
					require.Equal(t, to, session.State)
					return
				}
				from := row.from
				if from == "" {
					from = "open"
				}
				want := &talonone.TransitionError{From: from, To: to, Operation: by}
				require.Equal(t, []error{want, want}, errs)
				require.Equal(t, row.from, session.State, "a refused transition changes nothing")
			})
			if by == update {
				next = append(next, states[i])
			}
		}
		require.Equal(t, next, row.from.Next(), "%q", row.from)
	}
}

func TestStateProperties(t *testing.T) {
	for _, tt := range []struct {
		state                    talonone.State
		valid, initial, terminal bool
	}{
		{"open", true, true, false},
		{"closed", true, true, false},
		{"partially_returned", true, false, false},
		{"cancelled", true, false, true},
		{"", false, true, false},
		{unknown, false, false, false},
		{"Open", false, false, false},
		{"open ", false, false, false},
	} {
		t.Run(fmt.Sprintf("%q", tt.state), func(t *testing.T) {
			require.Equal(t, tt.valid, tt.state.Valid())
			require.Equal(t, tt.initial, tt.state.Initial())
			require.Equal(t, tt.terminal, tt.state.Terminal())

			parsed, err := talonone.ParseState(string(tt.state))
			if tt.valid {
				require.NoError(t, err)
				require.Equal(t, tt.state, parsed)
				return
			}
			require.Equal(t, talonone.State(""), parsed)
			unknown, ok := errors.AsType[*talonone.UnknownStateError](err)
			require.True(t, ok)
			require.Equal(t, string(tt.state), unknown.Value)
			require.ErrorIs(t, err, talonone.ErrUnknownState)
		})
	}
}

func TestStateConstants(t *testing.T) {
	require.Equal(t, talonone.State("open"), talonone.StateOpen)
	require.Equal(t, talonone.State("closed"), talonone.StateClosed)
	require.Equal(t, talonone.State("partially_returned"), talonone.StatePartiallyReturned)
	require.Equal(t, talonone.State("cancelled"), talonone.StateCancelled)
	require.Equal(t, talonone.Operation("update"), talonone.OperationUpdate)
	require.Equal(t, talonone.Operation("reopen"), talonone.OperationReopen)
	require.Equal(t, talonone.Operation("return"), talonone.OperationReturn)
}

func TestStateNextIsFresh(t *testing.T) {
	next := talonone.StateOpen.Next()
	next[0] = "broken"
	require.Equal(t, []talonone.State{"closed", "cancelled"}, talonone.StateOpen.Next())
}

func TestTransitionErrorText(t *testing.T) {
	for _, tt := range []struct {
		from, to talonone.State
		want     string
	}{
		{"closed", "open", "talonone: closed to open needs a reopen, not an update"},
		{"closed", "partially_returned", "talonone: closed to partially_returned needs a return, not an update"},
		{"partially_returned", "partially_returned",
			"talonone: partially_returned to partially_returned needs a return, not an update"},
		{"", "open", "talonone: open to open is no transition"},
		{"cancelled", "cancelled", "talonone: cancelled to cancelled is no transition"},
		{"cancelled", "open", "talonone: cancelled to open is not possible: nothing leads out of cancelled"},
		{"open", "partially_returned", "talonone: open to partially_returned is not possible by any operation"},
		{"open", "", `talonone: open to "" is not possible: there is no such state`},
		{"open", "fro\nzen", `talonone: open to "fro\nzen" is not possible: there is no such state`},
		{"frozen", "open", `talonone: "frozen" to open is not possible by any operation`},
		{"open", talonone.State(strings.Repeat("x", 65)),
			`talonone: open to "` + strings.Repeat("x", 64) + `"... is not possible: there is no such state`},
	} {
		require.EqualError(t, tt.from.Transition(tt.to), tt.want)
	}
}

func TestUnknownStateErrorText(t *testing.T) {
	for value, want := range map[string]string{
		"":                       `talonone: unknown state ""`,
		"frozen":                 `talonone: unknown state "frozen"`,
		"a\x00b\xff":             `talonone: unknown state "a\x00b\xff"`,
		strings.Repeat("x", 64):  `talonone: unknown state "` + strings.Repeat("x", 64) + `"`,
		strings.Repeat("x", 1e6): `talonone: unknown state "` + strings.Repeat("x", 64) + `"...`,
	} {
		_, err := talonone.ParseState(value)
		require.EqualError(t, err, want)
	}
}

func TestStateAllocations(t *testing.T) {
	session := talonone.CustomerSessionV2{State: talonone.StateOpen}
	for name, f := range map[string]func(){
		"CanTransitionTo": func() { talonone.StateOpen.CanTransitionTo(talonone.StateClosed) },
		"refused":         func() { talonone.StateClosed.CanTransitionTo(talonone.StateOpen) },
		"Transition":      func() { _ = talonone.StateClosed.Transition(talonone.StateCancelled) },
		"Via":             func() { talonone.StateClosed.Via(talonone.StateOpen) },
		"Valid":           func() { _ = talonone.StateClosed.Valid() },
		"Initial":         func() { _ = talonone.StateClosed.Initial() },
		"Terminal":        func() { _ = talonone.StateCancelled.Terminal() },
		"ParseState":      func() { _, _ = talonone.ParseState("cancelled") },
		"TransitionTo": func() {
			session.State = talonone.StateOpen
			_ = session.TransitionTo(talonone.StateClosed)
		},
	} {
		require.Zero(t, testing.AllocsPerRun(100, f), name)
	}
}

func ExampleState() {
	state := talonone.StateClosed
	fmt.Println("may an update cancel it?", state.CanTransitionTo(talonone.StateCancelled))
	fmt.Println("may an update open it?", state.CanTransitionTo(talonone.StateOpen))
	fmt.Println("what may an update do?", state.Next())
	// Output:
	// may an update cancel it? true
	// may an update open it? false
	// what may an update do? [cancelled]
}

func ExampleOperation() {
	if operation, ok := talonone.StateClosed.Via(talonone.StateOpen); ok {
		fmt.Println("closed to open:", operation)
	}
	if _, ok := talonone.StateCancelled.Via(talonone.StateOpen); !ok {
		fmt.Println("cancelled to open: not possible")
	}
	// Output:
	// closed to open: reopen
	// cancelled to open: not possible
}

func ExampleCustomerSessionV2_TransitionTo() {
	session := talonone.CustomerSessionV2{IntegrationID: "order-1"}
	fmt.Println(session.TransitionTo(talonone.StateClosed), session.State)
	fmt.Println(session.TransitionTo(talonone.StateOpen), session.State)
	// Output:
	// <nil> closed
	// talonone: closed to open needs a reopen, not an update closed
}

func ExampleTransitionError() {
	err := talonone.StateClosed.Transition(talonone.StateOpen)
	if refused, ok := errors.AsType[*talonone.TransitionError](err); ok && refused.Operation == talonone.OperationReopen {
		fmt.Println("call ReopenCustomerSession first")
	}
	// Output: call ReopenCustomerSession first
}

func ExampleUnknownStateError() {
	_, err := talonone.ParseState("frozen")
	fmt.Println(err)
	if unknown, ok := errors.AsType[*talonone.UnknownStateError](err); ok {
		fmt.Println(len(unknown.Value), errors.Is(err, talonone.ErrUnknownState))
	}
	// Output:
	// talonone: unknown state "frozen"
	// 6 true
}
