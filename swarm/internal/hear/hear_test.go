package hear

import (
	"bytes"
	"testing"

	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/peerwire/extension"
)

const headerLen = 5

func TestRead(t *testing.T) {
	r := peerwire.Request{Index: 1 << 31, Begin: 3, Length: 5}
	for name, c := range map[string]struct {
		message []byte
		want    Said
		broken  bool
	}{
		"have":           {message: peerwire.AppendHave(nil, 8), want: Said{Piece: 8}},
		"have beyond":    {message: peerwire.AppendHave(nil, 9), broken: true},
		"have far":       {message: peerwire.AppendHave(nil, 1<<32-1), broken: true},
		"suggest":        {message: peerwire.AppendSuggest(nil, 8), want: Said{Piece: 8}},
		"suggest beyond": {message: peerwire.AppendSuggest(nil, 9), broken: true},
		"allowed":        {message: peerwire.AppendAllowedFast(nil, 0), want: Said{}},
		"allowed beyond": {message: peerwire.AppendAllowedFast(nil, 9), broken: true},
		"reject":         {message: peerwire.AppendReject(nil, r), want: Said{Request: r}},
		"cancel":         {message: peerwire.AppendCancel(nil, r), want: Said{Request: r}},
		"bitfield":       {message: peerwire.AppendBitfield(nil, peerwire.Bitfield{1, 0x80}), want: Said{Bits: peerwire.Bitfield{1, 0x80}}},
		"bitfield spare": {message: peerwire.AppendBitfield(nil, peerwire.Bitfield{1, 0x40}), broken: true},
		"bitfield short": {message: peerwire.AppendBitfield(nil, peerwire.Bitfield{1}), broken: true},
		"all":            {message: peerwire.AppendHaveAll(nil)},
		"unchoke":        {message: peerwire.AppendUnchoke(nil)},
		"have cut":       {message: peerwire.AppendHave(nil, 8)[:headerLen+3], broken: true},
		"reject cut":     {message: peerwire.AppendReject(nil, r)[:headerLen+3], broken: true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Read(peerwire.ID(c.message[4]), c.message[headerLen:], 9)
			if (err != nil) != c.broken {
				t.Fatal(err)
			}
			if !c.broken && (got.Piece != c.want.Piece || got.Request != c.want.Request || !bytes.Equal(got.Bits, c.want.Bits)) {
				t.Errorf("read %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestDontHave(t *testing.T) {
	if got, err := DontHave(extension.DontHave{Piece: 8}.Append(nil), 9); err != nil || got.Piece != 8 {
		t.Errorf("read %+v, %v", got, err)
	}
	if _, err := DontHave(extension.DontHave{Piece: 9}.Append(nil), 9); err == nil {
		t.Error("a piece beyond the end")
	}
	if _, err := DontHave(nil, 9); err == nil {
		t.Error("an empty message")
	}
}

// Whatever is read is about a piece that there is.
func FuzzRead(f *testing.F) {
	for _, b := range [][]byte{
		peerwire.AppendHave(nil, 3), peerwire.AppendBitfield(nil, peerwire.Bitfield{0xf0}), peerwire.AppendHaveAll(nil),
		peerwire.AppendReject(nil, peerwire.Request{Index: 1, Length: 1}), peerwire.AppendSuggest(nil, 1<<31),
	} {
		f.Add(b[4], b[headerLen:], 4)
	}
	f.Fuzz(func(t *testing.T, id byte, payload []byte, n int) {
		n = max(1, n&0xffff)
		for _, read := range []func() (Said, error){
			func() (Said, error) { return Read(peerwire.ID(id), payload, n) },
			func() (Said, error) { return DontHave(payload, n) },
		} {
			said, err := read()
			if err == nil && (said.Piece < 0 || said.Piece >= n) {
				t.Errorf("piece %d of %d", said.Piece, n)
			}
			if err == nil && said.Bits != nil && (len(said.Bits) != (n+7)/8 || said.Bits.Count() > n) {
				t.Errorf("%d bits of %d", said.Bits.Count(), n)
			}
		}
	})
}
