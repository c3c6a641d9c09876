package access

import (
	"path/filepath"
	"testing"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/metainfo"
)

func torrent(t *testing.T) *metainfo.Torrent {
	t.Helper()
	m, err := metainfo.ParseInfo([]byte("d6:lengthi3e4:name1:x12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func none(string) string { return "" }

// What is demanded once is demanded again, and who fetches comes to the same secret.
func TestSettle(t *testing.T) {
	for _, g := range []Grant{{Level: "basic"}, {Level: "strict"}, {Level: "strict", Passphrase: true}} {
		file, dir := filepath.Join(t.TempDir(), "x.torrent"), memfs.New()
		first := torrent(t)
		terms, err := g.Settle(first, file, dir, none)
		if err != nil {
			t.Fatal(err)
		}
		if terms.Level.String() != g.Level || (terms.Phrase != "") != g.Passphrase || (first.TLS == nil) != (g.Level == "basic") {
			t.Errorf("%+v: %+v, %+v", g, terms, first.TLS)
		}
		if err := torrentfile.Write(file, first); err != nil {
			t.Fatal(err)
		}
		again := torrent(t)
		later, err := g.Settle(again, file, dir, none)
		if err != nil || !again.TLS.Equal(first.TLS) || later.Phrase != terms.Phrase {
			t.Errorf("%+v: the second time %+v, %v", g, later, err)
		}
		got, err := (&Key{Passphrase: terms.Phrase}).Secret(first.TLS)
		switch {
		case err != nil:
			t.Error(err)
		case (got != nil) != g.Passphrase, got != nil && (*got != *terms.Secret || *got != *later.Secret):
			t.Errorf("%+v: who fetches has another secret", g)
		}
	}
}

// An SSL torrent shows its info-hash, which level strict is against.
func TestSettleShown(t *testing.T) {
	m := torrent(t)
	m.Info.SSLCert = "certificate"
	if _, err := (&Grant{Level: "strict"}).Settle(m, filepath.Join(t.TempDir(), "x.torrent"), memfs.New(), none); err == nil || m.TLS != nil {
		t.Errorf("%+v, %v", m.TLS, err)
	}
}

// A wish other than the last time makes a new secret; what a torrent file says stands.
func TestSettleAnew(t *testing.T) {
	file, dir := filepath.Join(t.TempDir(), "x.torrent"), memfs.New()
	first := torrent(t)
	if _, err := (&Grant{Level: "strict"}).Settle(first, file, dir, none); err != nil {
		t.Fatal(err)
	}
	if err := torrentfile.Write(file, first); err != nil {
		t.Fatal(err)
	}
	other := torrent(t)
	terms, err := (&Grant{Level: "strict", Passphrase: true}).Settle(other, file, dir, none)
	if err != nil || other.TLS.Argon2id == nil || other.TLS.Secret != nil {
		t.Errorf("%+v, %v", other.TLS, err)
	}
	plain := torrent(t)
	if terms, err := (&Grant{Level: "basic"}).Settle(plain, file, dir, none); err != nil || plain.TLS != nil || terms.Level != btls.Basic {
		t.Errorf("%+v, %v", plain.TLS, err)
	}
	if _, err := (&Grant{Level: "basic"}).Settle(first, file, dir, none); err != nil || first.TLS.Level != metainfo.TLSStrict {
		t.Errorf("a strict torrent became %+v, %v", first.TLS, err)
	}
	first.TLS.Level = metainfo.TLSFullStrict
	if _, err := (&Grant{Level: "strict"}).Settle(first, file, dir, none); err == nil {
		t.Error("strict was promised of a torrent that says otherwise")
	}
	// Somebody else's torrent is opened by what they have told.
	if _, err := (&Grant{Level: "basic"}).Settle(other, file, memfs.New(), none); err == nil {
		t.Error("opened without the passphrase")
	}
	env := func(string) string { return terms.Phrase }
	if got, err := (&Grant{Level: "basic"}).Settle(other, file, memfs.New(), env); err != nil || *got.Secret != *terms.Secret {
		t.Errorf("%+v, %v", got, err)
	}
}
