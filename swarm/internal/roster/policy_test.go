package roster_test

import (
	"context"
	"io"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/warren-p2p/warren/internal/transport"
	"github.com/warren-p2p/warren/peerwire"
	"github.com/warren-p2p/warren/swarm/internal/conns"
	"github.com/warren-p2p/warren/swarm/internal/greeting"
)

// A dial in clear that is under way when TLS is demanded says nothing any more.
func TestPolicyUnderWay(t *testing.T) {
	for _, demanded := range []bool{false, true} {
		play(t, func(s *torrent) {
			s.dials = make(chan chan net.Conn, 10)
			s.r.SetPolicy(conns.Off) // MSE and then in clear
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			s.r.Serve(ctx)
			s.r.Add(conns.Manual, netip.AddrPortFrom(host(3), 6881))
			s.r.Step(time.Now())
			answer := <-s.dials
			if demanded {
				s.r.SetPolicy(conns.Require)
			}
			near, far := net.Pipe()
			answer <- near
			var said []byte
			done := make(chan struct{})
			go func() {
				defer close(done)
				said, _ = io.ReadAll(io.LimitReader(far, 96))
			}()
			synctest.Wait()
			far.Close()
			<-done
			if (len(said) == 0) != demanded {
				t.Errorf("demanded: %t, and it said %d bytes", demanded, len(said))
			}
			for !demanded { // the dials that follow
				select {
				case answer := <-s.dials:
					near, far := net.Pipe()
					far.Close()
					answer <- near
					synctest.Wait()
					continue
				default:
				}
				break
			}
		})
	}
}

// Who comes in a way that is not allowed is not told that it is us.
func TestPolicyBeforeOurself(t *testing.T) {
	play(t, func(s *torrent) {
		s.r.SetPolicy(conns.Require)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		s.r.Serve(ctx)
		theirs := peerwire.Handshake{InfoHash: s.id.Wire(), PeerID: [20]byte{100}}
		for kind, want := range map[transport.Kind]error{
			transport.Plain: greeting.ErrKind, transport.MSE: greeting.ErrKind, transport.TLS: greeting.ErrOurself,
		} {
			if err := s.r.MayJoin(theirs, greeting.Conn{Kind: kind, Incoming: true, Addr: host(4)}); err != want {
				t.Errorf("%v: %v", kind, err)
			}
		}
	})
}
