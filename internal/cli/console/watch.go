package console

import (
	"io"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// How often a view is shown.
const (
	barPeriod   = 150 * time.Millisecond
	eventPeriod = time.Second
	linePeriod  = 5 * time.Second
)

// eraseLine removes what is right of the cursor (ECMA-48, EL).
const eraseLine = "\x1b[K"

// View is something under way that can be looked at.
type View interface {
	Gauge() Gauge
	Events() []Event // at least one
}

// Watch shows v as it changes: as a bar on a terminal, as lines or events
// otherwise. The function it returns ends that and takes the bar away; it may
// be called again.
func (c *Console) Watch(v View) (stop func()) {
	switch {
	case c.JSON:
		return every(eventPeriod, func() {
			for _, e := range v.Events() {
				_ = c.Emit(e) // who closed our output wants no more of it
			}
		})
	case c.Terminal:
		return c.showBar(v)
	}
	last := ""
	return every(linePeriod, func() {
		if line := v.Gauge().line(); line != last { // nothing happens, nothing is said
			c.Say("%s", line)
			last = line
		}
	})
}

// every calls f until it is stopped.
func every(period time.Duration, f func()) (stop func()) {
	quit := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		t := time.NewTicker(period)
		defer t.Stop()
		for {
			select {
			case <-quit:
				return
			case <-t.C:
				f()
			}
		}
	})
	return sync.OnceFunc(func() {
		close(quit)
		wg.Wait()
	})
}

func (c *Console) showBar(v View) (stop func()) {
	s := c.style()
	p := mpb.New(mpb.WithOutput(c.Out), mpb.WithRefreshRate(barPeriod))
	fill := mpb.BarFillerFunc(func(w io.Writer, stat decor.Statistics) error {
		// The last column stays free: some terminals wrap when it is written. What
		// the user typed, ^C above all, has moved the cursor away from the first.
		_, err := io.WriteString(w, "\r"+v.Gauge().bar(stat.AvailableWidth-1, s))
		return err
	})
	bar := p.MustAdd(0, fill, mpb.BarFillerTrim())
	return sync.OnceFunc(func() {
		bar.Abort(true)
		p.Wait()
		_, _ = io.WriteString(c.Out, "\r"+eraseLine) // a terminal that is gone needs no cleaning
	})
}
