package door_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/share/book"
)

// slow takes the first bytes of an answer only when it is told to, and notes how long it
// is given.
type slow struct {
	*httptest.ResponseRecorder
	reached func()
	take    <-chan struct{}
	clock   func() time.Time
	given   []time.Duration // 0 is for ever
	cut     chan struct{}   // closed when somebody hangs up; nil for nobody
	read    []time.Duration // given to be read from
}

func (s *slow) Write(b []byte) (int, error) {
	if s.reached != nil {
		s.reached()
		s.reached = nil
	}
	select {
	case <-s.take:
		return s.ResponseRecorder.Write(b)
	case <-s.cut:
		return 0, os.ErrDeadlineExceeded
	}
}

func (s *slow) SetWriteDeadline(t time.Time) error {
	switch {
	case t.IsZero():
		s.given = append(s.given, 0)
	case s.cut != nil && t.Before(s.clock()):
		close(s.cut)
	default:
		s.given = append(s.given, t.Sub(s.clock()))
	}
	return nil
}

func (s *slow) SetReadDeadline(t time.Time) error {
	if t.IsZero() {
		s.read = append(s.read, 0)
	} else {
		s.read = append(s.read, t.Sub(s.clock()))
	}
	return nil
}

// visit has a visitor ask for something from an address.
func (s *slow) visit(h http.Handler, method, path, from string) {
	r := httptest.NewRequest(method, "https://node.example:6881"+path, nil)
	r.TLS, r.RemoteAddr = &tls.ConnectionState{}, from
	h.ServeHTTP(s, r)
}

// TestBusy: visitors who take what they have asked for slowly are few at once, have a
// minute for each part, and leave the connection as it was.
func TestBusy(t *testing.T) {
	h := newHouse(t)
	s := h.direct(nil)
	for what, most := range map[string]int{"": 64, "/file/1": 16, "/record": 4, "/torrent": 4} {
		take := make(chan struct{})
		var all, reached sync.WaitGroup
		reached.Add(most)
		visitors := make([]*slow, most)
		for i := range visitors {
			v := &slow{ResponseRecorder: httptest.NewRecorder(), reached: reached.Done, take: take, clock: h.Clock.Now}
			visitors[i] = v
			all.Go(func() { v.visit(h.door, http.MethodGet, page(&s)+what, "192.0.2.1:7") })
		}
		reached.Wait()
		if w := h.get(page(&s) + what); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: one more: %d", what, w.Code)
		}
		if w := h.get(page(&s)); what != "" && w.Code != http.StatusOK {
			t.Errorf("%s: the page: %d", what, w.Code)
		}
		close(take)
		all.Wait()
		for _, v := range visitors {
			if n := len(v.given); v.Code != http.StatusOK || v.given[0] != time.Minute || v.given[n-1] != 0 {
				t.Errorf("%s: %d, given %v", what, v.Code, v.given)
			}
		}
		if w := h.get(page(&s) + what); w.Code != http.StatusOK {
			t.Errorf("%s: afterwards: %d", what, w.Code)
		}
	}
}

// TestGreedy: who takes nothing of what he has asked for, as often as there are places,
// keeps nobody out who comes from elsewhere: one of his is ended, and he sees that it is.
func TestGreedy(t *testing.T) {
	h := newHouse(t)
	s := h.direct(nil)
	for what, most := range map[string]int{"": 64, "/file/1": 16, "/record": 4} {
		var all, reached sync.WaitGroup
		reached.Add(most)
		take, over := make(chan struct{}), make(chan *slow, most)
		for range most {
			v := &slow{ResponseRecorder: httptest.NewRecorder(), reached: reached.Done, take: take, clock: h.Clock.Now, cut: make(chan struct{})}
			all.Go(func() {
				v.visit(h.door, http.MethodGet, page(&s)+what, "192.0.2.1:7")
				over <- v
			})
		}
		reached.Wait()
		other := &slow{ResponseRecorder: httptest.NewRecorder(), take: closed(), clock: h.Clock.Now}
		other.visit(h.door, http.MethodGet, page(&s)+what, "198.51.100.1:7")
		if other.Code != http.StatusOK || other.Body.Len() == 0 {
			t.Errorf("%s: somebody else: %d", what, other.Code)
		}
		if v := <-over; v.Body.Len() != 0 || v.Header().Get("Content-Length") == "" {
			t.Errorf("%s: who was cut off has %d bytes", what, v.Body.Len())
		}
		close(take)
		all.Wait()
		for range most - 1 {
			if v := <-over; v.Body.Len() == 0 {
				t.Errorf("%s: more than one was cut off", what)
			}
		}
	}
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// TestSlowForm: who redeems a link has ten seconds for what he sends, and the connection
// goes on after that.
func TestSlowForm(t *testing.T) {
	h := newHouse(t)
	s := h.Share(func() book.New { n := h.Draft("set", "Birds"); n.Passphrase = "x"; return n }())
	v := &slow{ResponseRecorder: httptest.NewRecorder(), take: closed(), clock: h.Clock.Now}
	v.visit(h.door, http.MethodPost, page(&s), "192.0.2.1:7")
	if v.Code != http.StatusForbidden || len(v.read) != 2 || v.read[0] != 10*time.Second || v.read[1] != 0 {
		t.Errorf("%d, given %v", v.Code, v.read)
	}
}
