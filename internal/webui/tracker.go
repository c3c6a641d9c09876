package webui

import (
	"net/http"
	"time"

	"github.com/warren-p2p/warren/internal/api/tracking"
	"github.com/warren-p2p/warren/internal/trackerhost/figures"
)

// mostSwarms is how many swarms are shown.
const mostSwarms = 20

// tracked is what is shown of the tracker.
type tracked struct {
	tracking.TrackerStatus
	Most     tracking.Swarms
	Charts   []figures.Chart
	From, To time.Time // of the charts
}

// tracker shows what the tracker of the node does.
func (u *UI) tracker(w http.ResponseWriter, r *http.Request) {
	var t tracked
	var err error
	if t.TrackerStatus, err = u.cfg.Tracker.Status(r.Context()); err == nil {
		t.Most, err = u.cfg.Tracker.Swarms(r.Context(), mostSwarms)
	}
	if err != nil {
		http.Error(w, "the tracker does not tell how it stands", http.StatusServiceUnavailable)
		return
	}
	if t.On {
		if h := u.cfg.Tracker.Tracker.History(); len(h) > 1 {
			t.Charts, t.From, t.To = figures.Charts(h), h[0].At.UTC(), h[len(h)-1].At.UTC()
		}
	}
	u.show(w, r, "tracker", &view{Title: "Tracker", Refresh: 60, Tracker: &t})
}
