//go:build linux

package transfer

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/warren-p2p/warren/bench/internal/netlab"
	"github.com/warren-p2p/warren/bench/internal/report"
	"github.com/warren-p2p/warren/internal/clock"
)

// The clock starts when a downloader has received started bytes: connections
// and handshakes are over, and every client is measured in the same state.
const (
	started     = 2_000_000
	pollEvery   = 5 * time.Millisecond
	sampleEvery = 20 * time.Millisecond
)

// measured are the marks of one repetition.
type measured struct {
	spawned, first, last time.Time
	busyFirst, busyLast  time.Duration
}

// move starts the downloaders and watches until all are done.
func (s *stage) move(ctx context.Context) error {
	m := &s.measured
	if err := s.startDownloaders(); err != nil {
		return err
	}
	m.spawned = s.down[0].Spawned
	var sampled time.Time
	for left := len(s.down); left > 0; {
		if err := sleep(ctx, pollEvery); err != nil {
			return fmt.Errorf("wait for %d of %d downloaders: %w", left, len(s.down), err)
		}
		now := clock.System{}.Now()
		if m.first.IsZero() {
			if err := s.lookForStart(now); err != nil {
				return err
			}
		}
		if now.Sub(sampled) >= sampleEvery {
			sampled = now
			s.sample()
		}
		left = 0
		for _, d := range s.down {
			ok, err := s.finished(d, now)
			if err != nil {
				return err
			}
			if !ok {
				left++
			}
		}
	}
	return s.end()
}

// lookForStart sets the starting marks as soon as any downloader has received
// enough.
func (s *stage) lookForStart(now time.Time) (err error) {
	for _, d := range s.down {
		n, err := s.Proc.Received(d.PID(), netlab.Interface)
		if err != nil || n < started {
			continue // it may still be on its way into its namespace
		}
		s.measured.first = now
		for _, d := range s.sides() {
			if d.atStart, err = d.CPU(); err != nil {
				return fmt.Errorf("read processor time: %w", err)
			}
		}
		s.measured.busyFirst, err = s.Proc.Busy()
		return err
	}
	return nil
}

var errNoStart = errors.New("it was over before its start was seen: the content is too small to measure")

// end sets the final marks and checks that the downloaders end well.
func (s *stage) end() (err error) {
	m := &s.measured
	if m.first.IsZero() {
		return errNoStart
	}
	s.sample()
	for _, d := range s.sides() {
		if d.atEnd, err = d.CPU(); err != nil {
			return fmt.Errorf("read processor time: %w", err)
		}
	}
	if m.busyLast, err = s.Proc.Busy(); err != nil {
		return err
	}
	for _, d := range s.down {
		if d.done.After(m.last) {
			m.last = d.done
		}
		if d.setup.Exits {
			if err := d.Succeeded(10 * time.Second); err != nil {
				return err
			}
		}
	}
	if !m.last.After(m.first) {
		return errNoStart
	}
	return nil
}

func (s *stage) sides() []*side { return append([]*side{s.seed}, s.down...) }

func (s *stage) sample() {
	for _, d := range s.sides() {
		d.SampleMemory()
	}
}

// figures turns marks into a run. It ends the processes, to know their whole
// lives.
func (s *stage) figures() report.Run {
	s.stop()
	m := s.measured
	run := report.Run{
		Bytes:        s.scene.Size * int64(len(s.down)),
		Seconds:      m.last.Sub(m.first).Seconds(),
		SpawnSeconds: m.last.Sub(m.spawned).Seconds(),
		CPUSeed:      (s.seed.atEnd - s.seed.atStart).Seconds(),
		LifeSeed:     s.seed.life.Seconds(),
		CPUMachine:   (m.busyLast - m.busyFirst).Seconds(),
		PeakSeed:     s.seed.Peak().PeakRSS,
		PrivateSeed:  s.seed.Peak().Private,
	}
	for _, d := range s.down {
		run.CPUDown += (d.atEnd - d.atStart).Seconds()
		run.LifeDown += d.life.Seconds()
		run.PeakDown = max(run.PeakDown, d.Peak().PeakRSS)
		run.PrivateDown = max(run.PrivateDown, d.Peak().Private)
	}
	return run
}

// line is a node's command without what is particular to this machine.
func (s *stage) line(d *side) string {
	c := d.setup.Command
	words := append(append([]string{}, c.Env...), path.Base(c.Args[0]))
	return s.plain(strings.Join(append(words, c.Args[1:]...), " "))
}

// plain replaces names of this run by readable ones.
func (r *Runner) plain(text string) string {
	return strings.ReplaceAll(text, r.Space.Path, "$W")
}
