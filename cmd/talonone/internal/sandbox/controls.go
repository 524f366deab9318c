package sandbox

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// The handlers of the forms. The answer to a form is a redirect to the page, or a 400 that names the wrong field.

// The limits of the forms.
const (
	mostFaults = 100
	mostDelay  = time.Minute
)

// controls are the planned faults and the delay of the next answers.
type controls struct {
	Faults []plannedFaults // in the order in which they come
	Delay  time.Duration
}

// plannedFaults are equal ones that follow each other.
type plannedFaults struct {
	What  string
	Times int
}

func (t *traffic) controls() (c controls) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, f := range t.faults {
		if last := len(c.Faults) - 1; last >= 0 && c.Faults[last].What == f.what {
			c.Faults[last].Times++
			continue
		}
		c.Faults = append(c.Faults, plannedFaults{f.what, 1})
	}
	c.Delay = t.delay
	return c
}

// planFault makes the next requests fail. The field "kind" is a status, or "cut" for a connection that breaks inside the answer.
func (s *Sandbox) planFault(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PostFormValue("times"))
	if err != nil || n < 1 || n > mostFaults {
		http.Error(w, fmt.Sprintf("times: want a number from 1 to %d", mostFaults), http.StatusBadRequest)
		return
	}
	kind := r.PostFormValue("kind")
	if kind == "cut" {
		s.traffic.plan(n, "the connection breaks inside the answer", func() { s.server.CutNext(n) })
		back(w, r)
		return
	}
	status, err := strconv.Atoi(kind)
	if err != nil || status < 400 || status > 599 {
		http.Error(w, "kind: want cut, or a status from 400 to 599", http.StatusBadRequest)
		return
	}
	what := fmt.Sprintf("%d %s", status, http.StatusText(status))
	s.traffic.plan(n, what, func() { s.server.FailNext(n, status, nil) })
	back(w, r)
}

// changeDelay sets the delay of each answer.
func (s *Sandbox) changeDelay(w http.ResponseWriter, r *http.Request) {
	ms, err := strconv.Atoi(r.PostFormValue("milliseconds"))
	d := time.Duration(ms) * time.Millisecond
	if err != nil || ms < 0 || ms > int(mostDelay/time.Millisecond) {
		http.Error(w, fmt.Sprintf("milliseconds: want a number from 0 to %d", mostDelay/time.Millisecond), http.StatusBadRequest)
		return
	}
	s.traffic.setDelay(d, func() { s.server.Delay(d) })
	back(w, r)
}

// back redirects to the page, so that a reload does not send the form again.
func back(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/#controls", http.StatusSeeOther)
}
