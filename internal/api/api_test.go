package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/changes"
	"github.com/warren-p2p/warren/internal/api/detail"
	"github.com/warren-p2p/warren/internal/api/problem"
	"github.com/warren-p2p/warren/internal/api/running"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/internal/api/torrents"
)

var update = flag.Bool("update", false, "write the OpenAPI document anew")

// The document is what clients are made of: it changes when that is meant.
func TestGolden(t *testing.T) {
	const golden = "../../docs/openapi.json"
	w := apitest.Open(t)
	defer w.Close(t)
	got, err := w.Spec()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the API is not that of %s: if that is meant, run go test ./internal/api -update, and make clients", golden)
	}
	if rec := w.As(access.Principal{Scopes: []access.Scope{access.Read}}, "GET", "/api/v1/openapi.json", nil); rec.Code != 200 || !bytes.Equal(rec.Body.Bytes(), got) {
		t.Errorf("served: %d", rec.Code)
	}
}

func TestTorrents(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	var made torrent.Torrent
	w.Must(t, 201, "POST", "/api/v1/torrents", torrents.NewTorrent{Magnet: apitest.Link(1), Category: "films", Labels: []string{"new"}, Dir: "/films"}, &made)
	if made.ID != 1 || made.Key != "0000000000000000000000000000000000000001" || made.Name != "torrent 1" || made.Category != "films" || made.Dir != "/films" {
		t.Errorf("made %+v", made)
	}
	var p struct {
		Type   string
		Errors []struct{ Value string }
	}
	w.Must(t, 409, "POST", "/api/v1/torrents", torrents.NewTorrent{URL: apitest.Link(1)}, &p)
	if p.Type != problem.Prefix+"duplicate" || len(p.Errors) != 1 || p.Errors[0].Value != made.Key {
		t.Errorf("twice: %+v", p)
	}
	at := "/api/v1/torrents/" + made.Key
	for _, verb := range []string{"pause", "resume", "recheck", "reannounce", "pause"} {
		w.Must(t, 204, "POST", at+"/"+verb, nil, nil)
	}
	note, labels := "mine", []string{"b", "a", "b"}
	w.Must(t, 200, "PATCH", at, torrents.Patch{Note: &note, Labels: &labels, UpLimit: new(int64(7))}, &made)
	if made.Note != note || strings.Join(made.Labels, " ") != "a b" || made.UpLimit != 7 || !made.Paused {
		t.Errorf("changed to %+v", made)
	}
	w.Must(t, 200, "GET", "/api/v1/torrents/1", nil, &made)
	w.Must(t, 404, "GET", "/api/v1/torrents/2", nil, nil)
	w.Must(t, 409, "GET", at+"/files", nil, nil)
	w.Must(t, 200, "GET", at+"/peers", nil, nil)
	w.Must(t, 200, "GET", at+"/pieces", nil, nil)
	var trackers detail.Trackers
	w.Must(t, 200, "PUT", at+"/trackers", map[string]any{"tiers": [][]string{{"http://tracker.example/announce"}}}, &trackers)
	w.Must(t, 204, "POST", at+"/peers", map[string]any{"peers": []string{"192.0.2.1:6881"}}, nil)
	var moved torrents.Moved
	w.Must(t, 200, "POST", at+"/move", map[string]any{"dir": "/elsewhere"}, &moved.Body)
	if !moved.Body.Done {
		t.Error("not moved")
	}
	var done torrents.Done
	w.Must(t, 200, "POST", "/api/v1/torrents/bulk", torrents.Bulk{Keys: []string{"1", "99"}, Action: "resume"}, &done)
	if done.Done != 1 || len(done.Failed) != 1 || done.Failed[0].Key != "99" || done.Failed[0].Type != problem.Prefix+"not-found" {
		t.Errorf("in bulk: %+v", done)
	}
	w.Must(t, 204, "DELETE", at+"?content=true", nil, nil)
	w.Must(t, 404, "DELETE", at, nil, nil)
}

// TestStatistics: what the library has counted is shown for each span.
func TestStatistics(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	w.Library.History().Count(time.Now(), 1000, 2000)
	for span, step := range map[string]int{"hour": 10, "day": 600, "month": 3600, "year": 86400, "all": 86400} {
		var s running.Statistics
		w.Must(t, 200, "GET", "/api/v1/statistics?span="+span, nil, &s)
		if s.Span != span || s.Step != step || s.Received != 1000 || s.Sent != 2000 || len(s.Steps) == 0 || s.Steps[0].At.Before(s.From) {
			t.Errorf("%s: %+v", span, s)
		}
	}
	var s running.Statistics
	if w.Must(t, 200, "GET", "/api/v1/statistics", nil, &s); s.Span != "day" {
		t.Errorf("without one: %s", s.Span)
	}
	w.Must(t, 422, "GET", "/api/v1/statistics?span=decade", nil, nil)
}

// TestClosed: what would go on after its request is not begun once nobody would wait for
// it, though requests may still come.
func TestClosed(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	var made torrent.Torrent
	w.Must(t, 201, "POST", "/api/v1/torrents", torrents.NewTorrent{Magnet: apitest.Link(1), Paused: new(true)}, &made)
	if err := w.API.Close(); err != nil {
		t.Fatal(err)
	}
	w.Must(t, 503, "POST", "/api/v1/torrents/"+made.Key+"/move", map[string]any{"dir": "/elsewhere"}, nil)
	w.Must(t, 200, "GET", "/api/v1/torrents/"+made.Key, nil, &made)
	if made.Dir != "/content" {
		t.Errorf("moved to %s", made.Dir)
	}
}

func TestList(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	for i := range 25 {
		add := torrents.NewTorrent{Magnet: apitest.Link(i + 1), Paused: new(i%2 == 0)}
		if i%5 == 0 {
			add.Category = "fives"
		}
		if i%3 == 0 {
			add.Labels = []string{"threes", "all"}
		}
		if i == 7 {
			add.Trackers = []string{"https://me:pw@one.example:81/key/announce", "https://one.example:81/other", "udp://two.example:6969"}
		}
		w.Must(t, 201, "POST", "/api/v1/torrents", add, nil)
	}
	// A torrent that was not added paused starts after the answer.
	counts := apitest.Until(t, w, "/api/v1/torrents/counts", func(c torrent.Counts) bool { return c.States["starting"] == 0 })
	if want := (torrent.Counts{
		Total: 25, States: map[string]int{"paused": 13, "metadata": 12}, Categories: map[string]int{"": 20, "fives": 5},
		Labels: map[string]int{"threes": 9, "all": 9}, Trackers: map[string]int{"": 24, "one.example:81": 1, "two.example:6969": 1},
	}); !reflect.DeepEqual(counts, want) {
		t.Errorf("counts %+v, want %+v", counts, want)
	}
	for query, want := range map[string]string{
		"limit=3":                          "1 2 3 of 25",
		"offset=23":                        "24 25 of 25",
		"offset=99":                        "of 25",
		"sort=name&limit=4":                "1 10 11 12 of 25",
		"sort=id&reverse=true&limit=2":     "25 24 of 25",
		"category=fives":                   "1 6 11 16 21 of 5",
		"category=none&limit=1":            "2 of 20",
		"label=threes,all&limit=2":         "1 4 of 9",
		"search=TORRENT+12":                "12 of 1",
		"search=nothing":                   "of 0",
		"state=paused&limit=2&category=no": "of 0",
		"state=paused&limit=2":             "1 3 of 13",
		"state=active":                     "of 0",
		"tracker=one.example:81":           "8 of 1",
		"tracker=key":                      "of 0",
		"tracker=none&limit=1":             "1 of 24",
	} {
		var page changes.Page
		w.Must(t, 200, "GET", "/api/v1/torrents?"+query, nil, &page)
		var ids strings.Builder
		for _, one := range page.Torrents {
			b, _ := json.Marshal(one.ID)
			ids.Write(append(b, ' '))
		}
		b, _ := json.Marshal(page.Total)
		if got := ids.String() + "of " + string(b); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	rec := w.As(access.Owner(access.ByKey), "GET", "/api/v1/torrents?fields=name,labels,up_limit&limit=1", nil)
	if _, list, _ := strings.Cut(rec.Body.String(), `"torrents":`); list != `[{"id":1,"name":"torrent 1","labels":["all","threes"]}]}` {
		t.Errorf("fields: %s", rec.Body)
	}
	for _, bad := range []string{"fields=secret", "state=odd", "sort=odd", "limit=0", "limit=1001", "offset=-1", "reverse=maybe", "what=ever"} {
		var p struct{ Type string }
		w.Must(t, 422, "GET", "/api/v1/torrents?"+bad, nil, &p)
		if p.Type != problem.Prefix+"invalid" {
			t.Errorf("%s: %+v", bad, p)
		}
	}
}

func TestScopes(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	for _, c := range []struct {
		scopes []access.Scope
		method string
		path   string
		body   string
		status int
	}{
		{nil, "GET", "/torrents", "", 403},
		{[]access.Scope{access.Read}, "GET", "/torrents", "", 200},
		{[]access.Scope{access.Read}, "POST", "/torrents", "{}", 403},
		{[]access.Scope{access.Control}, "POST", "/torrents", "{}", 403},
		{[]access.Scope{access.Add}, "POST", "/torrents", "{}", 422},
		{[]access.Scope{access.Add}, "DELETE", "/torrents/1", "", 403},
		{[]access.Scope{access.Control}, "DELETE", "/torrents/1", "", 404},
		{[]access.Scope{access.Admin}, "POST", "/torrents", "{}", 422},
		{[]access.Scope{access.Admin}, "POST", "/torrents", "{", 400},
		{[]access.Scope{access.Admin}, "POST", "/torrents", `{"magnet":"a"} {}`, 400},
		{[]access.Scope{access.Admin}, "POST", "/torrents", `{"magnet":"a","colour":"red"}`, 422},
		{[]access.Scope{access.Admin}, "PUT", "/torrents/1", "{}", 405},
		{[]access.Scope{access.Admin}, "GET", "/nothing", "", 404},
	} {
		rec := w.As(access.Principal{Name: "x", Scopes: c.scopes}, c.method, "/api/v1"+c.path, strings.NewReader(c.body))
		if rec.Code != c.status {
			t.Errorf("%v %s %s: %d, %s", c.scopes, c.method, c.path, rec.Code, rec.Body)
		}
		if kind := rec.Header().Get("Content-Type"); rec.Code >= 400 && (kind != "application/problem+json" || !strings.Contains(rec.Body.String(), problem.Prefix)) {
			t.Errorf("%v %s %s: %s: %s", c.scopes, c.method, c.path, kind, rec.Body)
		}
	}
}
