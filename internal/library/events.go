package library

// Event is something that has become of a torrent.
type Event struct {
	Kind    Kind
	Torrent *Torrent
	View    View // as it stood then
}

// emit passes an event on. No lock is held. Who listens too slowly is waited for.
func (l *Library) emit(e Event) {
	if l.cfg.OnEvent == nil {
		return
	}
	e.View = e.Torrent.View()
	select {
	case l.events <- e:
	case <-l.shared.Ctx.Done():
	}
}

// tell passes events on, one after the other.
func (l *Library) tell() {
	for {
		select {
		case <-l.shared.Ctx.Done():
			return
		case e := <-l.events:
			l.cfg.OnEvent(e)
		}
	}
}
