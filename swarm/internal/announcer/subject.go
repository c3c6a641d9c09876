package announcer

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/warren-p2p/warren/swarm/internal/conns/hint"
	"github.com/warren-p2p/warren/swarm/internal/conns/verdict"
	"github.com/warren-p2p/warren/tracker"
	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/schedule"
)

// Subject is a torrent that is announced.
type Subject struct {
	a       *Announcer
	id      schedule.ID
	name    string
	torrent Torrent
	keys    map[string]string // what trackers want to be told again (BEP 3: trackerid); guarded by a.mu
}

// Add adds a torrent with its tiers of trackers, in state Off. cost is how many
// hashes it has, two if it is a hybrid (BEP 52).
func (a *Announcer) Add(t Torrent, name string, cost int, tiers [][]Tracker) *Subject {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := &Subject{a: a, name: name, torrent: t}
	s.id = a.schedule.Add(tiers, cost)
	a.subjects[s.id] = s
	return s
}

// Set changes what the torrent wants of its trackers.
func (s *Subject) Set(state State) {
	s.do(func(now time.Time) { s.a.schedule.Set(s.id, state, now) })
}

// SetTrackers replaces the tiers of trackers. Those that go are told.
func (s *Subject) SetTrackers(tiers [][]Tracker) {
	s.do(func(now time.Time) { s.a.schedule.SetTrackers(s.id, tiers, now) })
}

// Again announces the torrent as soon as trackers allow it.
func (s *Subject) Again() { s.do(func(now time.Time) { s.a.schedule.Want(s.id, now) }) }

// Completed says that the last byte of the torrent has come.
func (s *Subject) Completed() {
	s.do(func(now time.Time) { s.a.schedule.Completed(s.id, now) })
}

// Remove ends announcing the torrent. Trackers that know it are told.
func (s *Subject) Remove() {
	s.do(func(now time.Time) { s.a.schedule.Remove(s.id, now) })
}

func (s *Subject) do(f func(now time.Time)) {
	s.a.mu.Lock()
	f(s.a.cfg.Clock.Now())
	s.a.tidy(s.id)
	s.a.mu.Unlock()
	s.a.wake()
}

// Trackers returns what is known of the trackers, in the order in which they are
// asked, and when the next announce is due; zero if none is.
func (s *Subject) Trackers() ([]Status, time.Time) {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	return s.a.schedule.Status(s.id)
}

// tidy forgets a torrent that the schedule has forgotten. The caller holds a.mu.
func (a *Announcer) tidy(id schedule.ID) {
	if !a.schedule.Has(id) {
		delete(a.subjects, id)
	}
}

// How many addresses are asked for. Who downloads needs them; who seeds is found.
const (
	wantDownloading = 200
	wantSeeding     = 50
)

// announce announces a torrent to one tracker under all its names there. That one
// of them is known is enough.
func (a *Announcer) announce(ctx context.Context, s *Subject, job schedule.Job, terms Terms) (out schedule.Outcome, peers []hint.Hint) {
	r := tracker.Request{Port: a.cfg.Port(), Event: job.Event, TLS: terms.TLS}
	r.Downloaded, r.Uploaded, r.Left = s.torrent.Progress()
	seeds := job.State == schedule.Seeding
	switch {
	case r.Event == message.Stopped:
	case seeds:
		r.NumWant = wantSeeding
	default:
		r.NumWant = wantDownloading
	}
	switch {
	case r.Event == message.Stopped || r.Left == 0:
	case seeds:
		r.Event = message.Paused // some of it was never wanted (BEP 21)
	case r.Event == message.Completed:
		r.Event = message.None // more is wanted by now
	}
	target := tracker.Target{URL: job.Tracker.URL, Typed: job.Tracker.Typed, TLS: terms.Web}
	out.Err, out.RetryIn = ErrWithheld, refusedPause
	for _, n := range terms.Names {
		r.InfoHash, r.PeerID, r.Key, r.TrackerID = n.Hash, n.PeerID, n.Key, ""
		if !n.ID { // else it would tell the tracker that it knows us under another
			r.TrackerID = s.key(target.URL)
		}
		answer, err := a.cfg.Client.Announce(ctx, target, r)
		if err == nil {
			if !n.ID {
				s.setKey(target.URL, answer.TrackerID)
			}
			out = joined(out, answer)
			a.seen(answer)
			peers = append(peers, a.useful(answer, seeds || r.Left == 0)...)
		} else if out.Err != nil {
			out = failed(err)
		}
		if out.Down {
			break // the other hash would wait for it as long
		}
	}
	out.Peers = len(peers)
	return out, peers
}

// seen passes on as whom a tracker sees us.
func (a *Announcer) seen(answer tracker.Response) {
	if a.cfg.Seen == nil {
		return
	}
	for _, s := range answer.Sights {
		a.cfg.Seen(s.By, s.Us)
	}
}

// useful returns the peers of an answer that are worth a dial: not ourselves, and
// none that a seed has nothing for. A torrent that sleeps would wake for them.
func (a *Announcer) useful(answer tracker.Response, seeds bool) (list []hint.Hint) {
	if seeds && answer.Leechers == 0 {
		return nil
	}
	us := netip.AddrPortFrom(answer.External, a.cfg.Port())
	for _, p := range answer.Peers {
		if p == us {
			continue
		}
		pin, tls := answer.TLS[p]
		list = append(list, hint.Hint{Addr: p, TLS: tls, Face: verdict.Face{Pin: pin}})
	}
	return list
}

// joined adds an answer to the outcome for the hashes before.
func joined(out schedule.Outcome, r tracker.Response) schedule.Outcome {
	if out.Err != nil {
		out = schedule.Outcome{Seeders: -1, Leechers: -1}
	}
	out.Interval = max(out.Interval, r.Interval)
	out.MinInterval = max(out.MinInterval, r.MinInterval)
	out.Seeders, out.Leechers = max(out.Seeders, r.Seeders), max(out.Leechers, r.Leechers)
	return out
}

// refusedPause is how long a tracker is left alone that is where it must not be:
// its name may come to mean something else.
const refusedPause = time.Hour

func failed(err error) schedule.Outcome {
	out := schedule.Outcome{Err: err, Seeders: -1, Leechers: -1}
	if f, ok := errors.AsType[*tracker.Failure](err); ok {
		out.Never, out.RetryIn = f.Never, f.RetryIn
		return out
	}
	if status, ok := errors.AsType[tracker.StatusError](err); ok {
		out.Down = status >= 500
		return out
	}
	switch {
	case errors.Is(err, tracker.ErrScheme):
		out.Never = true
	case errors.Is(err, tracker.ErrNotPublic), errors.Is(err, tracker.ErrDowngrade):
		out.RetryIn = refusedPause
	case errors.Is(err, tracker.ErrPin): // it may be there for other torrents
	default:
		out.Down = true
	}
	return out
}

func (s *Subject) key(url string) string {
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	return s.keys[url]
}

func (s *Subject) setKey(url, key string) {
	if key == "" {
		return
	}
	s.a.mu.Lock()
	defer s.a.mu.Unlock()
	if s.keys == nil {
		s.keys = map[string]string{}
	}
	s.keys[url] = key
}
