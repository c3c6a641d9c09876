package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/internal/compat/shape"
	"github.com/warren-p2p/warren/internal/compat/transmission/message"
)

// Setting is what a script finds where it runs.
type Setting struct {
	Client *Client
	// Dir is an absolute path in which the content of Seed lies, complete, and into
	// which others are fetched. Other is a second folder.
	Dir, Other string
	// Torrents in base64. Seed has several files in a folder; Lacking has none of
	// its content, and names a web seed.
	Seed, Lacking string
	// SeedHash is the v1 info-hash of Seed in hex; Magnet links to something else.
	SeedHash, Magnet string
	// Torrent is where a third torrent is served by HTTP, Blocklist a list of
	// addresses in the format of eMule or PeerGuardian.
	Torrent, Blocklist string
	// Tracker takes announces for anything.
	Tracker string
	// Visit has a peer connect that asks Seed for nothing, and stay.
	Visit func(ctx context.Context) error
	// Pause waits a little before something is looked at again.
	Pause func(ctx context.Context) error
}

// Step is one question of a script.
type Step struct {
	Name string
	Body string // with words that start with a dollar sign for what the Setting has
	// Keep names the torrent of an answer to torrent-add for the steps to come.
	Keep string
	// Visit has the peer come before the question.
	Visit bool
	// Until repeats the question until the answer is of this kind.
	Until func(Answer) bool
}

// patience is how often a question is repeated.
const patience = 300

// Run asks everything and returns the shapes of the answers, under the names of
// the steps. A name says as well how it went, so that a success does not
// pass for a refusal.
func Run(ctx context.Context, s Setting, steps []Step) (shape.Record, error) {
	record, known := shape.Record{}, map[string]string{
		"$dir": s.Dir, "$other": s.Other, "$seed": s.Seed, "$lacking": s.Lacking, "$hash": s.SeedHash, "$HASH": strings.ToUpper(s.SeedHash),
		"$magnet": s.Magnet, "$torrent": s.Torrent, "$blocklist": s.Blocklist, "$tracker": s.Tracker,
	}
	for _, step := range steps {
		if step.Visit {
			if err := s.Visit(ctx); err != nil {
				return nil, fmt.Errorf("%s: have a peer visit: %w", step.Name, err)
			}
		}
		a, err := step.ask(ctx, s, known)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", step.Name, err)
		}
		if step.Keep != "" {
			if known[step.Keep], err = a.added(); err != nil {
				return nil, fmt.Errorf("%s: %w: %s", step.Name, err, a.Body)
			}
		}
		name := step.Name + a.outcome()
		record[name] = shape.Shape{}
		if len(a.Body) > 0 && a.Status < 300 {
			if record[name], err = shape.Of(a.Body); err != nil {
				return nil, fmt.Errorf("%s: %w: %s", step.Name, err, a.Body)
			}
			level(record[name])
		}
	}
	return record, nil
}

// level makes those numbers fractions that are whole by chance.
func level(s shape.Shape) {
	for path, place := range s {
		switch message.Snake(path[strings.LastIndexByte(path, '.')+1:]) {
		case "percent_done", "percent_complete", "recheck_progress", "metadata_percent_complete", "upload_ratio", "seed_ratio_limit", "progress":
			place.Types = []string{"number"}
			s[path] = place
		}
	}
}

func (step Step) ask(ctx context.Context, s Setting, known map[string]string) (a Answer, err error) {
	body := fill(step.Body, known)
	for range patience {
		a, err = s.Client.Post(ctx, body)
		if err != nil || step.Until == nil || step.Until(a) {
			return a, err
		}
		if err := s.Pause(ctx); err != nil {
			return a, err
		}
	}
	return a, fmt.Errorf("the answer stays other than expected: %s", a.Body)
}

// fill replaces the words with a dollar sign. Longer ones come first: one may
// begin with another.
func fill(body string, known map[string]string) string {
	var pairs []string
	for name, value := range known {
		quoted, _ := json.Marshal(value) // a string always encodes
		pairs = append(pairs, name+`"`, strings.TrimPrefix(string(quoted), `"`), name+`;`, value)
	}
	return strings.NewReplacer(pairs...).Replace(body)
}

// added returns the id of the torrent that was added.
func (a Answer) added() (string, error) {
	type added struct {
		ID int `json:"id"`
	}
	var said struct {
		Arguments struct {
			Added added `json:"torrent-added"`
		} `json:"arguments"`
		Result json.RawMessage `json:"result"`
	}
	var modern struct {
		Added added `json:"torrent_added"`
	}
	if err := json.Unmarshal(a.Body, &said); err != nil {
		return "", fmt.Errorf("read the answer: %w", err)
	}
	if said.Arguments.Added.ID > 0 {
		return strconv.Itoa(said.Arguments.Added.ID), nil
	}
	if err := json.Unmarshal(said.Result, &modern); err != nil || modern.Added.ID == 0 {
		return "", errors.New("no torrent was added")
	}
	return strconv.Itoa(modern.Added.ID), nil
}

func (a Answer) outcome() string {
	switch {
	case a.Status >= 300:
		return fmt.Sprintf(": HTTP %d", a.Status)
	case a.Succeeded():
		return ": done"
	}
	return ": refused"
}
