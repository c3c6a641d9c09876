package visit

import (
	"context"
	"fmt"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/internal/trackerhost/own"
	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// Found is a share as it was found.
type Found struct {
	Kind    link.Kind
	Record  record.Record
	Torrent *metainfo.Torrent
	// Secret and Sole are what the torrent of a private share is joined by: its secret,
	// and the one tracker that knows it. They are nil if it is public.
	Secret *btls.Secret
	Sole   *swarm.SoleTracker
}

// maxTorrent is how long a torrent file is at most, in bytes.
const maxTorrent = 64 << 20

// fetch gets the record and the torrent of a share, and checks them.
func (s *session) fetch(ctx context.Context, l *link.Link, base string) (*Found, error) {
	text, err := s.get(ctx, base+"/record", record.MaxBytes)
	if err != nil {
		return nil, err
	}
	signed, err := record.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if text, err = s.get(ctx, base+"/torrent", maxTorrent); err != nil {
		return nil, err
	}
	m, err := torrent(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	f := &Found{Kind: l.Kind, Record: signed.Record, Torrent: m}
	if err := f.check(l); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	return f, nil
}

// torrent reads a torrent file. What lets peers in is in the link, and the file says at
// most that there is something: that is left out, for a torrent that needs a secret and
// has none is not read.
func torrent(text []byte) (*metainfo.Torrent, error) {
	v, err := bencode.Parse(text)
	if err != nil {
		return nil, err
	}
	dict := map[string]any{}
	for key, value := range v.Dict() {
		if key != "tls" {
			dict[key] = bencode.Raw(value.Raw())
		}
	}
	return metainfo.Parse(bencode.Append(nil, dict))
}

// check refuses a torrent that is another one than the record or the link says, and takes
// away what would be told of it, or fetched, elsewhere.
func (f *Found) check(l *link.Link) error {
	private := l.Kind == link.Private
	if err := f.Record.Match(f.Torrent); err != nil {
		return err
	}
	if !private && f.Record.ID != l.Share {
		return fmt.Errorf("%w: it is of another share", record.ErrTorrent)
	}
	if f.Torrent.Info.Private != private || f.Torrent.Info.SSLCert != "" {
		return fmt.Errorf("%w: who may join it is not what the link says", record.ErrTorrent)
	}
	var key string
	for _, tier := range f.Torrent.Trackers() {
		for _, url := range tier {
			if key == "" {
				key = own.SoleKey(url)
			}
		}
	}
	m := f.Torrent
	m.URLList, m.Nodes = nil, nil
	if !private {
		return nil
	}
	m.SetTrackers(nil)
	if key == "" {
		return fmt.Errorf("%w: it has no tracker", record.ErrTorrent)
	}
	f.Secret = &l.Secret
	f.Sole = &swarm.SoleTracker{URL: own.SoleURL(l.Address, key), Pin: l.Pin}
	return nil
}
