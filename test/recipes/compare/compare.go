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
		return "" // 5.5 equals 5.50, but the texts below would differ
	}
	return cmp.Diff(tree(a), tree(b))
}

// tree returns the JSON of a value as maps, slices and json.Numbers, which have no Equal.
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
