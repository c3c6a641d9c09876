package sim

import (
	"slices"
	"time"

	"github.com/warren-p2p/warren/swarm/sim/internal/events"
	"github.com/warren-p2p/warren/swarm/sim/internal/script"
)

// lookPeriod is how often the swarm as a whole is looked at.
const lookPeriod = 5 * time.Second

// schedule enters what the scenario says into the queue of events.
func (w *world) schedule() {
	for _, m := range w.members {
		w.at(w.draw(m.group.Join), m, func() { w.join(m) })
	}
	for _, sp := range w.sc.Splits {
		w.time.At(sp.At, events.Script, 0, 0, func() { w.split(sp) })
		w.time.At(sp.Until, events.Script, 0, 0, func() {
			w.net.Heal()
			w.logf("the network is whole again")
		})
	}
	w.time.After(lookPeriod, events.Script, 0, 0, w.look)
}

func (w *world) at(t time.Duration, m *member, do func()) {
	w.time.At(t, events.Script, m.id, m.id, do)
}

func (w *world) join(m *member) {
	m.Join()
	w.logf("%s joins", w.name(m))
	if m.group.Leave.To == 0 {
		return
	}
	w.at(w.time.Elapsed()+w.draw(m.group.Leave), m, func() {
		w.leave(m)
		if m.group.Back.To == 0 {
			w.giveUp(m)
			return
		}
		w.at(w.time.Elapsed()+w.draw(m.group.Back), m, func() { w.join(m) })
	})
}

func (w *world) leave(m *member) {
	if m.Online() {
		m.Leave()
		w.logf("%s leaves", w.name(m))
	}
}

// giveUp waits no longer for a member that has left for good.
func (w *world) giveUp(m *member) {
	if m.awaited && !m.Full() {
		w.pending--
	}
}

func (w *world) split(sp script.Split) {
	aside := make([]int, len(w.members))
	for i, m := range w.members {
		if slices.Contains(sp.Groups, m.group.Name) || w.rng.Float64() < sp.Share {
			aside[i] = 1
		}
	}
	w.net.Split(func(id int32) int { return aside[id] })
	w.logf("the network is split")
}

// look is what is done for the swarm as a whole, now and then.
func (w *world) look() {
	w.checkStalls()
	done, conns := 0, 0
	var sent int64
	for _, m := range w.members {
		conns += m.Conns()
		sent += m.Stats.Up
		if m.Full() {
			done++
		}
	}
	w.logf("%d of %d have everything, %d connections, %d blocks sent", done, len(w.members), conns/2, sent)
	w.time.After(lookPeriod, events.Script, 0, 0, w.look)
}

// completed is what follows when a member has everything.
func (w *world) completed(m *member) {
	if m.awaited {
		w.pending--
	}
	w.logf("%s has everything after %.1f s", w.name(m), (m.Stats.Done - m.Stats.Joined).Seconds())
	if m.group.Quit > 0 {
		w.at(w.time.Elapsed()+m.group.Quit, m, func() { w.leave(m) })
	}
}
