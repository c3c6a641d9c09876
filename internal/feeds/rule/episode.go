package rule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Episode is what a title says of a series.
type Episode struct {
	Show        string // in lower case, words alone
	Season      int
	First, Last int    // episodes; 0 for a whole season
	Date        string // YYYY-MM-DD, of a show that has no seasons
	Again       bool   // it repairs an earlier one: PROPER, REPACK
}

var (
	seasonEpisode = regexp.MustCompile(`(?i)\bS(\d{1,4})[ ._-]*E(\d{1,4})(?:-?E(\d{1,4})|-(\d{2})\b)?`)
	cross         = regexp.MustCompile(`(?i)\b(\d{1,2})x(\d{2,3})\b`)
	dated         = regexp.MustCompile(`\b((?:19|20)\d\d)[ ._-](0\d|1[0-2])[ ._-]([0-2]\d|3[01])\b`)
	wholeSeason   = regexp.MustCompile(`(?i)\bS(\d{1,2})\b|\bseason[ ._-]*(\d{1,2})\b`)
	again         = regexp.MustCompile(`(?i)\b(proper|repack|rerip|real)\b`)
	noWord        = regexp.MustCompile(`[^\pL\pN]+`)
)

// ParseTitle finds the episode in a title such as "Show.S01E02.1080p",
// "Show - 1x02", "Show 2026.03.01" or "Show S01 Complete"; false if there is none.
func ParseTitle(title string) (e Episode, ok bool) {
	text := strings.ReplaceAll(title, "_", " ") // which would count as a letter
	var at []int
	find := func(r *regexp.Regexp) bool {
		at = r.FindStringSubmatchIndex(text)
		return at != nil
	}
	group := func(n int) string {
		if at[2*n] < 0 {
			return ""
		}
		return text[at[2*n]:at[2*n+1]]
	}
	number := func(n int) int {
		v, _ := strconv.Atoi(group(n)) // digits, or 0 without
		return v
	}
	switch {
	case find(seasonEpisode):
		e.Season, e.First = number(1), number(2)
		e.Last = max(number(3), number(4), e.First)
		if e.Last > e.First+100 { // it was something else
			e.Last = e.First
		}
	case find(cross):
		e.Season, e.First, e.Last = number(1), number(2), number(2)
	case find(dated):
		e.Date = group(1) + "-" + group(2) + "-" + group(3)
	case find(wholeSeason):
		e.Season = max(number(1), number(2))
	default:
		return e, false
	}
	e.Show = strings.ToLower(strings.TrimSpace(noWord.ReplaceAllString(text[:at[0]], " ")))
	e.Again = again.MatchString(text[at[1]:])
	return e, true
}

// String returns the episode as people write it.
func (e Episode) String() string {
	switch {
	case e.Date != "":
		return e.Date
	case e.First == 0:
		return fmt.Sprintf("S%02d", e.Season)
	case e.Last > e.First:
		return fmt.Sprintf("S%02dE%02d-E%02d", e.Season, e.First, e.Last)
	}
	return fmt.Sprintf("S%02dE%02d", e.Season, e.First)
}

// Keys returns names by which the episodes are known again, one for each.
func (e Episode) Keys() (list []string) {
	end := ""
	if e.Again {
		end = " again"
	}
	for n := e.First; n <= e.Last; n++ {
		one := e
		one.First, one.Last = n, n
		list = append(list, e.Show+" "+one.String()+end)
	}
	return list
}

// Ranges are episodes that are wanted.
type Ranges []span

// span is from the first to the last of some places.
type span struct{ from, to int }

// place orders the episodes of all seasons.
func place(season, episode int) int { return season*10_000 + episode }

const end = 1 << 40

// Has reports whether one of the episodes is among those that are wanted.
func (r Ranges) Has(e Episode) bool {
	for _, s := range r {
		if place(e.Season, e.Last) >= s.from && place(e.Season, e.First) <= s.to {
			return true
		}
	}
	return false
}

var (
	rangeForm   = regexp.MustCompile(`^S(\d{1,4})(?:E(\d{1,4}))?(-(?:S(\d{1,4}))?(?:E(\d{1,4}))?)?$`)
	classicForm = regexp.MustCompile(`^(\d{1,4})X((?:\d{1,4}(?:-\d{0,4})?;?)+)$`)
)

// ParseEpisodes reads which episodes are wanted: "S01" (a season), "S01-S03",
// "S01E05", "S01E05-E10", "S01E05-" (it and all that follow, also later seasons), with
// commas in between; or as qBittorrent has it, "1x2;8-15;30-".
func ParseEpisodes(text string) (list Ranges, err error) {
	text = strings.ToUpper(strings.Join(strings.Fields(text), ""))
	if len(text) > maxPattern {
		return nil, fmt.Errorf("%d bytes are too many: at most %d", len(text), maxPattern)
	}
	if m := classicForm.FindStringSubmatch(text); m != nil {
		return classic(m[1], m[2])
	}
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		m := rangeForm.FindStringSubmatch(part)
		if m == nil {
			return nil, fmt.Errorf(`%q is no range of episodes: want "S01", "S01E05", "S01E05-E10" or "S01E05-"`, part)
		}
		s := ranged(m)
		if s.to < s.from {
			return nil, fmt.Errorf("%q ends before it begins", part)
		}
		list = append(list, s)
	}
	return list, nil
}

// ranged returns what the parts of rangeForm mean.
func ranged(m []string) span {
	number := func(n, without int) int {
		if v, err := strconv.Atoi(m[n]); err == nil {
			return v
		}
		return without
	}
	season := number(1, 0)
	s := span{from: place(season, number(2, 0))}
	switch {
	case m[3] == "-":
		s.to = end
	case m[3] != "":
		s.to = place(number(4, season), number(5, 9_999))
	default:
		s.to = place(season, number(2, 9_999))
	}
	return s
}

func classic(season, episodes string) (list Ranges, err error) {
	n, _ := strconv.Atoi(season) // it is digits
	for part := range strings.SplitSeq(strings.Trim(episodes, ";"), ";") {
		from, to, several := strings.Cut(part, "-")
		first, _ := strconv.Atoi(from)
		s := span{place(n, first), place(n, first)}
		if last, err := strconv.Atoi(to); err == nil {
			s.to = place(n, last)
		} else if several {
			s.to = end
		}
		if s.to < s.from {
			return nil, fmt.Errorf("%q ends before it begins", part)
		}
		list = append(list, s)
	}
	return list, nil
}
