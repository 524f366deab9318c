// Package integration talks to Talon.One's Integration API, above all its customer-session operations: a client that retries,
// keeps order and says what went wrong, the effects of the rules as Go types, and the receipt that they amount to.
//
// # A client
//
// One [Client] serves a whole program and may be used by any number of goroutines:
//
//	client, err := integration.NewClient("https://mycompany.europe-west1.talon.one", os.Getenv("TALONONE_API_KEY"))
//
// The API key is that of an Application. It is sent only to the host of the base URL, is in no error, no URL and no log of this
// package, and goes over plain http only to this machine (see [NewClient] and [WithPlainHTTP]). [Option] values change
// timeouts, retries, the transport and the rest; [WithAPIKeyFunc] is for keys that expire.
//
// # A session
//
// A session is a cart on its way to an order. The caller chooses its ID; the first update under it creates it, and further
// ones change what they name:
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
// session, or to one that closes it, has all that hold at the time, so what an earlier one said is to be forgotten. The answer
// to a return, a reopening or a cancelling says what it rolled back, and nothing of what still holds: read the session for that.
// The state of a session moves as package talonone describes: an update closes or cancels it, [Client.ReopenCustomerSession]
// opens a closed one again, [Client.ReturnCartItems] gives back items of a closed one, and [Client.GetCustomerSession] reads it.
//
// # Effects and the receipt
//
// Each [Effect] has its Props, a pointer to the struct of its type: a type switch takes them apart, and an [*UnknownEffect]
// stands for what this version cannot read. Discounts need no switch: [NewReceipt] takes all of them off, exactly, and
// [Receipt.Round] makes amounts to pay of it that still add up:
//
//	receipt, err := integration.NewReceipt(state.CustomerSession, state.Effects)
//	if err != nil {
//		return err
//	}
//	fmt.Println("to pay:", receipt.Round(2).Payable().StringFixed(2))
//
// # Other endpoints
//
// [Client.Do] calls any other endpoint of the Integration API, such as that of customer profiles, with the same key, retries and
// errors, and decodes the answer into a struct of yours.
//
// # Errors
//
// A request that breaks a rule is not sent: the error is a [*talonone.ValidationError] for an update, and a [*RequestError]
// for all else that this package refuses. Both say where. An answer other than 2xx is an [*APIError], with all that the
// server said, and one of the sentinels such as [ErrNotFound]:
//
//	if apiErr, ok := errors.AsType[*integration.APIError](err); ok {
//		for _, detail := range apiErr.Errors {
//			fmt.Println(detail.Pointer, detail.Title)
//		}
//	}
//
// A 2xx answer that cannot be used is an [ErrInvalidResponse]. So is one without the effects or, after a read, without the
// session: the JSON of a gateway is no session without discounts. Where no whole answer came, the error wraps what the transport
// said (a syscall.ECONNREFUSED, say) and is a [net.Error], whose Timeout method tells whether it took too long. If the
// context of the call ended, errors.Is finds [context.Canceled] or [context.DeadlineExceeded], and what the last attempt said.
//
// [Unavailable] tells the errors that pass by themselves from those that somebody has to correct. [WithResponse] shows the status,
// the header and the number of attempts of any call.
//
// After any of these but a refusal, a writing call may have had its effect or not. Read the session, or repeat the call with
// the key of the first one, for which [WithIdempotencyKey] is: a return that is repeated with another may be booked twice.
//
// # Retries
//
// A call is repeated, up to three times by default, where that may help: when no whole answer came, and on the statuses 408,
// 409, 425, 429 and 5xx. A POST through [Client.Do] is repeated only if it was certainly not carried out. All else ends a
// call, above all 400, 401, 403 and 404, unless [Retry.Decide] says otherwise. The waits grow exponentially, with full
// jitter, and a Retry-After is obeyed; a wait that would outlast the context's deadline is not begun. [Retry] has the
// details.
//
// All calls of a client share a budget of 50 repeats. Each repeat takes one, a call that succeeds in the end gives back what
// it took, and ten that succeed at once give back one. So an outage does not multiply the requests that the API gets:
// once the budget is used up, each call is sent once, until calls succeed again.
//
// A repeated write carries the same Idempotency-Key as the first attempt, so that a deployment which honours it does not do
// the work twice. The API's documents name it for returns since platform version 26.12, for updates and reopenings since
// 26.15. [WithIdempotencyKey] chooses the key.
//
// # Order
//
// The API processes the requests for one session one at a time, keeps two waiting and answers 409 to the rest. So a client
// sends its calls for one session one after another, in the order in which they were made: each waits until all before
// it have ended, with their repeats. Calls for different sessions never wait for each other. A caller whose context ends
// leaves the line. Two clients, or two processes, know nothing of each other's calls. [WithParallelUpdates] turns this off.
//
// The API may still carry out an attempt that got no answer, and later than calls that were sent after it. Repeat such a call with
// the same [WithIdempotencyKey] until it is answered, before you send the next one.
//
// # Time
//
// [WithTimeout] bounds each attempt, to the last byte of the answer; the context of a call bounds all of it, waits
// included. A call with the defaults and a context without a deadline may take 70 seconds at worst, and longer if others
// for its session go before.
//
// # Concurrency
//
// A [Client] and its options may be used by any number of goroutines at once. Requests, answers, effects and errors may be read
// by several, but not while one of them changes the value; nothing of a request may change until its call has returned.
//
// # Watching
//
// [WithLogger] logs each attempt, without the key, session IDs, bodies or identifiers. [WithMiddleware] wraps the transport
// for metrics and traces. [WithObserver] watches whole calls, with their waits; module github.com/talonone-go/talonone/otel
// has an [Observer] for OpenTelemetry. A panic in any of these, or in the transport, becomes an error of the call; it is not
// retried. To test code that calls the API, use package integrationtest, which has the API in memory.
package integration
