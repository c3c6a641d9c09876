package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/bench/internal/procfs"
	"github.com/warren-p2p/warren/bench/internal/report/figure"
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
			{Client: figure.Aria2, Mode: figure.Plain, Runs: []Run{run(3), run(2), run(4)}, Commands: []Command{{"seeder", "aria2c $W/v1.torrent"}}},
			{Client: figure.Libtorrent, Variant: "default", Mode: figure.Plain, Runs: []Run{run(4)}},
			{Client: figure.Libtorrent, Variant: "tuned", Mode: figure.Plain, Runs: []Run{run(5)}},
			{Client: figure.Warren, Mode: figure.TLS, Runs: []Run{run(1.5), run(2.5)}},
			{Client: figure.Warren, Mode: figure.Plain, Runs: []Run{run(1.9)}, Error: "repetition 2: no result after 3m0s"},
		},
	}}}
}

func TestValue(t *testing.T) {
	e := sample().Groups[0].Entries[0]
	for m, want := range map[figure.Metric]float64{figure.Rate: gib / 1e6 / 2, figure.SpawnRate: gib / 1e6 / 4, figure.CPU: 3, figure.Private: 80} {
		if got, ok := e.Value(m); got != want || !ok {
			t.Errorf("%v: got %v, %v; want %v", m, got, ok, want)
		}
	}
	if _, ok := e.Value(figure.LifeCPU); ok {
		t.Error("a figure that was not measured")
	}
	if _, ok := (Entry{}).Value(figure.Rate); ok {
		t.Error("a figure without a repetition")
	}
}

// The anchor is the better variant: the faster one, or the thriftier one.
func TestFindTakesTheHarderAnchor(t *testing.T) {
	s := figure.Selector{Part: Transfer, Kind: "v1", Client: figure.Libtorrent, Mode: figure.Plain, Metric: figure.Rate}
	if f := sample().Find(s); f.Value != gib/1e6/4 || f.Run != "A" || !f.Found {
		t.Errorf("rate: %+v", f)
	}
	s.Metric = figure.CPU
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

// What failed once, and what is too small, prove nothing.
func TestFindTellsWhatProvesNothing(t *testing.T) {
	s := figure.Selector{Part: Transfer, Kind: "v1", Client: figure.Warren, Mode: figure.Plain, Metric: figure.Rate}
	r := sample()
	if f := r.Find(s); !f.Failed || !f.Found || f.Small {
		t.Errorf("a repetition failed: %+v", f)
	}
	r.Groups[0].Entries[4].Runs = nil
	if f := r.Find(s); !f.Failed || f.Found {
		t.Errorf("all repetitions failed: %+v", f)
	}
	s.Mode = figure.TLS
	if f := r.Find(s); f.Failed || f.Small {
		t.Errorf("nothing failed: %+v", f)
	}
	r.Groups[0].Bytes = gib - 1
	if f := r.Find(s); f.Failed || !f.Small {
		t.Errorf("too small: %+v", f)
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
	for _, dir := range []string{"docs", "docs/without-avx512"} {
		t.Run(dir, func(t *testing.T) { committed(t, dir) })
	}
}

func committed(t *testing.T, dir string) {
	d, err := vfs.OpenDir("../../../" + dir)
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
		t.Errorf("%s/%s differs from what %s says: bench report -docs %s", dir, MarkdownName, JSONName, dir)
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
		{Client: figure.Warren, Op: "create", Runs: []Run{run(1)}},
		{Client: figure.Mktorrent, Op: "create", Runs: []Run{run(2)}},
		{Client: figure.Raw, Op: "hash", Runs: []Run{run(0.5)}},
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
