package codec

import (
	"database/sql/driver"
	"fmt"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// Value is Value of a model, which hands on what MarshalJSON returns. It is a string, because some drivers send []byte as binary
// data, which their JSON columns refuse.
func Value(text []byte, err error) (driver.Value, error) {
	if err != nil {
		return nil, err
	}
	return string(text), nil
}

// Scan is Scan of a model. Unlike Unmarshal it refuses a null: the rows of a query are often scanned into one variable, which would
// keep what an earlier row says.
func Scan[T any](src any, v *T, model func(*Decoder, *T)) error {
	var text []byte
	switch src := src.(type) {
	case []byte:
		text = src
	case string:
		text = []byte(src)
	default:
		got := "NULL"
		if src != nil {
			got = fmt.Sprintf("a %T", src)
		}
		return DecodeError(nil, &jsonwire.Error{Reason: jsonwire.ErrWrongType, Detail: "want JSON text, got " + got})
	}
	return DecodeError(text, decode(text, v, model, false))
}
