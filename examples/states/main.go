// States prints which operation moves a customer session from each state to each other, and then takes one session
// through its life. It needs no network.
//
//	go run ./examples/states
//
// It prints the table of moves, "-" where there is none, and then what an update can do with an order: pay it, not open
// it again (the error names the operation that does that), cancel it, and nothing after that.
package main

import (
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/talonone-go/talonone"
)

func main() {
	states := []talonone.State{
		talonone.StateOpen, talonone.StateClosed, talonone.StatePartiallyReturned, talonone.StateCancelled,
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "from \\ to")
	for _, to := range states {
		fmt.Fprint(w, "\t", to)
	}
	for _, from := range states {
		fmt.Fprint(w, "\n", from)
		for _, to := range states {
			operation, ok := from.Via(to)
			if !ok {
				operation = "-"
			}
			fmt.Fprint(w, "\t", operation)
		}
	}
	fmt.Fprintln(w)
	w.Flush()

	fmt.Println("\nAn order, moved by updates:")
	session := talonone.CustomerSessionV2{IntegrationID: "order-1", State: talonone.StateOpen}
	for _, next := range []talonone.State{
		talonone.StateClosed, talonone.StateOpen, talonone.StateCancelled, talonone.StateClosed,
	} {
		from := session.State
		err := session.TransitionTo(next)
		switch refused, ok := errors.AsType[*talonone.TransitionError](err); {
		case err == nil:
			fmt.Printf("  %s to %s: done\n", from, next)
		case ok && refused.Operation != "":
			fmt.Printf("  %s to %s: call the %s operation instead\n", from, next, refused.Operation)
		default:
			fmt.Println("  " + err.Error())
		}
	}
}
