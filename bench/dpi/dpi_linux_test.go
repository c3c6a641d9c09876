package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/bench/internal/verdict"
)

func TestCheck(t *testing.T) {
	browser := judgement{row{name: "browser", port: webPort}, verdict.Verdict{Protocols: []string{"TLS"}, Risks: []string{"a", "b"}}}
	ours := row{name: "ours", port: webPort, ours: true, like: "browser, port 443"}
	with := func(change func(*judgement)) judgement {
		j := judgement{ours, browser.Verdict}
		change(&j)
		return j
	}
	for _, c := range []struct {
		name string
		j    judgement
		want error
	}{
		{"as it should be", with(func(*judgement) {}), nil},
		{"something seen", with(func(j *judgement) { j.Seen = []string{"the info-hash"} }), errShown},
		{"excepted", with(func(j *judgement) { j.Seen, j.excepted = []string{"the info-hash"}, "by design" }), nil},
		{"another protocol", with(func(j *judgement) { j.Protocols = []string{"BitTorrent"} }), errTold},
		{"a risk less", with(func(j *judgement) { j.Risks = []string{"b"} }), errTold},
		{"a risk less, as it may", with(func(j *judgement) { j.Risks, j.fewer = []string{"b"}, true }), nil},
		{"another risk", with(func(j *judgement) { j.Risks, j.fewer = []string{"c"}, true }), errTold},
		{"nothing to compare with", with(func(j *judgement) { j.like = "nobody" }), errTold},
		{"of others", with(func(j *judgement) { j.ours, j.Seen = false, []string{"all"} }), nil},
	} {
		if err := check([]judgement{browser, c.j}); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestDocument(t *testing.T) {
	page := document([]judgement{
		{row{name: "a", port: "1"}, verdict.Verdict{Protocols: []string{"TLS"}, Seen: []string{"x", "y"}, JA3: []string{"0123456789"}}},
		{row{name: "b", port: "2", ours: true, host: siteName, excepted: "by design"}, verdict.Verdict{}},
	}, []string{"nDPI 4"})
	for _, want := range []string{"Here it was\nnDPI 4.", "| a | 1 | TLS | nothing | nothing | x, y | 01234567 |", "| **b, by name** | 2 | nothing | nothing | nothing | nothing (by design) | nothing |"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
}

func TestReady(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	d := dpi{warren: "/no/warren"}
	if err := d.ready(); !errors.Is(err, errNeeds) {
		t.Errorf("got %v", err)
	}
}
