// Package health answers whether a node works: GET /healthz.
//
// 200 says that all that was looked at is well, 503 that something is not; the body
// says of each what it is. It tells programs that watch over others whether to start
// the node anew, so what starting anew would not mend is no reason to fail: that others
// cannot connect, or that a torrent needs its user.
package health

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// timeout is how long one check may take. Who does not answer until then is not well.
const timeout = 3 * time.Second

// Check looks at one part of the node. The error is why it is not well.
type Check struct {
	Name string
	Look func(context.Context) error
}

// Report is the body of an answer.
type Report struct {
	Status string   `json:"status"` // "ok" or "failing"
	Checks []Result `json:"checks"`
}

// Result is what came of one check.
type Result struct {
	Name   string `json:"name"`
	Status string `json:"status"`           // "ok" or "failing"
	Reason string `json:"reason,omitempty"` // why
}

// New returns what answers.
func New(checks ...Check) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		report := Look(r.Context(), checks...)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if report.Status != "ok" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(report) // who has gone cannot be told
	})
}

// Look makes all checks, each by itself.
func Look(ctx context.Context, checks ...Check) Report {
	report := Report{Status: "ok", Checks: make([]Result, 0, len(checks))}
	for _, c := range checks {
		r := Result{Name: c.Name, Status: "ok"}
		if err := within(ctx, c.Look); err != nil {
			r.Status, r.Reason, report.Status = "failing", err.Error(), "failing"
		}
		report.Checks = append(report.Checks, r)
	}
	return report
}

// within makes a check that need not mind the context: one that hangs is left behind,
// which is no worse than the lock it waits for.
func within(ctx context.Context, look func(context.Context) error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, errSlow{})
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- look(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// errSlow reports a part that does not answer.
type errSlow struct{}

func (errSlow) Error() string { return "no answer within " + timeout.String() }
