package record_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/swarm"
)

// TestPolicies: what a torrent demands of TLS is read back, and as numbers, as it was
// written once.
func TestPolicies(t *testing.T) {
	for text, want := range map[string]swarm.TLSPolicy{
		`{}`: swarm.TLSPrefer, `{"tls":2}`: swarm.TLSRequire, `{"tls":1,"note":"x"}`: swarm.TLSOff, `{"tls":"require"}`: swarm.TLSRequire,
	} {
		var w record.Wishes
		if err := json.Unmarshal([]byte(text), &w); err != nil || w.TLS != want || strings.Contains(text, "note") != (w.Note == "x") {
			t.Errorf("%s: %v, %v", text, w.TLS, err)
		}
		b, err := json.Marshal(w)
		if err != nil || want != swarm.TLSPrefer && !strings.Contains(string(b), `"tls":"`+want.String()+`"`) {
			t.Errorf("%s is written as %s, %v", text, b, err)
		}
		var again record.Wishes
		if err := json.Unmarshal(b, &again); err != nil || again.TLS != want {
			t.Errorf("%s: %v, %v", b, again.TLS, err)
		}
	}
	var w record.Wishes
	if err := json.Unmarshal([]byte(`{"tls":"maybe"}`), &w); err == nil {
		t.Error("a policy that is none is read")
	}
}

// TestNoTrackers: that all trackers were removed is not forgotten.
func TestNoTrackers(t *testing.T) {
	for _, w := range []record.Wishes{{}, {Trackers: [][]string{}}, {Trackers: [][]string{{"udp://a.example:1"}}}} {
		b, err := json.Marshal(w)
		var again record.Wishes
		if err = errors.Join(err, json.Unmarshal(b, &again)); err != nil || (again.Trackers == nil) != (w.Trackers == nil) || len(again.Trackers) != len(w.Trackers) {
			t.Errorf("%v: %s: %v, %v", w.Trackers, b, again.Trackers, err)
		}
	}
}
