package draft

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/metainfo"
)

// members checks a vector of the draft on SSL torrents and credentials.
func members(t *testing.T, v *Vector) {
	switch {
	case v.Has("server-name"):
		hash, ok := ssltorrent.InfoHash(v.Text("server-name"))
		if !ok || !bytes.Equal(hash[:], v.Bytes("info-hash")) || ssltorrent.ServerName(hash) != v.Text("server-name") {
			t.Errorf("%x, %t", hash, ok)
		}
	case v.Has("K"):
		k := derived(t, v)
		if id := k.CredentialID(); !bytes.Equal(id[:], v.Bytes("T")) || k.EnrolPath() != v.Text("path") {
			t.Errorf("T = %x, path = %s", id, k.EnrolPath())
		}
	case v.Has("tls"):
		checkDictionary(t, v)
		d, err := metainfo.ParseTLS(v.Bytes("tls"))
		if err != nil || d.Level != metainfo.TLSFullStrict || enrol.CheckURL(d.Enrol) != nil {
			t.Errorf("%+v, %v", d, err)
		}
	case v.Has("credential"):
		checkCredential(t, v)
	case v.Has("frame"):
		checkFrame(t, v)
	default:
		checkRevocations(t, v)
	}
}

func seconds(n uint64) time.Time { return time.Unix(int64(n), 0).UTC() }

func checkCredential(t *testing.T, v *Vector) {
	a := credential.NewAuthority(v.Bytes32("authority-seed"))
	peer := credential.NewAuthority(v.Bytes32("peer-seed")).Public() // a key is a key
	if a.Public() != v.Bytes32("authority") || peer != v.Bytes32("peer") {
		t.Error("the public keys are others")
	}
	from, to := seconds(v.Number("not-before")), seconds(v.Number("not-after"))
	c, err := a.Issue(v.Bytes32("T"), peer, from, to, bytes.NewReader(v.Bytes("serial")))
	if err != nil || !bytes.Equal(c.Append(nil), v.Bytes("credential")) {
		t.Errorf("credential %x, %v", c.Append(nil), err)
	}
}

// stopped is a clock.
type stopped time.Time

func (s stopped) Now() time.Time { return time.Time(s) }

func checkFrame(t *testing.T, v *Vector) {
	reason, known := map[string]error{
		"right": nil, "channel": credential.ErrChannel, "expired": credential.ErrExpired,
		"authority": credential.ErrAuthority, "torrent": credential.ErrTorrent,
	}[v.Text("result")]
	f := v.Bytes("frame")
	if !known || len(f) != credential.FrameSize {
		t.Fatalf("result %q of %d bytes", v.Text("result"), len(f))
	}
	check := credential.Verifier{Authority: v.Bytes32("authority"), For: v.Bytes32("T"), Clock: stopped(seconds(v.Number("now")))}
	_, err := check.CheckFrame([credential.FrameSize]byte(f), credential.Role(v.Number("role")), v.Bytes32("B"))
	if !errors.Is(err, reason) {
		t.Errorf("%v, want %v", err, reason)
	}
}

func checkRevocations(t *testing.T, v *Vector) {
	r, err := credential.ParseRevocations(v.Bytes("list"))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Check(v.Bytes32("authority"), v.Bytes32("T"), v.Number("number")); err != nil {
		t.Error(err)
	}
	var serials []string
	for _, s := range r.Serials {
		serials = append(serials, hex.EncodeToString(s[:]))
	}
	if want := []string{v.Text("revoked-1"), v.Text("revoked-2")}; !slices.Equal(serials, want) || !r.Signed.Equal(seconds(v.Number("signed"))) {
		t.Errorf("%v at %v", serials, r.Signed)
	}
}
