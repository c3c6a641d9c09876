package keyring

import (
	"fmt"

	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

// Authority is what makes a node the one that admits.
type Authority struct {
	Seed [32]byte
	Link *magnet.Link          // as it was told last
	SSL  *ssltorrent.Authority // of an SSL torrent
}

// Bytes returns what is kept of it.
func (a Authority) Bytes() ([]byte, error) {
	dict := map[string]any{"link": a.Link.String(), "seed": a.Seed[:]}
	if a.SSL != nil {
		text, err := a.SSL.MarshalPEM()
		if err != nil {
			return nil, err
		}
		dict["ssl"] = text
	}
	return bencode.Append(nil, dict), nil
}

// ParseAuthority reads what Bytes returned.
func ParseAuthority(b []byte) (a Authority, err error) {
	v, err := bencode.Parse(b)
	if err != nil {
		return a, fmt.Errorf("%w: %w", ErrState, err)
	}
	seed, _ := v.Get("seed").Bytes()
	text, _ := v.Get("link").Bytes()
	if len(seed) != len(a.Seed) {
		return a, ErrState
	}
	if a.Link, err = magnet.Parse(string(text)); err != nil {
		return a, fmt.Errorf("%w: %w", ErrState, err)
	}
	if a.Link.TLS == nil {
		return a, ErrState
	}
	a.Seed = [32]byte(seed)
	if text, ok := v.Get("ssl").Bytes(); ok {
		if a.SSL, err = ssltorrent.ParseAuthority(text); err != nil {
			return a, fmt.Errorf("%w: %w", ErrState, err)
		}
	}
	return a, nil
}

// Authority returns what is kept, ok saying whether anything is.
func (f *Folder) Authority() (a Authority, ok bool, err error) {
	b, err := f.read(authorityFile)
	if err != nil || b == nil {
		return a, false, err
	}
	if a, err = ParseAuthority(b); err != nil {
		return a, false, fmt.Errorf("read what admits peers: %w", err)
	}
	return a, true, nil
}

// SaveAuthority keeps it.
func (f *Folder) SaveAuthority(a Authority) error {
	b, err := a.Bytes()
	if err != nil {
		return err
	}
	return vfs.WriteFileAtomic(f, authorityFile, b, 0o600)
}
