package detail

import (
	"testing"

	"github.com/warren-p2p/warren/internal/access"
)

// TestAddress: keys in the addresses of trackers are for who may change these.
func TestAddress(t *testing.T) {
	const url, host = "https://me:pw@tracker.example:81/key/announce", "https://tracker.example:81/…"
	for scope, want := range map[access.Scope]string{
		access.Read: host, access.Add: host, access.Control: url, access.Settings: url, access.Admin: url,
	} {
		ctx := access.With(t.Context(), access.Principal{Scopes: []access.Scope{scope}})
		if got := address(ctx, url); got != want {
			t.Errorf("%s: %s", scope, got)
		}
	}
	if got := address(t.Context(), url); got != host {
		t.Errorf("nobody: %s", got)
	}
}
