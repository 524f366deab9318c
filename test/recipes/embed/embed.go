package embed

import (
	"encoding/json"
	"maps"

	"github.com/talonone-go/talonone"
)

// Wrong is written without its image, because the embedding struct gets the MarshalJSON of the CartItem.
type Wrong struct {
	talonone.CartItem
	Image string `json:"image"`
}

// Line is written as {"item":{...},"image":"..."}.
type Line struct {
	Item  talonone.CartItem `json:"item"`
	Image string            `json:"image"`
}

// Flat is written as the item with one more member, {"sku":"shoe",...,"image":"..."}, and read from that.
type Flat struct {
	talonone.CartItem
	Image string
}

// MarshalJSON writes the image as an unknown member of the item.
func (f Flat) MarshalJSON() ([]byte, error) {
	image, err := json.Marshal(f.Image)
	if err != nil {
		return nil, err
	}
	item := f.CartItem
	item.Extra = maps.Clone(item.Extra)
	if item.Extra == nil {
		item.Extra = map[string]json.RawMessage{}
	}
	item.Extra["image"] = image
	return item.MarshalJSON()
}

// UnmarshalJSON reads the image from the unknown members.
func (f *Flat) UnmarshalJSON(text []byte) error {
	var read Flat
	if err := read.CartItem.UnmarshalJSON(text); err != nil {
		return err
	}
	if image, ok := read.Extra["image"]; ok {
		if err := json.Unmarshal(image, &read.Image); err != nil {
			return err
		}
		delete(read.Extra, "image")
	}
	*f = read
	return nil
}
