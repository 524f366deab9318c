package compare

import (
	"bytes"
	"encoding/json"

	"github.com/google/go-cmp/cmp"

	"github.com/talonone-go/talonone"
)

// Diff returns the members of two sessions that differ, or "".
func Diff(a, b talonone.CustomerSessionV2) string {
	if a.Equal(b) {
		return "" // 5.5 is 5.50, which texts below are not
	}
	return cmp.Diff(tree(a), tree(b))
}

// tree returns what JSON has for a value, with numbers as they are written. It has no Equal.
func tree(v json.Marshaler) (all any) {
	text, err := v.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&all); err != nil {
		return err.Error()
	}
	return all
}
