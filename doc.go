// Package talonone has the customer session of Talon.One's Integration API: its models, their exact JSON, its states, the
// API's limits and its totals. It does no I/O. The client is in package integration, and a server to test against in
// integration/integrationtest.
//
// It is not made or supported by Talon.One.
//
// # Sessions
//
// The API returns a [CustomerSessionV2], and a caller sends a [CustomerSessionUpdate]. A shop fills the cart, checks it, and
// sends the update:
//
//	session := talonone.CustomerSessionV2{
//		IntegrationID: "order-1001",
//		CartItems: []talonone.CartItem{
//			{SKU: "AUDIO-WH350", Quantity: 2, Price: new(decimal.RequireFromString("79.90"))},
//		},
//	}
//	if err := session.Validate(); err != nil {
//		return err // lists every broken rule with its location
//	}
//	body, err := session.Update().MarshalJSON()
//
// In an update a nil field keeps the session's value. An empty list is sent, because the API reads "couponCodes": [] as "drop
// them".
//
// # Amounts
//
// Every amount is a [decimal.Decimal] and never passes through a float: 19999999.99 stays 19999999.99, and 5.50 stays 5.50.
// Optional amounts are pointers, so a missing amount and zero differ. The package neither sets nor reads the global settings of
// package decimal, so they do not change what it writes. The exception is a type of your own in [Attributes], which its own
// methods write. To show an amount, use its StringFixed method. String and fmt.Println show 5.50 as 5.5.
//
// # JSON
//
// Every model has MarshalJSON, UnmarshalJSON and AppendJSON. AppendJSON appends to the caller's buffer and is the fastest way
// to encode. All three follow RFC 8259 strictly. Members without a field in this version are kept byte for byte in Extra and
// written again. An unknown state is kept too. Decoding demands no member, because recorded responses lack even some members
// that the reference calls required. A JSON null leaves a model as it was.
//
// The models have their own codec, because encoding/json has four gaps that matter for money:
//
//   - it lets the last of two equal names win: {"total": 1, "total": 2} is 2. Here a duplicate name is an [ErrDuplicateName].
//   - it ignores case in names: "TOTAL" sets the total. Here "TOTAL" is an unknown member and goes to Extra.
//   - it silently replaces invalid UTF-8 by U+FFFD, which turns one coupon code into another. Here invalid UTF-8 is an
//     [ErrInvalidUTF8], in both directions.
//   - its errors do not say which item is wrong: "cartItems.quantity". Here a [DecodeError] has the JSON Pointer
//     "/cartItems/3/quantity" and the byte offset.
//
// The package encoding/json/v2, in the standard library since Go 1.27, closes all four gaps. Since that version the errors of
// encoding/json name the item too. The codec of the models does more than json/v2. It works with Go 1.26. It writes an amount
// as a JSON number with all its digits (the methods of package decimal write 5.50 as "5.5", in quotes unless a global variable
// says otherwise). It accepts an amount in a string only if the string is a JSON number. It keeps unknown members without a
// field for them in your types.
//
// The models also work through encoding/json and encoding/json/v2, as part of other types. The same rules apply there, with
// three differences: errors are wrapped differently, json.Marshal of both packages compacts Extra, and json.Marshal of
// encoding/json escapes HTML.
//
// # State
//
// A session is open, closed, partially_returned or cancelled. An update can make some state changes. Others need a different
// operation. [State.CanTransitionTo] and [CustomerSessionV2.TransitionTo] tell them apart, and a [TransitionError] names the
// operation needed. [State.Via] covers every change.
//
// # Limits
//
// Validate checks the API's documented limits before anything is sent: too many items or units, a quantity of 0, a code that is
// too long. All problems are reported together. The [ValidationError] has one [Violation] for each broken rule, with a JSON
// Pointer like that in the API's own errors. errors.Is finds the rule:
//
//	if errors.Is(err, talonone.ErrFlattenedQuantityExceeded) {
//		// more than 10,000 units
//	}
//
// # Totals
//
// [CustomerSessionV2.ComputeTotals] adds up the cart exactly, before discounts. [CustomerSessionV2.CheckTotals] and
// [CustomerSessionV2.CheckTotalsWithin] compare the result with the server's totals.
//
// # Errors
//
// Match errors with errors.Is and errors.AsType. Their text is for people: it may change, and it shows no code, identifier or
// payload. It shows the path, including names such as those of attributes. It also shows the beginning of an unknown state, and
// the amounts of totals that differ.
//
// # Concurrency
//
// The package has no state that a program can change. Any number of goroutines may read, encode, compare and copy a model at
// once, as long as none of them changes it. Clone makes a copy that shares nothing with the original. For the values of
// attributes see [Attributes.Clone].
//
// # Compatibility
//
// The API grows every few weeks. Fields and states are added in minor releases, so use keyed literals, and give a switch over
// states a default.
package talonone
