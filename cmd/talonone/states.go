package main

import (
	"context"

	"github.com/talonone-go/talonone"
)

var statesCommand = command{
	name:    "states",
	summary: "show which operation moves a session from one state to another",
	about:   "\"-\" means that no operation does.\n",
	run:     (*cli).states,
}

func (c *cli) states(_ context.Context, args []string) int {
	if code, done := c.parse(args); done {
		return code
	}
	if c.flags.NArg() > 0 {
		return c.usage("no argument is expected")
	}
	states := []talonone.State{
		talonone.StateOpen, talonone.StateClosed, talonone.StatePartiallyReturned, talonone.StateCancelled,
	}
	header := []string{"from \\ to"}
	for _, to := range states {
		header = append(header, string(to))
	}
	t := table{rows: [][]string{header}}
	for _, from := range states {
		row := []string{string(from)}
		for _, to := range states {
			operation, ok := from.Via(to)
			if !ok {
				operation = "-"
			}
			row = append(row, string(operation))
		}
		t.add(row...)
	}
	return c.print(t.String(), exitOK)
}
