package bech32m

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// The strings of BIP-350 that are valid; those in capitals are in small letters here.
func TestValid(t *testing.T) {
	for _, text := range []string{
		"a1lqfn3a",
		"an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
		"abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
		"11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
		"split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
		"?1v759aa",
	} {
		if _, _, err := decode(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	_, values, err := decode("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx")
	if err != nil || len(values) != 32 {
		t.Fatalf("%d values, %v", len(values), err)
	}
	for i, v := range values {
		if int(v) != 31-i {
			t.Errorf("value %d is %d", i, v)
		}
	}
}

// The strings of BIP-350 that are not valid, and what else is refused here.
func TestRefused(t *testing.T) {
	for text, want := range map[string]error{
		"\x201xj0phk": ErrCharacter,
		"\x7f1g6xzxy": ErrCharacter,
		"\x801vctc34": ErrCharacter,
		"an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4": ErrLength,
		"qyrz8wqd2c9m":  ErrPrefix,
		"1qyrz8wqd2c9m": ErrPrefix,
		"y1b0jsk6g":     ErrCharacter,
		"lt1igcx5c0":    ErrCharacter,
		"in1muywd":      ErrLength,
		"mm1crxm3i":     ErrCharacter,
		"au1s5cgom":     ErrCharacter,
		"M1VUXWEZ":      ErrCase,
		"16plkw9":       ErrPrefix,
		"1p2gdwpf":      ErrPrefix,
		"A1LQFN3A":      ErrCase, // valid there
		"a1LQFN3A":      ErrCase,
		"a1lqfn3q":      ErrChecksum,
		"":              ErrPrefix,
		// Of its addresses, those whose data are no whole number of bytes.
		"tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j": ErrPadding,
	} {
		if _, _, err := Decode(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, not %v", text, err, want)
		}
	}
}

func TestEncode(t *testing.T) {
	if text, err := Encode("a", nil); text != "a1lqfn3a" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	for prefix, want := range map[string]error{"": ErrPrefix, "wR": ErrCase, "w r": ErrCharacter, strings.Repeat("w", 84): ErrPrefix} {
		if _, err := Encode(prefix, []byte{1}); !errors.Is(err, want) {
			t.Errorf("prefix %q: %v, not %v", prefix, err, want)
		}
	}
	if _, err := Encode("wr", make([]byte, 50)); err != nil {
		t.Errorf("50 bytes: %v", err)
	}
	if _, err := Encode("wr", make([]byte, 51)); !errors.Is(err, ErrLength) {
		t.Errorf("51 bytes: %v", err)
	}
}

// TestErrors checks what the code promises: no four wrong characters pass. All single
// ones, and neighbours in pairs, are tried.
func TestErrors(t *testing.T) {
	text, err := Encode("wr", []byte("thirty-two bytes, as in a key..."))
	if err != nil {
		t.Fatal(err)
	}
	for i := 3; i < len(text); i++ {
		for _, c := range []byte(alphabet) {
			wrong := []byte(text)
			wrong[i] = c
			if _, _, err := Decode(string(wrong)); (err == nil) != (text[i] == c) {
				t.Fatalf("%s: %v", wrong, err)
			}
			if i+1 == len(text) {
				continue
			}
			wrong[i+1] = alphabet[(strings.IndexByte(alphabet, text[i+1])+7)%32]
			if _, _, err := Decode(string(wrong)); err == nil {
				t.Fatalf("%s passes", wrong)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		prefix, data, err := Decode(text)
		if err != nil {
			return
		}
		again, err := Encode(prefix, data)
		if err != nil || again != text {
			t.Errorf("%q becomes %q, %v", text, again, err)
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Fuzz(func(t *testing.T, prefix string, data []byte) {
		text, err := Encode(prefix, data)
		if err != nil {
			return
		}
		p, d, err := Decode(text)
		if err != nil || p != prefix || !bytes.Equal(d, data) {
			t.Errorf("%q: %q, %x, %v", text, p, d, err)
		}
	})
}
