package impair

import (
	"errors"
	"net"
	"time"
)

// line delivers datagrams at their time, in order.
type line struct {
	pipe    *Pipe
	queue   chan datagram
	deliver func([]byte)
}

type datagram struct {
	at time.Time
	b  []byte
}

// inFlight is how many datagrams a line holds: at 1400 bytes, 100 ms of more
// than a gigabit.
const inFlight = 1 << 14

func newLine(l Link, deliver func([]byte)) *line {
	return &line{pipe: NewPipe(l), queue: make(chan datagram, inFlight), deliver: deliver}
}

func (l *line) send(b []byte) {
	at, ok := l.pipe.Pass(len(b), time.Now())
	if !ok {
		return
	}
	select {
	case l.queue <- datagram{at, append([]byte(nil), b...)}:
	default: // as a queue that is full
	}
}

func (l *line) run() {
	for d := range l.queue {
		if wait := time.Until(d.at); wait > 0 {
			time.Sleep(wait)
		}
		l.deliver(d.b)
	}
}

func isClosed(err error) bool { return errors.Is(err, net.ErrClosed) }
