package record_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/permid"
)

func identity(b byte) *permid.Identity { return permid.FromSeed(permid.Seed{b}) }

// content is a torrent of some files.
func content(t testing.TB, opts create.Options) *metainfo.Torrent {
	t.Helper()
	dir := memfs.New()
	for name, text := range map[string]string{"set/a": "one", "set/empty": "", "set/sub/b": strings.Repeat("two", 20_000)} {
		if err := vfs.WriteFileAtomic(dir, name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err := create.Torrent(t.Context(), dir, "set", opts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sample is a record that says everything there is to say.
func sample(m *metainfo.Torrent) record.Record {
	r := record.Record{
		ID: record.ID{1, 2, 3}, Title: "Vögel", Description: "one\ntwo", Tags: []string{"birds", "sound"}, Hashes: m.Hashes(),
		Licence:    record.Licence{ID: "CC-BY-4.0", Text: "Name me."},
		Provenance: record.Provenance{Author: "A. Author", Source: "https://example.org/birds", Created: time.Unix(1_600_000_000, 0).UTC(), Derived: "tapes"},
		Created:    time.Unix(1_700_000_000, 0).UTC(), Expires: time.Unix(1_800_000_000, 0).UTC(), Sequence: 3,
	}
	r.Files, r.Size = record.FilesOf(&m.Info)
	return r
}

func sign(t testing.TB, r record.Record) *record.Signed {
	t.Helper()
	s, err := r.Sign(identity(7).Share())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var keys = cmpopts.EquateComparable(permid.PublicKey[permid.Share]{})

func TestSigned(t *testing.T) {
	m := content(t, create.Options{Private: true})
	s := sign(t, sample(m))
	got, err := record.Parse(s.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.Record, got.Record, keys); diff != "" {
		t.Error(diff)
	}
	if got.Key != identity(7).Share().Public() || len(got.Files) != 3 || got.Size != 60_003 {
		t.Errorf("got %d files with %d bytes", len(got.Files), got.Size)
	}
	if err := got.Match(m); err != nil {
		t.Error(err)
	}
	id := identity(7).ID()
	if bytes.Contains(s.Bytes(), id[:]) {
		t.Error("the record tells who it is")
	}
	bare := record.Record{ID: s.ID, Title: "x", Files: s.Files, Hashes: s.Hashes, Created: s.Created, Sequence: 1}
	if got, err = record.Parse(sign(t, bare).Bytes()); err != nil || !got.Expires.IsZero() || got.Tags != nil || got.Provenance != (record.Provenance{}) {
		t.Errorf("what is not said is said: %v", err)
	}
}

// TestForged: no bit of a record can be changed, and nobody else's signature counts.
func TestForged(t *testing.T) {
	s := sign(t, sample(content(t, create.Options{})))
	for i := range s.Bytes() {
		b := bytes.Clone(s.Bytes())
		b[i] ^= 1
		if _, err := record.Parse(b); err == nil {
			t.Fatalf("byte %d can be changed", i)
		}
	}
	v, err := bencode.Parse(s.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	with := func(domain permid.Domain, body []byte) []byte {
		sig := identity(7).Share().Sign(domain, body)
		return bencode.Append(nil, map[string]any{"record": bencode.Raw(body), "signature": sig[:]})
	}
	body := v.Get("record").Raw()
	if _, err := record.Parse(with(record.Domain, body)); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Parse(with("another domain", body)); !errors.Is(err, record.ErrSignature) {
		t.Errorf("signed for something else: %v", err)
	}
	other := identity(8).Share().Sign(record.Domain, body)
	forged := bencode.Append(nil, map[string]any{"record": bencode.Raw(body), "signature": other[:]})
	if _, err := record.Parse(forged); !errors.Is(err, record.ErrSignature) {
		t.Errorf("signed by somebody else: %v", err)
	}
	later := bytes.Replace(body, []byte("1:vi1e"), []byte("1:vi2e"), 1)
	if _, err := record.Parse(with(record.Domain, later)); !errors.Is(err, record.ErrVersion) {
		t.Errorf("a later version: %v", err)
	}
	for from, to := range map[string]string{
		"5:title6:": "5:titl3:x7:title", "3:seqi3e": "3:seqi0e", "3:seqi3": "3:seq1:3", "4:sizei60003e": "4:sizei60002e", "7:createdi1700000000e": "7:createdi0e",
		"5:set/a": "5:set/\x00", "5:set/ai3e": "5:set/ai-3e", "9:set/emptyi0e": "9:set/emptyi0e32:" + strings.Repeat("x", 32),
		"https://example.org": "javas:ript:///xx.org", "8:one\ntwo4": "8:one\x1btwo4",
	} {
		bad := bytes.Replace(body, []byte(from), []byte(to), 1)
		if from == "8:one\ntwo4" {
			bad = bytes.Replace(body, []byte("one\ntwo"), []byte("one\x1btwo"), 1)
		}
		if bytes.Equal(bad, body) {
			t.Fatalf("%q is not in the record", from)
		}
		if _, err := record.Parse(with(record.Domain, bad)); !errors.Is(err, record.ErrSyntax) {
			t.Errorf("%q for %q: %v", to, from, err)
		}
	}
}

// TestOtherTorrent: the record of one torrent is not that of another with the same files.
func TestOtherTorrent(t *testing.T) {
	private, public := content(t, create.Options{Private: true}), content(t, create.Options{})
	s := sign(t, sample(private))
	if err := s.Match(public); !errors.Is(err, record.ErrTorrent) {
		t.Error(err)
	}
	lie := sample(public)
	lie.Files[0].Path = "set/another"
	if err := sign(t, lie).Match(public); !errors.Is(err, record.ErrTorrent) {
		t.Error(err)
	}
}

func TestFollow(t *testing.T) {
	m, other := content(t, create.Options{Private: true}), content(t, create.Options{})
	before := sign(t, sample(m))
	for name, c := range map[string]struct {
		change func(*record.Record)
		who    byte
		ok     bool
	}{
		"the same":       {func(*record.Record) {}, 7, true},
		"newer":          {func(r *record.Record) { r.Sequence++ }, 7, true},
		"older":          {func(r *record.Record) { r.Sequence-- }, 7, false},
		"of its twin":    {func(r *record.Record) { r.Sequence--; r.Hashes = other.Hashes() }, 7, true},
		"of another":     {func(r *record.Record) { r.Sequence++; r.ID[0]++ }, 7, false},
		"somebody's own": {func(r *record.Record) { r.Sequence++ }, 8, false},
	} {
		r := sample(m)
		c.change(&r)
		s, err := r.Sign(identity(c.who).Share())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Follow(&before.Record); (err == nil) != c.ok || err != nil && !errors.Is(err, record.ErrOlder) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatCannotBeSaid(t *testing.T) {
	m := content(t, create.Options{})
	for field, change := range map[string]func(*record.Record){
		"title":              func(r *record.Record) { r.Title = "" },
		"title ":             func(r *record.Record) { r.Title = " x" },
		"title  ":            func(r *record.Record) { r.Title = "x\u202eexe.txt" },
		"title   ":           func(r *record.Record) { r.Title = "x\ny" },
		"title    ":          func(r *record.Record) { r.Title = strings.Repeat("ö", record.MaxTitle+1) },
		"description":        func(r *record.Record) { r.Description = "x\x00" },
		"description ":       func(r *record.Record) { r.Description = "\xff" },
		"tags":               func(r *record.Record) { r.Tags = []string{"a", "a"} },
		"tags ":              func(r *record.Record) { r.Tags = make([]string, record.MaxTags+1) },
		"tags  ":             func(r *record.Record) { r.Tags = []string{""} },
		"licence.text":       func(r *record.Record) { r.Licence.Text = strings.Repeat("x", record.MaxLicence+1) },
		"provenance.source":  func(r *record.Record) { r.Provenance.Source = "javascript:alert(1)" },
		"provenance.source ": func(r *record.Record) { r.Provenance.Source = "https://u:p@example.org" },
		"created":            func(r *record.Record) { r.Created = time.Time{} },
		"created ":           func(r *record.Record) { r.Created = r.Created.Add(time.Millisecond) },
		"expires":            func(r *record.Record) { r.Expires = time.Unix(1<<40, 0) },
		"sequence":           func(r *record.Record) { r.Sequence = 0 },
		"files":              func(r *record.Record) { r.Files = nil },
		"files ":             func(r *record.Record) { r.Files[0].Path = "../x" },
		"files  ":            func(r *record.Record) { r.Files[0].Root = metainfo.HashV2{} },
		"v2":                 func(r *record.Record) { r.Hashes = metainfo.InfoHashes{HasV1: true} },
	} {
		r := sample(m)
		change(&r)
		_, err := r.Sign(identity(7).Share())
		if e, ok := errors.AsType[*record.FieldError](err); !ok || e.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestID(t *testing.T) {
	id := record.NewID()
	if got, err := record.ParseID(id.String()); err != nil || got != id || id == record.NewID() {
		t.Errorf("%v: %v", id, err)
	}
	for _, text := range []string{"", "x", id.String() + "A", id.String()[:21] + "\n", id.String()[:21] + "="} {
		if _, err := record.ParseID(text); !errors.Is(err, record.ErrID) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	s := sign(f, sample(content(f, create.Options{})))
	f.Add(s.Bytes())
	f.Add([]byte("d6:recordd3:key0:1:vi1ee9:signature0:e"))
	f.Fuzz(func(t *testing.T, b []byte) {
		// Bytes by chance are signed by nobody: what is read of them is what matters.
		v, err := bencode.Parse(b)
		if err != nil || v.Get("record").Kind() != bencode.Dict {
			return
		}
		d := map[string]any{}
		for name, one := range v.Get("record").Dict() {
			d[name] = one
		}
		who := identity(7).Share()
		key := who.Public().Bytes()
		d["key"], d["v"] = key[:], 1
		body := bencode.Append(nil, d)
		sig := who.Sign(record.Domain, body)
		whole := bencode.Append(nil, map[string]any{"record": bencode.Raw(body), "signature": sig[:]})
		got, err := record.Parse(whole)
		if err != nil {
			return
		}
		again, err := got.Record.Sign(who)
		if err != nil {
			t.Fatalf("what is read cannot be said: %v", err)
		}
		if back, err := record.Parse(again.Bytes()); err != nil || !cmp.Equal(back.Record, got.Record, keys) {
			t.Errorf("it is read otherwise: %v", err)
		}
	})
}
