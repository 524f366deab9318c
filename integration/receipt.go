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

// The order of this file: the receipt and its parts; its errors; NewReceipt and the builder, which takes the lines and costs
// of the session, then the discounts of the effects, and adds up. receipt_rollback.go takes from these discounts what was
// rolled back, receipt_round.go rounds, receipt_overdiscounted.go looks for discounts that are too large, receipt_json.go
// writes JSON. Until NewReceipt returns it, only the builder changes a receipt.

// Receipt says what a session costs: before discounts, what which effect takes off where, and what is left to pay. All
// amounts are exact, in the Application's currency; [Receipt.Round] makes them payable.
//
// A cost stands in one place only. The receipt's Subtotal is the sum of all lines, of all their additional costs and of the
// session's additional costs; a line's Subtotal does not have its additional costs in it. DiscountTotal is the sum of the
// discounts of all these and of those on the session as a whole. In each part, and in the receipt, Total is Subtotal less the
// discount.
//
// [Receipt.MarshalJSON] says what it looks like in JSON.
//
//gen:marshal
type Receipt struct {
	// Lines has one line for each of the session's cart items, in their order.
	Lines []ReceiptLine `json:"lines"`
	// AdditionalCosts are the session's additional costs, by name. Nil if it has none.
	AdditionalCosts map[string]ReceiptCost `json:"additionalCosts"`
	// Discounts are those on the session as a whole, whatever their scope, in the order of the effects.
	Discounts []ReceiptDiscount `json:"discounts"`
	// Subtotal is what everything costs before discounts.
	Subtotal decimal.Decimal `json:"subtotal"`
	// DiscountTotal is what is taken off.
	DiscountTotal decimal.Decimal `json:"discountTotal"`
	// Total is what is left to pay. It is negative where more is taken off than there is: see [Receipt.Payable].
	Total decimal.Decimal `json:"total"`

	// unitExcess has what the discounts on one unit exceed, by the pointers of Overdiscounted: the prices of units are not in
	// the receipt. Of several units, the largest excess counts.
	unitExcess map[string]decimal.Decimal
}

// Payable returns Total, but nothing below zero: nobody is paid for buying. A shop charges
// receipt.Round(2).Payable().
func (r Receipt) Payable() decimal.Decimal {
	if r.Total.IsNegative() {
		return decimal.Decimal{}
	}
	return r.Total
}

// LogValue returns what may stand in a log: the number of lines and the amounts of the receipt as a whole.
func (r Receipt) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Int("lines", len(r.Lines)),
		slog.String("subtotal", jsonwire.DecimalText(r.Subtotal)),
		slog.String("discountTotal", jsonwire.DecimalText(r.DiscountTotal)),
		slog.String("total", jsonwire.DecimalText(r.Total)),
	)
}

// ReceiptLine is what a cart item costs, without its additional costs.
//
//gen:marshal
type ReceiptLine struct {
	// SKU is the item's stock keeping unit.
	SKU string `json:"sku"`
	// Quantity is how many units are left: those that were bought, less those in Returned.
	Quantity int `json:"quantity"`
	// Returned is how many units came back. They cost nothing.
	Returned int `json:"returned"`
	// Subtotal is Quantity times the price.
	Subtotal decimal.Decimal `json:"subtotal"`
	// Discount is the sum of Discounts.
	Discount decimal.Decimal `json:"discount"`
	// Total is Subtotal less Discount.
	Total decimal.Decimal `json:"total"`
	// AdditionalCosts are the item's additional costs, by name. Nil if it has none. Each counts once a line, or once a unit
	// where the session's total of them says so: see [talonone.CustomerSessionV2.ComputeTotals].
	AdditionalCosts map[string]ReceiptCost `json:"additionalCosts"`
	// Discounts are those on the item or on one of its units, in the order of the effects. One of the scope
	// "additionalCosts" that names no cost stands here too.
	Discounts []ReceiptDiscount `json:"discounts"`
}

// ReceiptCost is an additional cost of the session or of a cart item.
//
//gen:marshal
type ReceiptCost struct {
	// Subtotal is the cost: of an item, times Quantity where it counts once a unit, and zero where all units were returned.
	Subtotal decimal.Decimal `json:"subtotal"`
	// Discount is the sum of Discounts.
	Discount decimal.Decimal `json:"discount"`
	// Total is Subtotal less Discount.
	Total decimal.Decimal `json:"total"`
	// Discounts are those on this cost, in the order of the effects.
	Discounts []ReceiptDiscount `json:"discounts"`
}

// ReceiptDiscount is what one effect takes off in one place. There is one for each discount effect, also where all of it
// was rolled back.
//
//gen:marshal
type ReceiptDiscount struct {
	// EffectIndex is the index of the effect in the list that [NewReceipt] was given.
	EffectIndex int `json:"effectIndex"`
	// Name is the name of the discount.
	Name string `json:"name"`
	// Scope is what the effect says that it applies to, empty where it does not say.
	Scope DiscountScope `json:"scope"`
	// Unit is the unit of the item, from 0 over the units that were bought; -1 is the whole line, or no line at all.
	Unit int `json:"unit"`
	// Amount is what is taken off, less what was rolled back.
	Amount decimal.Decimal `json:"amount"`
}

// The reasons for which there is no receipt. A [*ReceiptError] wraps one of them, or [talonone.ErrOutOfRange] for an amount
// of more than 1024 characters in plain notation.
var (
	// ErrNoSession is a session that is nil: the update or return did not ask for it with [ContentCustomerSession]. A
	// reopening cannot ask for it, so read the session with GetCustomerSession.
	ErrNoSession = errors.New("there is no session: ask for ContentCustomerSession, or after a reopening read the session with GetCustomerSession")
	// ErrNoPrice is a cart item without a price.
	ErrNoPrice = errors.New("the item has no price")
	// ErrReturnedQuantity is a cart item whose ReturnedQuantity or RemainingQuantity contradicts its Quantity, or the one the
	// other.
	ErrReturnedQuantity = errors.New("the returned and remaining quantities do not add up to the quantity")
	// ErrNoTarget is an effect that points at a line, a unit or an additional cost that the session does not have.
	ErrNoTarget = errors.New("the session has nothing there")
	// ErrUnreadDiscount is an effect whose type is a discount and whose props are not those of that type: what says how much or
	// where is missing, say. So is an effect of a type that this version does not know and that has "discount" in its name.
	ErrUnreadDiscount = errors.New("the discount cannot be read")
	// ErrNothingToRollBack is a rollback of a discount that is not in the list, or of more than is left of it. A return, a
	// reopening and an update that cancels answer with what they undid, not with what still holds: make the receipt from
	// the answer of GetCustomerSession.
	ErrNothingToRollBack = errors.New("the list has no such discount to roll back: after a return or a reopening, read the session with GetCustomerSession")
)

// A ReceiptError says why there is no receipt. Its text is for people and may change.
type ReceiptError struct {
	// EffectIndex is the index of the effect that is to blame, or -1.
	EffectIndex int
	// ItemIndex is the index of the cart item that is to blame, or -1.
	ItemIndex int
	// Path is a JSON Pointer (RFC 6901) to what is to blame: in the session, or below "/effects" to an effect.
	Path string
	// Err wraps one of [ErrNoSession], [ErrNoPrice], [ErrReturnedQuantity], [ErrNoTarget], [ErrUnreadDiscount],
	// [ErrNothingToRollBack] and [talonone.ErrOutOfRange].
	Err error
}

// Error names the place, by the index of the effect or of the item, and the reason.
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

// wholeLine is the Unit of a discount that is not for one unit.
const wholeLine = netting.Whole

// NewReceipt applies every discount effect to the session, exactly. It changes neither argument.
//
// The discounts are [SetDiscount] (on the session as a whole), [SetDiscountPerItem] (on a line or a unit of it),
// [SetDiscountPerAdditionalCost] (on one of the session's costs) and [SetDiscountPerAdditionalCostPerItem] (on one of a
// line's costs). Every one in the list counts, two of one name too, and their order does not matter. A position is an
// index in CartItems. Other effects are passed over.
//
// A [RollbackDiscount] undoes the discounts in the list that have its name, line, unit, additional cost and scope. Where it leaves
// the unit or the scope open, the discounts that leave them open too come first, then the others, each time in the order of the
// effects. What is left of it is an error.
//
// Units that were returned cost nothing, and a unit keeps its number: units count from 0 over what was bought, so a discount
// may still point at one that came back. A line's additional costs count as long as a unit of it is left, the session's
// always. After a return, take the session and the effects that GetCustomerSession answers with: that receipt is what the
// customer pays in the end, and the refund is what it is lower than the receipt before. The list of the return itself has
// only what was undone, so a rollback in a session that is partially_returned is refused.
//
// A discount that is larger than what it applies to is kept as it is; see [Receipt.Overdiscounted].
//
// The error is a [*ReceiptError]: of an item without a price, of one whose returned and remaining quantities contradict its
// quantity, of an effect that points at a line, unit or cost that the session does not have, of a discount that could not be
// read, of a rollback that finds less than it takes, or of an amount of more than 1024 characters in plain notation.
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

// receiptBuilder is a receipt while discounts are put in. Its costs stay apart until the end: a value in a map cannot be
// changed in place.
type receiptBuilder struct {
	lines     []ReceiptLine
	units     []unitPrices              // by line
	lineCosts []map[string]*ReceiptCost // by line
	costs     map[string]*ReceiptCost
	discounts []ReceiptDiscount
}

// unitPrices is what a receipt does not have of a line.
type unitPrices struct {
	bought int // units, also those that were returned
	price  decimal.Decimal
	costs  map[string]decimal.Decimal // nil where the costs count once a line
}

// newReceiptBuilder puts in what the session costs before discounts.
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
	// ComputeTotals decides how they count.
	onceAUnit := s.CartItemAdditionalCostTotal != nil && !s.ComputeTotals().CartItemAdditionalCostTotal.Equal(costs)
	for i := range b.lines {
		b.countCosts(i, onceAUnit)
	}
	var err error
	b.costs, err = receiptCosts(s.AdditionalCosts, -1, "")
	return b, err
}

// quantities returns how many units of an item are left and how many came back, or the member that contradicts the others.
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

// countCosts makes the costs of a line, which are there once, those of the units that are left.
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

// receiptCosts returns the additional costs of an item, or of the session, which stands at path.
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

// costPath returns the JSON Pointer of an additional cost of what stands at path.
func costPath(path, name string) string {
	return string(jsonwire.AppendPointer([]byte(path+"/additionalCosts"), name))
}

// checkedAmount returns d if it is one that a response could have held: anything else would take long to calculate with.
func checkedAmount(d decimal.Decimal) (decimal.Decimal, error) {
	if d, ok := jsonwire.Bounded(d); ok {
		return d, nil
	}
	return decimal.Decimal{}, fmt.Errorf("%w: an amount of more than 1024 characters in plain notation", talonone.ErrOutOfRange)
}

// discount puts in what an effect takes off.
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
	// What does not say its type may be a discount.
	name, ok := effectType(e.Props)
	if isDiscount(e.Type) || isDiscount(name) || e.Type == "" && e.Props != nil && !ok {
		return unread(index, e.Props)
	}
	return nil
}

// isDiscount reports whether a type of effect changes what is left to pay: known ones and, by their name, those of a newer API.
func isDiscount(effectType string) bool {
	return strings.Contains(strings.ToLower(effectType), "discount")
}

// unread returns the error for a discount that cannot be read. Its path is that of the member at fault, if one is.
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

// checkUnit returns an error if the cart has no such line or the line no such unit. The members are those that name them.
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

// receipt adds everything up.
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

// addCosts settles costs and adds them to the receipt.
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

// settle returns the sum of the discounts, and what they leave of the subtotal.
func settle(subtotal decimal.Decimal, discounts []ReceiptDiscount) (discount, total decimal.Decimal) {
	for _, d := range discounts {
		discount = discount.Add(d.Amount)
	}
	return discount, subtotal.Sub(discount)
}
