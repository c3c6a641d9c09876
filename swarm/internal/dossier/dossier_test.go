package dossier

import (
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/home"
	"github.com/warren-p2p/warren/swarm/internal/resources"
)

// made returns the metainfo of a file with so many bytes.
func made(t *testing.T, size int) *metainfo.Torrent {
	return madeWith(t, size, create.Options{Kind: create.Hybrid, PieceLength: 16 << 10})
}

func madeWith(t *testing.T, size int, opts create.Options) *metainfo.Torrent {
	t.Helper()
	disk := memfs.New()
	f, err := disk.OpenFile("file", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, size), 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	m, err := create.Torrent(t.Context(), disk, "file", opts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func begin(t *testing.T, dir vfs.FS, opts Options) (*Dossier, *metainfo.Torrent) {
	return New(t.Context(), &resources.Session{Home: dir, Log: slog.New(slog.DiscardHandler)}, opts)
}

// What can be got back is let go of, and has to be the same when it is.
func TestReload(t *testing.T) {
	m, other := made(t, 100), made(t, 200)
	back, fail := m, error(nil)
	d, got := begin(t, memfs.New(), Options{Metainfo: m, Reload: func() (*metainfo.Torrent, error) { return back, fail }})
	if got != m || d.opts.Metainfo != nil || !d.MayRest() || d.Hashes() != m.Hashes() || d.Name() != "file" {
		t.Errorf("%v, held %v", got, d.opts.Metainfo)
	}
	if got, err := d.Metainfo(); got != m || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	back = other
	if _, err := d.Metainfo(); !errors.Is(err, errOther) {
		t.Errorf("another torrent: %v", err)
	}
	fail = os.ErrNotExist
	if run, err := d.Open(); run != nil || !errors.Is(err, fail) {
		t.Errorf("%v, %v", run, err)
	}
	if !d.Remove() || d.Remove() {
		t.Error("it is not removed once")
	}
	if d.MayRest() {
		t.Error("what is removed falls asleep")
	}
	if d, _ := begin(t, memfs.New(), Options{Metainfo: m}); d.MayRest() || d.opts.Metainfo != m {
		t.Error("what cannot be got back is let go of")
	}
}

// A magnet link is enough once peers have told what it is of, until it is
// forgotten.
func TestKept(t *testing.T) {
	m, dir := made(t, 100), memfs.New()
	link := &magnet.Link{
		Hashes: m.Hashes(), Trackers: []string{"http://a/", "http://b/"}, WebSeeds: []string{"http://w/"},
		Peers: []string{"10.0.0.1:6881", "somewhere", "[2001:db8::1]:1"},
	}
	names := map[netip.AddrPort]string{netip.MustParseAddrPort("10.0.0.1:6881"): "somewhere.example"}
	d, got := begin(t, dir, Options{Magnet: link, Names: names})
	if got != nil || d.ID() != idOf(m.Hashes(), transport.Access{}) || d.Name() != m.Hashes().String() || d.Hashes() != m.Hashes() {
		t.Errorf("%v, %q", got, d.Name())
	}
	if got, err := d.Metainfo(); got != nil || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if got := d.Tiers(nil); !reflect.DeepEqual(got, [][]string{{"http://a/"}, {"http://b/"}}) {
		t.Errorf("trackers %v", got)
	}
	want := hint.Plain([]netip.AddrPort{netip.MustParseAddrPort("10.0.0.1:6881"), netip.MustParseAddrPort("[2001:db8::1]:1")})
	if got := d.Invited(); !slices.Equal(got, want) {
		t.Errorf("peers %v", got)
	}
	link.TLS = &metainfo.TLS{Pins: [][32]byte{{1}, {2}}}
	for i := range want {
		want[i].TLS, want[i].Pin, want[i].Name = true, [32]byte{1}, names[want[i].Addr]
	}
	if got := d.Invited(); !slices.Equal(got, want) {
		t.Errorf("peers with a pin %v", got)
	}

	if err := home.KeepMetadata(dir, m); err != nil {
		t.Fatal(err)
	}
	d, got = begin(t, dir, Options{Magnet: link})
	if got == nil || d.opts.Metainfo != nil || !d.MayRest() || d.Name() != "file" || !slices.Equal(got.URLList, link.WebSeeds) {
		t.Fatalf("%+v", got)
	}
	if got := d.Tiers(got); !reflect.DeepEqual(got, [][]string{{"http://a/"}, {"http://b/"}}) {
		t.Errorf("trackers %v", got)
	}
	if err := d.Forget(); err != nil {
		t.Fatal(err)
	}
	if _, got := begin(t, dir, Options{Magnet: link}); got != nil {
		t.Error("it is not forgotten")
	}
}

// What a torrent is called that is added.
func TestName(t *testing.T) {
	m := made(t, 100)
	for want, o := range map[string]Options{
		"file":              {Metainfo: m, Magnet: &magnet.Link{Name: "dn"}},
		"dn":                {Magnet: &magnet.Link{Name: "dn", Hashes: m.Hashes()}},
		m.Hashes().String(): {Magnet: &magnet.Link{Hashes: m.Hashes()}},
	} {
		if got := o.Name(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Whom to trust about an SSL torrent was not learnt from strangers in an earlier
// session either.
func TestSSLTorrentByLink(t *testing.T) {
	m, dir := madeWith(t, 100, create.Options{Kind: create.V1, SSLCert: "whoever"}), memfs.New()
	link := &magnet.Link{Hashes: m.Hashes()}
	if err := home.KeepMetadata(dir, m); err != nil {
		t.Fatal(err)
	}
	d, got := begin(t, dir, Options{Magnet: link})
	if _, err := d.Run(got, false, false); got == nil || !errors.Is(err, ErrSSLTorrent) {
		t.Errorf("%v", err)
	}
}
