package codec

import (
	"database/sql/driver"
	"fmt"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// Value implements Value of a model, with the result of MarshalJSON. It returns a string, because some drivers send []byte as
// binary data, which JSON columns refuse.
func Value(text []byte, err error) (driver.Value, error) {
	if err != nil {
		return nil, err
	}
	return string(text), nil
}

// Scan implements Scan of a model. Unlike Unmarshal it refuses a null: programs often scan the rows of a query into one
// variable, which would keep the value of an earlier row.
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
