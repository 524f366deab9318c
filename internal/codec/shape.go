package codec

import (
	"encoding/json"

	"github.com/talonone-go/talonone/internal/jsonwire"
)

// maxMembers is the maximum number of members of a model: each has one bit in a uint64.
const maxMembers = 64

// A Shape has the names of a model's members, in the order of writing.
type Shape struct {
	id     int // of all shapes, from 0
	keys   []string
	places [256]uint8 // a hash table with the indexes of members, from 1

	// accepts returns why the model refuses a text, or nil.
	accepts func(text []byte) *jsonwire.Error
}

// shapes counts the shapes. Package variables are initialized one after another, so it needs no lock.
var shapes int

// NewShape returns the shape of a model with these members. Call it only to initialize package variables.
func NewShape(names ...string) *Shape {
	if len(names) > maxMembers {
		panic("codec: a model of more than 64 members")
	}
	s := &Shape{id: shapes}
	shapes++
	for i, name := range names {
		s.keys = append(s.keys, `,"`+name+`":`)
		place := hash([]byte(name))
		for s.places[place] != 0 {
			place++
		}
		s.places[place] = uint8(i + 1)
	}
	return s
}

// name returns the name of a member.
func (s *Shape) name(i int) string { key := s.keys[i]; return key[len(`,"`) : len(key)-len(`":`)] }

// hash is good enough for the names of a model: at most two of them have the same hash.
func hash(name []byte) uint8 {
	if len(name) == 0 {
		return 0
	}
	return uint8(len(name)) + 31*name[0] + 11*name[len(name)-1]
}

// find returns the index of the member with a name, or -1.
func (s *Shape) find(name []byte) int {
	for place := hash(name); ; place++ {
		i := int(s.places[place]) - 1
		if i < 0 || s.name(i) == string(name) {
			return i
		}
	}
}

// Declares reports whether extra has a member that the model declares.
func Declares(s *Shape, extra map[string]json.RawMessage) bool {
	for name := range extra {
		if s.find([]byte(name)) >= 0 {
			return true
		}
	}
	return false
}
