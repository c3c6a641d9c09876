package links_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/links"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/share/visit/visittest"
)

const (
	at       = "/api/v1/links"
	torrents = "/api/v1/torrents"
)

type body = map[string]any

// What a link leads to is seen, and added: the torrent is told to the tracker of whoever
// shares it, and the secret is nowhere to be seen.
func TestOpen(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	p := visittest.Share(t, w.Net, false)
	var seen links.Preview
	w.Must(t, 200, "POST", at, body{"link": p.Link.Text()}, &seen)
	if seen.Kind != "private" || seen.Title != "Field recordings" || seen.Size != 80_000 || seen.Files != 1 || len(seen.FirstFiles) != 1 ||
		seen.FirstFiles[0].Path != "file.bin" || seen.Here != "" || !seen.Fits || seen.Free <= 0 || len(seen.Key) != 64 {
		t.Errorf("%+v", seen)
	}
	var added torrent.Torrent
	w.Must(t, 201, "POST", torrents, body{"link": p.Link.Text(), "paused": true}, &added)
	one, err := w.Library.Find(added.Key)
	if err != nil {
		t.Fatal(err)
	}
	if v := one.View(); v.Sole == nil || v.Sole.URL != "https://10.0.0.1:6881/KEY/announce" || v.Key() == nil || *v.Key() != p.Link.Secret || !v.Private || v.Ours {
		t.Errorf("added %+v", v.Record)
	}
	w.Must(t, 409, "POST", torrents, body{"link": p.Link.Text()}, nil)
	w.Must(t, 409, "POST", torrents, body{"url": p.Link.Text()}, nil)
	w.Must(t, 200, "POST", at, body{"link": p.Link.Text()}, &seen)
	if seen.Here != added.Key {
		t.Errorf("here %q, not %q", seen.Here, added.Key)
	}
	for _, path := range []string{torrents, torrents + "/" + added.Key, torrents + "/" + added.Key + "/trackers"} {
		rec := w.As(access.Owner(access.ByKey), "GET", path, nil)
		if _, secret, _ := strings.Cut(p.Link.Text(), "#s="); bytes.Contains(rec.Body.Bytes(), []byte(secret[:40])) || strings.Contains(w.Log.String(), secret[:40]) {
			t.Errorf("%s shows the secret", path)
		}
	}
}

// A public one is anybody's.
func TestOpenPublic(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	p := visittest.Share(t, w.Net, true)
	var seen links.Preview
	w.Must(t, 200, "POST", at, body{"link": p.Link.Text()}, &seen)
	var added torrent.Torrent
	w.Must(t, 201, "POST", torrents, body{"link": p.Link.Text(), "paused": true}, &added)
	one, err := w.Library.Find(added.Key)
	if err != nil || seen.Kind != "public" || one.View().Sole != nil || one.View().Secret != "" {
		t.Errorf("%+v, %v", seen, err)
	}
}

// What has to be redeemed is so when that is said, and once.
func TestGuarded(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	p := visittest.Share(t, w.Net, false)
	p.Way = "passphrase"
	var seen links.Preview
	w.Must(t, 200, "POST", at, body{"link": p.Link.Text(), "redeem": true}, &seen)
	if !seen.NeedsPassphrase || seen.NeedsRedeem || seen.Title != "" {
		t.Errorf("%+v", seen)
	}
	p.Way, seen = "redeem", links.Preview{}
	w.Must(t, 200, "POST", at, body{"link": p.Link.Text()}, &seen)
	if seen.NeedsPassphrase || !seen.NeedsRedeem {
		t.Errorf("%+v", seen)
	}
	w.Must(t, 422, "POST", torrents, body{"link": p.Link.Text()}, nil)
	if said := p.Said(); strings.Contains(said, "POST") {
		t.Errorf("it was redeemed: %s", said)
	}
	w.Must(t, 200, "POST", at, body{"link": p.Link.Text(), "redeem": true}, nil)
	w.Must(t, 201, "POST", torrents, body{"link": p.Link.Text(), "paused": true}, nil)
	if said := p.Said(); strings.Count(said, "POST") != 1 {
		t.Errorf("not redeemed once: %s", said)
	}
}

// What cannot be had says why; the share that has no room is not begun.
func TestRefused(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	p := visittest.Share(t, w.Net, false)
	changed := p.Link
	changed.Pin[0]++
	for _, c := range []struct {
		change func()
		in     body
		status int
		text   string
	}{
		{nil, body{"link": "https://x.example/private/"}, 422, "not the link of a share"},
		{nil, body{"link": strings.SplitN(p.Link.Text(), "&", 2)[0]}, 422, "copy all of it"},
		{nil, body{"link": changed.Text()}, 502, "nothing was sent"},
		{nil, body{"link": strings.Replace(p.Link.Text(), ":6881", ":6882", 1)}, 502, "not reached"},
		{func() { p.Record.Title = "Other"; p.Sign(); p.Torrent.SetTrackers(nil) }, body{"link": p.Link.Text()}, 502, "not what a share is"},
		{func() { p.Make(true) }, body{"link": changed.Text()}, 502, "nothing was sent"},
		{func() { p.Way = "" }, body{"link": p.Link.Text()}, 404, "revoked, has expired"},
		{func() { p.Way, p.Status = "passphrase", 403 }, body{"link": p.Link.Text(), "passphrase": "x"}, 422, "not the passphrase"},
		{func() { p.Status = 429 }, body{"link": p.Link.Text(), "passphrase": "x"}, 503, "(90 seconds)"},
		{func() { p.Way, p.Busy = "open", true }, body{"link": p.Link.Text()}, 503, "just now"},
	} {
		if c.change != nil {
			c.change()
		}
		for _, path := range []string{at, torrents} {
			var problem struct{ Detail string }
			if status := w.Do(t, "POST", path, c.in, &problem); status != c.status || !strings.Contains(problem.Detail, c.text) || strings.Contains(problem.Detail, p.Link.Token.Text()) {
				t.Errorf("%s, %s: %d, %s", path, c.text, status, problem.Detail)
			}
		}
	}
	p.Busy, p.Status = false, 0
	token := access.Principal{Name: "x", Scopes: []access.Scope{access.Add}, Way: access.ByToken}
	in, err := json.Marshal(body{"link": p.Link.Text()})
	if err != nil {
		t.Fatal(err)
	}
	p.Said()
	if rec := w.As(token, "POST", at, bytes.NewReader(in)); rec.Code != 403 || p.Said() != "" {
		t.Errorf("a token leads the node into its own network: %d", rec.Code)
	}
	w.Folder("/content").SetCapacity(4096)
	var seen links.Preview
	w.Must(t, 200, "POST", at, body{"link": p.Link.Text()}, &seen)
	if seen.Fits {
		t.Errorf("%+v", seen)
	}
	w.Must(t, 507, "POST", torrents, body{"link": p.Link.Text()}, nil)
	w.Must(t, 201, "POST", torrents, body{"link": p.Link.Text(), "skip": []int{0}, "paused": true}, nil)
}
