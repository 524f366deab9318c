package integration

import "iter"

// Of returns the effects whose props have type P, in their order, each with its props:
//
//	for _, p := range integration.Of[*integration.RejectCoupon](state.Effects) {
//		show(p.Value, p.RejectionReason)
//	}
//
// P is a pointer to the struct for a type of effect, or [*UnknownEffect]. Props that did not fit their type are an
// UnknownEffect, so Of does not find them under their type.
func Of[P EffectProps](effects []Effect) iter.Seq2[Effect, P] {
	return func(yield func(Effect, P) bool) {
		for _, e := range effects {
			if p, ok := e.Props.(P); ok && !isNil(p) && !yield(e, p) {
				return
			}
		}
	}
}

// FreeItems returns the number of free units by SKU: one for each [AddFreeItem]. After an update of an open session these are
// all free items that the cart should have. The shop must add and remove them, because the API does not.
func FreeItems(effects []Effect) map[string]int {
	items := map[string]int{}
	for _, p := range Of[*AddFreeItem](effects) {
		items[p.SKU]++
	}
	return items
}
