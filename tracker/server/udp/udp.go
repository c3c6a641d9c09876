// Package udp is a tracker over UDP: sockets, and goroutines that read from them what
// package datagram answers.
//
// Where the time goes was measured before this was written: of an announce with fifty
// peers nine tenths are the kernel's, in reading and sending. So datagrams are read
// and sent in batches, sixty-four at a time, and the rest was left simple.
package udp

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/netpolicy/batch"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/datagram"
)

const (
	// many is how many datagrams are read at once.
	many = 64
	// maxRequest is more than any request has bytes: 74 torrents in a scrape.
	maxRequest = 2048
	// buffered is what the kernel is to hold while a batch is answered, as far as
	// net.core.rmem_max lets it.
	buffered = 4 << 20
)

// Config is what a server needs.
type Config struct {
	Tracker *server.Tracker
	Clock   clock.Clock
	// Key makes connection ids: 16 bytes by chance, the same for trackers of which a
	// client may meet now this one and now that.
	Key [16]byte
	// Workers is how many goroutines read from each socket; one, which a store in
	// memory keeps as busy as a processor gets. A store that is waited for needs more.
	Workers int
}

// Server answers datagrams until it is closed.
type Server struct {
	cfg   Config
	conns []*batch.Conn
	stop  context.CancelFunc
	work  sync.WaitGroup
}

// Serve answers on sockets, which are the server's from now on.
func Serve(cfg Config, conns ...net.PacketConn) *Server {
	cfg.Workers = max(cfg.Workers, 1)
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{cfg: cfg, stop: stop}
	for _, c := range conns {
		if b, ok := c.(interface{ SetReadBuffer(bytes int) error }); ok {
			_ = b.SetReadBuffer(buffered) // what there is must do
		}
		b := batch.New(c)
		s.conns = append(s.conns, b)
		for range cfg.Workers {
			s.work.Go(func() { s.serve(ctx, b) })
		}
	}
	return s
}

func (s *Server) serve(ctx context.Context, c *batch.Conn) {
	answers := datagram.New(s.cfg.Tracker, s.cfg.Key)
	in, out := batch.NewMessages(many, maxRequest), batch.NewMessages(many, datagram.MaxSize)
	for {
		n, err := c.ReadBatch(in)
		if errors.Is(err, net.ErrClosed) || ctx.Err() != nil {
			return
		}
		if err != nil { // such as an ICMP message about a peer that has gone
			time.Sleep(time.Millisecond)
			continue
		}
		now := s.cfg.Clock.Now()
		ready := 0
		for i := range n {
			b, from := in.Read(i)
			if !from.IsValid() || from.Port() == 0 {
				continue
			}
			if answer := answers.Answer(ctx, b, from.Addr(), now, out.Buffer(ready)); len(answer) > 0 {
				out.Answer(ready, answer, in, i)
				ready++
			}
		}
		_ = c.WriteBatch(out, ready) // what is lost is asked for again
	}
}

// Close closes the sockets and waits for the goroutines.
func (s *Server) Close() error {
	s.stop()
	var errs []error
	for _, c := range s.conns {
		errs = append(errs, c.Close())
	}
	s.work.Wait()
	return errors.Join(errs...)
}
