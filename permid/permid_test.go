package permid

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"testing"
)

// vectors are testdata/vectors.json, which testdata/vectors.py prints.
type vectors struct {
	Identities []struct {
		Seed, ID, Text string
		Keys           []struct{ Label, Key, Public string }
	}
	Signatures []struct{ Seed, Domain, Message, Signature string }
	Texts      []struct{ Why, Text string } `json:"refused_texts"`
	Points     []struct{ Why, Key string }  `json:"refused_keys"`
	Sealed     []struct {
		Seed, Passphrase, Sealed string
		Passes, Memory           uint32
		Threads                  uint8
	}
}

func load(t testing.TB) (v vectors) {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil || len(v.Identities) == 0 || len(v.Signatures) == 0 || len(v.Texts) == 0 || len(v.Points) == 0 || len(v.Sealed) == 0 {
		t.Fatalf("vectors: %v", err)
	}
	return v
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fromSeed(t testing.TB, text string) *Identity {
	t.Helper()
	return FromSeed(Seed(unhex(t, text)))
}

func TestVectors(t *testing.T) {
	for _, v := range load(t).Identities {
		i := fromSeed(t, v.Seed)
		id := i.ID()
		if hex.EncodeToString(id[:]) != v.ID || id.String() != v.Text {
			t.Errorf("seed %s: %x, %s", v.Seed, id, id.String())
		}
		if got, err := Parse(v.Text); got != id || err != nil {
			t.Errorf("%s: %v", v.Text, err)
		}
		if got := i.Seed(); hex.EncodeToString(got[:]) != v.Seed {
			t.Errorf("seed %s is not what went in", v.Seed)
		}
		keys := derived(t, i)
		for _, k := range v.Keys {
			got, ok := keys[k.Label]
			if !ok || hex.EncodeToString(got.key[:]) != k.Key || got.public != k.Public {
				t.Errorf("seed %s, %s: %x, %s", v.Seed, k.Label, got.key, got.public)
			}
			delete(keys, k.Label)
		}
		for label := range keys {
			t.Errorf("no vector for %s", label)
		}
	}
}

type derivedKey struct {
	key    [32]byte
	public string
}

// derived returns one key of every kind by its label.
func derived(t *testing.T, i *Identity) map[string]derivedKey {
	t.Helper()
	keys := map[string]derivedKey{
		"chat": {key: i.Chat().Secret()}, "ledger": {key: i.Ledger().Secret()}, "db": {key: i.DB().Secret()},
		"share": signing(t, i.Share()), "swarm": signing(t, i.Swarm()), "dht": signing(t, i.DHT()),
	}
	for _, o := range []struct {
		purpose string
		n       uint32
	}{{"share", 0}, {"share", 1}, {"chat", 1<<32 - 1}} {
		k, err := i.Onion(o.purpose, o.n)
		if err != nil {
			t.Fatal(err)
		}
		keys[fmt.Sprintf("onion/%s/%d", o.purpose, o.n)] = signing(t, k)
	}
	return keys
}

// signing checks that a key signs, and returns its bytes.
func signing[P Signs](t *testing.T, k SigningKey[P]) derivedKey {
	t.Helper()
	b := k.Public().Bytes()
	public, err := PublicFromKey[P](b[:])
	if err != nil || public != k.Public() {
		t.Fatalf("public key: %v", err)
	}
	s := k.Sign("test", []byte("message"))
	if !public.Verify("test", []byte("message"), s) || public.Verify("other", []byte("message"), s) {
		t.Error("a signature does not say what it is for")
	}
	return derivedKey{k.Seed(), hex.EncodeToString(b[:])}
}

func TestSignatures(t *testing.T) {
	all := load(t).Signatures
	for n, v := range all {
		i, domain, message := fromSeed(t, v.Seed), Domain(v.Domain), unhex(t, v.Message)
		s := i.Sign(domain, message)
		if hex.EncodeToString(s[:]) != v.Signature {
			t.Errorf("%d: %x", n, s)
		}
		for m, other := range all {
			ok := fromSeed(t, other.Seed).ID().Verify(Domain(other.Domain), unhex(t, other.Message), s)
			if ok != (n == m) {
				t.Errorf("signature %d as that of %d: %v", n, m, ok)
			}
		}
		s[10] ^= 1
		if i.ID().Verify(domain, message, s) {
			t.Errorf("%d: a changed signature passes", n)
		}
	}
}

func TestRefusedTexts(t *testing.T) {
	for _, v := range load(t).Texts {
		if id, err := Parse(v.Text); !errors.Is(err, ErrText) || errors.Is(err, ErrKey) {
			t.Errorf("%s: %v, %v", v.Why, id, err)
		}
	}
}

func TestRefusedKeys(t *testing.T) {
	for _, v := range load(t).Points {
		key := unhex(t, v.Key)
		if _, err := FromKey(key); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", v.Why, err)
		}
		if _, err := PublicFromKey[Share](key); !errors.Is(err, ErrKey) {
			t.Errorf("%s, of a purpose: %v", v.Why, err)
		}
		if _, err := Parse(ID(key).String()); !errors.Is(err, ErrKey) {
			t.Errorf("%s, as text: %v", v.Why, err)
		}
	}
	for _, n := range []int{0, 31, 33} {
		_, err := FromKey(make([]byte, n))
		_, other := PublicFromKey[DHT](make([]byte, n))
		if !errors.Is(err, ErrKey) || !errors.Is(other, ErrKey) {
			t.Errorf("%d bytes: %v, %v", n, err, other)
		}
	}
}

// TestSignatureByNobody has a signature that crypto/ed25519 accepts for every second
// message or so, of a key that everybody has.
func TestSignatureByNobody(t *testing.T) {
	neutral := ID{1}
	forged := Signature{1} // R is the neutral element, S is 0
	if !ed25519.Verify(neutral[:], Domain("test").signed([]byte("message")), forged[:]) {
		t.Fatal("the forgery is none")
	}
	if neutral.Verify("test", []byte("message"), forged) {
		t.Error("a signature by nobody passes")
	}
}

func TestNewIdentitiesHaveNothingInCommon(t *testing.T) {
	seen := map[[32]byte]string{}
	for range 2 {
		i := New()
		if err := i.ID().Check(); err != nil {
			t.Errorf("a new identity: %v", err)
		}
		keys := derived(t, i)
		keys["id"], keys["seed"] = derivedKey{key: i.ID()}, derivedKey{key: i.Seed()}
		for label, k := range keys {
			if other, ok := seen[k.key]; ok {
				t.Errorf("%s is %s", label, other)
			}
			seen[k.key] = label
		}
	}
}

func TestOnionPurpose(t *testing.T) {
	for _, purpose := range []string{"", "a/0", "A", "ä", "a b", strings.Repeat("a", 33)} {
		if _, err := New().Onion(purpose, 0); !errors.Is(err, ErrLabel) {
			t.Errorf("%q: %v", purpose, err)
		}
	}
}

// TestPurposesDoNotMix asks the rules of the language: neither an assignment nor a
// conversion makes the key of one purpose that of another.
func TestPurposesDoNotMix(t *testing.T) {
	all := []reflect.Type{
		reflect.TypeFor[SecretKey[Chat]](), reflect.TypeFor[SecretKey[Ledger]](), reflect.TypeFor[SecretKey[DB]](),
		reflect.TypeFor[SigningKey[Onion]](), reflect.TypeFor[SigningKey[Share]](), reflect.TypeFor[SigningKey[Swarm]](), reflect.TypeFor[SigningKey[DHT]](),
		reflect.TypeFor[PublicKey[Onion]](), reflect.TypeFor[PublicKey[Share]](), reflect.TypeFor[PublicKey[Swarm]](), reflect.TypeFor[PublicKey[DHT]](),
		reflect.TypeFor[ID](), reflect.TypeFor[Seed](),
	}
	for i, a := range all {
		for j, b := range all {
			mixed := a.ConvertibleTo(b)
			if a.Kind() == reflect.Array && b.Kind() == reflect.Array {
				mixed = a.AssignableTo(b) // ID and Seed are bytes, and say so when converted
			}
			if mixed != (i == j) {
				t.Errorf("%v as %v: %v", a, b, mixed)
			}
		}
	}
}

func TestTextInJSON(t *testing.T) {
	type friend struct{ ID ID }
	in := friend{New().ID()}
	text, err := json.Marshal(in)
	if err != nil || !strings.Contains(string(text), in.ID.String()) {
		t.Fatalf("%s, %v", text, err)
	}
	var out friend
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Errorf("%v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"ID":"wr1q"}`), &out); !errors.Is(err, ErrText) || out != in {
		t.Errorf("%v, %v", out, err)
	}
}

func TestRedacted(t *testing.T) {
	i := fromSeed(t, load(t).Identities[1].Seed)
	var out bytes.Buffer
	logged := []any{"identity", i, "seed", i.Seed(), "chat", i.Chat(), "share", i.Share(), "in", struct{ K SecretKey[DB] }{i.DB()}}
	public := []any{"id", i.ID(), "public", i.Share().Public()}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("private", logged...)
		slog.New(h).Info("public", public...)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		fmt.Fprintf(&out, strings.Repeat(verb+" ", len(logged)/2)+"\n", i, i.Seed(), i.Chat(), i.Share(), struct {
			I *Identity
			S Seed
			K SigningKey[DHT]
		}{i, i.Seed(), i.DHT()})
	}
	secrets := []string{i.ID().String()}
	for _, k := range [][32]byte{i.Seed(), i.Chat().Secret(), i.Share().Seed(), i.DB().Secret(), i.DHT().Seed(), i.ID(), i.Share().Public().Bytes()} {
		first := k[:4]
		secrets = append(secrets, hex.EncodeToString(first), strings.ToUpper(hex.EncodeToString(first)),
			strings.Trim(fmt.Sprint(first), "[]"), strings.Trim(fmt.Sprintf("%#v", first), "[]byte{}"), string(first))
	}
	for _, secret := range secrets {
		if strings.Contains(out.String(), secret) {
			t.Errorf("output shows %q:\n%s", secret, out.String())
		}
	}
	if strings.Count(out.String(), "redacted") < 50 {
		t.Errorf("output does not say what was hidden:\n%s", out.String())
	}
}

func FuzzParse(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		id, err := Parse(text)
		if err != nil {
			return
		}
		if id.String() != text || id.Check() != nil {
			t.Errorf("%q becomes %q, %v", text, id.String(), id.Check())
		}
	})
}

func FuzzFromKey(f *testing.F) {
	f.Fuzz(func(t *testing.T, key []byte) {
		id, err := FromKey(key)
		if err != nil {
			return
		}
		if again, err := Parse(id.String()); again != id || err != nil {
			t.Errorf("%x becomes %x, %v", key, again, err)
		}
	})
}
