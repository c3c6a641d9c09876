package rule

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestMatch(t *testing.T) {
	now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	seen := map[string]bool{"show S01E02": true, "show S01E03": true, "show S01E02 again": false}
	past := Past{Had: func(k string) bool { return seen[k] }, Last: now.Add(-36 * time.Hour)}
	for _, c := range []struct {
		name string
		rule Rule
		s    Subject
		why  string // part of it, "" if it is wanted
	}{
		{"everything", Rule{}, Subject{Title: "x"}, ""},
		{"words", Rule{Include: "show 1080p"}, Subject{Title: "The.SHOW.S01E01.1080p"}, ""},
		{"a word is missing", Rule{Include: "show 1080p"}, Subject{Title: "The.Show.S01E01.720p"}, `does not have "show 1080p"`},
		{"one of two", Rule{Include: "other | show 720p"}, Subject{Title: "The.Show.S01E01.720p"}, ""},
		{"wildcards", Rule{Include: "show*72?p"}, Subject{Title: "The.Show.S01E01.720p"}, ""},
		{"no regular expression", Rule{Include: "s.ow"}, Subject{Title: "show"}, "does not have"},
		{"excluded", Rule{Exclude: "cam | ts"}, Subject{Title: "Film CAM"}, "which is excluded"},
		{"excluded needs all words", Rule{Exclude: "cam ts"}, Subject{Title: "Film CAM"}, ""},
		{"regular expression", Rule{Include: `^film (19|20)\d\d$`, Regexp: true}, Subject{Title: "Film 1999"}, ""},
		{"regular expression, not", Rule{Include: `^film$`, Regexp: true}, Subject{Title: "a film"}, "does not have"},
		{"regular expression, excluded", Rule{Exclude: `x$`, Regexp: true}, Subject{Title: "x"}, "excluded"},
		{"too small", Rule{MinSize: 1000}, Subject{Size: 999}, "999 B is less than 1.00 kB"},
		{"too large", Rule{MaxSize: 1000}, Subject{Size: 2000}, "2.00 kB is more than 1.00 kB"},
		{"size unknown", Rule{MinSize: 10, MaxSize: 1000}, Subject{}, ""},
		{"its feed", Rule{Feeds: []string{"a", "b"}}, Subject{Feed: "b"}, ""},
		{"another feed", Rule{Feeds: []string{"a", "b"}}, Subject{Feed: "c"}, "other feeds"},
		{"episode", Rule{Episodes: "S01E02-E05"}, Subject{Title: "Show S01E05"}, ""},
		{"another episode", Rule{Episodes: "S01E02-E05"}, Subject{Title: "Show S01E06"}, "S01E06 is not among"},
		{"no episode", Rule{Episodes: "S01"}, Subject{Title: "Show"}, "no season and episode"},
		{"a whole season", Rule{Episodes: "S01"}, Subject{Title: "Show S01 Complete"}, "no season and episode"},
		{"had", Rule{Once: true}, Subject{Title: "Show - 1x02"}, "S01E02 was fetched before"},
		{"had, by another name", Rule{Once: true}, Subject{Title: "Other - 1x02"}, ""},
		{"had both", Rule{Once: true}, Subject{Title: "show.S01E02-E03"}, "S01E02-E03 was fetched before"},
		{"had one of two", Rule{Once: true}, Subject{Title: "show.S01E03E04"}, ""},
		{"repaired", Rule{Once: true}, Subject{Title: "Show S01E02 PROPER"}, ""},
		{"any number of times", Rule{}, Subject{Title: "Show - 1x02"}, ""},
		{"no episode, once", Rule{Once: true}, Subject{Title: "Film"}, ""},
		{"too soon", Rule{IgnoreDays: 2}, Subject{}, "was fetched 1 d 12 h ago"},
		{"late enough", Rule{IgnoreDays: 1}, Subject{}, ""},
	} {
		c.rule.Name = "r"
		m, err := Compile(c.rule)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		v := m.Match(c.s, past, now)
		if v.Wanted != (c.why == "") || !strings.Contains(v.Why, c.why) || v.Wanted && v.Why != "" {
			t.Errorf("%s: %+v", c.name, v)
		}
		if v.Wanted && c.rule.Once && c.name != "no episode, once" && len(v.Episodes) == 0 {
			t.Errorf("%s: nothing to remember", c.name)
		}
	}
	m, err := Compile(Rule{Name: "r", Once: true, IgnoreDays: 5})
	if err != nil {
		t.Fatal(err)
	}
	if v := m.Match(Subject{Title: "Show S01E02"}, Past{}, now); !v.Wanted || m.Rule().Name != "r" {
		t.Errorf("without a past: %+v", v)
	}
}

func TestNoRule(t *testing.T) {
	for _, r := range []Rule{
		{}, {Name: " "}, {Name: strings.Repeat("x", 201)},
		{Name: "r", MinSize: -1}, {Name: "r", MinSize: 5, MaxSize: 4}, {Name: "r", IgnoreDays: -1}, {Name: "r", IgnoreDays: 1 << 40},
		{Name: "r", Include: "(", Regexp: true}, {Name: "r", Exclude: "(?=x)", Regexp: true}, {Name: "r", Include: "|"}, {Name: "r", Exclude: " | | "},
		{Name: "r", Include: strings.Repeat("x", maxPattern+1)}, {Name: "r", Include: "(((x{100}){100}){100})", Regexp: true},
		{Name: "r", Episodes: "1"}, {Name: "r", Episodes: "S02-S01"}, {Name: "r", Episodes: "S01E05-E04"}, {Name: "r", Episodes: "1x5-4"},
		{Name: "r", Episodes: "S01E05-7"}, {Name: "r", Episodes: strings.Repeat("S01,", 1000)}, {Name: "r", Episodes: "1x"},
	} {
		if _, err := Compile(r); err == nil {
			t.Errorf("%+v was taken", r)
		}
	}
}

func TestTitles(t *testing.T) {
	for title, want := range map[string]string{
		"Show.Name.S01E02.1080p.WEB":         "show name S01E02",
		"Show_Name_s01_e02_720p":             "show name S01E02",
		"Show Name - 1x02 - Title":           "show name S01E02",
		"Show S01E02E03 x264":                "show S01E02, show S01E03",
		"Show S01E02-E04":                    "show S01E02, show S01E03, show S01E04",
		"Show S01E02-03 x":                   "show S01E02, show S01E03",
		"Show S01E02-1080p":                  "show S01E02",
		"Show S01E02-10bit":                  "show S01E02",
		"Show S01E02 REPACK":                 "show S01E02 again",
		"Real Show S01E02":                   "real show S01E02",
		"News 2026.03.01 720p":               "news 2026-03-01",
		"News.2026-13-01":                    "-",
		"Show S02 Complete":                  "show S02",
		"Show Season 3":                      "show S03",
		"Film 1920x1080 x264":                "-",
		"Film 2026 1080p":                    "-",
		"[Gruppe] Größe & Maß - S10E100.mkv": "gruppe größe maß S10E100",
		"S01E01":                             " S01E01",
		"Show S2026E1":                       "show S2026E01",
		"Show S01E01-E9999":                  "show S01E01",
		"":                                   "-",
	} {
		got := "-"
		if e, ok := ParseTitle(title); ok {
			got = strings.Join(e.Keys(), ", ")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}

func TestEpisodes(t *testing.T) {
	for text, want := range map[string]string{
		"S01":           "1.1 1.5 1.99",
		"s01e05":        "1.5",
		"S01E05-E10":    "1.5",
		"S01E05-":       "1.5 1.99 2.1 3.7",
		"S02-":          "2.1 3.7",
		"S01-S02":       "1.1 1.5 1.99 2.1",
		"S01E99-S02E01": "1.99 2.1",
		"S02, S01E01,":  "1.1 2.1",
		"1x1;5;":        "1.1 1.5",
		"1x4-6;99-":     "1.5 1.99 2.1 3.7",
		"":              "",
		"01x01":         "1.1",
	} {
		r, err := ParseEpisodes(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var got []string
		for _, p := range [][2]int{{1, 1}, {1, 5}, {1, 99}, {2, 1}, {3, 7}} {
			if r.Has(Episode{Season: p[0], First: p[1], Last: p[1]}) {
				got = append(got, fmt.Sprintf("%d.%d", p[0], p[1]))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
}

func FuzzRule(f *testing.F) {
	f.Add("show 1080p|other", "cam", "S01E05-", "Show.S01E06.1080p", false)
	f.Add(`^(\w+) s\d+`, "x{1,3}", "1x2;8-15;30-", "a 1x09", true)
	f.Add("*?*", "|", "S01-S03,S05E01", "Show S04E01E02 PROPER 2026.01.01", false)
	f.Fuzz(func(t *testing.T, include, exclude, episodes, title string, expr bool) {
		m, err := Compile(Rule{Name: "r", Include: include, Exclude: exclude, Episodes: episodes, Regexp: expr, Once: true})
		if err != nil {
			return
		}
		v := m.Match(Subject{Title: title, Size: 1}, Past{Had: func(string) bool { return false }}, time.Time{})
		if v.Wanted == (v.Why != "") {
			t.Fatalf("%+v", v)
		}
		if len(v.Episodes) > 101 {
			t.Fatalf("%d episodes in %q", len(v.Episodes), title)
		}
		if v.Wanted && m.exclude.matches(title) {
			t.Fatalf("%q is excluded by %q", title, exclude)
		}
	})
}
