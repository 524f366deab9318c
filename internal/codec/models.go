package codec

import (
	"reflect"
	"sync"
)

// An anyModel is a model as a value of no declared type: a T or a *T.
type anyModel interface {
	appendAny(e *Encoder, buf []byte, v any) []byte
	cloneAny(v any) any
}

// models has every model, by the types T and *T.
var models sync.Map // of reflect.Type to anyModel

// modelOf returns the model of a type, or nil.
func modelOf(t reflect.Type) anyModel {
	m, _ := models.Load(t)
	model, _ := m.(anyModel)
	return model
}

// objects has the map types of this module whose MarshalJSON writes them as what they are. To call it would begin a new
// document, at depth 0: a map that holds itself would never end.
var objects sync.Map // of reflect.Type

// RegisterObject makes known that M is written by its parts like any other map, although it has a MarshalJSON.
func RegisterObject[M ~map[string]any]() { objects.Store(reflect.TypeFor[M](), true) }

func isObject(t reflect.Type) bool {
	if t.Kind() != reflect.Map {
		return false
	}
	_, ok := objects.Load(t)
	return ok
}
