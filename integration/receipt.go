package integration

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/internal/jsonwire"
	"github.com/talonone-go/talonone/internal/netting"
)

// The order of this file: the receipt and its parts; its errors; NewReceipt and the builder, which adds the lines and costs of
// the session, then the discounts of the effects, and computes the sums. receipt_rollback.go subtracts rollbacks from the
// discounts, receipt_round.go rounds, receipt_overdiscounted.go finds discounts that are too large, receipt_gen.go writes
// JSON. Only the builder changes a receipt, until NewReceipt returns it.

// Receipt is the price of a session: the costs before discounts, the discount of each effect, and the amount to pay. All
// amounts are exact, in the Application's currency. [Receipt.Round] rounds them to payable amounts.
//
// Every cost counts once. The receipt's Subtotal is the sum of all lines, of all their additional costs and of the session's
// additional costs. A line's Subtotal does not include its additional costs. DiscountTotal is the sum of the discounts of all
// these and of the discounts on the session as a whole. In each part, and in the receipt, Total is Subtotal minus the discount.
//
// In JSON a Receipt has the names of its struct tags, and amounts are numbers.
//
//gen:marshal
type Receipt struct {
	// Lines has one line for each of the session's cart items, in their order.
	Lines []ReceiptLine `json:"lines"`
	// AdditionalCosts are the session's additional costs, by name. Nil if it has none.
	AdditionalCosts map[string]ReceiptCost `json:"additionalCosts"`
	// Discounts are the discounts on the session as a whole, of any scope, in the order of the effects.
	Discounts []ReceiptDiscount `json:"discounts"`
	// Subtotal is the sum of all costs before discounts.
	Subtotal decimal.Decimal `json:"subtotal"`
	// DiscountTotal is the sum of all discounts.
	DiscountTotal decimal.Decimal `json:"discountTotal"`
	// Total is the amount to pay. It is negative if the discounts exceed the costs: see [Receipt.Payable].
	Total decimal.Decimal `json:"total"`

	// unitExcess is by how much the discounts on one unit exceed its price or costs, by the pointers of Overdiscounted. It is
	// kept because the receipt has no prices of units. If several units are affected, it is the largest excess.
	unitExcess map[string]decimal.Decimal
}

// Payable returns Total, or zero if Total is negative. A shop charges receipt.Round(2).Payable().
func (r Receipt) Payable() decimal.Decimal {
	if r.Total.IsNegative() {
		return decimal.Decimal{}
	}
	return r.Total
}

// LogValue returns what is safe to log: the number of lines and the amounts of the receipt as a whole.
func (r Receipt) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int("lines", len(r.Lines)),
		slog.String("subtotal", jsonwire.DecimalText(r.Subtotal)),
		slog.String("discountTotal", jsonwire.DecimalText(r.DiscountTotal)),
		slog.String("total", jsonwire.DecimalText(r.Total)),
	)
}

// ReceiptLine is the price of a cart item, without its additional costs.
//
//gen:marshal
type ReceiptLine struct {
	// SKU is the item's stock keeping unit.
	SKU string `json:"sku"`
	// Quantity is the number of remaining units: the bought units minus Returned.
	Quantity int `json:"quantity"`
	// Returned is the number of returned units. They cost nothing.
	Returned int `json:"returned"`
	// Subtotal is Quantity times the price.
	Subtotal decimal.Decimal `json:"subtotal"`
	// Discount is the sum of Discounts.
	Discount decimal.Decimal `json:"discount"`
	// Total is Subtotal minus Discount.
	Total decimal.Decimal `json:"total"`
	// AdditionalCosts are the item's additional costs, by name. Nil if it has none. Each counts once a line, or once a unit if
	// the session's total of them implies it: see [talonone.CustomerSessionV2.ComputeTotals].
	AdditionalCosts map[string]ReceiptCost `json:"additionalCosts"`
	// Discounts are the discounts on the item or on one of its units, in the order of the effects. A discount with the scope
	// "additionalCosts" that names no cost is here too.
	Discounts []ReceiptDiscount `json:"discounts"`
}

// ReceiptCost is an additional cost of the session or of a cart item.
//
//gen:marshal
type ReceiptCost struct {
	// Subtotal is the cost. The cost of an item is multiplied by Quantity if it counts once a unit, and is zero if all units
	// were returned.
	Subtotal decimal.Decimal `json:"subtotal"`
	// Discount is the sum of Discounts.
	Discount decimal.Decimal `json:"discount"`
	// Total is Subtotal minus Discount.
	Total decimal.Decimal `json:"total"`
	// Discounts are the discounts on this cost, in the order of the effects.
	Discounts []ReceiptDiscount `json:"discounts"`
}

// ReceiptDiscount is the discount of one effect. There is one for each discount effect, even if all of it was rolled back.
//
//gen:marshal
type ReceiptDiscount struct {
	// EffectIndex is the index of the effect in the list passed to [NewReceipt].
	EffectIndex int `json:"effectIndex"`
	// Name is the name of the discount.
	Name string `json:"name"`
	// Scope is the scope of the effect, or empty if the effect has none.
	Scope DiscountScope `json:"scope"`
	// Unit is the index of the item's unit, counted from 0 over the bought units. -1 means the whole line, or a discount that
	// is not on a line.
	Unit int `json:"unit"`
	// Amount is the discount minus what was rolled back.
	Amount decimal.Decimal `json:"amount"`
}

// The reasons why [NewReceipt] fails. A [*ReceiptError] wraps one of them, or [talonone.ErrOutOfRange] for an amount of more
// than 1024 characters in plain notation.
var (
	// ErrNoSession is a nil session. Ask for the session with [ContentCustomerSession] in an update or return. A reopening
	// cannot ask for it, so read the session with GetCustomerSession.
	ErrNoSession = errors.New("there is no session: ask for ContentCustomerSession, or after a reopening read the session with GetCustomerSession")
	// ErrNoPrice is a cart item without a price.
	ErrNoPrice = errors.New("the item has no price")
	// ErrReturnedQuantity is a cart item whose Quantity, ReturnedQuantity and RemainingQuantity contradict each other.
	ErrReturnedQuantity = errors.New("the returned and remaining quantities do not add up to the quantity")
	// ErrNoTarget is an effect on a line, a unit or an additional cost that the session does not have.
	ErrNoTarget = errors.New("the session has nothing there")
	// ErrUnreadDiscount is a discount effect whose props do not fit its type, for example because the amount or the position is
	// missing. An effect of an unknown type with "discount" in its name gives this error too.
	ErrUnreadDiscount = errors.New("the discount cannot be read")
	// ErrNothingToRollBack is a rollback of a discount that is not in the list, or of more than its remaining amount. The
	// answer to a return, a reopening or a cancellation lists what was rolled back, not what still applies. Make the receipt
	// from the answer of GetCustomerSession instead.
	ErrNothingToRollBack = errors.New("the list has no such discount to roll back: after a return or a reopening, read the session with GetCustomerSession")
)

// A ReceiptError says why [NewReceipt] failed. Its text is for people and may change.
type ReceiptError struct {
	// EffectIndex is the index of the effect that causes the error, or -1.
	EffectIndex int
	// ItemIndex is the index of the cart item that causes the error, or -1.
	ItemIndex int
	// Path is a JSON Pointer (RFC 6901) to the bad value: in the session, or in the effects if it begins with "/effects".
	Path string
	// Err wraps one of [ErrNoSession], [ErrNoPrice], [ErrReturnedQuantity], [ErrNoTarget], [ErrUnreadDiscount],
	// [ErrNothingToRollBack] and [talonone.ErrOutOfRange].
	Err error
}

// Error names the location, by the index of the effect or of the item, and the reason.
func (e *ReceiptError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("integration: receipt: %v", e.Err)
	}
	const most = 256 // of a path: a name in it may be of any length
	path, rest := e.Path, ""
	if len(path) > most {
		path, rest = path[:most], "..."
	}
	return fmt.Sprintf("integration: receipt: %q%s: %v", path, rest, e.Err)
}

// Unwrap returns Err.
func (e *ReceiptError) Unwrap() error { return e.Err }

func effectError(index int, member string, err error) error {
	return &ReceiptError{EffectIndex: index, ItemIndex: -1, Path: "/effects/" + strconv.Itoa(index) + member, Err: err}
}

// wholeLine is the Unit of a discount that is not on a single unit.
const wholeLine = netting.Whole

// NewReceipt applies every discount effect to the session, exactly. It does not change its arguments.
//
// The discounts are [SetDiscount] (on the session as a whole), [SetDiscountPerItem] (on a line or a unit of it),
// [SetDiscountPerAdditionalCost] (on one of the session's costs) and [SetDiscountPerAdditionalCostPerItem] (on one of a line's
// costs). Every discount in the list counts, even if two have the same name, and their order does not matter. A position is an
// index in CartItems. Other effects are ignored.
//
// A [RollbackDiscount] undoes the discounts in the list with the same name, line, unit, additional cost and scope. If it does
// not name the unit or the scope, it first undoes the discounts that do not name it either, then the others, both in the order
// of the effects. If it is larger than these discounts together, that is an error.
//
// Returned units cost nothing. Units are numbered from 0 over the bought units and keep their numbers, so a discount may still
// be on a returned unit. A line's additional costs count while a unit of the line remains. The session's always count. After a
// return, pass the session and the effects from GetCustomerSession. The Total of that receipt is what the customer pays in the
// end, and the refund is the difference to the receipt before the return. The answer to the return itself lists only what was
// rolled back, so a rollback in a partially_returned session is refused.
//
// A discount that is larger than the amount it applies to is not reduced; see [Receipt.Overdiscounted].
//
// The error is a [*ReceiptError], for a nil session, an item without a price, an item whose returned and remaining quantities
// contradict its quantity, an effect on a line, unit or cost that the session does not have, a discount that cannot be read, a
// rollback that is larger than the discounts it undoes, or an amount of more than 1024 characters in plain notation.
func NewReceipt(s *talonone.CustomerSessionV2, effects []Effect) (*Receipt, error) {
	if s == nil {
		return nil, &ReceiptError{EffectIndex: -1, ItemIndex: -1, Err: ErrNoSession}
	}
	b, err := newReceiptBuilder(s)
	if err != nil {
		return nil, err
	}
	var rollbacks []rollback
	for i, e := range effects {
		if e.Props != nil && isNil(e.Props) {
			return nil, effectError(i, "/props", ErrUnreadDiscount)
		}
		if p, ok := e.Props.(*RollbackDiscount); ok {
			if s.State == talonone.StatePartiallyReturned {
				return nil, effectError(i, "/props", ErrNothingToRollBack)
			}
			rollbacks = append(rollbacks, rollback{i, p})
		} else if err := b.discount(i, e); err != nil {
			return nil, err
		}
	}
	if len(rollbacks) > 0 {
		if err := b.rollBack(rollbacks, effects); err != nil {
			return nil, err
		}
	}
	return b.receipt(), nil
}

// receiptBuilder is a receipt under construction. It keeps pointers to the costs, because a struct in a map cannot be changed
// in place.
type receiptBuilder struct {
	lines     []ReceiptLine
	units     []unitPrices              // by line
	lineCosts []map[string]*ReceiptCost // by line
	costs     map[string]*ReceiptCost
	discounts []ReceiptDiscount
}

// unitPrices has the data of a line that the receipt does not keep.
type unitPrices struct {
	bought int // units, also those that were returned
	price  decimal.Decimal
	costs  map[string]decimal.Decimal // nil where the costs count once a line
}

// newReceiptBuilder returns a builder with the costs of the session before discounts.
func newReceiptBuilder(s *talonone.CustomerSessionV2) (*receiptBuilder, error) {
	b := &receiptBuilder{
		lines:     make([]ReceiptLine, len(s.CartItems)),
		units:     make([]unitPrices, len(s.CartItems)),
		lineCosts: make([]map[string]*ReceiptCost, len(s.CartItems)),
	}
	var costs decimal.Decimal // of all items
	for i := range s.CartItems {
		item, path := &s.CartItems[i], "/cartItems/"+strconv.Itoa(i)
		refuse := func(member string, err error) error {
			return &ReceiptError{EffectIndex: -1, ItemIndex: i, Path: path + member, Err: err}
		}
		if item.Price == nil {
			return nil, refuse("/price", ErrNoPrice)
		}
		price, err := checkedAmount(*item.Price)
		if err != nil {
			return nil, refuse("/price", err)
		}
		left, returned, wrong := quantities(item)
		if wrong != "" {
			return nil, refuse(wrong, ErrReturnedQuantity)
		}
		b.units[i] = unitPrices{bought: item.Quantity, price: price}
		b.lines[i] = ReceiptLine{SKU: item.SKU, Quantity: left, Returned: returned, Subtotal: times(price, left)}
		if b.lineCosts[i], err = receiptCosts(item.AdditionalCosts, i, path); err != nil {
			return nil, err
		}
		for _, cost := range b.lineCosts[i] {
			costs = costs.Add(cost.Subtotal)
		}
	}
	// ComputeTotals decides whether costs count once a line or once a unit.
	onceAUnit := s.CartItemAdditionalCostTotal != nil && !s.ComputeTotals().CartItemAdditionalCostTotal.Equal(costs)
	for i := range b.lines {
		b.countCosts(i, onceAUnit)
	}
	var err error
	b.costs, err = receiptCosts(s.AdditionalCosts, -1, "")
	return b, err
}

// quantities returns how many units of an item remain and how many were returned, or the member that contradicts the others.
func quantities(item *talonone.CartItem) (left, returned int, wrong string) {
	possible := func(n int) bool { return 0 <= n && n <= item.Quantity }
	left = item.Quantity
	if item.ReturnedQuantity != nil {
		if returned = *item.ReturnedQuantity; returned != 0 && !possible(returned) {
			return 0, 0, "/returnedQuantity"
		}
		left -= returned
		if item.RemainingQuantity != nil && *item.RemainingQuantity != left {
			return 0, 0, "/remainingQuantity"
		}
	} else if item.RemainingQuantity != nil {
		if left = *item.RemainingQuantity; left != item.Quantity && !possible(left) {
			return 0, 0, "/remainingQuantity"
		}
		returned = item.Quantity - left
	}
	return left, returned, ""
}

// countCosts multiplies the costs of a line by the number of times they count.
func (b *receiptBuilder) countCosts(i int, onceAUnit bool) {
	line := &b.lines[i]
	count := 1
	if line.Returned > 0 && line.Quantity == 0 {
		count = 0
	}
	if onceAUnit {
		count = line.Quantity
		b.units[i].costs = make(map[string]decimal.Decimal, len(b.lineCosts[i]))
	}
	for name, cost := range b.lineCosts[i] {
		if onceAUnit {
			b.units[i].costs[name] = cost.Subtotal
		}
		cost.Subtotal = times(cost.Subtotal, count)
	}
}

func times(amount decimal.Decimal, n int) decimal.Decimal {
	return decimal.New(int64(n), 0).Mul(amount)
}

// receiptCosts returns the additional costs of the item or session at path.
func receiptCosts(costs map[string]talonone.AdditionalCost, item int, path string) (map[string]*ReceiptCost, error) {
	if len(costs) == 0 {
		return nil, nil
	}
	m := make(map[string]*ReceiptCost, len(costs))
	for _, name := range slices.Sorted(maps.Keys(costs)) {
		price, err := checkedAmount(costs[name].Price)
		if err != nil {
			return nil, &ReceiptError{EffectIndex: -1, ItemIndex: item, Path: costPath(path, name) + "/price", Err: err}
		}
		m[name] = &ReceiptCost{Subtotal: price}
	}
	return m, nil
}

// costPath returns the JSON Pointer of an additional cost of the item or session at path.
func costPath(path, name string) string {
	return string(jsonwire.AppendPointer([]byte(path+"/additionalCosts"), name))
}

// checkedAmount returns d if a response could contain it. Calculating with any other amount could take too long.
func checkedAmount(d decimal.Decimal) (decimal.Decimal, error) {
	if d, ok := jsonwire.Bounded(d); ok {
		return d, nil
	}
	return decimal.Decimal{}, fmt.Errorf("%w: an amount of more than 1024 characters in plain notation", talonone.ErrOutOfRange)
}

// discount adds the discount of an effect.
func (b *receiptBuilder) discount(index int, e Effect) error {
	entry := ReceiptDiscount{EffectIndex: index, Unit: wholeLine}
	switch p := e.Props.(type) {
	case *SetDiscount:
		entry.Name, entry.Scope, entry.Amount = p.Name, p.Scope, p.Value
		return put(entry, &b.discounts)
	case *SetDiscountPerItem:
		if err := b.checkUnit(index, "/props/position", p.Position, "/props/subPosition", p.SubPosition); err != nil {
			return err
		}
		entry.Name, entry.Scope, entry.Amount, entry.Unit = p.Name, p.Scope, p.Value, unitOf(p.SubPosition)
		return put(entry, &b.lines[p.Position].Discounts)
	case *SetDiscountPerAdditionalCost:
		cost, err := costOf(index, b.costs, p.AdditionalCost)
		if err != nil {
			return err
		}
		entry.Name, entry.Amount = p.Name, p.Value
		return put(entry, &cost.Discounts)
	case *SetDiscountPerAdditionalCostPerItem:
		if err := b.checkUnit(index, "/props/position", p.Position, "/props/subPosition", p.SubPosition); err != nil {
			return err
		}
		cost, err := costOf(index, b.lineCosts[p.Position], p.AdditionalCost)
		if err != nil {
			return err
		}
		entry.Name, entry.Amount, entry.Unit = p.Name, p.Value, unitOf(p.SubPosition)
		return put(entry, &cost.Discounts)
	}
	// An effect without a type may be a discount, so it is not ignored.
	name, ok := effectType(e.Props)
	if isDiscount(e.Type) || isDiscount(name) || e.Type == "" && e.Props != nil && !ok {
		return unread(index, e.Props)
	}
	return nil
}

// isDiscount reports whether a type of effect is a discount. It looks at the name, to find discounts of a newer API too.
func isDiscount(effectType string) bool {
	return strings.Contains(strings.ToLower(effectType), "discount")
}

// unread returns the error for a discount that cannot be read. Its path is that of the bad member, if there is one.
func unread(index int, p EffectProps) error {
	u, ok := p.(*UnknownEffect)
	if !ok || u.Err == nil {
		return effectError(index, "/props", ErrUnreadDiscount)
	}
	path := "/props"
	if e, ok := errors.AsType[*talonone.DecodeError](u.Err); ok {
		path += e.Path
	}
	return effectError(index, path, fmt.Errorf("%w: %w", ErrUnreadDiscount, u.Err))
}

// put adds a discount to a list.
func put(entry ReceiptDiscount, list *[]ReceiptDiscount) (err error) {
	if entry.Amount, err = checkedAmount(entry.Amount); err != nil {
		return effectError(entry.EffectIndex, "/props/value", err)
	}
	*list = append(*list, entry)
	return nil
}

// checkUnit returns an error if the cart has no such line or the line no such unit. lineMember and unitMember are the paths of
// the members that name them.
func (b *receiptBuilder) checkUnit(index int, lineMember string, line int, unitMember string, unit *int) error {
	if line < 0 || line >= len(b.lines) {
		return effectError(index, lineMember, fmt.Errorf("%w: no such line", ErrNoTarget))
	}
	if unit != nil && (*unit < 0 || *unit >= b.units[line].bought) {
		return effectError(index, unitMember, fmt.Errorf("%w: no such unit", ErrNoTarget))
	}
	return nil
}

func unitOf(subPosition *int) int {
	if subPosition == nil {
		return wholeLine
	}
	return *subPosition
}

func costOf(index int, costs map[string]*ReceiptCost, name string) (*ReceiptCost, error) {
	cost := costs[name]
	if cost == nil {
		return nil, effectError(index, "/props/additionalCost", fmt.Errorf("%w: no such additional cost", ErrNoTarget))
	}
	return cost, nil
}

// receipt computes the sums.
func (b *receiptBuilder) receipt() *Receipt {
	r := &Receipt{Lines: b.lines, Discounts: b.discounts}
	for i := range r.Lines {
		line := &r.Lines[i]
		line.Discount, line.Total = settle(line.Subtotal, line.Discounts)
		r.Subtotal, r.Total = r.Subtotal.Add(line.Subtotal), r.Total.Add(line.Total)
		line.AdditionalCosts = r.addCosts(b.lineCosts[i])
	}
	r.AdditionalCosts = r.addCosts(b.costs)
	for _, d := range r.Discounts {
		r.Total = r.Total.Sub(d.Amount)
	}
	r.DiscountTotal = r.Subtotal.Sub(r.Total)
	r.unitExcess = b.unitExcess(r)
	return r
}

// addCosts computes the totals of costs and adds them to the receipt.
func (r *Receipt) addCosts(costs map[string]*ReceiptCost) map[string]ReceiptCost {
	if costs == nil {
		return nil
	}
	m := make(map[string]ReceiptCost, len(costs))
	for name, cost := range costs {
		cost.Discount, cost.Total = settle(cost.Subtotal, cost.Discounts)
		r.Subtotal, r.Total = r.Subtotal.Add(cost.Subtotal), r.Total.Add(cost.Total)
		m[name] = *cost
	}
	return m
}

// settle returns the sum of the discounts, and the subtotal minus that sum.
func settle(subtotal decimal.Decimal, discounts []ReceiptDiscount) (discount, total decimal.Decimal) {
	for _, d := range discounts {
		discount = discount.Add(d.Amount)
	}
	return discount, subtotal.Sub(discount)
}
