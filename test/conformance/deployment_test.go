package conformance

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

// TestDeployment runs the scripts against the deployment that the environment names, and fails if it answers differently from our
// server. README.md describes the environment variables, the requests and the sessions that stay.
func TestDeployment(t *testing.T) {
	if testing.Short() {
		t.Skip("with -short the test asks no deployment")
	}
	deployment, err := deploymentOf(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	if deployment == nil {
		t.Skip("set both TALONONE_BASE_URL and TALONONE_API_KEY to ask a deployment")
	}
	ctx := t.Context()
	if deadline, ok := t.Deadline(); ok { // half of the time is left for the clean-up
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	scripts, given := load(t)
	t.Logf("the IDs of sessions begin with %s", deployment.prefix) // in case the run is interrupted
	report := compare(ctx, scripts, given, runOurs(t, scripts, given), deployment)
	t.Log("\n" + report.String())
	if report.err != nil || len(report.differences) > 0 {
		t.Fail()
	}
}

// deploymentOf returns the deployment that the environment names, or nil if it names none.
func deploymentOf(getenv func(string) string) (*target, error) {
	base, key := getenv("TALONONE_BASE_URL"), getenv("TALONONE_API_KEY")
	if base == "" || key == "" { // one of them may be set for another program
		return nil, nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil, errors.New("TALONONE_BASE_URL is not a URL")
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme != "https" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("TALONONE_BASE_URL must begin with https://, because others could read the key on the network")
	}
	attribute, otherAttribute, _ := strings.Cut(getenv("TALONONE_ATTRIBUTES"), ",")
	return &target{
		baseURL: strings.TrimRight(base, "/"),
		key:     key,
		http: &http.Client{
			Timeout: 30 * time.Second,
			// The key must not go to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		prefix: "conformance-" + strings.ToLower(rand.Text()[:10]),
		names:  map[string]string{"cost": getenv("TALONONE_COST"), "attribute": attribute, "otherAttribute": otherAttribute},
		pause:  200 * time.Millisecond,
	}, nil
}

// A report is the result of a run against a deployment.
type report struct {
	key         string // String removes it from the text
	asked       []string
	differences map[string][]difference // by reading
	notAsked    map[string][]string     // the reasons, by reading
	requests    int
	left        []string // the sessions that are not cancelled, and why
	cancelled   int
	err         error
}

// A difference is a step that a deployment answers differently from our server.
type difference struct {
	question, request, says string
	rows                    []row
}

type row struct{ what, ours, theirs string }

// runOurs runs the scripts for deployments against our server.
func runOurs(t testing.TB, scripts []script, given givenSessions) []scriptRun {
	runs := make([]scriptRun, len(scripts))
	for i, s := range scripts {
		if s.OnlyOurServer != "" {
			continue
		}
		var err error
		if runs[i], err = ourTarget(t, s).run(t.Context(), s, given); err != nil {
			t.Fatal(err)
		}
	}
	return runs
}

// compare runs the scripts against a deployment and reports the differences from the runs against our server. It cancels the sessions
// that it created there.
func compare(ctx context.Context, scripts []script, given givenSessions, ours []scriptRun, deployment *target) *report {
	r := &report{key: deployment.key, differences: map[string][]difference{}, notAsked: map[string][]string{}}
	for i, s := range scripts {
		theirs, err := deployment.run(ctx, s, given)
		if err != nil {
			r.err = fmt.Errorf("%s: %w", s.name, err)
			break
		}
		r.add(s, ours[i], theirs)
	}
	// The clean-up also runs after the deadline of the run.
	cleanUp, cancel := context.WithTimeout(context.WithoutCancel(ctx), 4*time.Minute)
	defer cancel()
	r.requests = deployment.requests
	r.cancelled, r.left = deployment.cleanUp(cleanUp)
	return r
}

// add reports the answers to a script that differ.
func (r *report) add(s script, ours, theirs scriptRun) {
	for _, o := range theirs.given {
		seen := o.observations[0]
		r.differ(s.Readings, difference{
			question: s.Question, says: "the script cannot begin", rows: []row{{seen.what, "200", seen.got}},
		})
	}
	for i, st := range s.Steps {
		all, ofStatus := s.readingsOf(st)
		o := theirs.steps[i]
		if o.notAsked != "" {
			for _, reading := range all {
				reason := o.notAsked
				if s.name != reading {
					reason += " (" + s.name + ")"
				}
				if !slices.Contains(r.notAsked[reading], reason) {
					r.notAsked[reading] = append(r.notAsked[reading], reason)
				}
			}
			continue
		}
		for _, reading := range all {
			if !slices.Contains(r.asked, reading) {
				r.asked = append(r.asked, reading)
			}
		}
		d := difference{question: s.Question, request: st.Request, says: st.Says}
		for at, seen := range o.observations {
			if !seen.ok {
				d.rows = append(d.rows, row{seen.what, ours.steps[i].got(seen.what), seen.got})
			}
			if at == 0 && !seen.ok { // with a wrong status there is no other observation
				all = ofStatus
			}
		}
		if d.rows != nil {
			r.differ(all, d)
		}
	}
}

func (r *report) differ(readings []string, d difference) {
	for _, reading := range readings {
		r.differences[reading] = append(r.differences[reading], d)
	}
}

// String returns the report as text for people, by reading.
func (r *report) String() string {
	var b strings.Builder
	for _, reading := range slices.Sorted(maps.Keys(r.differences)) {
		fmt.Fprintf(&b, "DIFFERS: %s\n", reading)
		question := ""
		for _, d := range r.differences[reading] {
			if d.question != question {
				question = d.question
				fmt.Fprintf(&b, "  %s\n", question)
			}
			r.writeSide(&b, d)
		}
		b.WriteByte('\n')
	}
	var same []string
	for _, reading := range r.asked {
		if r.differences[reading] == nil {
			same = append(same, reading)
		}
	}
	fmt.Fprintf(&b, "the same: %s\n", cmp.Or(strings.Join(same, ", "), "none"))
	for _, reading := range slices.Sorted(maps.Keys(r.notAsked)) {
		what := "not asked"
		if slices.Contains(r.asked, reading) {
			what = "asked in part"
		}
		fmt.Fprintf(&b, "%s: %s: %s\n", what, reading, strings.Join(r.notAsked[reading], "; "))
	}
	fmt.Fprintf(&b, "%d requests; %d sessions cancelled afterwards\n", r.requests, r.cancelled)
	for _, session := range r.left {
		fmt.Fprintf(&b, "LEFT BEHIND: %s\n", session)
	}
	if r.err != nil {
		fmt.Fprintf(&b, "STOPPED at %v\n", r.err)
	}
	return strings.ReplaceAll(b.String(), r.key, "(the API key)")
}

// writeSide writes the answers of both servers side by side.
func (r *report) writeSide(b io.Writer, d difference) {
	fmt.Fprintf(b, "  %s\n", strings.Trim(d.request+": "+d.says, ": "))
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "    \tour server\tthe deployment")
	for _, row := range d.rows {
		fmt.Fprintf(w, "    %s\t%s\t%s\n", row.what, row.ours, row.theirs)
	}
	_ = w.Flush() // a strings.Builder returns no errors
}

// cleanUp cancels the sessions of a run, because the API cannot delete them. left names the sessions that stay in another state.
func (tg *target) cleanUp(ctx context.Context) (cancelled int, left []string) {
	tg.requests = 0 // the clean-up may send as many requests as the run
	for _, session := range tg.written {
		state, err := tg.cancel(ctx, session)
		switch {
		case err != nil:
			left = append(left, fmt.Sprintf("%s: %v", shortPath(session), err))
		case state == "cancelled":
			cancelled++
		case state != "":
			left = append(left, fmt.Sprintf("%s is %s", shortPath(session), state))
		}
	}
	return cancelled, left
}

// cancel cancels a session and returns its new state, or "" if there is no such session.
func (tg *target) cancel(ctx context.Context, session string) (state string, err error) {
	read := func() (string, error) {
		a, err := tg.send(ctx, script{}, step{Request: "GET " + session})
		if err != nil || a.status == http.StatusNotFound {
			return "", err
		}
		state, ok := tg.find(script{}, a, "/customerSession/state")
		if text, isText := state.(string); ok && isText {
			return text, nil
		}
		return "", fmt.Errorf("the answer to a GET has status %d and no state", a.status)
	}
	if state, err = read(); err != nil || state == "" || state == "cancelled" {
		return state, err
	}
	_, err = tg.send(ctx, script{}, step{Request: "PUT " + session, Body: []byte(`{"customerSession":{"state":"cancelled"}}`)})
	if err != nil {
		return "", err
	}
	return read()
}

func shortPath(path string) string {
	if len(path) > 200 {
		return path[:200] + "..."
	}
	return path
}
