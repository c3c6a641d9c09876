package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// urls sets $UDP and $HTTP to the announce URLs of a tracker, $AT to its address over
// HTTP, $STATS to that of its figures, from its ready event, and $QUERY to an announce
// of a torrent whose info-hash is twenty a.
func urls(ts *testscript.TestScript, neg bool, args []string) {
	await(ts, neg, []string{args[0], `"event":"ready"`})
	for line := range strings.SplitSeq(ts.Value(nodesKey{}).(*nodes).get(ts, args[0]).out.String(), "\n") {
		var e struct {
			Event     string
			HTTP, UDP []string
			Stats     string
		}
		if json.Unmarshal([]byte(line), &e) != nil || e.Event != "ready" {
			continue
		}
		for _, u := range e.UDP {
			ts.Setenv("UDP", u)
		}
		for _, u := range e.HTTP {
			ts.Setenv("HTTP", u)
			ts.Setenv("AT", strings.Split(u, "/")[2])
		}
		ts.Setenv("STATS", strings.TrimSuffix(e.Stats, "/"))
		ts.Setenv("QUERY", "info_hash="+strings.Repeat("a", 20)+"&peer_id="+strings.Repeat("p", 20)+"&port=1&left=0")
		return
	}
}

// page writes what is at a URL to a file. With a regular expression behind it, it
// asks until that matches.
func page(ts *testscript.TestScript, _ bool, args []string) {
	want := regexp.MustCompile(strings.Join(args[2:], " "))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		body, err := fetch(ctx, args[0])
		ts.Check(err)
		if want.Match(body) {
			ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o600))
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func fetch(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	return body, errors.Join(err, resp.Body.Close())
}
