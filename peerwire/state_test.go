package peerwire

import "testing"

func TestState(t *testing.T) {
	for _, tt := range []struct {
		append func([]byte) []byte
		hex    string
		id     ID
	}{
		{AppendChoke, "00000001 00", IDChoke},
		{AppendUnchoke, "00000001 01", IDUnchoke},
		{AppendInterested, "00000001 02", IDInterested},
		{AppendNotInterested, "00000001 03", IDNotInterested},
		{AppendHaveAll, "00000001 0e", IDHaveAll},
		{AppendHaveNone, "00000001 0f", IDHaveNone},
	} {
		got := tt.append(nil)
		if string(got) != string(unhex(t, tt.hex)) {
			t.Errorf("%v: %x, want %s", tt.id, got, tt.hex)
		}
		if payload := payloadOf(t, got, tt.id); len(payload) != 0 {
			t.Errorf("%v: payload %x", tt.id, payload)
		}
	}
	if got := AppendKeepalive([]byte{1}); string(got) != "\x01\x00\x00\x00\x00" {
		t.Errorf("keepalive: %x", got)
	}
}

func TestExtended(t *testing.T) {
	for _, tt := range []struct {
		id      byte
		payload string
		hex     string
	}{
		{0, "de", "00000004 14 00 6465"},
		{3, "", "00000002 14 03"},
		{255, "d1:ai1ee", "0000000a 14 ff 64313a6169316565"},
	} {
		got := AppendExtended(nil, tt.id, []byte(tt.payload))
		if string(got) != string(unhex(t, tt.hex)) {
			t.Errorf("%x, want %s", got, tt.hex)
		}
		id, message, err := ParseExtended(payloadOf(t, got, IDExtended))
		if err != nil || id != tt.id || string(message) != tt.payload {
			t.Errorf("parsed %d, %q, %v", id, message, err)
		}
	}
	_, _, err := ParseExtended(nil)
	checkError(t, err, "extended", ErrLength)
}

func FuzzExtended(f *testing.F) {
	f.Add([]byte("\x00de"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		id, message, err := ParseExtended(payload)
		if (err == nil) != (len(payload) > 0) {
			t.Fatalf("%x: %v", payload, err)
		}
		if err == nil && string(AppendExtended(nil, id, message)[headerLen:]) != string(payload) {
			t.Fatalf("%x became %d, %x", payload, id, message)
		}
	})
}

func TestIDString(t *testing.T) {
	for id, want := range map[ID]string{
		0: "choke", 3: "not interested", 9: "port", 10: "message 10", 13: "suggest", 17: "allowed fast",
		18: "message 18", 20: "extended", 23: "hash reject", 24: "message 24", 255: "message 255",
	} {
		if got := id.String(); got != want {
			t.Errorf("%d: %q, want %q", uint8(id), got, want)
		}
	}
}
