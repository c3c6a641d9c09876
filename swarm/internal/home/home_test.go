package home

import (
	"bytes"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
)

var (
	now = time.Unix(1_800_000_000, 0)
	at  = netip.MustParseAddrPort("1.2.3.4:6881")
)

func TestCertificate(t *testing.T) {
	dir := memfs.New()
	a, err := Certificate(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Certificate(dir, now.Add(time.Hour))
	if err != nil || !bytes.Equal(a.Certificate[0], b.Certificate[0]) {
		t.Errorf("another one the next time: %v", err)
	}
	if err := vfs.WriteFileAtomic(dir, certificateFile, []byte("none"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Certificate(dir, now); err == nil { // a new one would break pins
		t.Error("a damaged file is replaced without a word")
	}
}

func TestVerdicts(t *testing.T) {
	dir := memfs.New()
	v, err := LoadVerdicts(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	v.NoteFace(at, [20]byte{1}, verdict.Face{Pin: verdict.Pin{7}}, now)
	if err := v.Save(); err != nil {
		t.Fatal(err)
	}
	dir.SetFault(func(op, name string, _ int64, _ int) error {
		if op == "write" {
			return errors.New("nothing is to be written")
		}
		return nil
	})
	if err := v.Save(); err != nil {
		t.Errorf("with nothing new: %v", err)
	}
	dir.SetFault(nil)
	if v, err = LoadVerdicts(dir, now); err != nil || !v.SeenTLS(at, [20]byte{1}, now) || v.Face(at, [20]byte{1}, now).Pin != (verdict.Pin{7}) {
		t.Errorf("loaded: %v", err)
	}
	if err := v.Save(); err != nil {
		t.Error(err)
	}
	if err := vfs.WriteFileAtomic(dir, verdictsFile, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err = LoadVerdicts(dir, now); err == nil || v == nil {
		t.Errorf("damaged: %v, %v", v, err)
	}
}
