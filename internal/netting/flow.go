package netting

import "github.com/shopspring/decimal"

// A flow runs from the source to the sink. It is made as large as can be by Dinic's algorithm: push as much as goes along
// edges that lead upwards in level, set the levels anew by the distance from the source, and so on while the sink can be
// reached. That takes a number of steps that depends on the numbers of nodes and edges alone, whatever the amounts.
type flow struct {
	edges []edge  // each has its reverse beside it: that of i is i^1
	out   [][]int // the edges out of a node
	level []int   // of a node; none has a level below 0
	next  []int   // of the edges out of a node, the first that is not used up
}

type edge struct {
	to   int
	room decimal.Decimal // what more can go through; of a reverse edge, what can be taken back
}

const (
	source = iota
	sink
)

func newFlow() *flow {
	f := new(flow)
	f.node(0)
	f.node(4)
	return f
}

// node adds a node. Level is for the first push.
func (f *flow) node(level int) int {
	f.out, f.level, f.next = append(f.out, nil), append(f.level, level), append(f.next, 0)
	return len(f.level) - 1
}

// connect adds an edge.
func (f *flow) connect(from, to int, room decimal.Decimal) int {
	i := len(f.edges)
	f.edges = append(f.edges, edge{to: to, room: room}, edge{to: from})
	f.out[from], f.out[to] = append(f.out[from], i), append(f.out[to], i+1)
	return i
}

// through returns what goes through an edge.
func (f *flow) through(edge int) decimal.Decimal { return f.edges[edge^1].room }

// run makes the flow as large as can be, but not larger than most.
func (f *flow) run(most decimal.Decimal) {
	for {
		most = most.Sub(f.push(source, most))
		if most.IsZero() || !f.setLevels() {
			return
		}
	}
}

// push leads up to an amount from a node to the sink, and returns how much went through.
func (f *flow) push(node int, most decimal.Decimal) decimal.Decimal {
	if node == sink {
		return most
	}
	left := most
	for ; f.next[node] < len(f.out[node]); f.next[node]++ {
		i := f.out[node][f.next[node]]
		to, room := f.edges[i].to, f.edges[i].room
		if f.level[to] <= f.level[node] || room.IsZero() {
			continue
		}
		part := f.push(to, decimal.Min(room, left))
		if part.IsZero() {
			continue
		}
		left = left.Sub(part)
		f.edges[i].room = room.Sub(part)
		f.edges[i^1].room = f.edges[i^1].room.Add(part)
		if left.IsZero() {
			break // and come back to this edge, which may have room
		}
	}
	return most.Sub(left)
}

// setLevels sets each level to the distance from the source, and reports whether the sink can be reached.
func (f *flow) setLevels() bool {
	for i := range f.level {
		f.level[i], f.next[i] = -1, 0
	}
	f.level[source] = 0
	reached := []int{source}
	for len(reached) > 0 {
		node := reached[0]
		reached = reached[1:]
		for _, i := range f.out[node] {
			if to := f.edges[i].to; f.level[to] < 0 && !f.edges[i].room.IsZero() {
				f.level[to] = f.level[node] + 1
				reached = append(reached, to)
			}
		}
	}
	return f.level[sink] >= 0
}
