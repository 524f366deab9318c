package codec

import (
	"bytes"
	"encoding/json"

	"github.com/shopspring/decimal"
)

// A Cloner copies the parts of one value. It allocates the targets of pointers in slabs.
type Cloner struct {
	decimals slab[decimal.Decimal]
	ints     slab[int]
}

// few is how many values are first allocated at once, about as many as an item has.
const few = 4

// Decimal copies what p points to. The copies share their digits, which nobody changes.
func (c *Cloner) Decimal(p *decimal.Decimal) *decimal.Decimal {
	if p == nil {
		return nil
	}
	return c.decimals.new(*p, few)
}

// Int copies what p points to.
func (c *Cloner) Int(p *int) *int {
	if p == nil {
		return nil
	}
	return c.ints.new(*p, few)
}

// ClonePointer copies what p points to.
func ClonePointer[V any](p *V) *V {
	if p == nil {
		return nil
	}
	return new(*p)
}

// CloneValue copies an object.
func CloneValue[T any](c *Cloner, v T, clone func(*Cloner, *T)) T {
	clone(c, &v)
	return v
}

// CloneModel copies an optional object.
func CloneModel[T any](c *Cloner, p *T, clone func(*Cloner, *T)) *T {
	if p == nil {
		return nil
	}
	p = new(*p)
	clone(c, p)
	return p
}

// CloneSlice copies an array of models.
func CloneSlice[T any](c *Cloner, s []T, clone func(*Cloner, *T)) []T {
	if s == nil {
		return nil
	}
	copied := append(make([]T, 0, len(s)), s...)
	for i := range copied {
		clone(c, &copied[i])
	}
	return copied
}

// CloneMap copies an object whose members are models.
func CloneMap[T any](c *Cloner, m map[string]T, clone func(*Cloner, *T)) map[string]T {
	if m == nil {
		return nil
	}
	copied := make(map[string]T, len(m))
	v := new(T)
	for name := range m {
		*v = m[name]
		clone(c, v)
		copied[name] = *v
	}
	return copied
}

// CloneExtra copies the Extra of a model.
func CloneExtra(extra map[string]json.RawMessage) map[string]json.RawMessage {
	if extra == nil {
		return nil
	}
	copied := make(map[string]json.RawMessage, len(extra))
	for name, raw := range extra {
		copied[name] = bytes.Clone(raw)
	}
	return copied
}
