package btls

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"
)

type vector struct {
	Name        string `json:"name"`
	Level       string `json:"level"`
	Epoch       uint64 `json:"epoch"`
	Secret      hexa   `json:"secret"`
	InfoHash    hexa   `json:"info_hash"`
	CertHash    hexa   `json:"cert_hash"`
	Exporter    hexa   `json:"exporter"`
	Key         hexa   `json:"key"`
	Tag         hexa   `json:"tag"`
	ClientProof hexa   `json:"client_proof"`
	ServerProof hexa   `json:"server_proof"`
	DiscoveryID hexa   `json:"discovery_id"`
	Credential  hexa   `json:"credential_id"`
	Enrol       hexa   `json:"enrol"`
}

type hexa []byte

func (h *hexa) UnmarshalText(b []byte) (err error) {
	*h, err = hex.DecodeString(string(b))
	return err
}

func TestVectors(t *testing.T) {
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(b, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) == 0 {
		t.Fatal("no vectors")
	}
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) {
			k, err := DeriveKey(levelOf(t, v.Level), secretOf(v.Secret), v.InfoHash)
			if err != nil {
				t.Fatal(err)
			}
			x := [32]byte(v.Exporter)
			tag := k.Tag([32]byte(v.CertHash))
			pc := k.ClientProof(x, tag)
			ps := k.ServerProof(x, pc)
			d, id := k.DiscoveryID(v.Epoch), k.CredentialID()
			for _, c := range []struct {
				name      string
				got, want []byte
			}{
				{"K", k.k[:], v.Key}, {"TAG", tag[:], v.Tag}, {"Pc", pc[:], v.ClientProof},
				{"Ps", ps[:], v.ServerProof}, {"D", d[:], v.DiscoveryID}, {"T", id[:], v.Credential},
				{"E", []byte(k.EnrolPath()), []byte(base64.RawURLEncoding.EncodeToString(v.Enrol))},
			} {
				if !bytes.Equal(c.got, c.want) {
					t.Errorf("%s = %x, want %x", c.name, c.got, c.want)
				}
			}
		})
	}
}

func levelOf(t *testing.T, text string) Level {
	for _, l := range []Level{Basic, Strict, FullStrict} {
		if l.String() == text {
			return l
		}
	}
	t.Fatalf("level %q", text)
	return 0
}

func secretOf(b []byte) (s Secret) {
	copy(s[:], b)
	return s
}

// The draft prints this one; it must not change with the file.
func TestPublishedVector(t *testing.T) {
	ih, _ := hex.DecodeString("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")
	k := mustKey(t, ih)
	tag := k.Tag([32]byte{})
	pc := k.ClientProof([32]byte{}, tag)
	ps := k.ServerProof([32]byte{}, pc)
	got := fmt.Sprintf("%x %x %x %x", k.k[:], tag[:], pc[:], ps[:])
	want := "9a509f9787dfa5b2ad589017961b479f0d15ca0691a7d7ff80ba60649b2cd9ae" +
		" ce2552029dfd9f2a36856672534b6887" +
		" 5e91bdf3cf05bb8e0a31f6bc69b36e4c96573ea8f3506c782428f00f7e310fa7" +
		" cbbb0651ab1eaa0e9320b7902f88dd7855a95cba6d0ae79906c50a8b06e7e2c5"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestBasicKeyLengths(t *testing.T) {
	for n := range 40 {
		_, err := BasicKey(make([]byte, n))
		if good := n == 20 || n == 32; good != (err == nil) || (!good && !errors.Is(err, ErrKey)) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestKeyIsRedacted(t *testing.T) {
	k := mustKey(t, bytes.Repeat([]byte{7}, 20))
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "key", k, "in", struct{ K Key }{k})
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "key", k, "in", struct{ K Key }{k})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%c"} {
		fmt.Fprintf(&out, verb+" ", k)
		fmt.Fprintf(&out, verb+" ", &k)
		fmt.Fprintf(&out, verb+"\n", struct{ K Key }{k})
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+" "+verb+"\n", Secret(k.k), struct{ S Secret }{Secret(k.k)})
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "secret", Secret(k.k), "in", struct{ S Secret }{Secret(k.k)})
	first := k.k[:4]
	for _, secret := range []string{
		hex.EncodeToString(first), strings.ToUpper(hex.EncodeToString(first)),
		strings.Trim(fmt.Sprint(first), "[]"), strings.Trim(fmt.Sprintf("%#v", first), "[]byte{}"), string(first),
	} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("output shows %q:\n%s", secret, out.String())
		}
	}
	if !strings.Contains(out.String(), "redacted") {
		t.Error("output does not say that a key was hidden")
	}
}

func mustKey(t testing.TB, infoHash []byte) Key {
	t.Helper()
	k, err := BasicKey(infoHash)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// numbered returns the key of the i-th torrent of a test.
func numbered(t testing.TB, i int) Key {
	return mustKey(t, fmt.Appendf(nil, "%020d", i))
}

func TestDeriveKeyRefuses(t *testing.T) {
	good := make([]byte, 20)
	for _, c := range []struct {
		level  Level
		secret Secret
		hash   []byte
	}{
		{Strict, Secret{}, good}, {FullStrict, Secret{}, good}, {FullStrict + 1, Secret{1}, good},
		{Strict, Secret{1}, good[:19]}, {FullStrict, Secret{1}, make([]byte, 33)}, {Basic, Secret{1}, nil},
	} {
		if k, err := DeriveKey(c.level, c.secret, c.hash); !errors.Is(err, ErrKey) || k != (Key{}) {
			t.Errorf("%v, %d bytes: %v", c.level, len(c.hash), err)
		}
	}
}

func TestEpoch(t *testing.T) {
	for sec, want := range map[int64]uint64{-5: 0, 0: 0, 604799: 0, 604800: 1, 1795651199: 2968, 1795651200: 2969} {
		if got := Epoch(time.Unix(sec, 0)); got != want {
			t.Errorf("epoch of %d s is %d, want %d", sec, got, want)
		}
	}
}

func TestPolicyText(t *testing.T) {
	for _, p := range []Policy{Prefer, Off, Require} {
		var got Policy
		if err := got.UnmarshalText([]byte(p.String())); err != nil || got != p {
			t.Errorf("%v comes back as %v, %v", p, got, err)
		}
	}
	var p Policy
	if err := p.UnmarshalText([]byte("maybe")); !errors.Is(err, ErrPolicy) {
		t.Error(err)
	}
}
