package keys

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/talonone-go/talonone/integration"
)

// Keys gives a client the key that is valid now.
type Keys struct {
	// Load asks your secret store for the key and its expiry.
	Load func(context.Context) (key string, until time.Time, err error)

	mu            sync.Mutex
	key           string
	loaded, until time.Time
}

// Options are for integration.NewClient, whose apiKey may be "".
func (k *Keys) Options() []integration.Option {
	return []integration.Option{
		integration.WithAPIKeyFunc(k.get),
		integration.WithRetry(integration.Retry{Decide: k.decide}),
	}
}

// get is called for each attempt.
func (k *Keys) get(ctx context.Context) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.key != "" && time.Now().Before(k.until) {
		return k.key, nil
	}
	key, until, err := k.Load(ctx)
	if err != nil {
		return "", err
	}
	k.key, k.loaded, k.until = key, time.Now(), until
	return key, nil
}

// decide repeats a call whose key was revoked early. It loads the key again, but at most once a minute.
func (k *Keys) decide(err error, retry bool) bool {
	if !errors.Is(err, integration.ErrUnauthorized) {
		return retry
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Since(k.loaded) > time.Minute {
		k.key = ""
	}
	return true
}
