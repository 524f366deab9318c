package main

func Example() {
	main()
	// Output:
	// 9 rules broken:
	//   /couponCodes/1            this is too long (101 characters, at most 100)
	//   /loyaltyCards             too many loyalty cards
	//   /state                    unknown state
	//   /cartItems                the cart is too large (10003 units, at most 10000)
	//   /cartItems/1/price        please fill this in
	//   /cartItems/2/sku          please fill this in
	//   /cartItems/2/quantity     please choose at least one
	//   /cartItems/3/price        out of range
	//   /cartItems/4/name         invalid UTF-8
	//
	// Without flattening, and with prices from a catalog:
	//   talonone: 4 rules broken:
	// 	/cartItems/2/sku: required
	// 	/cartItems/2/quantity: quantity below 1: 0
	// 	/cartItems/3/price: out of range: an amount of more than 1024 characters in plain notation
	// 	/cartItems/4/name: invalid UTF-8: in a string
	//
	// One rule, matched by its name:
	//   return items instead: talonone: /state: state not settable by an update
}
