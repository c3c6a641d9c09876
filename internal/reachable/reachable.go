// Package reachable tells people and programs whether others can connect to this
// node, once that is known and whenever it changes.
package reachable

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/warren-p2p/warren/swarm/reachability"
)

// Session is what is asked how it stands.
type Session interface {
	Reachability() reachability.Report
}

// Follower follows a session.
type Follower struct {
	// News has what is to be told next.
	News   chan Told
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// period is how often a session is asked.
const period = time.Second

// Follow follows a session until Close.
func Follow(s Session) *Follower {
	ctx, cancel := context.WithCancel(context.Background())
	f := &Follower{News: make(chan Told), cancel: cancel}
	f.wg.Go(func() { f.run(ctx, s) })
	return f
}

// Told is something that people are told.
type Told interface {
	Tell(t Teller) error
}

// Teller tells people, and programs that read along.
type Teller interface {
	Say(format string, args ...any)
	Warn(format string, args ...any)
	Emit(event any) error
}

// Pass has something told that somebody else has found out. It waits for that.
func (f *Follower) Pass(ctx context.Context, t Told) {
	select {
	case <-ctx.Done():
	case f.News <- t:
	}
}

// Close ends following.
func (f *Follower) Close() {
	f.cancel()
	f.wg.Wait()
}

// TellAll tells somebody all news until it is stopped, which ends following.
func (f *Follower) TellAll(t Teller) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-ctx.Done():
				return
			case told := <-f.News:
				_ = told.Tell(t) // who does not listen misses it
			}
		}
	}()
	return func() error {
		f.Close()
		cancel()
		<-done
		return nil
	}
}

func (f *Follower) run(ctx context.Context, s Session) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	var told News
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		n := of(s.Reachability())
		if !n.settled || n.same(told) {
			continue
		}
		n.said = told.settled && alike(n.report.Best(), told.report.Best())
		select {
		case <-ctx.Done():
			return
		case f.News <- n:
			told = n
		}
	}
}

// News is how it stands with both families of addresses, and what of that is told.
type News struct {
	report  reachability.Report
	settled bool // no router has yet to be heard
	said    bool // people have been told; what is new is of the lesser family
}

func of(r reachability.Report) News {
	best := r.Best()
	waiting := r.IPv4.State == reachability.Unknown && r.IPv4.Cause == reachability.Asking ||
		r.IPv6.State == reachability.Unknown && r.IPv6.Cause == reachability.Asking
	return News{report: r, settled: best.State >= reachability.Probably || best.State == reachability.Unproven && !waiting}
}

// same reports whether there is nothing new to say.
func (n News) same(old News) bool {
	return old.settled && alike(n.report.IPv4, old.report.IPv4) && alike(n.report.IPv6, old.report.IPv6)
}

func alike(a, b reachability.Family) bool {
	return a.State == b.State && a.Cause == b.Cause && a.External == b.External
}

// Tell says it to people, and to programs as an event.
func (n News) Tell(c Teller) error {
	short, advice := n.Words()
	if n.said {
		short, advice = "", ""
	}
	if short != "" {
		c.Say("%s", short)
	}
	if advice != "" {
		c.Say("  %s", advice)
	}
	return c.Emit(n.event())
}

// Words returns what is said, and what can be done; each is "" if there is nothing.
func (n News) Words() (short, advice string) {
	best, port := n.report.Best(), strconv.Itoa(int(n.report.Port))
	at := ""
	if best.External.Port() != 0 {
		at = " to " + best.External.String()
	}
	switch best.Cause {
	case reachability.Connected:
		return fmt.Sprintf("Others can connect%s: somebody on the Internet has.", at), ""
	case reachability.Mapped:
		return fmt.Sprintf("Others can probably connect%s: the router passes the port on (%s). Nobody has yet.", at, best.Method), ""
	case reachability.OwnAddress:
		return fmt.Sprintf("Others can probably connect%s, an address of this machine. Nobody has yet.", at), ""
	case reachability.Refused:
		return "Others may not be able to connect: the router did not pass the port on.",
			fmt.Sprintf("Unless that is done already: forward port %s, TCP and UDP, to %v in the router, or turn UPnP or PCP on there.", port, best.Local)
	case reachability.Carrier:
		return "Others can hardly connect: the provider shares one address among several customers.",
			"No setting of the router helps. Ask the provider for an address of your own, or for IPv6."
	case reachability.NoRouter:
		return "Others may not be able to connect: this machine has a private address and no router to ask, as with a VPN.",
			fmt.Sprintf("Unless that is done already: have port %s, TCP and UDP, forwarded to %v where the way out ends.", port, best.Local)
	case reachability.TwoRouters:
		return "Others may not be able to connect: behind the router that passes the port on there is another one.",
			fmt.Sprintf("Forward port %s, TCP and UDP, there as well, or let one of the two be a bridge.", port)
	case reachability.Firewall:
		return "Others may not be able to connect: the router's firewall may let nobody in.",
			fmt.Sprintf("Unless that is done already: allow port %s, TCP and UDP, for this machine in the router.", port)
	}
	return "", "" // what the user has said is not said back
}

// event is a line of --json.
type event struct {
	Event string `json:"event"`
	// What each event has is of no torrent here.
	Name     string `json:"name"`
	InfoHash string `json:"info_hash"`
	Bytes    int64  `json:"bytes"`
	Total    int64  `json:"total"`
	RateBPS  int64  `json:"rate_bps"`
	Peers    int    `json:"peers"`
	TLSPeers int    `json:"tls_peers"`

	Reachable string `json:"reachable"`          // unproven, probably or yes
	Cause     string `json:"cause"`              // as package reachability names it
	External  string `json:"external,omitempty"` // where others connect to, if the port is known to lead to us
	Method    string `json:"method,omitempty"`   // by which the router was asked: PCP, NAT-PMP or UPnP
	IPv4      string `json:"ipv4"`               // the same as reachable, for one family of addresses
	IPv6      string `json:"ipv6"`
}

func (n News) event() event {
	best := n.report.Best()
	e := event{
		Event:     "reachability",
		Reachable: best.State.String(), Cause: best.Cause.String(), Method: best.Method,
		IPv4: n.report.IPv4.State.String(), IPv6: n.report.IPv6.State.String(),
	}
	if best.External.Port() != 0 {
		e.External = best.External.String()
	}
	return e
}

// Words says how it stands to people, and what can be done; each is "" if there is
// nothing.
func Words(r reachability.Report) (short, advice string) { return of(r).Words() }
