package clients

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWarrenCommandLine(t *testing.T) {
	n := Node{Seeder: true, State: "/s", Content: "/c", Torrent: "/t.torrent", Host: "10.0.0.1"}
	want := "warren share /t.torrent --listen 10.0.0.1:6881 --dir /c --tls require --json --home /s/home"
	s := Warren{Binary: "warren", TLS: true}.Setup(n)
	if got := strings.Join(s.Args, " "); got != want || s.Exits {
		t.Errorf("seeder: %s", got)
	}
	n = Node{State: "/s", Content: "/c", Torrent: "/t.torrent", Host: "10.0.0.2", Swarm: true, Peers: []string{"a:1", "b:2"}}
	want = "warren get /t.torrent --exit --dir /c --tls off --json --home /s/home --listen 10.0.0.2:6881 --peer a:1 --peer b:2"
	s = Warren{Binary: "warren"}.Setup(n)
	if got := strings.Join(s.Args, " "); got != want || !s.Exits {
		t.Errorf("downloader: %s", got)
	}
}

func TestWarrenLevels(t *testing.T) {
	w := Warren{Binary: "warren", TLS: true, Level: "strict", Content: "x.bin"}
	want := "warren share /c/x.bin --listen 10.0.0.1:6881 --tls require --json --home /r/seed/home --level strict --torrent /r/level.torrent --kind v1 --piece-length 524288"
	if got := strings.Join(w.Setup(Node{Seeder: true, State: "/r/seed", Content: "/c", Torrent: "/t", Host: "10.0.0.1"}).Args, " "); got != want {
		t.Errorf("seeder: %s", got)
	}
	want = "warren get /r/level.torrent --exit --dir /d --tls require --json --home /r/get0/home --peer a:1"
	if got := strings.Join(w.Setup(Node{State: "/r/get0", Content: "/d", Torrent: "/t", Peers: []string{"a:1"}}).Args, " "); got != want {
		t.Errorf("downloader: %s", got)
	}
}

func TestEvents(t *testing.T) {
	warren := Warren{}.Setup(Node{}).Said
	lt := Libtorrent{}.Setup(Node{}).Said
	for _, tt := range []struct {
		said       func(string) string
		line, want string
	}{
		{warren, `{"event":"ready","name":"x"}`, Ready},
		{warren, `{"event":"progress","bytes":1}`, ""},
		{warren, `{"event":"done","bytes":1}`, Done},
		{warren, `{"event":"error"}`, Failed},
		{warren, "done", ""},
		{lt, "done", Done},
		{lt, "ready", Ready},
		{lt, "not done", ""},
	} {
		if got := tt.said(tt.line); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.line, got, tt.want)
		}
	}
}

func TestTransmissionSettings(t *testing.T) {
	s := Transmission{}.Setup(Node{Seeder: true, State: "/s", Content: "/c", Torrent: "/t"})
	var settings map[string]any
	if err := json.Unmarshal([]byte(s.Files[0].Content), &settings); err != nil {
		t.Fatal(err)
	}
	if settings["download-dir"] != "/c" || settings["script-torrent-done-enabled"] != false || settings["peer-port"] != 6881.0 {
		t.Errorf("settings: %v", settings)
	}
	if s.Files[1].Link != "/t" {
		t.Errorf("torrent: %+v", s.Files[1])
	}
}

func TestEveryClient(t *testing.T) {
	all := []Client{Aria2{}, Transmission{}, Libtorrent{Settings: "default"}, Libtorrent{Settings: "tuned"}, Warren{}, Warren{TLS: true}}
	names := make(map[string]bool)
	for _, c := range all {
		name := c.Name() + c.Variant() + c.Mode()
		if names[name] {
			t.Errorf("%s twice", name)
		}
		names[name] = true
		if !c.Moves("v1") {
			t.Errorf("%s does not move v1, which every anchor needs", name)
		}
		for _, seeder := range []bool{true, false} {
			s := c.Setup(Node{Seeder: seeder, State: "/s", Content: "/c", Torrent: "/t", Done: "/s/done"})
			hooked := false
			for _, f := range s.Files {
				hooked = hooked || strings.Contains(f.Content, "'/s/done'")
			}
			if len(s.Args) == 0 || !hooked && s.Said == nil {
				t.Errorf("%s cannot tell that it is done: %+v", name, s)
			}
		}
	}
}

func TestScrapeAnswer(t *testing.T) {
	for body, want := range map[string]bool{
		"d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei1e10:downloadedi0e10:incompletei0eeee":  true,
		"d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei0e10:downloadedi0e10:incompletei12eeee": false,
		"": false,
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
		got, err := fetch(t.Context(), srv.Client(), srv.URL)
		srv.Close()
		if err != nil || complete.Match(got) != want {
			t.Errorf("%q: %v, %v", body, complete.Match(got), err)
		}
	}
	if d := cmp.Diff("%20%2b%ff", percent([]byte(" +\xff"))); d != "" {
		t.Error(d)
	}
	if err := AwaitSeeder(t.Context(), "127.0.0.1", "xyz"); err == nil {
		t.Error("a hash that is not hex: no error")
	}
}
