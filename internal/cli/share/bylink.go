package share

import (
	"context"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/remote"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/words"
)

// byLink shares by private links, through the node that runs in the home, unless
// something is wanted that is about a torrent. It reports whether it has.
func (s *Command) byLink(ctx context.Context, c *console.Console) (done bool, err error) {
	torrent := s.ofTorrent()
	for _, path := range s.Path {
		is, err := torrentfile.Is(path)
		if err != nil {
			return true, fmt.Errorf("share %s: %w", words.Plain(path), err)
		}
		torrent = torrent || is
	}
	if torrent {
		if s.Link.Given() {
			return true, console.Usage("some flags are for sharing by a link, and others for a torrent file or magnet link: do without those of one kind")
		}
		return false, nil
	}
	n, err := remote.Find(c)
	if _, none := errors.AsType[*remote.NoNodeError](err); none && !s.Link.Given() {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	defer n.Close()
	if s.Link.Title != "" && len(s.Path) > 1 {
		return true, console.Usage("--title names one thing, but %d paths are to be shared: share them one by one", len(s.Path))
	}
	for _, path := range s.Path {
		if err := s.Link.Make(ctx, c, n, path); err != nil {
			return true, interrupted(ctx, err)
		}
	}
	return true, nil
}

// ofTorrent reports whether flags say something of a torrent, or of an engine.
func (s *Command) ofTorrent() bool {
	return s.Magnet || s.Torrent != "" || s.Dir != "" || s.PieceLength != words.Size(0) || s.Kind != "hybrid" || len(s.Address) > 0 || s.SuperSeed ||
		s.Level != "basic" || s.Compatible || s.Passphrase || len(s.Company.Tracker) > 0 || s.TLS != "prefer" || s.LimitUp > 0 || s.LimitDown > 0 || s.Flags.Own()
}
