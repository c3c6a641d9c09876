package magnet

import (
	"encoding/base64"

	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/check"
)

// secretLen is how long a value of x.btls is that is the secret of level Strict
// and nothing else. The dictionary that it is otherwise cannot be as short.
const secretLen = 32

// setTLS reads x.btls: base64url of a secret, or of the dictionary that a torrent
// has under "tls".
func (m *Link) setTLS(field, value string) error {
	b, err := base64.RawURLEncoding.Strict().DecodeString(value)
	if err != nil {
		return check.Badf(field, check.ErrType, "not base64url without padding")
	}
	t := &metainfo.TLS{Level: metainfo.TLSStrict, Secret: b}
	if len(b) != secretLen {
		if t, err = metainfo.ParseTLS(b); err != nil {
			return check.Bad(field, err)
		}
	}
	if m.TLS != nil && !m.TLS.Equal(t) {
		return check.Bad(field, ErrConflict)
	}
	m.TLS = t
	return nil
}

func formatTLS(t *metainfo.TLS) string {
	b := t.Bytes()
	if t.Equal(&metainfo.TLS{Level: metainfo.TLSStrict, Secret: t.Secret}) {
		b = t.Secret
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
