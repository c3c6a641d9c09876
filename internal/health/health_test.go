package health_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/internal/health"
)

func ask(t *testing.T, checks ...health.Check) (int, health.Report) {
	t.Helper()
	w := httptest.NewRecorder()
	health.New(checks...).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", nil))
	var r health.Report
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return w.Code, r
}

func TestHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		well := health.Check{Name: "engine", Look: func(context.Context) error { return nil }}
		full := health.Check{Name: "store", Look: func(context.Context) error { return errors.New("disk full") }}
		forever := make(chan struct{})
		stuck := health.Check{Name: "library", Look: func(context.Context) error { <-forever; return nil }}
		if code, r := ask(t, well); code != 200 || r.Status != "ok" || len(r.Checks) != 1 {
			t.Errorf("%d: %+v", code, r)
		}
		code, r := ask(t, well, full, stuck)
		want := health.Report{Status: "failing", Checks: []health.Result{
			{Name: "engine", Status: "ok"}, {Name: "store", Status: "failing", Reason: "disk full"},
			{Name: "library", Status: "failing", Reason: "no answer within 3s"},
		}}
		if diff := cmp.Diff(want, r); code != 503 || diff != "" {
			t.Errorf("%d: %s", code, diff)
		}
		close(forever)
	})
}
