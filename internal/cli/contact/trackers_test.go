package contact_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/swarm"
	"github.com/warren-p2p/warren/tracker"
)

func TestTrackers(t *testing.T) {
	status := func(url string, change func(*swarm.TrackerStatus)) swarm.TrackerStatus {
		s := swarm.TrackerStatus{Seeders: -1, Leechers: -1}
		s.URL = url
		change(&s)
		return s
	}
	failed := func(err error) func(*swarm.TrackerStatus) {
		return func(s *swarm.TrackerStatus) { s.Asked, s.Err = true, fmt.Errorf("announce: %w", err) }
	}
	answered := func(seeders, leechers int) func(*swarm.TrackerStatus) {
		return func(s *swarm.TrackerStatus) { s.Asked, s.Seeders, s.Leechers = true, seeders, leechers }
	}
	const url = "http://t.example:80/announce?passkey=secret"
	one := func(change func(*swarm.TrackerStatus)) []swarm.TrackerStatus {
		return []swarm.TrackerStatus{status(url, change)}
	}
	refused := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for want, list := range map[string][]swarm.TrackerStatus{
		"":                            {status(url, func(*swarm.TrackerStatus) {})},
		"asking tracker t.example:80": one(func(s *swarm.TrackerStatus) { s.Asking = true }),
		"tracker t.example:80 knows no other peer":                                                              one(answered(0, 1)),
		"tracker t.example:80 knows 1 other peer":                                                               one(answered(1, 1)),
		"tracker t.example:80 knows 4 other peers":                                                              one(answered(3, 2)),
		`tracker t.example:80: it refuses, and says "no such torrent"`:                                          one(failed(&tracker.Failure{Reason: "no such torrent"})),
		"tracker t.example:80: it answers with HTTP status 403":                                                 one(failed(tracker.StatusError(403))),
		"tracker t.example:80: no such host":                                                                    one(failed(&net.DNSError{Err: "no such host", Server: "192.0.2.1"})),
		"tracker t.example:80: no answer":                                                                       one(failed(context.DeadlineExceeded)),
		"tracker t.example:80: connection refused":                                                              one(failed(refused)),
		"tracker t.example:80: what it answers is not what trackers do":                                         one(failed(tracker.ErrMalformed)),
		"tracker t.example:80: trackers of this kind are not asked":                                             one(failed(tracker.ErrScheme)),
		"tracker t.example:80: it is on this machine or in its network; if you mean it, name it with --tracker": one(failed(tracker.ErrNotPublic)),
		"tracker a: no answer (and 1 more)":                                                                     {status("udp://a", failed(tracker.ErrNoAnswer)), status("udp://b:1", failed(tracker.ErrScheme))},
		"tracker b:1 knows no other peer":                                                                       {status("udp://a", failed(tracker.ErrNoAnswer)), status("udp://b:1", answered(-1, -1))},
		"asking tracker b:1":                                                                                    {status("udp://a", failed(tracker.ErrNoAnswer)), status("udp://b:1", func(s *swarm.TrackerStatus) { s.Asking = true })},
	} {
		if got := contact.Trackers(list); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := contact.Trackers(one(failed(errors.New("a\x1b[31mb")))); strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
	if got := contact.Trackers(nil); got != "" {
		t.Error(got)
	}
}
