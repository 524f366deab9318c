package main

import (
	"fmt"
	"os"
)

func Example() {
	if err := run(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// number                 received            written             as a float32
	// /cartItems/0/height    205.84736825663418  205.84736825663418  205.84737
	// /cartItems/0/length    1439.952550375011   1439.952550375011   1439.9525
	// /cartItems/0/position  3129.8151981606425  3129.8151981606425  3129.8152
	// /cartItems/0/width     5840.766429244608   5840.766429244608   5840.7666
	// /cartItems/1/height    1364.5355964996374  1364.5355964996374  1364.5356
	// /cartItems/1/length    6891.918532148243   6891.918532148243   6891.9185
	// /cartItems/1/position  1648.8998189043969  1648.8998189043969  1648.8998
	// /cartItems/1/width     6637.203609941569   6637.203609941569   6637.2036
	//
	// unknown member                             kept as
	// /cartItems/0/prices/member/effectiveFrom   "2025-05-25T00:00:00Z"
	// /cartItems/0/prices/member/effectiveUntil  "2025-05-30T00:00:00Z"
	// /cartItems/1/prices/member/effectiveFrom   "2025-05-25T00:00:00Z"
	// /cartItems/1/prices/member/effectiveUntil  "2025-05-30T00:00:00Z"
	//
	// difference          received  written
	// /cartItems/0/price  99.99     89.90
	// /couponCodes/1                "SPRING-5"
	//
	// 71 of 73 values are the same, character for character.
}
