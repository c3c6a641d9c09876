package api_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/detail"
	"github.com/warren-p2p/warren/internal/api/keys"
	"github.com/warren-p2p/warren/internal/api/running"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/api/torrents"
	"github.com/warren-p2p/warren/internal/backup"
	"github.com/warren-p2p/warren/internal/backup/archive"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/permid"
)

func TestIdentities(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	var list keys.Identities
	w.Must(t, 200, "GET", "/api/v1/identities", nil, &list)
	if len(list.Identities) != 1 || list.Identities[0].Name != "me" || !list.Identities[0].Default || list.Identities[0].Locked {
		t.Fatalf("at first: %+v", list)
	}
	var one keys.Identity
	w.Must(t, 201, "POST", "/api/v1/identities", keys.NewIdentity{Name: "night/shift", Passphrase: "one"}, &one)
	if _, err := permid.Parse(one.ID); err != nil || !one.Passphrase || one.Locked || one.Default {
		t.Errorf("made %+v, %v", one, err)
	}
	at, byID := "/api/v1/identities/night%2Fshift", "/api/v1/identities/"+one.ID
	w.Must(t, 200, "GET", at, nil, &one)
	w.Must(t, 200, "POST", byID+"/lock", nil, &one)
	if !one.Locked {
		t.Errorf("locked: %+v", one)
	}
	var p struct{ Detail string }
	for _, c := range []struct {
		status       int
		method, path string
		body         any
		want         string
	}{
		{422, "POST", byID + "/unlock", map[string]any{"passphrase": "two"}, "wrong passphrase"},
		{409, "POST", byID + "/unlock", map[string]any{"passphrase": ""}, "a passphrase is needed"},
		{409, "POST", byID + "/export", map[string]any{}, "a passphrase is needed"},
		{409, "POST", "/api/v1/identities/me/lock", nil, "no passphrase"},
		{404, "GET", "/api/v1/identities/nobody", nil, "no such identity"},
		{409, "PATCH", byID, map[string]any{"name": "me"}, "another identity has this name"},
		{422, "PATCH", byID, map[string]any{"name": " "}, "1 to 64 characters"},
		{409, "POST", "/api/v1/identities", keys.NewIdentity{Name: "me"}, "another identity has this name"},
		{422, "POST", "/api/v1/identities/import", map[string]any{"name": "x", "file": []byte("nonsense")}, "not a sealed identity"},
	} {
		w.Must(t, c.status, c.method, c.path, c.body, &p)
		if !strings.Contains(p.Detail, c.want) || strings.Contains(p.Detail, "two") {
			t.Errorf("%s %s: %q", c.method, c.path, p.Detail)
		}
	}
	w.Must(t, 200, "POST", byID+"/unlock", map[string]any{"passphrase": "one"}, &one)
	w.Must(t, 200, "PUT", byID+"/passphrase", map[string]any{"old": "one", "passphrase": ""}, &one)
	w.Must(t, 200, "PATCH", byID, map[string]any{"name": "night", "default": true}, &one)
	if one.Locked || one.Passphrase || one.Name != "night" || !one.Default {
		t.Errorf("in the end: %+v", one)
	}
	var copied keys.Sealed
	w.Must(t, 200, "POST", byID+"/export", map[string]any{}, &copied)
	if i, err := permid.Open(copied.File, ""); err != nil || i.ID().String() != one.ID {
		t.Errorf("exported: %v", err)
	}
	w.Must(t, 409, "POST", "/api/v1/identities/import", map[string]any{"name": "x", "file": copied.File}, &p)
	w.Must(t, 200, "GET", "/api/v1/identities", nil, &list)
	text, _ := json.Marshal(list)
	i, err := w.Identities.Use(w.Identities.List()[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	seed := i.Seed()
	for _, shown := range []string{hex.EncodeToString(seed[:]), base64.StdEncoding.EncodeToString(seed[:])} {
		if strings.Contains(string(text), shown) {
			t.Errorf("a seed is shown: %s", text)
		}
	}
}

// What would outlast a token, no token opens.
func TestOwnerAlone(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	admin := access.Principal{Name: "program", Way: access.ByToken, Token: 1, Scopes: []access.Scope{access.Admin}}
	for _, path := range []string{"/api/v1/backup", "/api/v1/owner-key", "/api/v1/identities/me/export"} {
		if rec := w.As(admin, "POST", path, strings.NewReader("{}")); rec.Code != 403 || !strings.Contains(rec.Body.String(), "the owner alone") {
			t.Errorf("%s by a token: %d, %s", path, rec.Code, rec.Body)
		}
		if rec := w.As(access.Owner(access.ByCookie), "POST", path, strings.NewReader("{}")); rec.Code != 200 {
			t.Errorf("%s in the browser: %d, %s", path, rec.Code, rec.Body)
		}
	}
	read := access.Principal{Name: "program", Way: access.ByToken, Token: 2, Scopes: []access.Scope{access.Read, access.Add, access.Control, access.Settings}}
	for _, path := range []string{"/api/v1/identities", "/api/v1/identities/me"} {
		if rec := w.As(read, "GET", path, nil); rec.Code != 403 {
			t.Errorf("%s without admin: %d", path, rec.Code)
		}
	}
}

func TestReplaceKey(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	old := w.Key.Text()
	var got keys.OwnerKey
	w.Must(t, 200, "POST", "/api/v1/owner-key", nil, &got)
	if got.Key == old || !w.Key.Is(got.Key) || got.Path != "/management/"+got.Key {
		t.Errorf("got %+v", got)
	}
}

func TestBackup(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	rec := w.As(access.Owner(access.ByKey), "POST", "/api/v1/backup", strings.NewReader(`{"passphrase":"on paper"}`))
	if rec.Code != 200 || rec.Header().Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(rec.Header().Get("Content-Disposition"), `attachment; filename="warren-`) {
		t.Fatalf("%d, %v, %.300s", rec.Code, rec.Header(), rec.Body)
	}
	other := backup.Node{Home: t.TempDir(), Version: "test", Clock: clock.System{}}
	if _, err := other.Restore(t.Context(), bytes.NewReader(rec.Body.Bytes())); !errors.Is(err, archive.ErrLocked) {
		t.Errorf("without the passphrase: %v", err)
	}
	rec = w.As(access.Owner(access.ByKey), "POST", "/api/v1/backup", strings.NewReader(`{}`))
	if m, err := other.Restore(t.Context(), bytes.NewReader(rec.Body.Bytes())); err != nil || len(m.Files) == 0 {
		t.Fatalf("restored %+v: %v", m, err)
	}
	s, err := store.Open(t.Context(), other.Home+"/warren.db")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var name string
	if err := s.Read(t.Context(), func(q store.Querier) error {
		return q.QueryRowContext(t.Context(), "SELECT name FROM identity").Scan(&name)
	}); err != nil || name != "me" {
		t.Errorf("%q, %v", name, err)
	}
}

// broken is a client that goes after some bytes.
type broken struct {
	http.ResponseWriter
	left int
}

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("gone")
	}
	return b.ResponseWriter.Write(p)
}

// A backup that fails before anything was sent is a problem, later the answer breaks off.
func TestBackupFails(t *testing.T) {
	w := apitest.With(t, 10)
	defer w.Close(t)
	service := w.Running()
	func() {
		defer func() {
			if v := recover(); v != http.ErrAbortHandler {
				t.Errorf("ended by %v", v)
			}
		}()
		err := service.Backup(t.Context(), &broken{httptest.NewRecorder(), 1000}, "")
		t.Errorf("it goes on: %v", err)
	}()
	service.Home += "/none"
	if err := service.Backup(t.Context(), httptest.NewRecorder(), ""); !errors.Is(err, backup.ErrNothing) {
		t.Errorf("of nothing: %v", err)
	}
}

func TestNetwork(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	var got running.Network
	w.Must(t, 200, "GET", "/api/v1/network", nil, &got)
	ways := map[string]string{}
	for _, way := range got.Ways {
		ways[way.Kind] = way.By + way.Proxy
	}
	if !got.KillSwitch || got.Interface.Up || got.Interface.Why == "" || ways["peers"] != "proxysocks5://192.0.2.1:1080" || ways["feeds"] != "off" || ways["trackers"] != "direct" ||
		len(got.Blocked) != 2 || got.Blocked[0].What != "everything" || got.Proxies[0].Trouble != "no answer" {
		t.Errorf("%+v", got)
	}
}

func TestStreams(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	var film torrent.Torrent
	w.Must(t, 201, "POST", "/api/v1/torrents", torrents.NewTorrent{File: []byte("d4:infod5:filesl" +
		"d6:lengthi4e4:pathl10:readme.txteed6:lengthi9e4:pathl8:film.mkveed6:lengthi3e4:pathl9:theme.mp3eee" +
		"4:name3:set12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee")}, &film)
	key := film.Key
	at := "/api/v1/torrents/" + key + "/streams"
	var got detail.Streams
	w.Must(t, 200, "GET", at+"?seconds=60", nil, &got)
	if len(got.Files) != 2 || got.Main != got.Files[0].Index || !strings.HasSuffix(got.Files[0].URL, "/film.mkv") || !strings.HasPrefix(got.Files[0].URL, "http://example.com/stream/") ||
		!strings.HasSuffix(got.Playlist, "/playlist.m3u8") || got.Expires.IsZero() {
		t.Errorf("got %+v", got)
	}
	var files detail.Files
	w.Must(t, 200, "GET", "/api/v1/torrents/"+key+"/files", nil, &files)
	for _, f := range files.Files {
		if f.Playable != (f.Path != "set/readme.txt") {
			t.Errorf("%+v", f)
		}
		if !f.Playable {
			w.Must(t, 200, "GET", at+"?file="+string(rune('0'+f.Index)), nil, &got)
			if len(got.Files) != 1 || got.Files[0].Path != "set/readme.txt" {
				t.Errorf("asked for one: %+v", got)
			}
		}
	}
	var p struct{ Detail string }
	w.Must(t, 422, "GET", at+"?file=9", nil, &p)
	w.Must(t, 404, "GET", "/api/v1/torrents/99/streams", nil, &p)
	w.Must(t, 201, "POST", "/api/v1/torrents", map[string]any{"magnet": apitest.Link(7)}, nil)
	w.Must(t, 409, "GET", "/api/v1/torrents/2/streams", nil, &p)
}

// TestTrackerKeys: who may only look does not see the keys of private trackers, and
// cannot find them by asking which torrents have what in an address.
func TestTrackerKeys(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	const file = "d8:announce43:http://me:pw@tracker.example/key42/announce4:infod6:lengthi1e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaaee"
	var made torrent.Torrent
	w.Must(t, 201, "POST", "/api/v1/torrents", torrents.NewTorrent{File: []byte(file), Paused: new(true)}, &made)
	for name, c := range map[string]struct {
		scopes []access.Scope
		shown  bool
	}{
		"read":     {[]access.Scope{access.Read}, false},
		"add":      {[]access.Scope{access.Add}, false},
		"control":  {[]access.Scope{access.Control}, true},
		"settings": {[]access.Scope{access.Settings}, true},
	} {
		p := access.Principal{Name: "x", Scopes: c.scopes}
		rec := w.As(p, "GET", "/api/v1/torrents/"+made.Key+"/file", nil)
		if rec.Code != 200 || strings.Contains(rec.Body.String(), "key42") != c.shown || strings.Contains(rec.Body.String(), "me:pw") != c.shown {
			t.Errorf("%s: %d, %s", name, rec.Code, rec.Body)
		}
		for search, want := range map[string]string{"tracker.example": `"total":1`, "key4": `"total":0`, "me:p": `"total":0`} {
			if rec := w.As(p, "GET", "/api/v1/torrents?tracker="+search, nil); !strings.Contains(rec.Body.String(), want) {
				t.Errorf("%s: %s: %s", name, search, rec.Body)
			}
		}
	}
}
