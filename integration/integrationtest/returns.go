package integrationtest

import (
	"fmt"
	"slices"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/internal/codec"
)

// returnItems answers POST /v2/customer_sessions/{customerSessionId}/returns.
func (s *Server) returnItems(c *call) (*integration.IntegrationState, *refusal) {
	body, refused := c.decodeReturn()
	if refused != nil {
		return nil, refused
	}
	session, known, refused := s.existing(c.sessionID)
	if refused != nil {
		return nil, refused
	}
	if op, _ := session.State.Via(talonone.StatePartiallyReturned); op != talonone.OperationReturn {
		return nil, wrongState(session.State, talonone.StatePartiallyReturned,
			"only items of a closed or partially returned session can be returned")
	}
	items, refused := countReturned(session.CartItems, body.Return.ReturnedCartItems)
	if refused != nil {
		return nil, refused
	}
	session.State = talonone.StatePartiallyReturned
	session.Updated = c.now
	effects, refused := s.rollBack(c, session, known.effects, returnedUnits(session.CartItems, items))
	if refused != nil {
		return nil, refused
	}
	ret := s.newReturn(c, session, items)
	if !c.dry {
		s.store(c, session, effects.held, append(slices.Clip(known.returns), ret))
	}
	state := respond(session, effects.answer, c.content, known.returns)
	state.Return = &ret
	return state, nil
}

// returnBody is the API reference's "ReturnIntegrationRequest".
//
//gen:parts
type returnBody struct {
	Return          *newReturn `json:"return"`
	ResponseContent []string   `json:"responseContent,omitzero"`
}

// newReturn is the API reference's "NewReturn".
//
//gen:parts
type newReturn struct {
	ReturnedCartItems []returnedItem `json:"returnedCartItems"`
}

// returnedItem is the API reference's "ReturnedCartItem". Its SKU is a pointer, because an empty SKU is not a missing one.
//
//gen:parts
type returnedItem struct {
	Position *int    `json:"position,omitzero"`
	SKU      *string `json:"sku,omitzero"`
	Quantity *int    `json:"quantity,omitzero"`
}

// decodeReturn reads a return and checks everything that does not depend on the session.
func (c *call) decodeReturn() (*returnBody, *refusal) {
	var refused *refusal
	if c.dry, refused = c.flag("dry"); refused != nil {
		return nil, refused
	}
	if _, refused = c.flag("runRuleEngine"); refused != nil {
		return nil, refused
	}
	var b returnBody
	if err := codec.Unmarshal(c.body, &b, decodeReturnBody); err != nil {
		return nil, undecodable(err, "/return")
	}
	if b.Return == nil {
		return nil, missing("/return")
	}
	if len(b.Return.ReturnedCartItems) == 0 {
		return nil, missing("/returnedCartItems")
	}
	c.content = b.ResponseContent
	return &b, c.checkContent()
}

// countReturned adds the returned items to the quantities of the lines, and returns how many units of which line come back.
func countReturned(lines []talonone.CartItem, returned []returnedItem) ([]integration.ReturnedCartItem, *refusal) {
	// The first return sets both quantities on all lines.
	for i := range lines {
		line := &lines[i]
		if line.RemainingQuantity == nil {
			returned := 0
			if line.ReturnedQuantity != nil {
				returned = *line.ReturnedQuantity
			}
			line.RemainingQuantity = new(line.Quantity - returned)
		}
		if line.ReturnedQuantity == nil {
			line.ReturnedQuantity = new(line.Quantity - *line.RemainingQuantity)
		}
	}
	items := make([]integration.ReturnedCartItem, len(returned))
	for i, r := range returned {
		pointer := fmt.Sprintf("/returnedCartItems/%d", i)
		at, refused := r.line(lines, pointer)
		if refused != nil {
			return nil, refused
		}
		line := &lines[at]
		quantity := *line.RemainingQuantity
		if r.Quantity != nil {
			quantity, pointer = *r.Quantity, pointer+"/quantity"
		}
		switch {
		case r.Quantity != nil && quantity < 1:
			return nil, invalid(problem{Title: "Invalid quantity", Details: "the quantity is below 1", Pointer: pointer})
		case quantity < 1 || quantity > *line.RemainingQuantity:
			details := fmt.Sprintf("units of the line that are left to return: %d", *line.RemainingQuantity)
			return nil, invalid(problem{Title: "Invalid quantity", Details: details, Pointer: pointer})
		}
		line.ReturnedQuantity = new(*line.ReturnedQuantity + quantity)
		line.RemainingQuantity = new(*line.RemainingQuantity - quantity)
		items[i] = integration.ReturnedCartItem{Position: new(at), SKU: line.SKU, Quantity: new(quantity)}
	}
	return items, nil
}

// line returns the index of the line that the item names. pointer points at the item.
func (r returnedItem) line(lines []talonone.CartItem, pointer string) (int, *refusal) {
	if r.Position != nil {
		at := *r.Position
		if at < 0 || at >= len(lines) {
			return 0, noLine("there is no line at this position", pointer+"/position")
		}
		if r.SKU != nil && *r.SKU != lines[at].SKU {
			return 0, noLine("the line at this position has another SKU", pointer+"/sku")
		}
		return at, nil
	}
	if r.SKU == nil {
		return 0, noLine("an item needs a position or a SKU", pointer)
	}
	found := -1
	for i := range lines {
		if lines[i].SKU != *r.SKU {
			continue
		}
		if found >= 0 {
			return 0, noLine("several lines have this SKU: give the position", pointer+"/sku")
		}
		found = i
	}
	if found < 0 {
		return 0, noLine("there is no line with this SKU", pointer+"/sku")
	}
	return found, nil
}

func noLine(details, pointer string) *refusal {
	return invalid(problem{Title: "Unknown cart item", Details: details, Pointer: pointer})
}

// returnedUnits returns which units a return takes back. lines are the lines after the return. The units of a line come back in
// order.
func returnedUnits(lines []talonone.CartItem, items []integration.ReturnedCartItem) map[int]unitRange {
	units := make(map[int]unitRange)
	for _, item := range items {
		line := lines[*item.Position]
		u, ok := units[*item.Position]
		if !ok {
			u = unitRange{first: *line.ReturnedQuantity, end: *line.ReturnedQuantity, left: *line.RemainingQuantity}
		}
		u.first -= *item.Quantity
		u.left += *item.Quantity
		units[*item.Position] = u
	}
	return units
}

func (s *Server) newReturn(c *call, session talonone.CustomerSessionV2, items []integration.ReturnedCartItem) integration.Return {
	s.mu.Lock()
	defer s.mu.Unlock()
	ret := integration.Return{
		ID:                   s.lastID.ret + 1,
		Created:              c.now,
		ApplicationID:        session.ApplicationID,
		AccountID:            accountID,
		ReturnedCartItems:    items,
		EventID:              s.lastID.ret + 1,
		SessionID:            session.ID,
		SessionIntegrationID: session.IntegrationID,
		ProfileIntegrationID: session.ProfileID,
	}
	if id := s.profiles[session.ProfileID].id; id != 0 {
		ret.ProfileID = &id
	}
	if !c.dry {
		s.lastID.ret++
	}
	return ret
}
