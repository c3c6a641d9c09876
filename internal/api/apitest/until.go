package apitest

import (
	"testing"
	"time"
)

// Until asks until what it is told is so, for a minute or more.
func Until[T any](t testing.TB, w *World, path string, so func(T) bool) (out T) {
	t.Helper()
	const pause = 5 * time.Millisecond
	for range time.Minute / pause {
		var got T
		w.Must(t, 200, "GET", path, nil, &got)
		if out = got; so(out) {
			return out
		}
		time.Sleep(pause)
	}
	t.Fatalf("%s: %+v", path, out)
	return out
}
