package visit

import (
	"bytes"
	"testing"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// Whatever a torrent file says of what lets peers in, it is read without; nothing else
// is changed.
func FuzzTorrent(f *testing.F) {
	f.Add([]byte("d8:announce3:abc4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:AAAAAAAAAAAAAAAAAAAAe3:tlsd5:leveli1eee"))
	f.Add([]byte("d4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:AAAAAAAAAAAAAAAAAAAAee"))
	f.Add([]byte("le"))
	f.Add([]byte("i1e"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := torrent(b)
		if err != nil {
			return
		}
		v, err := bencode.Parse(b)
		if err != nil {
			t.Fatal("what was read is no bencoding")
		}
		for key, value := range v.Dict() {
			switch {
			case key == "tls" && m.TLS != nil:
				t.Error("what lets peers in is read")
			case key == "info" && !bytes.Equal(value.Raw(), m.InfoBytes):
				t.Error("the info dictionary is another one")
			}
		}
	})
}
