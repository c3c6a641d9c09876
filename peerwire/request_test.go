package peerwire

import "testing"

func TestRequest(t *testing.T) {
	checkGolden(t, func(_ ID, b []byte) (Request, error) { return ParseRequest(b) }, []golden[Request]{
		{"request", "0000000d 06 00000001 00004000 00004000", IDRequest, Request{1, BlockLen, BlockLen}, AppendRequest},
		{"cancel", "0000000d 08 00000102 00000000 00000005", IDCancel, Request{0x102, 0, 5}, AppendCancel},
		{"reject", "0000000d 10 ffffffff fffffffe fffffffd", IDReject,
			Request{1<<32 - 1, 1<<32 - 2, 1<<32 - 3}, AppendReject},
	})
	checkLengths(t, "request", ParseRequest, func(n int) bool { return n == 12 })
}

func TestRequestAllocatesNothing(t *testing.T) {
	buf := make([]byte, 0, 64)
	want := Request{3, 2 * BlockLen, BlockLen}
	if n := testing.AllocsPerRun(1000, func() {
		buf = AppendRequest(buf[:0], want)
		if err := CheckLength(ID(buf[4]), 13, 100); err != nil {
			t.Fatal(err)
		}
		if r, err := ParseRequest(buf[headerLen:]); err != nil || r != want {
			t.Fatal(r, err)
		}
	}); n != 0 {
		t.Errorf("a request allocates %v times", n)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x00\x00\x40\x00\x00\x00\x40\x00"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		r, err := ParseRequest(payload)
		if (err == nil) != (len(payload) == requestLen) {
			t.Fatalf("%x: %v", payload, err)
		}
		for _, app := range []func([]byte, Request) []byte{AppendRequest, AppendCancel, AppendReject} {
			if err == nil && string(app(nil, r)[headerLen:]) != string(payload) {
				t.Fatalf("%x became %+v", payload, r)
			}
		}
	})
}

func BenchmarkRequest(b *testing.B) {
	buf := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendRequest(buf[:0], Request{1, BlockLen, BlockLen})
		if CheckLength(IDRequest, 13, 1000) != nil {
			b.Fatal("length refused")
		}
		if _, err := ParseRequest(buf[headerLen:]); err != nil {
			b.Fatal(err)
		}
	}
}
