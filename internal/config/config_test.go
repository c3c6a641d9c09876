package config_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/words"
)

func load(t *testing.T, s config.Sources) config.Config {
	t.Helper()
	s.Path = "config.toml"
	c, err := config.Load(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTheLastWins: default, file, store, environment, flag.
func TestTheLastWins(t *testing.T) {
	s := config.Sources{}
	steps := []struct {
		add    func()
		origin config.Origin
		want   int
	}{
		{func() {}, config.Default, 500},
		{func() { s.File = []byte("[peers]\nmax = 1") }, config.File, 1},
		{func() { s.Stored = map[string]any{"peers.max": 2.0} }, config.Store, 2},
		{func() { s.Getenv = func(k string) string { return map[string]string{"WARREN_PEERS_MAX": "3"}[k] } }, config.Env, 3},
		{func() { s.Flags = map[string]string{"peers.max": "4"} }, config.Flag, 4},
	}
	for _, step := range steps {
		step.add()
		c := load(t, s)
		if c.Peers.Max != step.want || c.Origin("peers.max") != step.origin || c.Value("peers.max") != step.want {
			t.Errorf("got %d from %v, want %d from %v", c.Peers.Max, c.Origin("peers.max"), step.want, step.origin)
		}
	}
}

func TestEveryFormOfValue(t *testing.T) {
	c := load(t, config.Sources{
		File: []byte(`
listen = "192.0.2.1:7000"
looks = { pad = true }
[limits]
up = "2.5MB"
alternative.up = "0"
[seeding]
ratio = 2
time = "7d"
[paths]
watch = ["a", "b"]
`),
		Stored: map[string]any{"limits.down": 1000.0, "seeding.idle": "1h30m", "schedule.rules": []any{"daily 00:00-01:00 pause"}},
		Getenv: func(k string) string {
			return map[string]string{"WARREN_NO_DHT": "1", "WARREN_NO_PORTMAP": "true", "WARREN_DHT_NODE": "a.example:1, b.example:2"}[k]
		},
	})
	got := []any{
		c.Listen, c.Looks.Pad, c.Limits.Up, c.Limits.Alternative.Up, c.Seeding.Ratio, time.Duration(c.Seeding.Time), c.Paths.Watch,
		c.Limits.Down, time.Duration(c.Seeding.Idle), c.Schedule.Rules, c.Peers.DHT, c.Peers.Portmap, c.Peers.LSD, c.Peers.DHTNodes,
	}
	want := []any{
		"192.0.2.1:7000", true, words.Speed(2_500_000), words.Speed(0), 2.0, 7 * 24 * time.Hour, []string{"a", "b"},
		words.Speed(1000), 90 * time.Minute, []string{"daily 00:00-01:00 pause"}, false, false, true, []string{"a.example:1", "b.example:2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestWrong: each message says where, what, and what to do.
func TestWrong(t *testing.T) {
	for name, c := range map[string]struct {
		src  config.Sources
		want string
	}{
		"syntax":         {config.Sources{File: []byte("a = \nb")}, "config.toml:1:5: "},
		"unknown":        {config.Sources{File: []byte("[limits]\n\nupp = \"1MB\"")}, "config.toml:3: limits.upp: no such setting: did you mean limits.up?"},
		"wrong table":    {config.Sources{File: []byte("# c\nup = \"1MB\"")}, "config.toml:2: up: no such setting: did you mean limits.up?"},
		"nothing near":   {config.Sources{File: []byte("[colours]\nbackground = 1")}, "config.toml:2: colours.background: no such setting: warren config example lists all"},
		"no unit":        {config.Sources{File: []byte("limits.up = 10")}, `config.toml:1: limits.up: "10" is without a unit: say 10kB or 10MB`},
		"no time":        {config.Sources{File: []byte("stop-timeout = \"soon\"")}, `config.toml:1: stop-timeout: "soon" is not a time such as 90s, 1h30m or 7d`},
		"no number":      {config.Sources{File: []byte("peers.max = \"many\"")}, `config.toml:1: peers.max: "many": want a number`},
		"negative":       {config.Sources{File: []byte("peers.max = -1")}, `config.toml:1: peers.max: -1: want 0 or more`},
		"half":           {config.Sources{File: []byte("peers.max = 1.5")}, `config.toml:1: peers.max: 1.5: want a whole number`},
		"no list":        {config.Sources{File: []byte("paths.watch = true")}, `config.toml:1: paths.watch: want a list of texts in quotes`},
		"list of what":   {config.Sources{File: []byte("paths.watch = [1]")}, `config.toml:1: paths.watch: want a list of texts in quotes`},
		"table":          {config.Sources{File: []byte("[listen]\na = 1")}, `config.toml:1: listen: want text in quotes`},
		"value":          {config.Sources{File: []byte("limits = 1")}, `config.toml:1: limits: no such setting`},
		"choice":         {config.Sources{File: []byte("[peers]\ntls = \"on\"")}, `config.toml:2: peers.tls: "on": want off, prefer or require`},
		"public":         {config.Sources{File: []byte("[management]\nlisten = \"0.0.0.0:9471\"")}, `config.toml:2: management.listen: "0.0.0.0:9471": the management is for this machine alone`},
		"environment":    {config.Sources{Getenv: func(k string) string { return map[string]string{"WARREN_LISTEN": "6881"}[k] }}, `WARREN_LISTEN: "6881": want HOST:PORT`},
		"flag":           {config.Sources{Flags: map[string]string{"limits.up": "fast"}}, `--set limits.up: "fast" is not a size`},
		"store":          {config.Sources{Stored: map[string]any{"hooks.url": "http://x"}}, `programs may not change this`},
		"rule":           {config.Sources{File: []byte("[schedule]\nrules = [\"always slow\"]")}, `config.toml:2: schedule.rules: "always slow": `},
		"watch":          {config.Sources{File: []byte("[paths]\nwatch = [\"in | burn\"]")}, `config.toml:2: paths.watch: "burn" says nothing of a folder`},
		"watch twice":    {config.Sources{Stored: map[string]any{"paths.watch": []any{"in", "./in"}}}, `paths.watch: watch folder `},
		"move nowhere":   {config.Sources{Stored: map[string]any{"paths.watch": []any{"in | then=move"}}}, `is no full path of another folder`},
		"block":          {config.Sources{Stored: map[string]any{"peers.block": []any{"file:///etc/passwd"}}}, `peers.block: block list file:///etc/passwd: neither`},
		"half a login":   {config.Sources{File: []byte("[rpc]\nusername = \"me\"")}, "set both or neither"},
		"too many rules": {config.Sources{Stored: map[string]any{"schedule.rules": slices.Repeat([]string{"daily 01:00-02:00 pause"}, 201)}}, "schedule.rules: 201 rules"},
		"no interface":   {config.Sources{Stored: map[string]any{"network.interface": "a b"}}, "network.interface: interface \"a b\""},
		"no name server": {config.Sources{Stored: map[string]any{"network.name-servers": []string{"dns.example"}}}, "network.name-servers: name server \"dns.example\""},
		"no proxy":       {config.Sources{File: []byte("[network]\nproxies = [\"ftp://x\"]")}, "config.toml:2: network.proxies: a proxy of kind"},
		"without end":    {config.Sources{Stored: map[string]any{"seeding.ratio": "inf"}}, "seeding.ratio: +Inf: want 0 or more"},
	} {
		c.src.Path = "config.toml"
		_, err := config.Load(c.src)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v\nwant %s", name, err, c.want)
		}
	}
	_, err := config.Load(config.Sources{Path: "c", File: []byte("a = 1\nlisten = 2\nb = 3")})
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[2], "c:3:") || !errors.Is(err, config.ErrUnknown) {
		t.Errorf("not all that is wrong is told, in order: %v", err)
	}
}

func TestNamesOfVariables(t *testing.T) {
	seen := map[string]string{}
	for _, k := range config.Keys() {
		for _, name := range []string{k.Env, k.Not} {
			if other, ok := seen[name]; ok && name != "" {
				t.Errorf("%s and %s are both set by %s", k.Name, other, name)
			}
			seen[name] = k.Name
		}
	}
	if !slices.Contains(config.Keys()[0].Choices, "") && seen["WARREN_LIMITS_ALTERNATIVE_UP"] != "limits.alternative.up" {
		t.Error("limits.alternative.up has another name")
	}
}

// FuzzLoad: no file brings the reader down, and what it takes it gives back.
func FuzzLoad(f *testing.F) {
	f.Add([]byte("listen = \":1\"\n[limits]\nup = \"1MB\"\nalternative = { on = true }"))
	f.Add([]byte("[paths]\nwatch = [\"a\"]\n[[limits]]\n\"up\".'down' = 1"))
	f.Add([]byte("stop-timeout = \"1d1h\"\nseeding.ratio = inf\nlisten = 1979-05-27T07:32:00Z"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := config.Load(config.Sources{Path: "c", File: text})
		if err != nil {
			return
		}
		again := map[string]any{}
		for _, k := range config.Keys() {
			if !k.Only {
				again[k.Name] = c.Value(k.Name)
			}
		}
		d, err := config.Load(config.Sources{Stored: again})
		if err != nil {
			t.Fatal(err)
		}
		for name, v := range again {
			if diff := cmp.Diff(v, d.Value(name)); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}
