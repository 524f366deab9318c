package main

func Example() {
	main()
	// Output:
	// from \ to           open    closed  partially_returned  cancelled
	// open                -       update  -                   update
	// closed              reopen  -       return              update
	// partially_returned  -       -       return              update
	// cancelled           -       -       -                   -
	//
	// An order, moved by updates:
	//   open to closed: done
	//   closed to open: call the reopen operation instead
	//   closed to cancelled: done
	//   talonone: cancelled to closed is not possible: nothing leads out of cancelled
}
