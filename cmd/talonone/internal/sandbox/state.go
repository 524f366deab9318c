package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/talonone-go/talonone"
	"github.com/talonone-go/talonone/integration"
	"github.com/talonone-go/talonone/integration/integrationtest"
)

// The state file has the sessions and their effects. The other state of the server is lost when the sandbox stops: idempotency
// keys, earlier returns and the IDs of profiles.

// state is the content of the state file.
type state struct {
	Version  int       `json:"version"`
	Sessions []session `json:"sessions"`
}

// stateVersion is the version of the file's format. A file with another version is refused.
const stateVersion = 1

type session struct {
	Session talonone.CustomerSessionV2 `json:"session"`
	Effects []integration.Effect       `json:"effects"`
}

// load copies the sessions of the file to the server. A file that does not exist has no sessions.
func (s *Sandbox) load() error {
	text, err := os.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var st state
	if err := json.Unmarshal(text, &st); err != nil {
		return fmt.Errorf("%s is not a state file: %w", s.file, err)
	}
	if st.Version != stateVersion {
		return fmt.Errorf("%s is a state file of version %d, want %d", s.file, st.Version, stateVersion)
	}
	client := s.server.Client()
	for i, known := range st.Sessions {
		if err := s.restore(client, known); err != nil {
			return fmt.Errorf("%s: session %d: %w", s.file, i, err)
		}
	}
	return nil
}

// restore copies a session and its effects to the server. Only an update sets effects, and only an open session accepts an update.
// Therefore restore sets the session as open, updates it, and then sets it with its own state.
func (s *Sandbox) restore(client *integration.Client, known session) error {
	id := known.Session.IntegrationID
	if id == "" {
		return errors.New("it has no integrationId")
	}
	open := known.Session.Clone()
	open.State = talonone.StateOpen
	s.server.SetSession(open)
	if len(known.Effects) > 0 {
		s.server.OnEffects(func(integrationtest.Evaluation) []integration.Effect { return known.Effects })
		if _, err := client.UpdateCustomerSession(context.Background(), id, integration.UpdateRequest{}); err != nil {
			return err
		}
	}
	s.server.SetSession(known.Session)
	s.touch(id)
	return nil
}

// saveInterval is the minimum time between two writes of the file.
const saveInterval = 200 * time.Millisecond

// keep writes the file after changes, until stop is closed. Before it returns, it writes the last change. It returns the error of
// that write. Earlier errors are logged, and the next write includes the same changes.
func (s *Sandbox) keep(stop <-chan struct{}) error {
	if s.file == "" {
		return nil
	}
	var last error
	for {
		select {
		case <-s.dirty:
			if last = s.save(); last != nil {
				s.log.Printf("the sessions were not saved: %v", last)
			}
		case <-stop:
			select {
			case <-s.dirty:
			default:
				if last == nil {
					return nil
				}
			}
			return s.save()
		}
		select {
		case <-time.After(saveInterval):
		case <-stop:
		}
	}
}

func (s *Sandbox) save() error {
	text, err := json.Marshal(s.state())
	if err != nil {
		return err
	}
	return writeFile(s.file, text)
}

// state returns the sessions in the order in which they were created. The server takes the first session that load gives it for a
// profile as the first session of that profile.
func (s *Sandbox) state() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := state{Version: stateVersion, Sessions: []session{}}
	for id := range s.ids {
		known, effects, _ := s.stored(id)
		st.Sessions = append(st.Sessions, session{known, append([]integration.Effect{}, effects...)})
	}
	slices.SortFunc(st.Sessions, func(a, b session) int { return cmp.Compare(a.Session.ID, b.Session.ID) })
	return st
}

// writeFile replaces a file in one step: a reader finds the complete old text or the complete new text, also after a crash.
func writeFile(name string, text []byte) (err error) {
	dir := filepath.Dir(name)
	temp, err := os.CreateTemp(dir, filepath.Base(name)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
		}
	}()
	if _, err = temp.Write(text); err != nil {
		return err
	}
	if err = temp.Sync(); err != nil {
		return err
	}
	if err = temp.Close(); err != nil {
		return err
	}
	if err = os.Rename(temp.Name(), name); err != nil {
		return err
	}
	// Syncing the directory puts the rename on the disk. An error is ignored, because some systems cannot sync a directory.
	if d, openErr := os.Open(dir); openErr == nil {
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}
