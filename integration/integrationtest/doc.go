// Package integrationtest is the customer sessions of Talon.One's Integration API, in memory, for tests and examples that
// need no account. A [Server] speaks HTTP, so any client can talk to it, and it keeps the rules of the API that its documents
// state: a cart that is too large, or an update that opens a paid order again, fails here as it would in production. What it
// does not know, and where it is stricter, is listed below.
//
//	func TestCheckout(t *testing.T) {
//		server := integrationtest.NewServer(t)
//		server.OnEffects(func(e integrationtest.Evaluation) []integration.Effect {
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
// (400, with a pointer to it), for a wrong key (401), an unknown session (404) and a fourth parallel update of a session
// (409); and with idempotency keys, whose answers it keeps for 24 hours by its own clock and marks as replayed. [Server.FailNext],
// [Server.FailNextWith], [Server.CutNext] and [Server.Delay] add what goes wrong between a client and a server.
//
// # Effects
//
// There is no rule engine: the function of [Server.OnEffects] says what the rules would. The server calls it for each update that
// leaves a session open or closed, and its effects take the place of those before. Without a function there are no effects.
//
// A cancelling, a return and a reopening roll back by themselves. A cancelling and a reopening undo all effects that hold and
// have a rollback effect, a return those of the units that come back:
//
//   - the four discounts: rollbackDiscount, with the name, line, unit, cost and scope of the discount. A return undoes those on a
//     line or a unit.
//   - acceptCoupon: rollbackCoupon. acceptReferral and redeemReferral: rollbackReferral. Not by a return.
//   - addLoyaltyPoints: rollbackAddedLoyaltyPoints. A return undoes those on a line or a unit.
//   - deductLoyaltyPoints: rollbackDeductedLoyaltyPoints. Not by a return.
//   - increaseAchievementProgress: rollbackIncreasedAchievementProgress. Not by a return.
//   - useReward: rollbackUseReward. Not by a return.
//
// [Server.OnRollback] may change that. What is left is what [integration.Client.GetCustomerSession] returns. [Server.OnAnswer] adds
// what else an answer has, such as loyalty.
//
// Effects that the API would not give fail the test under [NewServer]: a discount on a line that is not there, a rollback of
// what does not hold, a discount for a cancelled session. Under [Start] they are logged: see [WithLogger].
//
// # Concurrency
//
// A [Server] and its options may be used by several goroutines at once. Requests, evaluations and other values may be read by
// several, but not while one of them changes the value.
//
// # What is not implemented
//
//   - Rules, campaigns, coupons and referrals: any code is accepted, and whatever an answer says of them is empty.
//   - Customer profiles, loyalty, events: customerProfile, loyalty, referral, event and advancedEvent are in no answer, unless
//     [Server.OnAnswer] adds them. Profiles are not limited to three updates at a time, as sessions are.
//   - Stores: any is accepted. So is any attribute without [WithAttributes], and any additional cost without
//     [WithAdditionalCosts].
//   - Catalogs, except for prices with [WithCatalog]. Without it an item needs no price, and one that has none counts 0.
//   - evaluableCampaignIds and now are checked, and change nothing.
//   - Applications without cart item flattening, sandboxes, keys that expire, rate limits.
//   - Everything else that the Integration API can do. A path or a method that is not served gets a 501, and fails the test
//     under [NewServer].
//
// # Strict readings
//
// Where the API's documents leave a question open, the server chooses the stricter reading, so a program that passes here does not
// depend on the lenient one. Each has a name, and in the directory test/conformance of the repository a script of requests that shows
// it. These scripts can also be run against a deployment, to see which reading it has:
//
//   - closed-update: An update may only cancel a closed or partially returned session; its other members are ignored then. Any
//     other update of such a session is a 400, and so is every update of a cancelled one.
//   - created-state: A session is created open or closed. Any other state is a 400.
//   - state-message: The message of a 400 for a state is Cannot move session to state "open" from state "closed", with the states
//     at hand, for a reopening and a return too. An update that names no state gets the message of other invalid data.
//   - reopen-state: Only a closed session can be reopened. Otherwise it is a 400.
//   - return-state: Items of a closed or partially returned session can be returned. Otherwise it is a 400.
//   - return-line: A return of more than remains, of nothing, or of a line that is not there is a 400. So is one of a SKU that
//     several lines have, without a position, and one of a position whose line has another SKU.
//   - return-quantity: The items of one return may name the same line, and count together. An item without a quantity is all that
//     remains of its line.
//   - return-all: A session that is returned as a whole stays partially_returned. Returns change no totals.
//   - return-units: The units of a line come back in their order, the first one first. An effect on a whole line is undone by the
//     share of the units, rounded half away from zero to two decimals, or to those of the amount if it has more. One on the
//     additional costs of a whole line is undone with the last unit. One on the session as a whole still holds, even when
//     everything is returned.
//   - run-rule-engine: runRuleEngine changes nothing. It concerns campaigns that are set to be evaluated again on a return, and the
//     server knows no campaigns: [Server.OnRollback] may answer what they would give.
//   - rollback-all: A cancelling, of an open session too, and a reopening undo every effect that has a rollback effect, and active
//     points as well. What has none, such as free items, giveaways, created codes and attributes, still holds.
//   - not-found: An unknown session is a 404, except for an update, which creates it.
//   - merge: A member that is given replaces the one before as a whole: a list, the attributes, the additional costs. An empty one
//     empties it. A null is like no member.
//   - dry-update: A dry update looks only at the request, not at the stored session, its state or its profile. Only the number of
//     the session and whether it is the profile's first are those that it would have.
//   - parameters: dry and runRuleEngine are true or false; any other text, an empty one too, is a 400. So is a parameter that only
//     other operations have, such as dry for a reopening, which always happens. Parameters that none has are ignored.
//   - now: now is a 400 without dry=true, and for a time that is not in the future.
//   - response-content: A value in responseContent that the operation does not document is a 400, and so is campaignEligibility
//     without dry=true or together with triggeredCampaigns or ruleFailureReasons.
//   - schema: An amount in a string is a 400, although package talonone reads it. So is an additional cost without a price, a product
//     without a name, an experiment without a variant, and everything that talonone's decoder refuses.
//   - unknown-members: Members that the API does not know are ignored, and so are those that only the server sets, if their type is
//     right.
//   - pointers: Pointers in errors start below customerSession and return.
//   - undefined-names: An attribute or an additional cost that [WithAttributes] or [WithAdditionalCosts] does not name is a 400 with
//     the title Unknown, on the session and on items. Of additional costs the documents say only that they must exist.
//   - idempotency-key: A key that comes with another body or other parameters is a 400. Only answers with status 200 are kept.
//     These, the first time too, have the header fields Idempotency-Key, Idempotent-Replayed, X-Idempotency-Created-At,
//     X-Idempotency-Expires-At and X-Idempotency-Fingerprint, the SHA-256 of the body. The first time Idempotent-Replayed is false.
//   - parallel-updates: The limit of three requests for a session is for updates alone. A reopening or a return waits for them
//     without a limit; GET never waits.
//   - item-costs: An item's additional costs count once a line, not once a unit.
//   - returned-quantity: returnedQuantity and remainingQuantity appear on all lines with the first return.
//   - update-count: updateCount counts updates, not reopenings and returns.
//   - session-id: The session IDs "." and ".." are not served, encoded or not. Any other ID of valid UTF-8 is, of any length.
//   - body-size: A body of more than 8 MiB is a 413.
package integrationtest
