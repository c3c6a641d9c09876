package peerwire

import "testing"

func parseAnyIndex(id ID, payload []byte) (uint32, error) {
	switch id {
	case IDHave:
		return ParseHave(payload)
	case IDSuggest:
		return ParseSuggest(payload)
	}
	return ParseAllowedFast(payload)
}

func TestIndex(t *testing.T) {
	checkGolden(t, parseAnyIndex, []golden[uint32]{
		{"have", "00000005 04 00000007", IDHave, 7, AppendHave},
		{"have the last", "00000005 04 ffffffff", IDHave, 1<<32 - 1, AppendHave},
		{"suggest", "00000005 0d 00010203", IDSuggest, 0x10203, AppendSuggest},
		{"allowed fast", "00000005 11 80000000", IDAllowedFast, 1 << 31, AppendAllowedFast},
	})
	for _, id := range []ID{IDHave, IDSuggest, IDAllowedFast} {
		checkLengths(t, id.String(), func(b []byte) (uint32, error) { return parseAnyIndex(id, b) },
			func(n int) bool { return n == 4 })
	}
}

func TestPort(t *testing.T) {
	checkGolden(t, func(_ ID, b []byte) (uint16, error) { return ParsePort(b) }, []golden[uint16]{
		{"usual", "00000003 09 1ae1", IDPort, 6881, AppendPort},
		{"highest", "00000003 09 ffff", IDPort, 65535, AppendPort},
	})
	checkLengths(t, "port", ParsePort, func(n int) bool { return n == 2 })
	_, err := ParsePort([]byte{0, 0})
	checkError(t, err, "port", ErrValue)
}

func FuzzIndex(f *testing.F) {
	f.Add(uint8(IDHave), []byte{0, 0, 0, 7})
	f.Add(uint8(IDSuggest), []byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, id uint8, payload []byte) {
		piece, err := parseAnyIndex(ID(id), payload)
		if (err == nil) != (len(payload) == 4) {
			t.Fatalf("%x: %v", payload, err)
		}
		if err == nil && string(AppendHave(nil, piece)[headerLen:]) != string(payload) {
			t.Fatalf("%x became %d", payload, piece)
		}
	})
}

func FuzzPort(f *testing.F) {
	f.Add([]byte{0x1a, 0xe1})
	f.Fuzz(func(t *testing.T, payload []byte) {
		port, err := ParsePort(payload)
		if err == nil && (port == 0 || string(AppendPort(nil, port)[headerLen:]) != string(payload)) {
			t.Fatalf("%x became %d", payload, port)
		}
	})
}
