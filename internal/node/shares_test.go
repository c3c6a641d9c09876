package node_test

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/library"
	libraryrecord "github.com/warren-p2p/warren/internal/library/record"
	"github.com/warren-p2p/warren/internal/node"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/swarm"
)

// share shares a folder with a file in it.
func share(t *testing.T, n *node.Node, dir string) book.Share {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "set", "a"), []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	disk, err := vfs.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer disk.Close()
	d := book.New{ID: record.NewID(), Identity: n.Identities.List()[0].ID, Dir: dir, Verified: true, Confirmed: true, Direct: true}
	d.Title, d.Licence.ID = "Birds", "MIT"
	if d.Metainfo, err = create.Torrent(t.Context(), disk, "set", create.Options{Private: true, Source: d.ID.String()}); err != nil {
		t.Fatal(err)
	}
	s, err := n.Shares.Create(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// visitor gets pages of a port that shows a key.
func visitor(t *testing.T, pin [32]byte) func(url string) (status int, body string) {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{
		InsecureSkipVerify: true, // the pin is checked
		VerifyConnection: func(s tls.ConnectionState) error {
			if sha256.Sum256(s.PeerCertificates[0].RawSubjectPublicKeyInfo) != pin {
				return errors.New("another key than that of the link")
			}
			return nil
		},
	}}}
	return func(url string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
}

// TestShare: what a node shares is behind its port, at the link, seeded as a torrent of its
// own, after a restart too, and not any more once it is revoked.
func TestShare(t *testing.T) {
	home, dir := t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "set"), 0o700); err != nil {
		t.Fatal(err)
	}
	flags := quiet()
	n, _, err := open(t, home, flags, "")
	if err != nil {
		t.Fatal(err)
	}
	s := share(t, n, dir)
	flags["listen"] = n.Addresses()[0]
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if n, _, err = open(t, home, flags, ""); err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if s, err = n.Shares.Find(s.ID); err != nil {
		t.Fatal(err)
	}
	l, err := n.Shares.Link(&s)
	if err != nil || l.Kind != link.Private || l.Address != flags["listen"] {
		t.Fatalf("the link leads to %s: %v", l.Address, err)
	}
	get := visitor(t, l.Pin)
	if status, body := get(l.Page()); status != http.StatusOK || !strings.Contains(body, "Birds") {
		t.Errorf("the page: %d", status)
	}
	if status, body := get(l.Page() + "/file/0"); status != http.StatusOK || body != "one" {
		t.Errorf("a file: %d %q", status, body)
	}
	_, file := get(l.Page() + "/torrent")
	m, err := metainfo.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Trackers(); len(got) != 1 || !strings.HasPrefix(got[0][0], "https://"+flags["listen"]+"/") {
		t.Errorf("the trackers are %v", got)
	}
	one, err := n.Library.Find(s.Torrent)
	if err != nil {
		t.Fatal(err)
	}
	// Nobody hears of it but this node, after a restart as well.
	list, _ := one.Engine().Announces()
	if _, sought := one.Engine().Lookup(); sought || len(list) != 1 || list[0].URL != m.Trackers()[0][0] {
		t.Errorf("it is told to %+v", list)
	}
	if v := one.View(); v.TLS != swarm.TLSRequire || v.Key() == nil || *v.Key() != s.Secret || v.Sole == nil || v.Sole.URL != m.Trackers()[0][0] || !v.Private {
		t.Error("the torrent in the library is not that of a private share")
	}
	if err := one.Rename(t.Context(), "set/a", "set/b"); err != nil {
		t.Fatal(err)
	}
	if status, body := get(l.Page() + "/file/0"); status != http.StatusOK || body != "one" {
		t.Errorf("a file that has another name here now: %d %q", status, body)
	}
	if s, err = n.Shares.Publish(t.Context(), s.ID, book.Publication{Confirmed: true}); err != nil {
		t.Fatal(err)
	}
	public, err := n.Library.Find(s.Public)
	if err != nil {
		t.Fatal(err)
	}
	if v := public.View(); v.Private || v.Secret != "" || v.Sole != nil || !v.Ours {
		t.Error("the public torrent in the library is not public")
	}
	all, err := n.Shares.PublicLink(s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if status, body := get(all.Page()); status != http.StatusOK || !strings.Contains(body, s.PublicHashes.V2.String()) {
		t.Errorf("the public page: %d", status)
	}
	if err := n.Shares.Revoke(t.Context(), s.ID, false); err != nil {
		t.Fatal(err)
	}
	status, body := get("https://" + l.Address + "/private/" + link.NewToken().Text())
	for _, url := range []string{l.Page(), l.Page() + "/record", all.Page()} {
		if got, what := get(url); got != status || what != body {
			t.Errorf("after it was revoked: %d", got)
		}
	}
	if _, err := n.Library.Find(s.Torrent); !errors.Is(err, library.ErrNotFound) {
		t.Errorf("the torrent is there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "set", "b")); err != nil {
		t.Errorf("the content is not: %v", err)
	}
}

// TestShareRemoved: who removes the torrent of a share, as any other, ends the share.
func TestShareRemoved(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "set"), 0o700); err != nil {
		t.Fatal(err)
	}
	n, _, err := open(t, t.TempDir(), quiet(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	s := share(t, n, dir)
	one, err := n.Library.Find(s.Torrent)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Library.Remove(t.Context(), one, false); err != nil {
		t.Fatal(err)
	}
	until(t, "the share has ended", func() bool {
		s, err := n.Shares.Find(s.ID)
		return err == nil && s.State == book.Revoked
	})
}

// until waits for something that other goroutines do.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in half a minute: %s", what)
		}
	}
}

// announce returns what is asked of the tracker of a share.
func announce(s *book.Share) string {
	var hash strings.Builder
	for _, b := range s.Hashes.V1 {
		fmt.Fprintf(&hash, "%%%02x", b)
	}
	return "?info_hash=" + hash.String() + "&peer_id=" + strings.Repeat("p", 20) + "&port=7"
}

// TestRevokeEndsTransfers: somebody who is fetching a share when it is revoked is cut off,
// and whatever he has of it, key of the tracker and secret, opens nothing any more.
func TestRevokeEndsTransfers(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "set"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "set", "large"), make([]byte, 8<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := quiet()
	flags["limits.up"] = "200kB"
	n, _, err := open(t, t.TempDir(), flags, "")
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	friend, _, err := open(t, t.TempDir(), quiet(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer friend.Close()
	s := share(t, n, dir)
	l, err := n.Shares.Link(&s)
	if err != nil {
		t.Fatal(err)
	}
	get := visitor(t, l.Pin)
	_, file := get(l.Page() + "/torrent")
	m, err := metainfo.Parse([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	require, tracker := swarm.TLSRequire, m.Trackers()[0][0]
	got, err := friend.Library.Add(t.Context(), library.Add{
		Metainfo: m, Dir: t.TempDir(), Secret: &l.Secret, TLS: &require, Sole: &libraryrecord.Sole{URL: tracker, Pin: hex.EncodeToString(l.Pin[:])},
	})
	if err != nil {
		t.Fatal(err)
	}
	until(t, "the friend fetches", func() bool { return got.Engine().Status().Received > 0 })
	asked := announce(&s)
	if status, body := get(tracker + asked); status != http.StatusOK || !strings.Contains(body, "8:interval") {
		t.Errorf("the tracker before: %d %q", status, body)
	}
	if err := n.Shares.Revoke(t.Context(), s.ID, false); err != nil {
		t.Fatal(err)
	}
	until(t, "the friend is cut off", func() bool { return len(got.Engine().Peers()) == 0 })
	if st := got.Engine().Status(); st.Left() == 0 {
		t.Error("the friend has all of it: the test proves nothing")
	}
	// The same key, that of a share which was never there, and a visitor's path.
	status, body := get(strings.Replace(tracker, "/announce", "x/announce", 1) + asked)
	if now, what := get(tracker + asked); now != status || what != body {
		t.Errorf("the tracker after: %d %q", now, what)
	}
	if _, err := n.Library.Find(s.Torrent); !errors.Is(err, library.ErrNotFound) {
		t.Errorf("the torrent is there: %v", err)
	}
}

// TestPublishWhatIsThere: what is public already is not added again, and stays when the
// share is not public any more; what is there for some alone is not made public.
func TestPublishWhatIsThere(t *testing.T) {
	for name, secret := range map[string]*btls.Secret{"public": nil, "for some": {1}, "for some, as its file says": {2}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "set"), 0o700); err != nil {
				t.Fatal(err)
			}
			n, _, err := open(t, t.TempDir(), quiet(), "")
			if err != nil {
				t.Fatal(err)
			}
			defer n.Close()
			s := share(t, n, dir)
			disk, err := vfs.OpenDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer disk.Close()
			m, err := create.Torrent(t.Context(), disk, "set", create.Options{})
			if err != nil {
				t.Fatal(err)
			}
			add := library.Add{Metainfo: m, Dir: dir, Verified: true, Secret: secret}
			if secret != nil && secret[0] == 2 {
				add.Secret, m.TLS = nil, &metainfo.TLS{Level: metainfo.TLSStrict, Secret: secret[:]}
			}
			there, err := n.Library.Add(t.Context(), add)
			if err != nil {
				t.Fatal(err)
			}
			s, err = n.Shares.Publish(t.Context(), s.ID, book.Publication{Confirmed: true})
			if secret != nil {
				if !errors.Is(err, library.ErrDuplicate) {
					t.Errorf("it is made public: %v", err)
				}
				return
			}
			if err != nil || s.Public != there.Key() || !s.Borrowed {
				t.Fatalf("%v", err)
			}
			if _, err := n.Shares.Unpublish(t.Context(), s.ID); err != nil {
				t.Fatal(err)
			}
			if got, err := n.Library.Find(there.Key()); err != nil || got != there {
				t.Errorf("what was there before is gone: %v", err)
			}
		})
	}
}

// TestShareExpires: the torrent of a link that has ended stops, and goes on with the link;
// meanwhile the key of its tracker opens nothing.
func TestShareExpires(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "set"), 0o700); err != nil {
		t.Fatal(err)
	}
	n, _, err := open(t, t.TempDir(), quiet(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	s := share(t, n, dir)
	one, err := n.Library.Find(s.Torrent)
	if err != nil {
		t.Fatal(err)
	}
	l, err := n.Shares.Link(&s)
	if err != nil {
		t.Fatal(err)
	}
	get, tracker := visitor(t, l.Pin), one.View().Sole.URL+announce(&s)
	soon, never := time.Now().Add(2*time.Second), time.Time{}
	if _, err := n.Shares.Change(t.Context(), s.ID, book.Change{Expires: &soon}); err != nil {
		t.Fatal(err)
	}
	until(t, "the torrent stops", func() bool { return one.View().Paused })
	status, body := get(strings.Replace(tracker, "/announce", "x/announce", 1))
	if now, what := get(tracker); now != status || what != body {
		t.Errorf("the tracker after: %d %q", now, what)
	}
	if _, err := n.Shares.Change(t.Context(), s.ID, book.Change{Expires: &never}); err != nil {
		t.Fatal(err)
	}
	until(t, "the torrent goes on", func() bool { return !one.View().Paused })
	if status, body := get(tracker); status != http.StatusOK || !strings.Contains(body, "8:interval") {
		t.Errorf("the tracker of a link that lasts again: %d %q", status, body)
	}
}
