package draft

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/passphrase"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// overTLS checks a vector of the draft on Basic and Strict.
func overTLS(t *testing.T, v *Vector) {
	switch {
	case v.Has("phrase"):
		checkPhrase(t, v)
	case v.Has("tls"):
		checkDictionary(t, v)
	default:
		checkConnection(t, v)
	}
}

// derived returns the key of a vector, once what it prints of it is right.
func derived(t *testing.T, v *Vector) btls.Key {
	t.Helper()
	level, ih := btls.Level(v.Number("level")), v.Bytes("info-hash")
	var secret btls.Secret
	salt, ikm := "bittorrent-tls/1 basic", ih
	if level > btls.Basic {
		secret = v.Bytes32("secret")
		ikm = append(secret[:], ih...)
		salt = map[btls.Level]string{btls.Strict: "bittorrent-tls/1 strict", btls.FullStrict: "bittorrent-tls/1 full strict"}[level]
	}
	raw, err := hkdf.Key(sha256.New, ikm, []byte(salt), "key", 32)
	if err != nil || !bytes.Equal(raw, v.Bytes("K")) {
		t.Errorf("K = %x, %v", raw, err)
	}
	k, err := btls.DeriveKey(level, secret, ih)
	if err != nil {
		t.Fatal(err)
	}
	// A Key does not show itself: what it makes has to be what K makes.
	m := hmac.New(sha256.New, raw)
	m.Write([]byte("\x05credential"))
	if id := k.CredentialID(); !bytes.Equal(m.Sum(nil), id[:]) {
		t.Error("the key is another one than K")
	}
	return k
}

func checkConnection(t *testing.T, v *Vector) {
	k := derived(t, v)
	x := v.Bytes32("X")
	tag := k.Tag(v.Bytes32("CH"))
	pc := k.ClientProof(x, tag)
	ps := k.ServerProof(x, pc)
	for name, got := range map[string][]byte{"TAG": tag[:], "Pc": pc[:], "Ps": ps[:]} {
		if want := v.Bytes(name); !bytes.Equal(got, want) {
			t.Errorf("%s = %x, want %x", name, got, want)
		}
	}
	key := base64.StdEncoding.EncodeToString(tag[:])
	accept := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	for name, got := range map[string]string{
		"key": key, "accept": base64.StdEncoding.EncodeToString(accept[:]),
		"client-cookie": base64.RawURLEncoding.EncodeToString(pc[:]), "server-cookie": base64.RawURLEncoding.EncodeToString(ps[:]),
	} {
		if want := v.Text(name); got != want {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
}

func checkDictionary(t *testing.T, v *Vector) {
	d, err := metainfo.ParseTLS(v.Bytes("tls"))
	if err != nil {
		t.Fatal(err)
	}
	link := "magnet:?xt=urn:btih:aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d&x.btls=" + v.Text("x-btls")
	m, err := magnet.Parse(link)
	if err != nil || !m.TLS.Equal(d) {
		t.Errorf("the link has another dictionary: %v", err)
	}
	if m.TLS = d; m.String() != link {
		t.Errorf("written as %s", m.String())
	}
}

func checkPhrase(t *testing.T, v *Vector) {
	d, err := metainfo.ParseTLS(v.Bytes("tls"))
	if err != nil || d.Argon2id == nil {
		t.Fatal(err)
	}
	a := d.Argon2id
	s, err := passphrase.Secret(v.Text("phrase"), passphrase.Params{Memory: a.Memory, Passes: a.Passes, Lanes: a.Lanes, Salt: [16]byte(a.Salt)})
	if want := v.Bytes32("secret"); err != nil || s != want {
		t.Errorf("another secret, %v", err)
	}
}
