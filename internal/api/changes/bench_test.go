package changes_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/changes"
	"github.com/warren-p2p/warren/swarm"
)

// BenchmarkTwentyThousand lists 20,000 torrents, a thousand at a time, and asks what
// has changed since, which is nothing.
func BenchmarkTwentyThousand(b *testing.B) {
	w := apitest.With(b, 20_000)
	defer w.Close(b)
	owner := access.Owner(access.ByKey)
	for w.Library.Totals().States[swarm.StatePaused] < 20_000 { // all are in the engine
		time.Sleep(100 * time.Millisecond)
	}
	b.Run("list", func(b *testing.B) {
		sent := 0
		for b.Loop() {
			sent = 0
			for offset := 0; offset < 20_000; offset += 1000 {
				rec := w.As(owner, "GET", fmt.Sprint("/api/v1/torrents?limit=1000&offset=", offset), nil)
				if sent += rec.Body.Len(); rec.Code != 200 {
					b.Fatal(rec.Code)
				}
			}
		}
		b.ReportMetric(float64(sent), "answer-bytes")
	})
	b.Run("list sorted by name", func(b *testing.B) {
		for b.Loop() {
			for offset := 0; offset < 20_000; offset += 1000 {
				w.As(owner, "GET", fmt.Sprint("/api/v1/torrents?sort=name&limit=1000&offset=", offset), nil)
			}
		}
	})
	b.Run("first rows", func(b *testing.B) {
		for b.Loop() {
			w.As(owner, "GET", "/api/v1/torrents?sort=added&reverse=true&limit=100&fields=key,name,state,progress,size", nil)
		}
	})
	b.Run("idle delta", func(b *testing.B) {
		var last changes.Delta
		since, size := int64(0), 0
		for b.Loop() {
			rec := w.As(owner, "GET", fmt.Sprint("/api/v1/changes?since=", since), nil)
			if size = rec.Body.Len(); size > 100 || since == 0 {
				last = changes.Delta{}
				if err := json.Unmarshal(rec.Body.Bytes(), &last); err != nil {
					b.Fatal(err)
				}
				since = last.Revision
			}
		}
		b.ReportMetric(float64(size), "answer-bytes")
	})
}
