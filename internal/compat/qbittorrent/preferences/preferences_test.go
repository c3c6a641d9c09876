package preferences

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/compat/shape"
	"github.com/warren-p2p/warren/internal/config"
)

func loaded(t testing.TB, stored map[string]any) config.Config {
	t.Helper()
	c, err := config.Load(config.Sources{Stored: stored})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var state = State{Download: "/srv/downloads", Watch: []string{"/w"}, Port: 6881}

// All that qBittorrent has is there, and of the same kind.
func TestShape(t *testing.T) {
	b, err := os.ReadFile("../testdata/shapes.txt")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := shape.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Of(loaded(t, nil), state)
	if err != nil {
		t.Fatal(err)
	}
	all["scan_dirs"] = map[string]any{"*": []any{}}
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := shape.Of(text)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for name, want := range theirs {
		if strings.HasPrefix(name, "GET app/preferences") {
			found = true
			for _, l := range shape.Missing(want, ours) {
				t.Error(l)
			}
		}
	}
	if !found {
		t.Error("nothing is recorded of preferences")
	}
}

func TestShown(t *testing.T) {
	c := loaded(t, map[string]any{
		"limits.up": "5kB", "queue.downloads": 3, "seeding.ratio": 1.5, "seeding.time": "2h", "seeding.then": "remove-content",
		"peers.dht": false, "peers.utp": "only", "schedule.on": true, "schedule.rules": []string{"daily 01:00-02:00 pause", "mon-fri 07:30-19:05 alternative"},
	})
	all, err := Of(c, state)
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"save_path": "/srv/downloads", "up_limit": int64(5000), "dl_limit": int64(0), "queueing_enabled": true, "max_active_downloads": 3,
		"max_active_uploads": -1, "max_ratio": 1.5, "max_ratio_enabled": true, "max_seeding_time": int64(120), "max_ratio_act": 3,
		"max_inactive_seeding_time": int64(-1), "dht": false, "bittorrent_protocol": 2, "listen_port": 6881, "scheduler_days": 1,
		"schedule_from_hour": 7, "schedule_from_min": 30, "schedule_to_hour": 19, "schedule_to_min": 5, "bypass_local_auth": true,
		"web_ui_port": 9471, "web_ui_address": "127.0.0.1",
	} {
		if !reflect.DeepEqual(all[key], want) {
			t.Errorf("%s is %v, want %v", key, all[key], want)
		}
	}
}

func TestChange(t *testing.T) {
	begin := map[string]any{"queue.downloads": 3, "seeding.ratio": 2.0, "schedule.rules": []string{"daily 01:00-02:00 pause", "daily 10:00-11:00 alternative"}}
	c := loaded(t, begin)
	for _, test := range []struct{ change, want string }{
		{`{}`, `map[]`},
		{`{"nothing":1,"autorun_program":"rm","web_ui_password":"x","web_ui_address":"*","web_ui_port":80}`, `map[]`},
		{`{"save_path":"/srv/downloads","dl_limit":0,"max_ratio":2}`, `map[]`},
		{`{"save_path":"/x","up_limit":5000,"dl_limit":-1,"alt_up_limit":1024}`, `map[limits.alternative.up:1024 limits.down:0 limits.up:5000 paths.download:/x]`},
		{`{"max_active_downloads":5,"max_active_uploads":-1}`, `map[queue.downloads:5]`},
		{`{"queueing_enabled":false,"max_active_downloads":5}`, `map[queue.downloads:0 queue.seeds:0 queue.total:0]`},
		{`{"max_ratio":1.5,"max_ratio_enabled":true,"max_seeding_time":90}`, `map[seeding.ratio:1.5 seeding.time:90m]`},
		{`{"max_ratio":1.5,"max_ratio_enabled":false}`, `map[seeding.ratio:0]`},
		{`{"max_ratio_act":1}`, `map[seeding.then:remove]`},
		{`{"max_ratio_act":2}`, `map[]`},
		{`{"bittorrent_protocol":1,"dht":false,"upnp":true}`, `map[peers.dht:false peers.utp:off]`},
		{`{"scan_dirs":{"/b":0,"/a":"/x","":1}}`, `map[paths.watch:[/a /b]]`},
		{`{"scheduler_enabled":true,"scheduler_days":2,"schedule_to_hour":9}`, `map[schedule.rules:[daily 01:00-02:00 pause sat,sun 10:00-09:00 alternative]]`},
		{`{"scheduler_enabled":false}`, `map[schedule.on:false]`},
		{`{"temp_path_enabled":true,"temp_path":"/t"}`, `map[paths.incomplete:/t]`},
	} {
		patch, err := Change([]byte(test.change), c, state)
		if got := fmt.Sprint(patch); err != nil || got != test.want {
			t.Errorf("%s: %s, %v; want %s", test.change, got, err, test.want)
			continue
		}
		stored := maps.Clone(begin)
		maps.Copy(stored, patch)
		loaded(t, stored)
	}
}

func TestBadChange(t *testing.T) {
	c := loaded(t, nil)
	for _, change := range []string{
		``, `[]`, `nope`, `{"save_path":1}`, `{"up_limit":"x"}`, `{"up_limit":1.5}`, `{"up_limit":1e300}`, `{"dht":1}`, `{"max_ratio":"x"}`,
		`{"max_ratio_act":"x"}`, `{"bittorrent_protocol":[]}`, `{"scheduler_days":10}`, `{"schedule_to_min":{}}`, `{"max_seeding_time":true}`,
	} {
		if patch, err := Change([]byte(change), c, state); err == nil {
			t.Errorf("%s was taken as %v", change, patch)
		}
	}
}

func FuzzChange(f *testing.F) {
	f.Add([]byte(`{"up_limit":5000,"max_ratio":1.5,"scan_dirs":{"/a":0},"scheduler_days":1}`))
	f.Add([]byte(`{"max_ratio_enabled":false,"queueing_enabled":false,"bittorrent_protocol":2}`))
	f.Fuzz(func(t *testing.T, change []byte) {
		patch, err := Change(change, loaded(t, nil), state)
		if err != nil {
			return
		}
		for key := range patch {
			if strings.HasPrefix(key, "hooks.") || strings.HasPrefix(key, "rpc.") || strings.HasPrefix(key, "management.") {
				t.Errorf("%s can be changed", key)
			}
		}
	})
}
