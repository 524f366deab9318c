// States prints which operation moves a customer session from each state to each other state. Then it moves one session from its
// first state to its last. It needs no network.
//
//	go run ./examples/states
//
// The table of moves has "-" if no operation makes the move. Then the program shows what an update can do with an order. It can
// pay and cancel it. It cannot open a paid order again: the error names the operation that can. It cannot change a cancelled
// order.
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
