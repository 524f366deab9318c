package codec

import (
	"reflect"
	"sync"
)

// An anyModel handles a model whose type is known only at run time: a T or a *T.
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

// objects has the map types of this module with a MarshalJSON. The codec does not call it, because it would start a new
// document at depth 0, and a map that contains itself would never end.
var objects sync.Map // of reflect.Type

// RegisterObject makes the codec write M part by part like any other map, although it has a MarshalJSON.
func RegisterObject[M ~map[string]any]() { objects.Store(reflect.TypeFor[M](), true) }

func isObject(t reflect.Type) bool {
	if t.Kind() != reflect.Map {
		return false
	}
	_, ok := objects.Load(t)
	return ok
}
