module example.com/shop

go 1.26

require (
	github.com/shopspring/decimal v1.6.0
	github.com/talonone-go/talonone v0.0.0
)

replace github.com/talonone-go/talonone => ../..
