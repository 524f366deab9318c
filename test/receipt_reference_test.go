package test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
)

// The receipt of random answers is compared with a second calculation of it, which is plain, slow and made of big.Rat. The
// answers and the receipts are JSON, and the second calculation uses none of the library's types. The order of this file: the
// answers, the second calculation, the comparison.

// answerJSON is what a receipt depends on.
type answerJSON struct {
	CustomerSession struct {
		CartItems                   []itemJSON          `json:"cartItems"`
		AdditionalCosts             map[string]costJSON `json:"additionalCosts"`
		CartItemAdditionalCostTotal json.Number         `json:"cartItemAdditionalCostTotal,omitempty"`
	} `json:"customerSession"`
	Effects []effectJSON `json:"effects"`
}

type itemJSON struct {
	SKU               string              `json:"sku"`
	Quantity          int                 `json:"quantity"`
	ReturnedQuantity  *int                `json:"returnedQuantity,omitempty"`
	RemainingQuantity *int                `json:"remainingQuantity,omitempty"`
	Price             json.Number         `json:"price"`
	AdditionalCosts   map[string]costJSON `json:"additionalCosts,omitempty"`
}

type costJSON struct {
	Price json.Number `json:"price"`
}

type effectJSON struct {
	EffectType string    `json:"effectType"`
	Props      propsJSON `json:"props"`
}

type propsJSON struct {
	Name                string      `json:"name"`
	Scope               string      `json:"scope,omitempty"`
	Value               json.Number `json:"value"`
	Position            *int        `json:"position,omitempty"`
	SubPosition         *int        `json:"subPosition,omitempty"`
	CartItemPosition    *int        `json:"cartItemPosition,omitempty"`
	CartItemSubPosition *int        `json:"cartItemSubPosition,omitempty"`
	AdditionalCost      string      `json:"additionalCost,omitempty"`
	AdditionalCostID    *int64      `json:"additionalCostId,omitempty"`
}

// costIDs are the additional costs that the Application has.
var costIDs = map[string]int64{"fee": 1, "shipping": 2, "wrap": 3}

// answerGenerator makes answers: sessions with returned units and with every way to state what the items' costs come to, and
// discounts in every place, some of which are rolled back.
type answerGenerator struct {
	*rand.Rand
	answer answerJSON
	places int // digits that prices have after the point, at most
}

func newAnswer(seed uint64) *answerGenerator {
	g := &answerGenerator{Rand: rand.New(rand.NewPCG(seed, 7))}
	g.places = g.IntN(4)
	s := &g.answer.CustomerSession
	s.AdditionalCosts = g.costs()
	for i := range g.IntN(5) {
		item := itemJSON{SKU: fmt.Sprint("sku-", i), Quantity: 1 + g.IntN(4), Price: g.price(20_000), AdditionalCosts: g.costs()}
		returned := g.IntN(item.Quantity + 1)
		left := item.Quantity - returned
		switch g.IntN(5) {
		case 0:
			item.ReturnedQuantity = &returned
		case 1:
			item.RemainingQuantity = &left
		case 2:
			item.ReturnedQuantity, item.RemainingQuantity = &returned, &left
		}
		s.CartItems = append(s.CartItems, item)
	}
	g.stateCosts()
	g.discounts()
	if g.IntN(10) == 0 {
		g.spoil()
	}
	return g
}

func (g *answerGenerator) costs() map[string]costJSON {
	costs := map[string]costJSON{}
	for name := range costIDs {
		if g.IntN(3) == 0 {
			costs[name] = costJSON{g.price(500)}
		}
	}
	return costs
}

// price returns an amount in the currency's places, or in finer ones.
func (g *answerGenerator) price(most int64) json.Number {
	if g.IntN(30) == 0 {
		most = -most / 10
		return number(big.NewRat(-g.Int64N(-most), power(g.places)))
	}
	return number(big.NewRat(g.Int64N(most), power(g.places)))
}

// value returns what a discount takes off, often with the 16 digits of a binary fraction.
func (g *answerGenerator) value() json.Number {
	if g.IntN(2) == 0 {
		return number(big.NewRat(1+g.Int64N(3_000), 100))
	}
	return number(big.NewRat(1+g.Int64N(1e16), 1e15))
}

func power(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}

// number writes an amount of at most 40 places.
func number(r *big.Rat) json.Number {
	text := []byte(r.FloatString(40))
	text = bytes.TrimRight(text, "0")
	return json.Number(bytes.TrimSuffix(text, []byte(".")))
}

func rat(n json.Number) *big.Rat {
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		panic("no number: " + n.String())
	}
	return r
}

// stateCosts states what the items' costs come to: nothing, one of the right sums, the same with noise, or anything.
func (g *answerGenerator) stateCosts() {
	sums := costSums(&g.answer)
	stated := sums[g.IntN(len(sums))]
	switch g.IntN(6) {
	case 0:
		return
	case 1:
		stated = big.NewRat(g.Int64N(1000), 100)
	case 2:
		noise := big.NewRat(1e15+1, 1e15)
		stated = new(big.Rat).Mul(stated, noise)
	}
	g.answer.CustomerSession.CartItemAdditionalCostTotal = number(stated)
}

// discounts adds groups of discounts, each of one name in one place, with what rolls some of it back.
func (g *answerGenerator) discounts() {
	for group := range g.IntN(6) {
		props := propsJSON{Name: fmt.Sprint("group ", group)}
		items := g.answer.CustomerSession.CartItems
		costs := g.answer.CustomerSession.AdditionalCosts
		if len(items) > 0 && g.IntN(4) > 0 {
			position := g.IntN(len(items))
			props.Position, costs = &position, items[position].AdditionalCosts
		}
		if len(costs) > 0 && g.IntN(3) == 0 {
			names := slices.Sorted(maps.Keys(costs))
			props.AdditionalCost = names[g.IntN(len(names))]
			props.AdditionalCostID = new(costIDs[props.AdditionalCost])
		}
		g.group(props)
	}
	for range g.IntN(3) {
		g.add("addLoyaltyPoints", propsJSON{Name: "points", Value: "5"})
	}
	g.Shuffle(len(g.answer.Effects), func(i, j int) {
		g.answer.Effects[i], g.answer.Effects[j] = g.answer.Effects[j], g.answer.Effects[i]
	})
}

func (g *answerGenerator) add(effectType string, props propsJSON) {
	g.answer.Effects = append(g.answer.Effects, effectJSON{effectType, props})
}

// group adds discounts that differ in unit and scope, and rollbacks of some.
func (g *answerGenerator) group(props propsJSON) {
	effectType, scopes := "setDiscount", []string{"cartItems", "additionalCosts", "sessionTotal"}
	switch {
	case props.Position != nil && props.AdditionalCost != "":
		effectType, scopes = "setDiscountPerAdditionalCostPerItem", nil
	case props.Position != nil:
		effectType, scopes = "setDiscountPerItem", []string{"price", "itemTotal", "additionalCosts"}
	case props.AdditionalCost != "":
		effectType, scopes = "setDiscountPerAdditionalCost", nil
	}
	// Of a rollback that leaves both open, the rule does not say whether one that leaves open the unit alone comes before one
	// that leaves open the scope alone. So there is at most one of the two in a group.
	together := g.IntN(2) == 0
	var group []propsJSON
	for range 1 + g.IntN(4) {
		p := props
		p.Value = g.value()
		open := g.IntN(3) == 0
		if props.Position != nil && !open {
			p.SubPosition = new(g.IntN(g.answer.CustomerSession.CartItems[*props.Position].Quantity))
		}
		if !together {
			open = g.IntN(3) == 0
		}
		if scopes != nil && !open {
			p.Scope = scopes[g.IntN(len(scopes))]
		}
		group = append(group, p)
		g.add(effectType, p)
	}
	one := group[g.IntN(len(group))]
	rollback := propsJSON{Name: props.Name, CartItemPosition: props.Position, AdditionalCost: props.AdditionalCost, AdditionalCostID: props.AdditionalCostID}
	if props.AdditionalCost != "" && g.IntN(3) == 0 {
		rollback.AdditionalCost = "" // the number suffices
	}
	switch g.IntN(5) {
	case 0, 1:
		return
	case 2: // all that it can name
		rollback.CartItemSubPosition, rollback.Scope = one.SubPosition, one.Scope
	case 3:
		rollback.CartItemSubPosition = one.SubPosition
		if !together && one.SubPosition == nil {
			rollback.Scope = one.Scope
		}
	case 4:
		if rollback.Scope = one.Scope; !together && one.Scope == "" {
			rollback.CartItemSubPosition = one.SubPosition
		}
	}
	sum := new(big.Rat)
	for _, p := range group {
		if rollback.names(p) {
			sum.Add(sum, rat(p.Value))
		}
	}
	parts := 1 + g.Int64N(2)
	for range parts {
		share := big.NewRat(1+g.Int64N(10), 10*parts)
		rollback.Value = number(share.Mul(share, sum))
		g.add("rollbackDiscount", rollback)
	}
}

// names reports whether a rollback in the place of a discount is of that discount.
func (p propsJSON) names(discount propsJSON) bool {
	return (p.CartItemSubPosition == nil || discount.SubPosition != nil && *p.CartItemSubPosition == *discount.SubPosition) &&
		(p.Scope == "" || p.Scope == discount.Scope)
}

// spoil makes one thing of an answer wrong.
func (g *answerGenerator) spoil() {
	items := g.answer.CustomerSession.CartItems
	if len(items) > 0 && g.IntN(2) == 0 {
		item := &items[g.IntN(len(items))]
		switch g.IntN(3) {
		case 0:
			item.ReturnedQuantity = new(item.Quantity + 1)
		case 1:
			item.ReturnedQuantity, item.RemainingQuantity = nil, new(-1)
		case 2:
			item.ReturnedQuantity, item.RemainingQuantity = new(1), &item.Quantity
		}
		return
	}
	for i, e := range g.answer.Effects {
		switch {
		case e.EffectType == "rollbackDiscount" && g.IntN(2) == 0:
			g.answer.Effects[i].Props.Value = "1000000"
			return
		case e.EffectType == "rollbackDiscount":
			g.answer.Effects[i].Props.Name = "nobody's"
			return
		case e.Props.SubPosition != nil:
			g.answer.Effects[i].Props.SubPosition = &items[*e.Props.Position].Quantity
			return
		}
	}
}

// costSums returns what the costs of the items come to: of what was bought once a line and once a unit, of what is left once a
// line and once a unit.
func costSums(a *answerJSON) [4]*big.Rat {
	sums := [4]*big.Rat{{}, {}, {}, {}}
	for _, item := range a.CustomerSession.CartItems {
		left, _ := item.left()
		for _, cost := range item.AdditionalCosts {
			for i, n := range []int{1, item.Quantity, min(left, 1), left} {
				sums[i].Add(sums[i], new(big.Rat).Mul(rat(cost.Price), big.NewRat(int64(n), 1)))
			}
		}
	}
	return sums
}

// left returns how many units are left, or which quantity is wrong.
func (i itemJSON) left() (int, string) {
	left := i.Quantity
	if i.ReturnedQuantity != nil {
		left -= *i.ReturnedQuantity
	} else if i.RemainingQuantity != nil {
		left = *i.RemainingQuantity
	}
	switch {
	case left >= 0 && left <= i.Quantity && (i.RemainingQuantity == nil || *i.RemainingQuantity == left):
		return left, ""
	case left >= 0 && left <= i.Quantity || i.ReturnedQuantity == nil:
		return 0, "remainingQuantity"
	}
	return 0, "returnedQuantity"
}

// costsOnceAUnit reports whether the stated total is right once a unit, and not once a line, to 12 digits.
func costsOnceAUnit(a *answerJSON) bool {
	if a.CustomerSession.CartItemAdditionalCostTotal == "" {
		return false
	}
	stated := rat(a.CustomerSession.CartItemAdditionalCostTotal)
	right := func(sum *big.Rat) bool {
		off := new(big.Rat).Sub(stated, sum)
		largest := new(big.Rat).Abs(stated)
		if abs := new(big.Rat).Abs(sum); abs.Cmp(largest) > 0 {
			largest = abs
		}
		return off.Abs(off).Cmp(largest.Mul(largest, big.NewRat(1, 1e12))) <= 0
	}
	sums := costSums(a)
	return (right(sums[1]) || right(sums[3])) && !right(sums[0]) && !right(sums[2])
}

// receiptJSON is a receipt.
type receiptJSON struct {
	Lines           []lineJSON                 `json:"lines"`
	AdditionalCosts map[string]receiptCostJSON `json:"additionalCosts"`
	Discounts       []discountJSON             `json:"discounts"`
	Subtotal        json.Number                `json:"subtotal"`
	DiscountTotal   json.Number                `json:"discountTotal"`
	Total           json.Number                `json:"total"`
}

type lineJSON struct {
	SKU             string                     `json:"sku"`
	Quantity        int                        `json:"quantity"`
	Returned        int                        `json:"returned"`
	AdditionalCosts map[string]receiptCostJSON `json:"additionalCosts"`
	receiptCostJSON
}

type receiptCostJSON struct {
	Subtotal  json.Number    `json:"subtotal"`
	Discount  json.Number    `json:"discount"`
	Total     json.Number    `json:"total"`
	Discounts []discountJSON `json:"discounts"`
}

type discountJSON struct {
	EffectIndex int         `json:"effectIndex"`
	Name        string      `json:"name"`
	Scope       string      `json:"scope"`
	Unit        int         `json:"unit"`
	Amount      json.Number `json:"amount"`
}

// refusal says why there is no receipt.
type refusal struct {
	reason error
	path   string
}

// plainPart is a line, a cost or the session as a whole, which has no subtotal.
type plainPart struct {
	subtotal  *big.Rat
	discounts []*plainDiscount
}

type plainDiscount struct {
	effect int
	props  propsJSON
	amount *big.Rat
}

// plainPlace is where a part is. Line -1 is the session; no cost is the line or the session itself.
type plainPlace struct {
	line int
	cost string
}

// plainReceipt calculates a receipt.
func plainReceipt(a *answerJSON) (map[plainPlace]*plainPart, *refusal) {
	session, onceAUnit := &a.CustomerSession, costsOnceAUnit(a)
	parts := map[plainPlace]*plainPart{{line: -1}: {subtotal: new(big.Rat)}}
	times := func(price json.Number, n int) *plainPart {
		return &plainPart{subtotal: new(big.Rat).Mul(rat(price), big.NewRat(int64(n), 1))}
	}
	for i, item := range session.CartItems {
		left, wrong := item.left()
		if wrong != "" {
			return nil, &refusal{integration.ErrReturnedQuantity, fmt.Sprintf("/cartItems/%d/%s", i, wrong)}
		}
		parts[plainPlace{line: i}] = times(item.Price, left)
		count := min(left, 1)
		if onceAUnit {
			count = left
		}
		for name, cost := range item.AdditionalCosts {
			parts[plainPlace{i, name}] = times(cost.Price, count)
		}
	}
	for name, cost := range session.AdditionalCosts {
		parts[plainPlace{-1, name}] = times(cost.Price, 1)
	}

	place := func(position *int, cost string) plainPlace {
		if position == nil {
			return plainPlace{-1, cost}
		}
		return plainPlace{*position, cost}
	}
	for i, e := range a.Effects {
		if e.EffectType == "rollbackDiscount" || e.EffectType == "addLoyaltyPoints" {
			continue
		}
		if unit := e.Props.SubPosition; unit != nil && *unit >= session.CartItems[*e.Props.Position].Quantity {
			return nil, &refusal{integration.ErrNoTarget, fmt.Sprintf("/effects/%d/props/subPosition", i)}
		}
		part := parts[place(e.Props.Position, e.Props.AdditionalCost)]
		part.discounts = append(part.discounts, &plainDiscount{effect: i, props: e.Props, amount: rat(e.Props.Value)})
	}

	// A rollback undoes the discounts of its name, line, unit, cost and scope. Where it leaves the unit or the scope open, the
	// discounts that leave them open come first, then the others. Each time they are in the order of the effects.
	for i, e := range a.Effects {
		if e.EffectType != "rollbackDiscount" {
			continue
		}
		p := e.Props
		for name, id := range costIDs {
			if p.AdditionalCostID != nil && *p.AdditionalCostID == id {
				p.AdditionalCost = name
			}
		}
		value := rat(p.Value)
		for _, first := range []bool{true, false} {
			for _, d := range parts[place(p.CartItemPosition, p.AdditionalCost)].discounts {
				open := (p.CartItemSubPosition != nil || d.props.SubPosition == nil) && (p.Scope != "" || d.props.Scope == "")
				if d.props.Name != p.Name || !p.names(d.props) || open != first {
					continue
				}
				part := value
				if d.amount.Cmp(value) < 0 {
					part = d.amount
				}
				value, d.amount = new(big.Rat).Sub(value, part), new(big.Rat).Sub(d.amount, part)
			}
		}
		if value.Sign() != 0 {
			return nil, &refusal{integration.ErrNothingToRollBack, fmt.Sprintf("/effects/%d/props", i)}
		}
	}
	return parts, nil
}

// checkAgainstPlain compares the receipt of an answer with the second calculation of it. It returns what the answer had.
func checkAgainstPlain(t *testing.T, g *answerGenerator) (had []string) {
	text, err := json.Marshal(g.answer)
	require.NoError(t, err)
	var state integration.IntegrationState
	require.NoError(t, json.Unmarshal(text, &state))
	fail := func(format string, args ...any) {
		t.Helper()
		require.FailNow(t, fmt.Sprintf(format, args...), "%s", text)
	}

	parts, refused := plainReceipt(&g.answer)
	r, err := integration.NewReceipt(state.CustomerSession, state.Effects)
	if refused != nil {
		e, ok := errors.AsType[*integration.ReceiptError](err)
		if !ok || !errors.Is(err, refused.reason) || e.Path != refused.path {
			fail("want %v at %s, got %v", refused.reason, refused.path, err)
		}
		return []string{"refused"}
	}
	if err != nil {
		fail("want a receipt, got %v", err)
	}

	exact, onceAUnit := readReceipt(t, *r), costsOnceAUnit(&g.answer)
	want := func(what string, want *big.Rat, got json.Number) {
		t.Helper()
		if want.Cmp(rat(got)) != 0 {
			fail("%s: want %s, got %s", what, number(want), got)
		}
	}
	if len(exact.Lines) != len(g.answer.CustomerSession.CartItems) {
		fail("%d lines", len(exact.Lines))
	}
	for i, line := range exact.Lines {
		item := g.answer.CustomerSession.CartItems[i]
		left, _ := item.left()
		if line.SKU != item.SKU || line.Quantity != left || line.Returned != item.Quantity-left {
			fail("line %d: want %d left of %d, got %d and %d", i, left, item.Quantity, line.Quantity, line.Returned)
		}
		if line.Returned > 0 {
			had = append(had, "returned")
		}
		if len(line.AdditionalCosts) > 0 && item.Quantity > 1 {
			had = append(had, map[bool]string{true: "costs once a unit", false: "costs once a line"}[onceAUnit])
		}
	}
	found := partsOf(exact)
	if len(found) != len(parts) {
		fail("%d parts instead of %d", len(found), len(parts))
	}
	subtotal, discountTotal := new(big.Rat), new(big.Rat)
	for at, part := range parts {
		got, ok := found[at]
		if !ok || len(got.Discounts) != len(part.discounts) {
			fail("%v: want %d discounts, got %d", at, len(part.discounts), len(got.Discounts))
		}
		discount := new(big.Rat)
		for i, d := range part.discounts {
			unit := -1
			if d.props.SubPosition != nil {
				unit = *d.props.SubPosition
			}
			if e := got.Discounts[i]; e.EffectIndex != d.effect || e.Name != d.props.Name || e.Scope != d.props.Scope || e.Unit != unit {
				fail("%v: want effect %d, got %+v", at, d.effect, e)
			}
			want(fmt.Sprint(at, " effect ", d.effect), d.amount, got.Discounts[i].Amount)
			discount.Add(discount, d.amount)
			if d.amount.Cmp(rat(d.props.Value)) != 0 {
				had = append(had, "rolled back")
			}
		}
		want(fmt.Sprint(at, " subtotal"), part.subtotal, got.Subtotal)
		want(fmt.Sprint(at, " discount"), discount, got.Discount)
		want(fmt.Sprint(at, " total"), new(big.Rat).Sub(part.subtotal, discount), got.Total)
		subtotal.Add(subtotal, part.subtotal)
		discountTotal.Add(discountTotal, discount)
	}
	total := new(big.Rat).Sub(subtotal, discountTotal)
	want("subtotal", subtotal, exact.Subtotal)
	want("discountTotal", discountTotal, exact.DiscountTotal)
	want("total", total, exact.Total)
	if payable := r.Payable().Rat(); total.Sign() > 0 && payable.Cmp(total) != 0 || total.Sign() <= 0 && payable.Sign() != 0 {
		fail("payable %s of %s", number(payable), number(total))
	}
	sums := costSums(&g.answer)
	items := sums[0]
	if onceAUnit {
		items = sums[1]
	}
	if got := state.CustomerSession.ComputeTotals().CartItemAdditionalCostTotal.Rat(); got.Cmp(items) != 0 {
		fail("costs of items: want %s, got %s", number(items), number(got))
	}
	for places := range int32(4) {
		checkRoundedReceipt(t, fail, exact, readReceipt(t, r.Round(places)), places, int(places) >= g.places)
	}
	return had
}

func readReceipt(t *testing.T, r integration.Receipt) (read receiptJSON) {
	text, err := json.Marshal(r)
	require.NoError(t, err)
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	require.NoError(t, d.Decode(&read))
	return read
}

// partsOf returns the parts of a receipt. That of the session as a whole has amounts that are not in the JSON.
func partsOf(r receiptJSON) map[plainPlace]receiptCostJSON {
	off := new(big.Rat)
	for _, d := range r.Discounts {
		off.Add(off, rat(d.Amount))
	}
	parts := map[plainPlace]receiptCostJSON{
		{line: -1}: {Subtotal: "0", Discount: number(off), Total: number(new(big.Rat).Neg(off)), Discounts: r.Discounts},
	}
	for i, line := range r.Lines {
		parts[plainPlace{line: i}] = line.receiptCostJSON
		for name, cost := range line.AdditionalCosts {
			parts[plainPlace{i, name}] = cost
		}
	}
	for name, cost := range r.AdditionalCosts {
		parts[plainPlace{-1, name}] = cost
	}
	return parts
}

// checkRoundedReceipt checks that a receipt is in steps, that every sum holds, and that what is charged is rounded half away
// from zero. Where no price is finer than a step, each amount of a line, a cost or a discount differs by less than a step.
func checkRoundedReceipt(t *testing.T, fail func(string, ...any), exact, rounded receiptJSON, places int32, near bool) {
	t.Helper()
	step := big.NewRat(1, power(int(places)))
	steps := func(what string, n json.Number) *big.Rat {
		t.Helper()
		r := new(big.Rat).Quo(rat(n), step)
		if !r.IsInt() {
			fail("rounded to %d places: %s is %s", places, what, n)
		}
		return r
	}
	equal := func(what string, x, y *big.Rat) {
		t.Helper()
		if x.Cmp(y) != 0 {
			fail("rounded to %d places: %s: %s and %s steps", places, what, number(x), number(y))
		}
	}
	half := func(n json.Number) *big.Rat {
		r := new(big.Rat).Quo(rat(n), step)
		sign := r.Sign()
		r.Abs(r).Add(r, big.NewRat(1, 2))
		whole := new(big.Int).Quo(r.Num(), r.Denom())
		return new(big.Rat).SetInt(whole.Mul(whole, big.NewInt(int64(sign))))
	}
	close := func(what string, x, y json.Number) {
		t.Helper()
		off := new(big.Rat).Sub(rat(x), rat(y))
		if near && off.Abs(off).Cmp(step) >= 0 {
			fail("rounded to %d places: %s: %s became %s", places, what, x, y)
		}
	}

	subtotal, discountTotal, total := new(big.Rat), new(big.Rat), new(big.Rat)
	before := partsOf(exact)
	for at, part := range partsOf(rounded) {
		discount := new(big.Rat)
		for i, d := range part.Discounts {
			discount.Add(discount, steps(fmt.Sprint(at, " ", i), d.Amount))
			close(fmt.Sprint(at, " ", i), before[at].Discounts[i].Amount, d.Amount)
		}
		name := fmt.Sprint(at)
		equal(name+" discount", discount, steps(name, part.Discount))
		equal(name+" total", new(big.Rat).Sub(steps(name, part.Subtotal), discount), steps(name, part.Total))
		if at != (plainPlace{line: -1}) {
			close(name+" subtotal", before[at].Subtotal, part.Subtotal)
			close(name+" discount", before[at].Discount, part.Discount)
			close(name+" total", before[at].Total, part.Total)
		}
		subtotal.Add(subtotal, steps(name, part.Subtotal))
		discountTotal.Add(discountTotal, discount)
		total.Add(total, steps(name, part.Total))
	}
	equal("subtotal", subtotal, steps("subtotal", rounded.Subtotal))
	equal("discountTotal", discountTotal, steps("discountTotal", rounded.DiscountTotal))
	equal("total", total, steps("total", rounded.Total))
	equal("subtotal, half away from zero", half(exact.Subtotal), subtotal)
	equal("total, half away from zero", half(exact.Total), total)
}

// TestReceiptAgainstPlain compares receipts with the second calculation. The answers are the same in each run.
func TestReceiptAgainstPlain(t *testing.T) {
	t.Parallel()
	had := map[string]int{}
	for seed := range uint64(1_000) {
		for _, what := range checkAgainstPlain(t, newAnswer(seed)) {
			had[what]++
		}
	}
	t.Log(had)
	for _, what := range []string{"refused", "returned", "rolled back", "costs once a unit", "costs once a line"} {
		assert.Greater(t, had[what], 50, what)
	}
}

// FuzzReceiptAgainstPlain is TestReceiptAgainstPlain from other seeds.
func FuzzReceiptAgainstPlain(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { checkAgainstPlain(t, newAnswer(seed)) })
}
