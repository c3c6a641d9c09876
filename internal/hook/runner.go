package hook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/courier"
)

// Bounds on what runs.
const (
	atOnce     = 2    // programs and requests
	maxWaiting = 1000 // events; further ones are told of in the log alone
	maxResults = 100
	attempts   = 3
)

// Config is what a Runner needs.
type Config struct {
	Hooks   []Hook
	Courier *courier.Courier // for hooks with a URL
	Environ []string         // of the node; programs get a part of it
	Clock   clock.Clock
	Log     *slog.Logger
}

// Result is what came of telling a hook of an event.
type Result struct {
	Hook    string        `json:"hook"`
	Event   Kind          `json:"event"`
	Torrent string        `json:"torrent"` // its name
	At      time.Time     `json:"at"`
	Took    time.Duration `json:"took"`
	Problem string        `json:"problem"` // "" if all went well
	Output  string        `json:"output"`  // the beginning of what the program said
}

// Runner tells hooks of events until it is closed. Its methods are safe for
// concurrent use.
type Runner struct {
	cfg   Config
	queue chan job
	ctx   context.Context
	end   context.CancelFunc
	ended sync.WaitGroup

	mu      sync.Mutex
	hooks   []Hook
	results []Result // the newest last
}

type job struct {
	hook  Hook
	event Event
}

// New returns a runner. The error says which hook is wrong.
func New(cfg Config) (*Runner, error) {
	r := &Runner{cfg: cfg, queue: make(chan job, maxWaiting)}
	if err := r.Set(cfg.Hooks); err != nil {
		return nil, err
	}
	r.ctx, r.end = context.WithCancel(context.Background())
	for range atOnce {
		r.ended.Go(r.work)
	}
	return r, nil
}

// Close ends what runs, and waits. What has not begun is not done.
func (r *Runner) Close() {
	r.end()
	r.ended.Wait()
	if n := len(r.queue); n > 0 {
		r.cfg.Log.Warn("hooks were not told of all that happened", "events", n)
	}
}

// Set replaces all hooks. Events that wait go to those they were for.
func (r *Runner) Set(hooks []Hook) error {
	if len(hooks) > maxHooks {
		return fmt.Errorf("%d hooks are too many: at most %d", len(hooks), maxHooks)
	}
	for _, h := range hooks {
		if err := h.Check(); err != nil {
			return fmt.Errorf("hook %q: %w", h.Name, err)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hooks = slices.Clone(hooks)
	return nil
}

// List returns the hooks.
func (r *Runner) List() []Hook {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.hooks)
}

// Results returns what came of the last events, the newest first.
func (r *Runner) Results() []Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := slices.Clone(r.results)
	slices.Reverse(list)
	return list
}

// Emit tells hooks of an event. It does not wait for them.
func (r *Runner) Emit(e Event) {
	for _, h := range r.List() {
		if !h.wants(e.Kind) {
			continue
		}
		select {
		case r.queue <- job{h, e}:
		default:
			r.cfg.Log.Warn("too much happens: a hook is not told of it", "hook", h.Name, "event", e.Kind, "torrent", e.Name)
		}
	}
}

func (r *Runner) work() {
	for {
		select {
		case <-r.ctx.Done():
			return
		case j := <-r.queue:
			if r.ctx.Err() == nil { // both may be ready
				r.do(j)
			}
		}
	}
}

func (r *Runner) do(j job) {
	res := Result{Hook: j.hook.Name, Event: j.event.Kind, Torrent: j.event.Name, At: r.cfg.Clock.Now()}
	var err error
	if j.hook.URL != "" {
		err = r.post(j)
	} else {
		res.Output, err = r.program(j)
	}
	res.Took = r.cfg.Clock.Now().Sub(res.At)
	log := r.cfg.Log.With("hook", res.Hook, "event", res.Event, "torrent", res.Torrent, "took", res.Took)
	if res.Output != "" {
		log = log.With("output", res.Output)
	}
	if err != nil {
		res.Problem = err.Error()
		log.Warn("a hook failed", "problem", res.Problem)
	} else {
		log.Info("a hook was told")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.results = append(r.results, res)
	if n := len(r.results) - maxResults; n > 0 {
		r.results = slices.Delete(r.results, 0, n)
	}
}

// post tells a web server, three times if it has to be. What it refuses is not said
// again.
func (r *Runner) post(j job) error {
	body, err := json.Marshal(j.event)
	if err != nil {
		return err
	}
	wait := 5 * time.Second
	for i := 1; ; i++ {
		err = r.once(j, body)
		status, refused := errors.AsType[*courier.StatusError](err)
		if err == nil || i == attempts || refused && status.Code < 500 && status.Code != 429 {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-r.ctx.Done():
			timer.Stop()
			return err
		}
		wait *= 4
	}
}

func (r *Runner) once(j job, body []byte) error {
	ctx, cancel := context.WithTimeout(r.ctx, j.hook.Limit())
	defer cancel()
	return r.cfg.Courier.Post(ctx, j.hook.URL, "application/json", body)
}
