package main

func Example() {
	main()
	// Output:
	// a server that recovers: 3 requests, one idempotency key, <nil>
	// a server that is down: 4 requests, integration: update: attempt 4: EOF
	// a server that wants to be left alone: 1 request, integration: 429 Too Many Requests: come back later
	//     the server says: retry after 3600 s
	// a request that is wrong: 1 request, integration: 400 Bad Request: Unknown attribute at /attributes/size
	// a gateway that answers in HTML: 4 requests, integration: 502 Bad Gateway
	// a server that is too slow: 4 requests, integration: update: attempt 4: timeout: no whole answer within 20ms
	// a customer who does not wait that long: 1 request, integration: 503 Service Unavailable
	//     at once: true, and the shop can sell without discounts: true
	// a cart that cannot be sold: 0 requests
	//     /cartItems/0/quantity: below 1
}
