package peerwire

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

var goldenRoot = [32]byte(bytes.Repeat([]byte{0xab}, 32))

const (
	goldenRootHex = "abababababababababababababababababababababababababababababababab"
	// Length 4 covers two layers, so one of the five proof layers is left out.
	goldenHashHex = goldenRootHex + "00000001 00000008 00000004 00000005"
)

func goldenRequest() HashRequest { return HashRequest{goldenRoot, 1, 8, 4, 5} }

func TestHashRequest(t *testing.T) {
	checkGolden(t, func(_ ID, b []byte) (HashRequest, error) { return ParseHashRequest(b) }, []golden[HashRequest]{
		{"hash request", "00000031 15" + goldenHashHex, IDHashRequest, goldenRequest(), AppendHashRequest},
		{"hash reject", "00000031 17" + goldenHashHex, IDHashReject, goldenRequest(), AppendHashReject},
	})
	checkLengths(t, "hash request", ParseHashRequest, func(n int) bool { return n == 48 })
}

func TestHashes(t *testing.T) {
	list := bytes.Repeat([]byte{0xcd}, 8*32)
	checkGolden(t, func(_ ID, b []byte) (Hashes, error) { return ParseHashes(b) }, []golden[Hashes]{
		{"all uncles", "00000131 16" + goldenHashHex + strings.Repeat("cd", 8*32), IDHashes,
			Hashes{goldenRequest(), list}, AppendHashes},
		{"no uncles", "000000b1 16" + goldenHashHex + strings.Repeat("cd", 4*32), IDHashes,
			Hashes{goldenRequest(), list[:4*32]}, AppendHashes},
	})
}

func TestHashesRefused(t *testing.T) {
	head := unhex(t, goldenHashHex)
	for n := range 10 * 32 {
		_, err := ParseHashes(append(head[:48:48], make([]byte, n)...))
		if n%32 == 0 && n >= 4*32 && n <= 8*32 {
			if err != nil {
				t.Errorf("%d bytes of hashes: %v", n, err)
			}
			continue
		}
		checkError(t, err, "hashes", ErrLength)
	}
	_, err := ParseHashes(head[:47])
	checkError(t, err, "hashes", ErrLength)
	bad := bytes.Clone(head)
	bad[43] = 3
	_, err = ParseHashes(append(bad, make([]byte, 3*32)...))
	checkError(t, err, "hashes", ErrValue)
}

func TestHashRequestCheck(t *testing.T) {
	for _, tt := range []struct {
		name                       string
		base, index, length, proof uint32
		ok                         bool
		uncles                     int
	}{
		{"smallest", 0, 0, 2, 0, true, 0},
		{"one uncle for each layer", 0, 0, 2, 3, true, 3},
		{"proof layers that follow from the hashes", 5, 512, 512, 8, true, 0},
		{"one uncle beyond them", 5, 512, 512, 9, true, 1},
		{"highest", MaxLayers - 1, 1<<32 - 2, 2, MaxLayers, true, MaxLayers},
		{"length 0", 0, 0, 0, 0, false, 0},
		{"length 1", 0, 0, 1, 0, false, 0},
		{"length 3", 0, 0, 3, 0, false, 0},
		{"length 1024", 0, 0, 1024, 0, false, 0},
		{"length 2^31", 0, 0, 1 << 31, 0, false, 0},
		{"index in the middle", 0, 2, 4, 0, false, 0},
		{"base layer", MaxLayers, 0, 2, 0, false, 0},
		{"proof layers", 0, 0, 2, MaxLayers + 1, false, 0},
	} {
		r := HashRequest{goldenRoot, tt.base, tt.index, tt.length, tt.proof}
		err := r.Check()
		if (err == nil) != tt.ok || (err != nil && !errors.Is(err, ErrValue)) {
			t.Errorf("%s: %v", tt.name, err)
		}
		if tt.ok && r.Uncles() != tt.uncles {
			t.Errorf("%s: %d uncles, want %d", tt.name, r.Uncles(), tt.uncles)
		}
	}
}

func FuzzHashRequest(f *testing.F) {
	f.Add(unhex(f, goldenHashHex))
	f.Fuzz(func(t *testing.T, payload []byte) {
		r, err := ParseHashRequest(payload)
		if (err == nil) != (len(payload) == hashRequestLen) {
			t.Fatalf("%x: %v", payload, err)
		}
		if err == nil && string(AppendHashRequest(nil, r)[headerLen:]) != string(payload) {
			t.Fatalf("%x became %+v", payload, r)
		}
	})
}

func FuzzHashes(f *testing.F) {
	f.Add(append(unhex(f, goldenHashHex), make([]byte, 5*32)...))
	f.Fuzz(func(t *testing.T, payload []byte) {
		h, err := ParseHashes(payload)
		if err != nil {
			return
		}
		if h.Check() != nil || len(h.List) > 32*(MaxHashes+MaxLayers) {
			t.Fatalf("%x passed as %+v", payload, h)
		}
		msg := AppendHashes(nil, h)
		if string(payloadOf(t, msg, IDHashes)) != string(payload) {
			t.Fatalf("%x became %x", payload, msg)
		}
	})
}
