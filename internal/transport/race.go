package transport

import (
	"context"
	"errors"
	"net"
	"time"
)

var errOutrun = errors.New("the other carrier was faster")

// race dials over two carriers.
type race struct{ tcp, utp Opener }

type dialled struct {
	c   net.Conn
	err error
	tcp bool
}

// Dial returns the first connection. If there is none the error is that of TCP.
func (r *race) Dial(ctx context.Context, addr string) (net.Conn, error) {
	both, cancel := context.WithCancelCause(ctx)
	defer cancel(errOutrun)
	done := make(chan dialled, 2)
	go func() {
		c, err := r.tcp.Dial(both, addr)
		done <- dialled{c, err, true}
	}()
	late := time.NewTimer(headStart)
	defer late.Stop()
	start := func(ctx context.Context) {
		c, err := r.utp.Dial(ctx, addr)
		done <- dialled{c, err, false}
	}
	var tcpErr error
	for started, ended := false, 0; ; {
		select {
		case <-late.C:
			if !started {
				started = true
				go start(both)
			}
			continue
		case d := <-done:
			ended++
			if d.err == nil {
				if running(started, ended) {
					go hangUpLoser(done)
				}
				return d.c, nil
			}
			if d.tcp {
				tcpErr = d.err
			}
		}
		switch {
		case tcpErr != nil && !started:
			started = true
			brief, stop := context.WithTimeout(both, afterRefusal)
			defer stop()
			go start(brief)
		case ended == 2:
			return nil, tcpErr
		}
	}
}

// running reports whether a dial is still under way.
func running(started bool, ended int) bool { return ended == 0 || started && ended < 2 }

// hangUpLoser closes the connection that came second. Its dial has been
// cancelled.
func hangUpLoser(done <-chan dialled) {
	if d := <-done; d.err == nil {
		_ = d.c.Close()
	}
}
