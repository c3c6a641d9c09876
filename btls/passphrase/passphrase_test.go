package passphrase

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// The examples of arXiv:0901.4016.
func TestProquints(t *testing.T) {
	for n, want := range map[uint16]string{
		127 << 8: "lusab", 1: "babad", 63<<8 | 84: "gutih", 220<<8 | 193: "tugad", 140<<8 | 98: "mudof", 255<<8 | 255: "zuzuz",
	} {
		if got := encode(n); got != want {
			t.Errorf("%#04x is %s, want %s", n, got, want)
		}
	}
}

func TestNew(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		phrase, p := New()
		if got, err := Canonical(phrase); err != nil || got != phrase || strings.Count(phrase, "-") != Words-1 {
			t.Fatalf("%q is not canonical: %v", phrase, err)
		}
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		seen[phrase], seen[string(p.Salt[:])] = true, true
	}
	if len(seen) != 200 {
		t.Errorf("%d of 200 phrases and salts differ", len(seen))
	}
}

func TestCanonical(t *testing.T) {
	const want = "lusab-babad-gutih-tugad-mudof"
	for _, in := range []string{want, " LUSAB babad\tgutih--tugad  mudof\n"} {
		if got, err := Canonical(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "lusab-babad-gutih-tugad", "correct horse battery staple here", "lusab-babad-gutih-tugad-mudo", want + "x", strings.Repeat("lusab-", 65), "lusab-babad-gutih-tugad-mud\u00f6f"} {
		if _, err := Canonical(in); !errors.Is(err, ErrPhrase) {
			t.Errorf("%q was taken: %v", in, err)
		}
	}
}

const secretHex = "93177e4d939dc78b9e952a1844df0ab9dfeb62961f10ad802f624acdc97cec98"

// The secret is what Argon2id's reference program makes of the same:
//
//	echo -n lusab-babad-gutih-tugad-mudof | argon2 saltsaltsaltsalt -id -k 19456 -t 2 -p 1 -l 32 -r
func TestSecret(t *testing.T) {
	p := Params{Memory: minMemory, Passes: 2, Lanes: 1, Salt: [16]byte([]byte("saltsaltsaltsalt"))}
	s, err := Secret("lusab babad gutih tugad mudof", p)
	if got := hex.EncodeToString(s[:]); err != nil || got != secretHex {
		t.Errorf("%s, %v; want %s", got, err, secretHex)
	}
	if _, err := Secret("password", p); !errors.Is(err, ErrPhrase) {
		t.Error(err)
	}
}

func TestParams(t *testing.T) {
	good := Params{Memory: minMemory, Passes: 2, Lanes: 1}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for _, edit := range []func(*Params){
		func(p *Params) { p.Memory = minMemory - 1 }, func(p *Params) { p.Memory = maxMemory + 1 },
		func(p *Params) { p.Passes = 0 }, func(p *Params) { p.Passes = 1 }, func(p *Params) { p.Passes = maxPasses + 1 },
		func(p *Params) { p.Lanes = 0 }, func(p *Params) { p.Lanes = maxLanes + 1 },
		func(p *Params) { p.Memory, p.Passes = -1<<62, -2 },
	} {
		p := good
		edit(&p)
		if err := p.Check(); !errors.Is(err, ErrParams) {
			t.Errorf("%+v: %v", p, err)
		}
		if _, err := Secret("lusab-babad-gutih-tugad-mudof", p); !errors.Is(err, ErrParams) {
			t.Errorf("%+v: %v", p, err)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	f.Add("lusab-babad-gutih-tugad-mudof")
	f.Fuzz(func(t *testing.T, in string) {
		got, err := Canonical(in)
		if err != nil {
			return
		}
		if again, err := Canonical(got); err != nil || again != got || len(got) < Least*6-1 {
			t.Errorf("%q becomes %q, then %q, %v", in, got, again, err)
		}
	})
}
