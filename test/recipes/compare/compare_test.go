package compare

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

func TestDiff(t *testing.T) {
	session := func(price string) talonone.CustomerSessionV2 {
		return talonone.CustomerSessionV2{
			IntegrationID: "order-1",
			CartItems:     []talonone.CartItem{{SKU: "shoe", Quantity: 1, Price: new(decimal.RequireFromString(price))}},
		}
	}
	a, b := session("9.50"), session("9.51")
	// The lines that differ. The spaces of cmp vary, so they are removed.
	changed := func(diff string) (lines []string) {
		for _, line := range regexp.MustCompile(`(?m)^[-+].*$`).FindAllString(diff, -1) {
			lines = append(lines, strings.Join(strings.Fields(line), " "))
		}
		return lines
	}
	got := changed(Diff(a, b))
	if len(got) != 2 || !strings.Contains(got[0], `"9.50"`) || !strings.Contains(got[1], `"9.51"`) {
		t.Error(got)
	}
	if got := Diff(a, session("9.5")); got != "" {
		t.Error(got)
	}
	// cmp alone calls Equal of the whole session, and shows both sessions completely.
	if got := changed(cmp.Diff(a, b)); len(got) <= 2 {
		t.Error(got)
	}
}
