// Package talonone has the customer session of Talon.One's Integration API: its models, their exact JSON, its states, the
// API's limits and its totals. It does no I/O. The client is in package integration, and a server to test against in
// integration/integrationtest.
//
// It is not made or supported by Talon.One.
//
// # Sessions
//
// A [CustomerSessionV2] is what the API answers, a [CustomerSessionUpdate] what a caller sends. A shop fills the cart,
// checks it, and sends the update:
//
//	session := talonone.CustomerSessionV2{
//		IntegrationID: "order-1001",
//		CartItems: []talonone.CartItem{
//			{SKU: "AUDIO-WH350", Quantity: 2, Price: new(decimal.RequireFromString("79.90"))},
//		},
//	}
//	if err := session.Validate(); err != nil {
//		return err // every rule that is broken, each with its place
//	}
//	body, err := session.Update().MarshalJSON()
//
// In an update nil keeps what the session has and empty is sent, for the API reads "couponCodes": [] as "drop them".
//
// # Amounts
//
// Every amount is a [decimal.Decimal] and never passes through a float: 19999999.99 stays 19999999.99, and 5.50 stays
// 5.50. Optional amounts are pointers, so that none and zero differ. The package neither sets nor reads the global
// settings of package decimal, and writes the same bytes whatever they are; only types of the caller's own, in [Attributes],
// are written by their own methods. To show an amount use its StringFixed: String, and so fmt.Println, shows 5.50 as 5.5.
//
// # JSON
//
// Every model has MarshalJSON, UnmarshalJSON and AppendJSON, the direct path, which appends to a buffer of the caller. They
// follow RFC 8259 strictly, and know what to do with what they do not know: members that this version has no field for
// are kept byte for byte in Extra and written again, and so is a state that it does not know. None of the API's members is
// demanded, since recorded responses lack even some that the reference calls required. A JSON null leaves a model as it was.
//
// The models bring their own codec, because encoding/json has four gaps where JSON is money:
//
//   - it lets the last of two equal names win: {"total": 1, "total": 2} is 2. Here it is an [ErrDuplicateName].
//   - it matches names without regard to case: "TOTAL" sets the total. Here it is a member of Extra.
//   - it replaces invalid UTF-8 by U+FFFD without a word, so that a coupon code becomes another one. Here it is an
//     [ErrInvalidUTF8], in both directions.
//   - its errors do not say which item is meant: "cartItems.quantity". Here a [DecodeError] has the JSON Pointer
//     "/cartItems/3/quantity" and the offset of the byte.
//
// The package encoding/json/v2 closes all four. It is part of the standard library since Go 1.27, and encoding/json itself says
// since then which item is meant. What the codec of the models does beyond json/v2: it works with Go 1.26, writes an amount as a
// JSON number with all its digits (the methods of package decimal write 5.50 as "5.5", in quotes unless a global variable says
// otherwise), accepts as an amount in a string only what is a JSON number, and keeps unknown members without a field for them in
// your types.
//
// The models may also be used through encoding/json and encoding/json/v2, as part of other types. Their rules hold there too.
// How errors are wrapped is different, json.Marshal of both compacts Extra, and that of encoding/json escapes HTML.
//
// # State
//
// A session is open, closed, partially_returned or cancelled. An update makes some of the moves between them, and others
// need an operation of their own: [State.CanTransitionTo] and [CustomerSessionV2.TransitionTo] know which, and a
// [TransitionError] names the operation that is needed. [State.Via] has the whole table.
//
// # Limits
//
// Validate checks the limits that the API documents, before anything is sent: too many items or units, a quantity of 0, a
// code that is too long. It reports all that is wrong at once: the [ValidationError] holds one [Violation] for each broken
// rule, with a JSON Pointer like the one in the API's own errors, and errors.Is finds the rule:
//
//	if errors.Is(err, talonone.ErrFlattenedQuantityExceeded) {
//		// more than 10,000 units
//	}
//
// # Totals
//
// [CustomerSessionV2.ComputeTotals] adds up the cart exactly, before discounts. [CustomerSessionV2.CheckTotals] and
// [CustomerSessionV2.CheckTotalsWithin] compare that with what the server said.
//
// # Errors
//
// Errors are values to be matched with errors.Is and errors.AsType. Their text is for people: it may change, and it shows
// no code, identifier or payload. What it does show is the path with the names in it, such as that of an attribute, the
// beginning of a state that is none, and amounts where totals differ.
//
// # Concurrency
//
// The package has no state of its own that a program could change. A model may be read by any number of goroutines at once,
// encoded, compared and copied, but not while one of them changes it. Clone makes a copy that shares nothing with the
// original; for what stands in attributes see [Attributes.Clone].
//
// # Compatibility
//
// The API grows every few weeks. Fields and states are added in minor releases, so use keyed literals, and give a switch over
// states a default.
package talonone
