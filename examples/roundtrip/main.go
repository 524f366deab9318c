// Roundtrip reads a response, changes its session, writes it again, and compares the two texts value by value.
//
//	go run ./examples/roundtrip
//
// It prints every number that a float32, the type of amounts in the generated SDKs, would have changed. It prints every member for
// which this package has no field. Last, it prints every difference: these are only the changes of the program itself.
package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/shopspring/decimal"

	"github.com/talonone-go/talonone"
)

// The response of "Get customer session" in Talon.One's Postman collection.
//
//go:embed response.json
var response []byte

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "roundtrip:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	var envelope map[string]json.RawMessage
	if err := json.Unmarshal(response, &envelope); err != nil {
		return err
	}
	received := envelope["customerSession"]

	var session talonone.CustomerSessionV2
	if err := session.UnmarshalJSON(received); err != nil {
		return err
	}
	session.CouponCodes = append(session.CouponCodes, "SPRING-5")
	session.CartItems[0].Price = new(decimal.RequireFromString("89.90"))
	written, err := session.MarshalJSON()
	if err != nil {
		return err
	}

	before, err := values(received)
	if err != nil {
		return err
	}
	after, err := values(written)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	showNumbers(table, before, after)
	showUnknown(table, session)
	showDifferences(table, before, after)
	return table.Flush()
}

// showNumbers prints the numbers of the response that have more digits than a float32 can hold.
func showNumbers(w io.Writer, before, after map[string]string) {
	fmt.Fprintln(w, "number\treceived\twritten\tas a float32")
	for _, pointer := range slices.Sorted(maps.Keys(before)) {
		number := before[pointer]
		f, err := strconv.ParseFloat(number, 32)
		if rounded := strconv.FormatFloat(f, 'f', -1, 32); err == nil && rounded != number {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", pointer, number, after[pointer], rounded)
		}
	}
}

// showUnknown prints the members of price details that the API's reference does not define.
func showUnknown(w io.Writer, session talonone.CustomerSessionV2) {
	fmt.Fprintln(w, "\nunknown member\tkept as")
	for i, item := range session.CartItems {
		for _, priceType := range slices.Sorted(maps.Keys(item.Prices)) {
			price := item.Prices[priceType]
			for _, name := range slices.Sorted(maps.Keys(price.Extra)) {
				pointer := fmt.Sprintf("/cartItems/%d/prices/%s/%s", i, token(priceType), token(name))
				fmt.Fprintf(w, "%s\t%s\n", pointer, price.Extra[name])
			}
		}
	}
}

func showDifferences(w io.Writer, before, after map[string]string) {
	all := maps.Clone(before)
	maps.Copy(all, after)
	same := 0
	fmt.Fprintln(w, "\ndifference\treceived\twritten")
	for _, pointer := range slices.Sorted(maps.Keys(all)) {
		if before[pointer] == after[pointer] {
			same++
			continue
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", pointer, before[pointer], after[pointer])
	}
	fmt.Fprintf(w, "\n%d of %d values are the same, character for character.\n", same, len(all))
}

// values returns the text of every value that is not an array or object, by its JSON Pointer.
func values(text []byte) (map[string]string, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var document any
	if err := d.Decode(&document); err != nil {
		return nil, err
	}
	found := make(map[string]string)
	collect(found, "", document)
	return found, nil
}

// token returns a name in the form of a JSON Pointer.
func token(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

func collect(found map[string]string, pointer string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			collect(found, pointer+"/"+token(name), member)
		}
	case []any:
		for i, element := range value {
			collect(found, fmt.Sprintf("%s/%d", pointer, i), element)
		}
	case string:
		found[pointer] = strconv.Quote(value)
	default: // a json.Number, a bool or nil
		found[pointer] = fmt.Sprint(value)
	}
}
