package permid

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"testing"
)

func TestSealed(t *testing.T) {
	for n, v := range load(t).Sealed {
		sealed := unhex(t, v.Sealed)
		want := fromSeed(t, v.Seed)
		at, err := Inspect(sealed)
		if err != nil || at != (At{want.ID(), v.Passphrase != ""}) {
			t.Errorf("%d: %v, %v", n, at, err)
		}
		got, err := Open(sealed, v.Passphrase)
		if err != nil || got.Seed() != want.Seed() {
			t.Errorf("%d: %v", n, err)
			continue
		}
		var random [40]byte
		if v.Passphrase != "" {
			random = [40]byte(sealed[saltAt:sealAt])
		}
		if again := want.seal(v.Passphrase, cost{v.Passes, v.Memory, v.Threads}, random); !bytes.Equal(again, sealed) {
			t.Errorf("%d: sealed again it is %x", n, again)
		}
	}
}

func TestPassphrase(t *testing.T) {
	i := New()
	sealed := i.Seal("correct horse")
	if bytes.Equal(sealed, i.Seal("correct horse")) {
		t.Error("sealed twice it is the same")
	}
	seed := i.Seed()
	if bytes.Contains(sealed, seed[:]) {
		t.Error("the seed is there to read")
	}
	for _, c := range []struct {
		phrase string
		want   error
	}{{"correct horse", nil}, {"correct  horse", ErrPassphrase}, {"", ErrLocked}} {
		got, err := Open(sealed, c.phrase)
		if !errors.Is(err, c.want) || (err == nil) != (got != nil) {
			t.Errorf("%q: %v", c.phrase, err)
		}
	}
}

func TestWithoutPassphrase(t *testing.T) {
	i := New()
	sealed := i.Seal("")
	at, err := Inspect(sealed)
	if err != nil || at.Locked {
		t.Errorf("%v, %v", at, err)
	}
	if got, err := Open(sealed, "not needed"); err != nil || got.ID() != i.ID() {
		t.Errorf("%v", err)
	}
}

// TestChanged changes every byte of both forms: either that is found out, or it made
// no difference.
func TestChanged(t *testing.T) {
	i := New()
	for _, phrase := range []string{"", "x"} {
		sealed := i.seal(phrase, cost{1, 8, 1}, [40]byte{})
		for at := range sealed {
			for _, bit := range []byte{1, 0x80} {
				wrong := bytes.Clone(sealed)
				wrong[at] ^= bit
				if at >= seedAt && at < saltAt-1 && phrase != "" {
					c := cost{binary.BigEndian.Uint32(wrong[seedAt:]), binary.BigEndian.Uint32(wrong[seedAt+4:]), wrong[saltAt-1]}
					if c.bearable() && c.memory > 1<<10 {
						continue // it would take long, and is no other case
					}
				}
				if _, err := Open(wrong, phrase); !errors.Is(err, ErrMalformed) && !errors.Is(err, ErrPassphrase) {
					t.Errorf("byte %d of %d: %v", at, len(sealed), err)
				}
			}
		}
		for _, wrong := range [][]byte{nil, sealed[:len(sealed)-1], append(bytes.Clone(sealed), 0), sealed[:seedAt]} {
			if _, err := Open(wrong, phrase); !errors.Is(err, ErrMalformed) {
				t.Errorf("%d bytes of %d: %v", len(wrong), len(sealed), err)
			}
		}
	}
}

// TestCostIsBounded has files that ask for more memory or time than anybody has, or
// for less than Argon2id can do with.
func TestCostIsBounded(t *testing.T) {
	for _, c := range []cost{
		{0, 64 << 10, 4}, {33, 64 << 10, 4}, {1 << 31, 8, 1}, {3, 1<<20 + 1, 4}, {3, 1<<32 - 1, 4}, {3, 64, 0}, {3, 31, 4}, {3, 1 << 20, 65}, {3, 0, 1},
	} {
		sealed := New().seal("x", cost{1, 8, 1}, [40]byte{})
		binary.BigEndian.PutUint32(sealed[seedAt:], c.passes)
		binary.BigEndian.PutUint32(sealed[seedAt+4:], c.memory)
		sealed[saltAt-1] = c.threads
		if _, err := Open(sealed, "x"); !errors.Is(err, ErrMalformed) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if !standard().bearable() {
		t.Error("our own cost is refused")
	}
}

func FuzzOpen(f *testing.F) {
	f.Fuzz(func(t *testing.T, sealed []byte, phrase string) {
		at, c, err := inspect(sealed)
		if err != nil {
			if _, err := Open(sealed, phrase); err == nil {
				t.Error("what cannot be inspected opens")
			}
			return
		}
		if at.Locked && (c.memory > 64 || c.passes > 2) {
			return // bounded, but slow
		}
		i, err := Open(sealed, phrase)
		if err != nil {
			return
		}
		if i.ID() != at.ID {
			t.Errorf("it opens as somebody else")
		}
		if !at.Locked && !bytes.Equal(i.Seal(""), sealed) {
			t.Errorf("%s is not what it becomes", hex.EncodeToString(sealed))
		}
	})
}
