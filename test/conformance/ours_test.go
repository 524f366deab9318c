package conformance

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// ourNames are the names that our server knows, by placeholder.
var ourNames = map[string]string{"cost": "gift", "attribute": "first", "otherAttribute": "second"}

// newServer starts our server for one script. It knows the names, and gives the effects of the script.
func newServer(t testing.TB, s script) *integrationtest.Server {
	server := integrationtest.Start(
		// NewServer would fail the test for a path that is not served, but a script requests such a path.
		integrationtest.WithLogger(slog.New(slog.NewTextHandler(logged{t}, nil))),
		integrationtest.WithAttributes(ourNames["attribute"], ourNames["otherAttribute"]),
		integrationtest.WithAdditionalCosts(ourNames["cost"]),
	)
	t.Cleanup(server.Close)
	server.OnEffects(func(integrationtest.Evaluation) []integration.Effect { return s.Effects })
	return server
}

// logged fails the test for each record of the server, such as an effect that the API would not give.
type logged struct{ testing.TB }

func (l logged) Write(text []byte) (int, error) {
	if !strings.Contains(string(text), "is not served") {
		l.Errorf("our server says: %s", text)
	}
	return len(text), nil
}

// ourTarget returns our server as the target of one script.
func ourTarget(t testing.TB, s script) *target {
	server := newServer(t, s)
	return &target{
		baseURL: server.URL, key: server.APIKey, http: http.DefaultClient, prefix: "conformance", names: ourNames, ours: true,
		hold: func() func() {
			released := make(chan struct{})
			server.OnEffects(func(integrationtest.Evaluation) []integration.Effect {
				<-released
				return s.Effects
			})
			server.Delay(20 * time.Millisecond) // requests that are not updates also run at the same time for a while
			return sync.OnceFunc(func() {
				server.Delay(0)
				close(released)
			})
		},
	}
}

// TestScripts runs each script against our server, which must answer as the script says.
func TestScripts(t *testing.T) {
	scripts, given := load(t)
	for _, s := range scripts {
		t.Run(s.name, func(t *testing.T) {
			run, err := ourTarget(t, s).run(t.Context(), s, given)
			require.NoError(t, err)
			require.Empty(t, run.notAsked)
			require.Empty(t, run.given, "a session cannot be made")
			for i, o := range run.steps {
				require.Empty(t, o.notAsked, "step %d: %s", i+1, s.Steps[i].Request)
				for _, seen := range o.observations {
					assert.True(t, seen.ok, "step %d: %s: %s is %s", i+1, s.Steps[i].Request, seen.what, seen.got)
				}
			}
		})
	}
}
