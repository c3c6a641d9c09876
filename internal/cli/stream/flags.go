package stream

import (
	"context"
	"fmt"
	"io"
	"net"

	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/progress"
	"github.com/warren-p2p/warren/internal/netpolicy"
	"github.com/warren-p2p/warren/internal/streaming"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// Flags say whether a torrent is served to players, and where.
type Flags struct {
	Stream       bool   `help:"Serve the files to a player such as mpv or vlc while they are fetched, and say where; what the player reads comes first."`
	StreamListen string `default:"127.0.0.1:0" placeholder:"ADDR" help:"Address for --stream, HOST:PORT; with others than this machine's own, whoever knows the URL gets in."`
}

// Given reports whether files are to be served.
func (f *Flags) Given() bool { return f.Stream }

// Check refuses what cannot be meant, before any work is done; exit says whether
// the command ends once all is there.
func (f *Flags) Check(exit bool) error {
	if _, _, err := net.SplitHostPort(f.StreamListen); err != nil {
		return console.Usage("--stream-listen %s: want HOST:PORT, such as 127.0.0.1:8080", f.StreamListen)
	}
	if f.Stream && exit {
		return console.Usage("--stream serves until you press Ctrl-C, and --exit ends before: leave one of them out")
	}
	return nil
}

// Show is a torrent that is served to players.
type Show struct {
	Torrent *swarm.Torrent
	server  *Server // nil before Begin
}

// Begin serves the files, if that is wanted, and says where. What the torrent
// consists of is known.
func (s *Show) Begin(ctx context.Context, c *console.Console, f *Flags) error {
	if !f.Stream {
		return nil
	}
	l, err := netpolicy.Direct{}.Listen(ctx, f.StreamListen)
	if err != nil {
		return fmt.Errorf("stream on %s: %w: choose another address with --stream-listen", f.StreamListen, console.Cause(err))
	}
	meta := s.Torrent.Metainfo()
	show := &streaming.Show{Tag: meta.Hashes().String(), Files: filesOf(meta), Open: s.open}
	s.server = Serve(l, show)
	main := streaming.Main(show.Files)
	c.Say("Play %q while it is fetched:", words.Plain(main.Name))
	c.Say("  mpv %s", s.server.URL(main))
	if len(show.Files) > 1 {
		c.Say("All that can be played, one after the other:")
		c.Say("  mpv %s", s.server.Playlist())
	}
	ev := progress.Event(console.Ready, s.Torrent)
	ev.Stream = []string{s.server.URL(main), s.server.Playlist()}
	return c.Emit(ev)
}

func (s *Show) open(ctx context.Context, file int) (io.ReadSeekCloser, error) {
	return s.Torrent.NewReader(ctx, file)
}

// filesOf returns the files of a torrent that have content.
func filesOf(m *metainfo.Torrent) (list []streaming.File) {
	for i := range m.Info.Files {
		if f := &m.Info.Files[i]; !f.Pad && f.Symlink == nil {
			list = append(list, streaming.File{Name: f.Name(), Size: f.Length, Index: i})
		}
	}
	return list
}

// Close ends what is served.
func (s *Show) Close() error {
	if s.server == nil {
		return nil
	}
	if err := s.server.Close(); err != nil {
		return fmt.Errorf("end the stream: %w", err)
	}
	return nil
}
