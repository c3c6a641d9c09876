package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/internal/vfs"
)

const gib = 1 << 30

func run(seconds float64) Run {
	return Run{Bytes: gib, Seconds: seconds, SpawnSeconds: 2 * seconds, CPUSeed: 1, CPUDown: seconds, PrivateSeed: 10e6, PrivateDown: int64(20e6 * seconds)}
}

func sample() Results {
	ctx := Context{ID: "A", Date: "2026-01-02", Options: "transfer -reps 3", Machine: procfs.Machine{CPU: "Fast One", Cores: 2, Memory: 1 << 34, Kernel: "6.1"}, Go: "go1.26", Versions: map[string]string{"aria2": "1.36", "warren": "0.1"}}
	return Results{Groups: []Group{{
		Part: Transfer, Kind: "v1", MTU: 65520, Downloaders: 1, Bytes: gib, Files: 1, PieceLength: 512 << 10, Run: ctx,
		Entries: []Entry{
			{Client: Aria2, Mode: Plain, Runs: []Run{run(3), run(2), run(4)}, Commands: []Command{{"seeder", "aria2c $W/v1.torrent"}}},
			{Client: Libtorrent, Variant: "default", Mode: Plain, Runs: []Run{run(4)}},
			{Client: Libtorrent, Variant: "tuned", Mode: Plain, Runs: []Run{run(5)}},
			{Client: Warren, Mode: TLS, Runs: []Run{run(1.5), run(2.5)}},
			{Client: Warren, Mode: Plain, Runs: []Run{run(1.9)}, Error: "repetition 2: no result after 3m0s"},
		},
	}}}
}

func TestValue(t *testing.T) {
	e := sample().Groups[0].Entries[0]
	for m, want := range map[Metric]float64{Rate: gib / 1e6 / 2, SpawnRate: gib / 1e6 / 4, CPU: 3, Private: 80} {
		if got, ok := e.Value(m); got != want || !ok {
			t.Errorf("%v: got %v, %v; want %v", m, got, ok, want)
		}
	}
	if _, ok := e.Value(LifeCPU); ok {
		t.Error("a figure that was not measured")
	}
	if _, ok := (Entry{}).Value(Rate); ok {
		t.Error("a figure without a repetition")
	}
}

// The anchor is the better variant: the faster one, or the thriftier one.
func TestFindTakesTheHarderAnchor(t *testing.T) {
	s := Selector{Part: Transfer, Kind: "v1", Client: Libtorrent, Mode: Plain, Metric: Rate}
	if f := sample().Find(s); f.Value != gib/1e6/4 || f.Run != "A" || !f.Found {
		t.Errorf("rate: %+v", f)
	}
	s.Metric = CPU
	if f := sample().Find(s); f.Value != 5 {
		t.Errorf("CPU: %+v", f)
	}
	s.Variant = "tuned"
	if f := sample().Find(s); f.Value != 6 {
		t.Errorf("tuned: %+v", f)
	}
	s.Kind = "v2"
	if f := sample().Find(s); f.Found {
		t.Errorf("another group: %+v", f)
	}
}

func TestJudge(t *testing.T) {
	fig := func(client, mode string, m Metric) Selector {
		return Selector{Part: Transfer, Kind: "v1", Client: client, Mode: mode, Metric: m}
	}
	aria, nobody := fig(Aria2, Plain, Rate), fig("nobody", Plain, Rate)
	tests := []struct {
		name  string
		bar   Bar
		edit  func(*Results)
		value float64
		state State
	}{
		{"reached", Bar{Num: fig(Warren, TLS, Rate), Den: &aria, Bound: 1.3}, nil, 2 / 1.5, Pass},
		{"missed", Bar{Num: fig(Warren, TLS, Rate), Den: &aria, Bound: 1.4}, nil, 2 / 1.5, Fail},
		{"exactly", Bar{Num: aria, Den: &aria, Bound: 1}, nil, 1, Pass},
		{"most, within", Bar{Num: fig(Warren, TLS, Private), AtMost: true, Bound: 64}, nil, 50, Pass},
		{"most, exactly", Bar{Num: fig(Warren, TLS, Private), AtMost: true, Bound: 50}, nil, 50, Pass},
		{"most, above", Bar{Num: fig(Warren, TLS, Private), AtMost: true, Bound: 49}, nil, 50, Fail},
		{"a repetition failed", Bar{Num: fig(Warren, Plain, Rate), Den: &aria, Bound: 0.1}, nil, 2 / 1.9, Fail},
		{"all repetitions failed", Bar{Num: fig(Warren, Plain, Rate), Bound: 1}, func(r *Results) { r.Groups[0].Entries[4].Runs = nil }, 0, Fail},
		{"nothing measured", Bar{Num: nobody, Bound: 1}, nil, 0, NotMeasured},
		{"no anchor", Bar{Num: aria, Den: &nobody, Bound: 1}, nil, 0, NotMeasured},
		{"too small", Bar{Num: aria, Den: &aria, Bound: 1}, func(r *Results) { r.Groups[0].Bytes = gib - 1 }, 1, TooSmall},
	}
	for _, tt := range tests {
		r := sample()
		if tt.edit != nil {
			tt.edit(&r)
		}
		v := r.judge(tt.bar)
		if diff := v.Value - tt.value; v.State != tt.state || diff > 1e-9 || diff < -1e-9 {
			t.Errorf("%s: got %v %s, want %v %s", tt.name, v.Value, v.State, tt.value, tt.state)
		}
	}
}

func TestJudgeAcrossRuns(t *testing.T) {
	r := sample()
	other := Group{Part: Limit, Bytes: gib, Run: Context{ID: "B"}, Entries: []Entry{{Client: Raw, Mode: TLS, Runs: []Run{run(1)}}}}
	r.Groups = append(r.Groups, other)
	bar := limitBars()[0]
	if v := r.judge(bar); v.State != TwoRuns || v.Value == 0 {
		t.Errorf("two runs: %+v", v)
	}
	r.Groups[1].Run.ID = "A"
	if v := r.judge(bar); v.State != Fail || v.Value >= 0.75 {
		t.Errorf("one run: %+v", v)
	}
}

func TestMerge(t *testing.T) {
	g := func(part, kind, c, id string) Group {
		return Group{Part: part, Kind: kind, Case: c, Run: Context{ID: id}}
	}
	old := Results{Groups: []Group{g(Transfer, "v1", "", "old"), g(Transfer, "v2", "", "old"), g(Hash, "v1", "tree", "old")}}
	fresh := Results{Groups: []Group{g(Limit, "", "", "new"), g(Hash, "hybrid", "file", "new"), g(Transfer, "v2", "", "new")}}
	want := Results{Groups: []Group{
		g(Transfer, "v1", "", "old"), g(Transfer, "v2", "", "new"), g(Hash, "hybrid", "file", "new"), g(Hash, "v1", "tree", "old"), g(Limit, "", "", "new"),
	}}
	if d := cmp.Diff(want, Merge(old, fresh)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if d := cmp.Diff(sample(), Merge(Results{}, sample())); d != "" {
		t.Errorf("into nothing: %s", d)
	}
}

// Every bar names a figure that some run could have produced, and none twice.
func TestBars(t *testing.T) {
	seen := make(map[string]bool)
	for _, b := range Bars() {
		line := b.Name + "|" + b.Formula() + "|" + b.Limit()
		if seen[line] {
			t.Errorf("twice: %s", line)
		}
		seen[line] = true
		if b.Bound <= 0 || b.Name == "" || b.Num.Client == "" {
			t.Errorf("incomplete: %+v", b)
		}
		if b.Den != nil && b.Num.Metric != b.Den.Metric {
			t.Errorf("%s compares different metrics", line)
		}
	}
	for _, line := range []string{
		"1 → 1, hybrid|MB/s: warren TLS / libtorrent plain|≥ 2",
		"1 → 1, v1|CPU-s/GiB: warren TLS / libtorrent plain|≤ 0.5",
		"verify tree, v2|MB/s: warren verify / libtorrent create|≥ 1.8",
		"engine against the raw pipeline|MB/s: warren TLS / raw TLS|≥ 0.75",
	} {
		if !seen[line] {
			t.Errorf("no bar %s", line)
		}
	}
}

func TestSaveAndLoad(t *testing.T) {
	d, err := vfs.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if r, err := Load(d); err != nil || len(r.Groups) != 0 {
		t.Errorf("nothing saved: %+v, %v", r, err)
	}
	if err := Save(d, sample()); err != nil {
		t.Fatal(err)
	}
	back, err := Load(d)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sample(), back); diff != "" {
		t.Errorf("-saved +loaded\n%s", diff)
	}
	doc, err := vfs.ReadFile(d, MarkdownName)
	if err != nil || string(doc) != back.Markdown() {
		t.Errorf("the document is not made from the loaded results: %v", err)
	}
	if err := vfs.WriteFileAtomic(d, JSONName, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(d); err == nil {
		t.Error("broken file: no error")
	}
}

// The committed document is what the committed results say.
func TestCommittedDocument(t *testing.T) {
	d, err := vfs.OpenDir("../../../docs")
	if err != nil {
		return // no documentation directory, so no document to be wrong
	}
	defer d.Close()
	r, err := Load(d)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := vfs.ReadFile(d, MarkdownName)
	if len(r.Groups) == 0 && err != nil {
		return // neither exists
	}
	if string(doc) != r.Markdown() {
		t.Errorf("docs/%s differs from what docs/%s says: bench report", MarkdownName, JSONName)
	}
}

func TestMarkdown(t *testing.T) {
	doc := sample().Markdown()
	for _, want := range []string{
		"### v1, 1 → 1, MTU 65520, 1024 MiB, pieces of 512 KiB",
		"| 716  | 716 429     | 358 ",
		"aria2c $W/v1.torrent",
		"warren plain: repetition 2: no result after 3m0s",
		"**FAIL**",
		"Fast One, 2 processors, 16384 MiB of memory, Linux 6.1, go1.26.",
		"aria2 1.36, warren 0.1.",
		"`bench transfer -reps 3`",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %q in\n%s", want, doc)
		}
	}
	if strings.Contains(doc, "## The raw pipeline") {
		t.Error("a heading without a group")
	}
}

func TestWorkTable(t *testing.T) {
	g := Group{Part: Hash, Kind: "v1", Case: "tree", Bytes: gib, Files: 20000, PieceLength: 64 << 10, Entries: []Entry{
		{Client: Warren, Op: "create", Runs: []Run{run(1)}},
		{Client: Mktorrent, Op: "create", Runs: []Run{run(2)}},
		{Client: Raw, Op: "hash", Runs: []Run{run(0.5)}},
	}}
	got := g.Markdown()
	if want := "| 2.00        | -            | 0.50  |"; !strings.Contains(got, want) {
		t.Errorf("no %q in\n%s", want, got)
	}
	if !strings.Contains(got, "20000 files") {
		t.Error(got)
	}
}

func FuzzLoad(f *testing.F) {
	b, err := json.Marshal(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"groups":[{"part":"hash","entries":[{"runs":[{"seconds":-1}]}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var r Results
		if json.Unmarshal(b, &r) != nil {
			return
		}
		if once, again := r.Markdown(), r.Markdown(); once != again {
			t.Error("the document depends on more than the results")
		}
		if a := Merge(r, Results{}); len(a.Groups) != len(r.Groups) {
			t.Errorf("merging nothing changed %d groups to %d", len(r.Groups), len(a.Groups))
		}
	})
}
