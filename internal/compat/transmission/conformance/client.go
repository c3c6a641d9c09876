// Package conformance asks a program that speaks Transmission's RPC for all of
// it, and records the shapes of the answers. The same script runs against
// Debian's transmission-daemon and against warren; what the former answered is
// committed (testdata), and what the latter answers must lack nothing of it.
//
// Classic is the script in the words of Transmission 3.00, which Debian has;
// Modern is that of 4.1, whose shapes are those of its specification
// (docs/rpc-spec.md of its repository).
package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// sessionHeader carries what the server wants back as proof that a request is
// no browser's that was led astray.
const sessionHeader = "X-Transmission-Session-Id"

// Client posts requests to a server, as every program that speaks the protocol does.
type Client struct {
	URL string
	// Do carries out a request: http.Client.Do, or what stands in for it.
	Do func(*http.Request) (*http.Response, error)

	session string
}

// Answer is what came back.
type Answer struct {
	Status int
	Body   []byte
}

// Post sends a body, and once more if the server wants the session named first.
func (c *Client) Post(ctx context.Context, body string) (Answer, error) {
	for range 2 {
		a, again, err := c.post(ctx, body)
		if err != nil || !again {
			return a, err
		}
	}
	return Answer{}, errors.New("the server wants another session named each time")
}

func (c *Client) post(ctx context.Context, body string) (a Answer, again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewBufferString(body))
	if err != nil {
		return a, false, fmt.Errorf("ask %s: %w", c.URL, err)
	}
	r.Header.Set("Content-Type", "application/json")
	if c.session != "" {
		r.Header.Set(sessionHeader, c.session)
	}
	resp, err := c.Do(r)
	if err != nil {
		return a, false, fmt.Errorf("ask %s: %w", c.URL, err)
	}
	defer resp.Body.Close()
	a.Status = resp.StatusCode
	if a.Body, err = io.ReadAll(resp.Body); err != nil {
		return a, false, fmt.Errorf("ask %s: %w", c.URL, err)
	}
	if a.Status == http.StatusConflict {
		c.session = resp.Header.Get(sessionHeader)
		return a, true, nil
	}
	return a, false, nil
}

// Succeeded reports whether an answer says that what was asked for was done,
// in either dialect.
func (a Answer) Succeeded() bool {
	var said struct {
		Result json.RawMessage `json:"result"`
		Error  json.RawMessage `json:"error"`
	}
	switch err := json.Unmarshal(a.Body, &said); {
	case a.Status == http.StatusNoContent:
		return true // the answer to a notification
	case err != nil, said.Error != nil, said.Result == nil:
		return false
	case said.Result[0] == '"':
		return string(said.Result) == `"success"`
	}
	return true
}

// look is what torrent-get answers to the questions that are repeated, in either
// dialect.
type look struct {
	Torrents []struct {
		Peers  []struct{} `json:"peers"`
		Status int        `json:"status"`
	} `json:"torrents"`
	Removed []int64 `json:"removed"`
}

func (a Answer) look() (l look) {
	var said struct {
		Arguments *look           `json:"arguments"`
		Result    json.RawMessage `json:"result"`
	}
	if json.Unmarshal(a.Body, &said) != nil {
		return l
	}
	if said.Arguments != nil {
		return *said.Arguments
	}
	if json.Unmarshal(said.Result, &l) != nil {
		return look{}
	}
	return l
}

const seeding = 6 // status

func seeds(a Answer) bool {
	l := a.look()
	return len(l.Torrents) == 1 && l.Torrents[0].Status == seeding
}

func hasPeer(a Answer) bool { return seeds(a) && len(a.look().Torrents[0].Peers) > 0 }

func hasRemoved(a Answer) bool { return len(a.look().Removed) > 0 }
