// Package impair is a link in user space for measurements and tests: it carries
// datagrams between two ends with a delay, at a rate, and loses some of them.
//
// It needs no privileges, unlike a queueing discipline of the kernel, and the
// same seed loses the same datagrams.
package impair

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Link says what a direction of a link does to datagrams.
type Link struct {
	Delay time.Duration // one way
	Rate  int64         // bits a second, headers of IP and UDP included; 0 for any
	Queue int           // bytes that wait for their turn; what is more is lost; 0 for 250 ms at Rate
	Loss  float64       // of 1, at random
	Seed  uint64        // of the losses
}

// overhead is what IPv4 and UDP add to a payload.
const overhead = 28

// Pipe decides, without I/O, what becomes of the datagrams of one direction.
type Pipe struct {
	link Link
	rnd  *rand.Rand
	free time.Time // when the last datagram has been put on the line
}

// NewPipe returns one direction of a link.
func NewPipe(l Link) *Pipe {
	if l.Queue == 0 {
		l.Queue = int(l.Rate / 8 / 4)
	}
	return &Pipe{link: l, rnd: rand.New(rand.NewPCG(l.Seed, 1))}
}

// Pass tells when a datagram of n bytes that is sent now arrives; false if it
// is lost.
func (p *Pipe) Pass(n int, now time.Time) (time.Time, bool) {
	if p.link.Loss > 0 && p.rnd.Float64() < p.link.Loss {
		return time.Time{}, false
	}
	if p.free.Before(now) {
		p.free = now
	}
	if p.link.Rate > 0 {
		waiting := int64(p.free.Sub(now)) * p.link.Rate / 8 / int64(time.Second)
		if waiting > int64(p.link.Queue) {
			return time.Time{}, false
		}
		p.free = p.free.Add(time.Duration(int64(n+overhead) * 8 * int64(time.Second) / p.link.Rate))
	}
	return p.free.Add(p.link.Delay), true
}

// Relay carries datagrams between whoever sends to it and one target.
type Relay struct {
	target netip.AddrPort
	front  *net.UDPConn
	there  Link
	back   Link
	wg     sync.WaitGroup

	mu     sync.Mutex
	lanes  map[netip.AddrPort]*net.UDPConn // by who sent
	closed bool
}

// Listen opens a relay on a free port of loopback.
func Listen(target netip.AddrPort, there, back Link) (*Relay, error) {
	front, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	_ = front.SetReadBuffer(4 << 20)
	r := &Relay{target: target, front: front, there: there, back: back, lanes: map[netip.AddrPort]*net.UDPConn{}}
	r.wg.Go(r.accept)
	return r, nil
}

// Addr returns where to send to.
func (r *Relay) Addr() netip.AddrPort { return r.front.LocalAddr().(*net.UDPAddr).AddrPort() }

// Close ends the relay and waits; what is on its way is lost.
func (r *Relay) Close() error {
	r.mu.Lock()
	r.closed = true
	err := r.front.Close()
	for _, c := range r.lanes {
		_ = c.Close() // nothing is read from it any more
	}
	r.mu.Unlock()
	r.wg.Wait()
	return err
}

// accept reads from senders; each gets a socket and a line of its own.
func (r *Relay) accept() {
	lines := map[netip.AddrPort]*line{}
	defer func() {
		for _, l := range lines {
			close(l.queue)
		}
	}()
	buf := make([]byte, 1<<16)
	for {
		n, from, err := r.front.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		l := lines[from]
		if l == nil {
			if l = r.open(from); l == nil {
				return
			}
			lines[from] = l
		}
		l.send(buf[:n])
	}
}

func (r *Relay) open(from netip.AddrPort) *line {
	out, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(r.target))
	if err != nil {
		return nil
	}
	_ = out.SetReadBuffer(4 << 20)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		_ = out.Close()
		return nil
	}
	r.lanes[from] = out
	there := newLine(r.there, func(b []byte) { _, _ = out.Write(b) })
	back := newLine(r.back, func(b []byte) { _, _ = r.front.WriteToUDPAddrPort(b, from) })
	r.wg.Go(there.run)
	r.wg.Go(back.run)
	r.wg.Go(func() {
		defer close(back.queue)
		buf := make([]byte, 1<<16)
		for {
			n, err := out.Read(buf)
			if isClosed(err) {
				return
			}
			if err == nil {
				back.send(buf[:n])
			}
		}
	})
	return there
}
