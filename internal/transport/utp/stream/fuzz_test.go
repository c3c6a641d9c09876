package stream_test

import (
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/transport/utp/buffer"
	"github.com/warren-p2p/warren/internal/transport/utp/packet"
	"github.com/warren-p2p/warren/internal/transport/utp/stream"
)

// FuzzHandle gives a stream whatever packets come, cut by their length: a byte
// that tells it, or that time passes. It must neither fail nor hold more than its
// windows, nor send without end.
func FuzzHandle(f *testing.F) {
	f.Fuzz(func(t *testing.T, accept bool, in []byte) {
		now := epoch
		cfg := config()
		cfg.Budget = buffer.NewBudget(1 << 20)
		s := stream.Dial(cfg, 7, 100, now)
		if accept {
			s = stream.Accept(cfg, packet.Header{Type: packet.Syn, ConnID: 7, Seq: 1, Window: 1 << 20}, 100, now)
		}
		for len(in) > 0 {
			n := min(int(in[0]), len(in)-1)
			d := in[1 : 1+n]
			in = in[1+n:]
			if h, payload, err := packet.Parse(d); err == nil {
				s.Handle(h, payload, now)
			} else {
				now = now.Add(time.Duration(n) * 10 * time.Millisecond)
				s.Tick(now)
				s.Write(d)
			}
			for i := 0; ; i++ {
				out, probe := s.Emit(nil, now)
				if out == nil {
					break
				}
				if i > 2000 {
					t.Fatal("packets without end")
				}
				if _, _, err := packet.Parse(out); err != nil {
					t.Fatalf("sent %x: %v", out, err)
				}
				if probe && n%2 == 0 {
					s.ProbeRefused()
				}
			}
			if s.Held() > 2<<20 {
				t.Fatalf("%d bytes are held", s.Held())
			}
		}
		s.Close()
		s.Abort(stream.ErrClosed)
		if cfg.Budget.Used() != s.Held() || s.Held() != 0 {
			t.Fatalf("%d bytes are held at the end, %d are counted", s.Held(), cfg.Budget.Used())
		}
	})
}
