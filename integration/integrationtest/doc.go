// Package integrationtest is an in-memory server for the customer sessions of Talon.One's Integration API, for tests and examples
// that need no account. A [Server] speaks HTTP, so any client can talk to it. It follows the documented rules of the API: a cart
// that is too large, or an update that opens a paid order again, fails here as it would in production. What the server lacks, and
// where it is stricter, is listed below.
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
// It serves
//
//	PUT  /v2/customer_sessions/{customerSessionId}
//	GET  /v2/customer_sessions/{customerSessionId}
//	PUT  /v2/customer_sessions/{customerSessionId}/reopen
//	POST /v2/customer_sessions/{customerSessionId}/returns
//
// The server
//
//   - creates, merges, closes, cancels, reopens and returns sessions by the API's rules;
//   - checks the limits of [talonone.CustomerSessionUpdate.Validate], and calculates exact totals, positions and counts;
//   - answers with the API's errors: 400 for invalid data, with a pointer to it, 401 for a wrong key, 404 for an unknown session,
//     and 409 for a fourth parallel update of a session;
//   - supports idempotency keys. It keeps their answers for 24 hours by its own clock, and marks repeated answers as replayed.
//
// [Server.FailNext], [Server.FailNextWith], [Server.CutNext] and [Server.Delay] simulate faults between a client and a server.
//
// # Effects
//
// The server has no rule engine: the function of [Server.OnEffects] returns the effects that the rules would give. The server calls
// it for each update that leaves a session open or closed. Its effects replace the earlier ones. Without a function there are no
// effects.
//
// The server rolls back effects when a session is cancelled, reopened or returned. A cancellation and a reopening undo every effect
// that applies and has a rollback effect. A return undoes the effects on the returned units:
//
//   - the four discounts: rollbackDiscount, with the name, line, unit, cost and scope of the discount. A return undoes those on a
//     line or a unit.
//   - acceptCoupon: rollbackCoupon. acceptReferral and redeemReferral: rollbackReferral. A return does not undo them.
//   - addLoyaltyPoints: rollbackAddedLoyaltyPoints. A return undoes those on a line or a unit.
//   - deductLoyaltyPoints: rollbackDeductedLoyaltyPoints. A return does not undo it.
//   - increaseAchievementProgress: rollbackIncreasedAchievementProgress. A return does not undo it.
//   - useReward: rollbackUseReward. A return does not undo it.
//
// [Server.OnRollback] can change these rollbacks. [integration.Client.GetCustomerSession] returns the effects that still apply.
// [Server.OnAnswer] adds other parts of an answer, such as loyalty.
//
// Effects that the API would not give fail the test under [NewServer]: for example, a discount on a line that does not exist, a
// rollback of an effect that does not apply, or a discount for a cancelled session. Under [Start] they are logged: see [WithLogger].
//
// # Concurrency
//
// Several goroutines may use a [Server] and its options at once. Several goroutines may read a request, an evaluation or another
// value at once, but not while one of them changes it.
//
// # What is not implemented
//
//   - Rules, campaigns, coupons and referrals: any code is accepted, and the parts of an answer about them are empty.
//   - Customer profiles, loyalty, events: customerProfile, loyalty, referral, event and advancedEvent are in no answer, unless
//     [Server.OnAnswer] adds them. The limit of three updates at once applies to a session, but not to a profile.
//   - Stores: any is accepted. So is any attribute without [WithAttributes], and any additional cost without
//     [WithAdditionalCosts].
//   - Catalogs, except for prices with [WithCatalog]. Without it an item needs no price, and the total counts a missing price as 0.
//   - evaluableCampaignIds and now are checked, but change nothing.
//   - Applications without cart item flattening, sandboxes, keys that expire, rate limits.
//   - All other operations of the Integration API. A request with another path or method gets a 501, and fails the test under
//     [NewServer].
//
// # Strict readings
//
// Where the API's documents leave a question open, the server chooses the stricter reading, so a program that passes here does not
// depend on the lenient one. Each reading has a name, and a script of requests in the directory test/conformance of the repository
// that shows it. These scripts can also run against a deployment, to see how it answers:
//
//   - closed-update: An update may only cancel a closed or partially returned session, and its other members are then ignored. Any
//     other update of such a session is a 400. So is every update of a cancelled session.
//   - created-state: A session is created open or closed. Any other state is a 400.
//   - state-message: The message of a 400 for a state is Cannot move session to state "open" from state "closed", with the actual
//     states, for a reopening and a return too. An update without a state gets the message for other invalid data.
//   - reopen-state: Only a closed session can be reopened. Any other state is a 400.
//   - return-state: Items of a closed or partially returned session can be returned. Any other state is a 400.
//   - return-line: A return of more than remains, of nothing, or of a line that does not exist is a 400. So is an item with only a
//     SKU that several lines have, and an item with a position whose line has another SKU.
//   - return-quantity: The items of one return may name the same line, and their quantities add up. An item without a quantity
//     returns everything that remains of its line.
//   - return-all: A session stays partially_returned when all its items are returned. Returns change no totals.
//   - return-units: The units of a line come back in order, the first one first. A return undoes an effect on a whole line by the
//     share of the returned units, rounded half away from zero to two decimals, or to the decimals of the amount if it has more.
//     An effect on the additional costs of a whole line is undone with the last unit. An effect on the session as a whole still
//     applies, even when everything is returned.
//   - run-rule-engine: runRuleEngine changes nothing. It concerns campaigns that are set to be evaluated again on a return, and the
//     server has no campaigns. [Server.OnRollback] can return the effects that they would give.
//   - rollback-all: A cancellation, also of an open session, and a reopening undo every effect that has a rollback effect, active
//     points too. Effects without one, such as free items, giveaways, created codes and attributes, still apply.
//   - not-found: An unknown session is a 404, except for an update, which creates it.
//   - merge: A list, the attributes or the additional costs in an update replace the earlier ones as a whole. An empty value
//     removes them all. Null has the same effect as a missing member.
//   - dry-update: A dry update looks only at the request, and ignores the stored session, its state and its profile. Two values are
//     those that a new session would have: its number, and whether it is the profile's first.
//   - parameters: dry and runRuleEngine are true or false. Any other text is a 400, an empty one too. So is a parameter that only
//     other operations have, such as dry for a reopening, which is never dry. Parameters that no operation has are ignored.
//   - now: now is a 400 without dry=true, and also if its time is not in the future.
//   - response-content: A value in responseContent that the operation does not document is a 400. So is campaignEligibility
//     without dry=true or together with triggeredCampaigns or ruleFailureReasons.
//   - schema: An amount in a string is a 400, although package talonone reads it. So is an additional cost without a price, a product
//     without a name, an experiment without a variant, and everything that talonone's decoder refuses.
//   - unknown-members: Members that the API does not know are ignored. So are members that only the server sets, if their type is
//     right.
//   - pointers: Pointers in errors start below customerSession and return.
//   - undefined-names: An attribute or an additional cost that [WithAttributes] or [WithAdditionalCosts] does not name is a 400 with
//     the title Unknown, on the session and on items. About additional costs the documents say only that they must exist.
//   - idempotency-key: A key that comes with another body or other parameters is a 400. Only answers with status 200 are kept.
//     These answers, the first one too, have the header fields Idempotency-Key, Idempotent-Replayed, X-Idempotency-Created-At,
//     X-Idempotency-Expires-At and X-Idempotency-Fingerprint, the SHA-256 of the body. In the first answer Idempotent-Replayed is
//     false.
//   - parallel-updates: Only updates count toward the limit of three requests for a session. A reopening or a return waits for them
//     without a limit. GET never waits.
//   - item-costs: An item's additional costs count once for its line, not once for each unit.
//   - returned-quantity: returnedQuantity and remainingQuantity appear on all lines with the first return.
//   - update-count: updateCount counts updates, but not reopenings and returns.
//   - session-id: The session IDs "." and ".." are not served, encoded or not. Any other ID is served, of any length, if it is valid
//     UTF-8.
//   - body-size: A body of more than 8 MiB is a 413.
package integrationtest
