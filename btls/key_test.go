package btls

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"testing"
)

type vector struct {
	Name        string `json:"name"`
	InfoHash    hexa   `json:"info_hash"`
	CertHash    hexa   `json:"cert_hash"`
	Exporter    hexa   `json:"exporter"`
	Key         hexa   `json:"key"`
	Tag         hexa   `json:"tag"`
	ClientProof hexa   `json:"client_proof"`
	ServerProof hexa   `json:"server_proof"`
	DiscoveryID hexa   `json:"discovery_id"`
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
			k := mustKey(t, v.InfoHash)
			x := [32]byte(v.Exporter)
			tag := k.Tag([32]byte(v.CertHash))
			pc := k.ClientProof(x, tag)
			ps := k.ServerProof(x, pc)
			d := k.DiscoveryID()
			for _, c := range []struct {
				name      string
				got, want []byte
			}{
				{"K", k.k[:], v.Key}, {"TAG", tag[:], v.Tag}, {"Pc", pc[:], v.ClientProof},
				{"Ps", ps[:], v.ServerProof}, {"D", d[:], v.DiscoveryID},
			} {
				if !bytes.Equal(c.got, c.want) {
					t.Errorf("%s = %x, want %x", c.name, c.got, c.want)
				}
			}
		})
	}
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

// D must not be announced before it changes by epoch (docs/threat-model.md,
// S5): nothing outside this package may take it yet.
func TestDiscoveryIDIsUsedNowhere(t *testing.T) {
	read := 0
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasPrefix(path, "btls/") {
			return err
		}
		b, err := os.ReadFile("../" + path)
		read++
		if bytes.Contains(b, []byte(".DiscoveryID(")) {
			t.Errorf("%s takes the discovery id", path)
		}
		return err
	})
	if err != nil || read == 0 {
		t.Fatalf("read %d files, %v", read, err)
	}
}
