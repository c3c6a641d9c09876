package door

import (
	"errors"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/transport/admission"
)

// How much is sent at once. Pages, records and torrent files are held in memory while they
// are sent; of what is in a file's piece all is hashed first.
const (
	pagesAtOnce = 64
	heavyAtOnce = 4
	filesAtOnce = 16
)

// pause is how long a visitor may take no byte of what is sent.
const pause = time.Minute

// Why an answer is not sent to its end.
var (
	errEnded     = errors.New("the share has ended")
	errDisplaced = errors.New("somebody else has its place")
)

// places returns so many. When all are taken, the network that has most of them gives one
// up to who has fewer: a visitor who takes nothing of what he has asked for, over as many
// connections as there are places, keeps nobody out.
func places(n int) *admission.Slots {
	return admission.NewSlots(admission.Bounds{All: n, PerNetwork: n, PerHost: n})
}

// answer is one that takes a place while it is sent.
type answer struct {
	http.ResponseWriter
	control   *http.ResponseController
	clock     clock.Clock
	slot      *admission.Slot
	displaced atomic.Bool
	lasts     func() bool // what is sent may still be had; nil if it always may
}

// enter takes a place, or says that there is none. Who has one leaves it.
func (h *Handler) enter(w http.ResponseWriter, r *http.Request, among *admission.Slots) (a *answer, ok bool) {
	from, _ := netip.ParseAddrPort(r.RemoteAddr) // all that are none are one
	a = &answer{ResponseWriter: w, control: http.NewResponseController(w), clock: h.clock}
	if a.slot = among.Enter(from.Addr(), a.hangUp); a.slot == nil {
		protect(w.Header())
		w.Header().Set("Retry-After", "5")
		http.Error(w, "Others are being served: try again in a few seconds.", http.StatusServiceUnavailable)
	}
	return a, a.slot != nil
}

// hangUp ends what is being sent.
func (a *answer) hangUp() {
	a.displaced.Store(true)
	_ = a.control.SetWriteDeadline(time.Unix(1, 0)) // also of what waits to be taken; see Write
}

// leave gives the place back. The connection goes on.
func (a *answer) leave() {
	a.slot.Leave() // nobody hangs up any more
	_ = a.control.SetWriteDeadline(time.Time{})
}

// Write bounds how long each part takes, and ends with the share.
func (a *answer) Write(b []byte) (n int, err error) {
	const most = 64 << 10
	for len(b) > 0 {
		// Not every server can do so; then whoever runs it bounds this.
		_ = a.control.SetWriteDeadline(a.clock.Now().Add(pause))
		switch {
		case a.displaced.Load(): // after the deadline, which else would undo that of hangUp
			return n, errDisplaced
		case a.lasts != nil && !a.lasts():
			return n, errEnded
		}
		part, err := a.ResponseWriter.Write(b[:min(len(b), most)])
		n, b = n+part, b[part:]
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
