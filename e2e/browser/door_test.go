package browser

import (
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// made is what the API says of a share.
type made struct {
	ID, State, Link, Error, Share string
	PublicLink                    string `json:"public_link"`
}

// offer shares a folder by a link.
func (n *node) offer(folder, title string, more map[string]any) (s made) {
	n.t.Helper()
	var d made
	n.ask("POST", "/shares/drafts", map[string]any{"path": folder}, &d)
	at := "/shares/drafts/" + d.ID
	until := func(state string) {
		n.t.Helper()
		for end := time.Now().Add(time.Minute); d.State != state; time.Sleep(20 * time.Millisecond) {
			if n.ask("GET", at, nil, &d); d.State == "failed" || time.Now().After(end) {
				n.t.Fatalf("the draft is %s: %s", d.State, d.Error)
			}
		}
	}
	until("ready")
	form := map[string]any{"title": title, "confirmed": true, "direct": true, "licence": map[string]any{"id": "CC0-1.0"}}
	maps.Copy(form, more)
	n.ask("POST", at+"/share", form, &d)
	until("done")
	n.ask("GET", "/shares/"+d.Share, nil, &s)
	return s
}

// TestDoor: who is given a link needs no scripts to see what it is, to redeem it, and to
// save files; nothing that is shared is shown, and the key in the link is sent to nobody.
func TestDoor(t *testing.T) {
	n := start(t, nil)
	folder := filepath.Join(t.TempDir(), "Birds")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"a song.txt": "la la la", "page.html": "<script>document.title='taken'</script>"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	open := n.offer(folder, "Birds & bees", map[string]any{"publish": true, "description": "What they sing.", "tags": []string{"birds"}})
	guarded := n.offer(folder, "One look", map[string]any{"uses": 1, "passphrase": "correct horse"})
	gate := n.offer(folder, "Another look", map[string]any{"uses": 9, "passphrase": "correct horse"})
	var public struct{ Link string }
	n.ask("GET", "/shares/public", nil, &public)
	u, err := url.Parse(open.Link)
	if err != nil {
		t.Fatal(err)
	}
	secret, _, _ := strings.Cut(strings.TrimPrefix(u.Fragment, "s="), "&")
	links, err := json.Marshal(map[string]string{
		"open": open.Link, "secret": secret, "title": "Birds & bees", "file": "a song.txt", "text": "la la la",
		"guarded": guarded.Link, "passphrase": "correct horse", "gate": gate.Link, "list": public.Link,
	})
	if err != nil {
		t.Fatal(err)
	}
	n.script("door.mjs", "WARREN_DOOR="+string(links))
}
