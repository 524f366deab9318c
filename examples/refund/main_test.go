package main

func Example() {
	main()
	// Output:
	// paid:
	//   3 x shoe    120.00 - 12.00 = 108.00
	//   1 x polish    9.99 -  0.00 =   9.99
	//   total                        117.99
	// returned: 1 x shoe
	//   rolled back: 10% off, 4.00
	// the session is partially_returned, and these discounts still apply:
	//   10% off, 4.00, on unit 1 of line 0
	//   10% off, 4.00, on unit 2 of line 0
	// the customer keeps:
	//   2 x shoe     80.00 -  8.00 =  72.00
	//   1 x polish    9.99 -  0.00 =   9.99
	//   total                         81.99
	// refund: 36.00
}
