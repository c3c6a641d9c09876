package document

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/warren-p2p/warren/internal/share/inspect/trace"
)

// edit replaces what an expression finds.
type edit struct {
	what  string
	kind  trace.Kind
	has   string         // without which there is nothing to find; it is sought first, being fast
	found *regexp.Regexp // its first group is what it tells
	how   how
	with  string // in its place, if how is put
	said  string // instead of the group, if that says nothing to people
}

// how is what becomes of what was found.
type how int

const (
	cut  how = iota // its group goes
	drop            // all of it goes
	put             // something else stands there
)

func edited(what string, kind trace.Kind, has, found string, h how) edit {
	return edit{what: what, kind: kind, has: has, found: regexp.MustCompile(found), how: h}
}

const (
	author   = "author of a change or comment"
	changed  = "time of a change or comment"
	sessions = "sessions of writing"
	place    = "path on a computer"
	longAgo  = "1970-01-01T00:00:00"
)

// ago replaces a time that has to be there.
func ago(has, found, with string) edit {
	e := edited(changed, trace.Time, has, found, put)
	e.with = with
	return e
}

// session forgets numbers that say what was written in one sitting.
func session(has, found string) edit {
	e := edited(sessions, trace.Software, has, found, drop)
	e.said = "numbers that say what was written in one sitting, and in which other documents"
	return e
}

var (
	ofWord = []edit{
		edited(author, trace.Person, ":author=", `\bw(?:15)?:author="([^"]*)"`, cut),
		edited("initials", trace.Person, ":initials=", `\bw(?:15)?:initials="([^"]*)"`, cut),
		edited(changed, trace.Time, ":date", `\s+w\w*:date(?:Utc)?="([^"]*)"`, drop),
		session("w:rsid", `\s+w:rsid\w*="([0-9A-Fa-f]*)"`),
		session("<w:rsids>", `(?s)<w:rsids>(.*?)</w:rsids>`),
		session(":docId", `<w1[45]:docId\b([^>]*)/>`),
	}
	ofSheets = []edit{
		edited("author of a comment", trace.Person, "<author>", `<author>([^<]*)</author>`, cut),
		ago(" dT=", `\sdT="([^"]*)"`, ` dT="`+longAgo+`"`),
	}
	ofPeople = []edit{
		edited("author of a comment", trace.Person, `="`, `\b(?:displayName|name|initials|userId|userName)="([^"]*)"`, cut),
		ago("dateTime=", `\bdateTime="([^"]*)"`, `dateTime="`+longAgo+`"`),
	}
	ofSlides = []edit{
		edited(changed, trace.Time, " dt=", `\s+dt="([^"]*)"`, drop),
		ago(" created=", `\s+created="([^"]*)"`, ` created="`+longAgo+`"`),
	}
	ofOpen = []edit{
		edited(author, trace.Person, "<dc:creator>", `<dc:creator>([^<]*)</dc:creator>`, cut),
		edited("initials", trace.Person, "initials>", `<(?:meta:creator|loext:sender)-initials>([^<]*)</(?:meta:creator|loext:sender)-initials>`, drop),
		ago("<dc:date>", `<dc:date>([^<]*)</dc:date>`, `<dc:date>`+longAgo+`</dc:date>`),
		session("officeooo:", `\s+officeooo:(?:paragraph-)?rsid="([^"]*)"`),
		edited(place, trace.Person, `"file:/`, `xlink:href="file:/*([^"/][^"]*)"`, cut),
	}
	ofBook = []edit{
		edited(place, trace.Person, "absPath", `\babsPath\b[^>]*\burl="([^"]*)"`, cut),
		edited("who has locked it", trace.Person, "userName=", `\buserName="([^"]*)"`, cut),
		edited(place, trace.Person, "File=", `\b(?:sourceFile|odcFile)="([^"]*)"`, cut),
	}
	ofSettings = []edit{
		edited("printer", trace.Device, "Printer", `(?s)<config:config-item config:name="Printer(?:Name|Setup)"[^>]*>([^<]*)</config:config-item>`, cut),
		session(`"Rsid`, `<config:config-item config:name="Rsid(?:Root)?"[^>]*>([^<]*)</config:config-item>`),
	}
	ofRelations = []edit{edited(place, trace.Person, `"file:/`, `Target="file:/*([^"/][^"]*)"`, cut)}
	ofLabels    = []edit{edited("organisation", trace.Person, "siteId=", `(?s)<clbl:label\b[^>]*\bsiteId="([^"]*)"[^>]*/>`, drop)}
)

// note says what an edit finds.
func (e *edit) note(l *trace.List, b []byte) {
	if !bytes.Contains(b, []byte(e.has)) {
		return
	}
	for _, m := range e.found.FindAllSubmatch(b, 50) {
		switch text := string(m[1]); {
		case text == longAgo || strings.TrimSpace(text) == "":
		case e.said != "":
			l.Add(e.kind, e.what, e.said)
			return
		default:
			l.Add(e.kind, e.what, text)
		}
	}
}

// apply returns a part without what an edit finds.
func (e *edit) apply(b []byte) []byte {
	if !bytes.Contains(b, []byte(e.has)) {
		return b
	}
	switch e.how {
	case drop:
		return e.found.ReplaceAllLiteral(b, nil)
	case put:
		return e.found.ReplaceAllLiteral(b, []byte(e.with))
	}
	var out bytes.Buffer
	from := 0
	for _, at := range e.found.FindAllSubmatchIndex(b, -1) {
		out.Write(b[from:at[2]])
		from = at[3]
	}
	out.Write(b[from:])
	return out.Bytes()
}
