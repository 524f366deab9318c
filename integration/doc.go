// Package integration is a client of Talon.One's Integration API, mainly of its customer-session operations. The client retries
// calls, keeps them in order and returns errors that say what is wrong. The package also has the effects of the rules as Go
// types, and computes a receipt from them.
//
// # A client
//
// One [Client] serves a whole program and may be used by any number of goroutines:
//
//	client, err := integration.NewClient("https://mycompany.europe-west1.talon.one", os.Getenv("TALONONE_API_KEY"))
//
// The API key is that of an Application. The client sends it only to the host of the base URL. No error, URL or log of this
// package contains it. Plain http is allowed only to this machine (see [NewClient] and [WithPlainHTTP]). [Option] values change
// timeouts, retries, the transport and other settings. [WithAPIKeyFunc] is for keys that expire.
//
// # A session
//
// A session is a cart that may become an order. The caller chooses its ID. The first update with this ID creates the session.
// Later updates change the members that they contain:
//
//	state, err := client.UpdateCustomerSession(ctx, "order-1234", integration.UpdateRequest{
//		CustomerSession: talonone.CustomerSessionUpdate{
//			ProfileID:   new("customer-7"),
//			CouponCodes: []string{"SUMMER"},
//			CartItems: []talonone.CartItem{
//				{SKU: "shoe", Quantity: 1, Price: new(decimal.RequireFromString("99.90"))},
//			},
//		},
//		ResponseContent: []integration.ResponseContent{integration.ContentCustomerSession},
//	})
//
// The answer, an [IntegrationState], has the effects: what the rules want the shop to do. The answer to an update of an open
// session, or to an update that closes it, lists every effect that applies now; discard earlier answers. The answer to a
// return, a reopening or a cancellation lists only the effects that were rolled back. To get the effects that still apply, read
// the session. Package talonone describes the states of a session. An update closes or cancels it,
// [Client.ReopenCustomerSession] opens a closed session again, [Client.ReturnCartItems] returns items of a closed session, and
// [Client.GetCustomerSession] reads a session.
//
// # Effects and the receipt
//
// The Props of an [Effect] are a pointer to the struct of its type, so a type switch handles them. An effect that this version
// cannot read has an [*UnknownEffect] as its Props. Discounts need no switch. [NewReceipt] subtracts all discounts exactly, and
// [Receipt.Round] rounds the receipt so that its amounts still add up:
//
//	receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
//	if err != nil {
//		return err
//	}
//	fmt.Println("to pay:", receipt.Round(2).Payable().StringFixed(2))
//
// # Other endpoints
//
// [Client.Do] calls any other endpoint of the Integration API, such as that of customer profiles, with the same key, retries
// and errors. It decodes the answer into a struct of yours.
//
// # Errors
//
// A request that breaks a rule is not sent. For an update that breaks a rule the error is a [*talonone.ValidationError]. For
// everything else that this package refuses it is a [*RequestError]. Both name the location. An answer other than 2xx is an
// [*APIError] with the server's whole answer, and matches a sentinel such as [ErrNotFound]:
//
//	if apiErr, ok := errors.AsType[*integration.APIError](err); ok {
//		for _, detail := range apiErr.Errors {
//			fmt.Println(detail.Pointer, detail.Title)
//		}
//	}
//
// A 2xx answer that cannot be used is an [ErrInvalidResponse]. So is an answer without effects or, after a read, without the
// session: otherwise a gateway's own JSON would look like a session without discounts. If no complete answer arrived, the error
// wraps the transport's error (syscall.ECONNREFUSED, for example) and is a [net.Error]. Its Timeout method reports whether the
// answer took too long. If the context of the call ended, errors.Is finds [context.Canceled] or [context.DeadlineExceeded], and
// also the error of the last attempt.
//
// [Unavailable] distinguishes temporary errors from those that somebody has to correct. [WithResponse] shows the status, the
// header and the number of attempts of any call.
//
// Unless the request was refused locally, a failed write may still have taken effect. Read the session, or repeat the call with
// the same idempotency key (see [WithIdempotencyKey]). A return that is repeated with another key may be booked twice.
//
// # Retries
//
// A failed call is repeated, up to three times by default, if that may help: when no complete answer arrived, and on the
// statuses 408, 409, 425, 429 and 5xx. A POST through [Client.Do] is repeated only if it was certainly not carried out. Any
// other failure ends the call, for example 400, 401, 403 and 404, unless [Retry.Decide] says otherwise. The waits grow
// exponentially, with full jitter. Retry-After is obeyed. If a wait would outlast the context's deadline, the call ends at
// once. [Retry] has the details.
//
// All calls of a client share a budget of 50 repeats. Each repeat takes one from the budget. A call that succeeds after repeats
// gives them back, and ten calls that succeed at the first attempt give back one. This keeps an outage from multiplying the
// requests to the API: once the budget is used up, each call is sent once, until calls succeed again.
//
// A repeated write carries the same Idempotency-Key as the first attempt, so a deployment that supports the key does the work
// only once. The API's documents name the key for returns since platform version 26.12, and for updates and reopenings since
// 26.15. [WithIdempotencyKey] chooses the key.
//
// # Order
//
// The API processes the requests for one session one at a time, keeps two waiting and answers 409 to the rest. So a client
// sends its calls for one session one after another, in the order in which they were made. Each call waits until all earlier
// ones have ended, including their repeats. Calls for different sessions never wait for each other. A call whose context ends
// stops waiting. Two clients, or two processes, do not order their calls among each other. [WithParallelUpdates] turns this
// off.
//
// The API may still carry out an attempt that got no answer, even after later calls. Repeat such a call with the same
// [WithIdempotencyKey] until it is answered, and send the next one only then.
//
// # Time
//
// [WithTimeout] limits each attempt, until the last byte of the answer. The context of a call limits the whole call, including
// waits. With the defaults and a context without a deadline, a call takes at most 70 seconds, plus the time that it waits for
// earlier calls for its session.
//
// # Concurrency
//
// Any number of goroutines may use a [Client] and its options at once. Several may read a request, answer, effect or error, as
// long as none of them changes it. Do not change a request until its call has returned.
//
// # Watching
//
// [WithLogger] logs each attempt, without the key, session IDs, bodies or identifiers. [WithMiddleware] wraps the transport for
// metrics and traces. [WithObserver] watches whole calls, including their waits. Module github.com/talonone-go/talonone/otel
// has an [Observer] for OpenTelemetry. A panic in any of these, or in the transport, becomes an error of the call and is not
// retried. To test code that calls the API, use package integrationtest, which provides the API in memory.
package integration
