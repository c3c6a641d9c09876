package watch

import (
	"time"

	"github.com/fsnotify/fsnotify"
)

// subscribe lets the system tell of changes, if it can.
func (w *Watch) subscribe() {
	if w.cfg.Poll {
		return
	}
	var err error
	if w.notify, err = fsnotify.NewWatcher(); err != nil {
		w.notify = nil
		w.cfg.Log.Info("folders are not watched, but looked into from time to time", "problem", err)
		return
	}
	w.ended.Go(w.listen)
}

// listen has folders looked into when something happens there. What it is does not
// matter.
func (w *Watch) listen() {
	for {
		select {
		case _, ok := <-w.notify.Events:
			if !ok {
				return
			}
		case _, ok := <-w.notify.Errors: // some changes are not known
			if !ok {
				return
			}
		}
		w.stir()
	}
}

func (w *Watch) run() {
	for {
		wait := w.cfg.Every
		if w.look() {
			wait = often
		}
		timer := time.NewTimer(wait)
		select {
		case <-w.ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		case <-w.wake:
			timer.Stop()
			if !w.pause(often) { // who writes a file does so many times
				return
			}
		}
	}
}

// pause waits, and reports whether the watch goes on.
func (w *Watch) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-w.ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
