// Package integrationtest is the customer sessions of Talon.One's Integration API, in memory, for tests and examples that
// need no account. A [Server] speaks HTTP, so any client can talk to it, and it keeps the rules of the API that its documents
// state: a cart that is too large, or an update that opens a paid order again, fails here as it would in production. What it
// does not know, and where it is stricter, is listed below.
//
//	func TestCheckout(t *testing.T) {
//		server := integrationtest.NewServer(t)
//		server.OnEffects(func(op talonone.Operation, s talonone.CustomerSessionV2) []integration.Effect {
//			if op != talonone.OperationUpdate || s.State == talonone.StateCancelled {
//				return nil // what is returned, reopened or cancelled gets nothing more
//			}
//			return []integration.Effect{{Props: &integration.SetDiscount{Name: "ten off", Value: decimal.New(10, 0)}}}
//		})
//		shop := NewShop(server.Client()) // the code under test
//		...
//	}
//
// It answers
//
//	PUT  /v2/customer_sessions/{customerSessionId}
//	GET  /v2/customer_sessions/{customerSessionId}
//	PUT  /v2/customer_sessions/{customerSessionId}/reopen
//	POST /v2/customer_sessions/{customerSessionId}/returns
//
// with sessions that are created, merged, closed, cancelled, reopened and returned by the API's rules; with the limits of
// [talonone.CustomerSessionUpdate.Validate], exact totals, positions and counts; with the API's errors for what is wrong
// (400, with a pointer to it), for a wrong key (401), an unknown session (404) and a fourth parallel request for a session
// (409); and with idempotency keys, whose answers it keeps for 24 hours by its own clock and marks as replayed. [Server.FailNext],
// [Server.CutNext] and [Server.Delay] add what goes wrong between a client and a server.
//
// # Effects
//
// There is no rule engine: [Server.OnEffects] says what the rules would. An update's effects take the place of those before.
// Those of a return or a reopening are added to them, so they should be rollbacks: each undoes what it names, in part or as a
// whole, rollbackDiscount the discounts of its name at its place, rollbackCoupon and rollbackReferral the code, those of points
// the transaction, that of an achievement its progress. What is left is what [integration.Client.GetCustomerSession] returns.
// Without a function there are no effects.
//
// # What is not implemented
//
//   - Rules, campaigns, coupons and referrals: any code is taken, and whatever an answer says of them is empty.
//   - Customer profiles, loyalty, events: customerProfile, loyalty, referral, event and advancedEvent are in no answer.
//     Nor are profiles limited to three requests at a time, as sessions are.
//   - What the Campaign Manager must know first: any attribute, additional cost and store is taken.
//   - Catalogs, but for prices with [WithCatalog]. Without it an item needs no price, and one that has none counts 0.
//   - evaluableCampaignIds, now and runRuleEngine are checked, and change nothing.
//   - Applications without cart item flattening, sandboxes, keys that expire, rate limits.
//   - Everything else that the Integration API can do. A path or a method that is not served gets a 501, and fails the test
//     under [NewServer].
//
// # Strict readings
//
// Where the API's documents leave a question open, the server takes the answer that a program is safer not to rely on:
//
//   - An update may only cancel a closed or partially returned session; its other members are passed over then. Any other
//     update of such a session is a 400, and so is every update of a cancelled one. A session is created open or closed.
//   - The message of such a 400 is the API's, Cannot move session to state "open" from state "closed", and has the same form for
//     other states, and for a reopening and a return. If the update names no state, the message is that of other invalid data.
//   - To reopen a session that is not closed is a 400. So is a return on one that is neither closed nor partially returned, a
//     return of more than remains, of nothing, or of a line that is not there; of a SKU that several lines have, without a
//     position; and of a position whose line has another SKU. The lines of one return may name the same line, and count
//     together. Without a quantity it is all that remains of the line. A session that is returned as a whole stays
//     partially_returned, and returns change no totals.
//   - An unknown session is a 404, but for an update, which creates it.
//   - A member that is given replaces the one before as a whole: a list, the attributes, the additional costs. An empty one
//     empties it. A null is like no member.
//   - A dry run looks only at the request, not at the stored session, its state or its profile. Only the number of the session
//     and whether it is the profile's first are those that it would have.
//   - dry and runRuleEngine are true or false; any other text, an empty one too, is a 400. So is a parameter that only other
//     operations have, such as dry for a reopening, which always happens. Parameters that none has are passed over.
//   - now is a 400 without dry=true, and for a time that is not in the future.
//   - A value in responseContent that the operation does not document is a 400, and so is campaignEligibility without
//     dry=true or together with triggeredCampaigns or ruleFailureReasons.
//   - An amount in a string is a 400, although package talonone reads it. So is an additional cost without a price, a product
//     without a name, an experiment without a variant, and everything that talonone's decoder refuses.
//   - Members that the API does not know are passed over, and so are those that only the server sets, if their type is right.
//   - Pointers in errors start below customerSession and return.
//   - An idempotency key that comes with another body or other parameters is a 400. Only answers with status 200 are kept.
//   - The limit of three requests is for operations that write; GET never waits.
//   - An item's additional costs count once a line. returnedQuantity and remainingQuantity appear on all lines with the first
//     return. updateCount counts updates, not reopenings and returns.
//   - The session IDs "." and ".." are no IDs, encoded or not, and one of more than [talonone.MaxIDLength] characters is a 400.
//   - A body of more than 8 MiB is a 413.
package integrationtest
