package metainfo

import (
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/tlsdict"
)

// TLS is what a torrent demands of its peers beyond BitTorrent: the dictionary
// "tls" beside "info", so that the info-hash does not depend on it
// (docs/beps/bittorrent-over-tls.rst). A magnet link carries the same.
type TLS = tlsdict.TLS

// Argon2id says how a passphrase becomes the secret (RFC 9106).
type Argon2id = tlsdict.Argon2id

// The levels of BitTorrent over TLS.
const (
	TLSBasic      = tlsdict.Basic
	TLSStrict     = tlsdict.Strict
	TLSFullStrict = tlsdict.FullStrict
)

// ParseTLS reads the dictionary. Errors are as those of [Parse]. What asks for
// more than is known here matches ErrVersion: it must not be fetched with less.
func ParseTLS(b []byte) (*TLS, error) { return tlsdict.Parse(b) }

func readTLS(t *Torrent, v bencode.Value) (err error) {
	t.TLS, err = tlsdict.Read(v)
	return err
}

func writeTLS(t *Torrent) any {
	if t.TLS == nil {
		return nil
	}
	return bencode.Raw(t.TLS.Bytes())
}
