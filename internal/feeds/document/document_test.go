package document

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func base(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse("https://tracker.example/rss/all.xml?key=1")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const h40 = "0123456789abcdef0123456789abcdef01234567"

func TestParse(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for name, want := range map[string]*Feed{
		"plain.rss": {"Everything & fine", []Item{
			{Key: "id-1", Title: "Show S01E01 1080p", Link: "https://tracker.example/get/1.torrent", Page: "https://tracker.example/1", Size: 1234567, Published: at, Categories: []string{"TV", "HD"}},
			{Key: "https://tracker.example/get/2.torrent", Title: "linked alone", Link: "https://tracker.example/get/2.torrent", Page: "https://tracker.example/get/2.torrent"},
			{Key: "magnet:?xt=urn:btih:" + h40 + "&dn=x", Title: "a magnet link", Link: "magnet:?xt=urn:btih:" + h40 + "&dn=x", Hash: h40},
			{Key: "page", Title: "a page", Link: "https://tracker.example/page/4", Page: "https://tracker.example/page/4"},
		}},
		"torznab.rss": {"Indexer", []Item{
			{Key: "http://127.0.0.1:9117/dl/x", Title: "Film 2026", Link: "http://127.0.0.1:9117/dl/x?file=Film", Page: "http://127.0.0.1:9117/dl/x", Size: 2000000000, Published: at, Categories: []string{"2000"}, Hash: h40},
		}},
		"namespaces.rss": {"ezRSS and Nyaa", []Item{
			{Key: "ez", Title: "ez", Link: "magnet:?xt=urn:btih:" + h40, Page: "https://ez.example/1", Size: 77, Hash: h40},
			{Key: "nyaa", Title: "nyaa", Link: "https://nyaa.example/download/1.torrent", Page: "https://nyaa.example/download/1.torrent", Size: 1288490188, Hash: h40},
		}},
		"plain.atom": {"Atom", []Item{
			{Key: "urn:1", Title: "One", Link: "https://tracker.example/a/1.torrent", Page: "https://tracker.example/a/1", Size: 5, Published: at, Categories: []string{"linux"}},
		}},
	} {
		got, err := Parse(read(t, name), base(t))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func channel(items string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>` + items + `</channel></rss>`
}

func TestTitles(t *testing.T) {
	for in, want := range map[string]string{
		"<![CDATA[<b>bold</b> <script>alert(1)</script>]]>": "bold alert(1)",
		"&lt;img src=x onerror=alert(1)&gt;x":               "x",
		"&amp;lt;img src=x&amp;gt;x":                        "x",
		"a &lt; b &amp; c":                                  "a < b & c",
		"two\n\tlines &#x0a; three":                         "two lines three",
		"turned \u202eexe.vkm\u202c round":                  "turned exe.vkm round",
		"zero\u200bwidth\u00ad":                             "zerowidth",
		"&unknown; entity":                                  "&unknown; entity",
		strings.Repeat("ä", 400):                            strings.Repeat("ä", maxTitle-1) + "…",
		"control \x01 characters":                           "control characters",
		"<b>" + "nested <i>markup</i></b>":                  "nested markup",
		"&lt;&lt;b&gt;script&gt;":                           "< script>",
	} {
		f, err := Parse([]byte(channel("<item><guid>1</guid><title>"+in+"</title></item>")), base(t))
		if err != nil || len(f.Items) != 1 {
			t.Errorf("%.60q: %v", in, err)
			continue
		}
		if f.Items[0].Title != want {
			t.Errorf("%.60q: %q", in, f.Items[0].Title)
		}
	}
}

func TestLinks(t *testing.T) {
	for in, want := range map[string]string{
		`<link>javascript:alert(1)</link>`:                                    "",
		`<link>file:///etc/passwd</link>`:                                     "",
		`<link>data:text/html,x</link>`:                                       "",
		`<link>//other.example/x.torrent</link>`:                              "https://other.example/x.torrent",
		`<link>../x.torrent</link>`:                                           "https://tracker.example/x.torrent",
		`<link>http://[::1/</link>`:                                           "",
		`<link>MAGNET:?xt=urn:btih:x</link>`:                                  "MAGNET:?xt=urn:btih:x",
		`<link>https://x.example/` + strings.Repeat("x", maxLink) + `</link>`: "",
		`<link>/page</link><enclosure url="/a.mp3" type="audio/mpeg"/><enclosure url="/a" type="application/x-bittorrent"/>`: "https://tracker.example/a",
	} {
		f, err := Parse([]byte(channel("<item><guid>1</guid>"+in+"</item>")), base(t))
		if err != nil || len(f.Items) != 1 {
			t.Errorf("%.60q: %v", in, err)
			continue
		}
		if f.Items[0].Link != want {
			t.Errorf("%.60q: %q", in, f.Items[0].Link)
		}
	}
}

func TestEncodings(t *testing.T) {
	text := channel("<item><guid>1</guid><title>Grüße</title></item>")
	in16 := func(order func(lo, hi byte) []byte, bom string) string {
		var b strings.Builder
		b.WriteString(bom)
		for _, u := range utf16.Encode([]rune(text)) {
			b.Write(order(byte(u), byte(u>>8)))
		}
		return b.String()
	}
	for name, data := range map[string]string{
		"UTF-8":          text,
		"with its mark":  "\xef\xbb\xbf" + text,
		"UTF-16 little":  in16(func(lo, hi byte) []byte { return []byte{lo, hi} }, "\xff\xfe"),
		"UTF-16 big":     in16(func(lo, hi byte) []byte { return []byte{hi, lo} }, "\xfe\xff"),
		"Latin 1":        strings.Replace(strings.ReplaceAll(strings.ReplaceAll(text, "ü", "\xfc"), "ß", "\xdf"), `"1.0"`, `"1.0" encoding="ISO-8859-1"`, 1),
		"said otherwise": strings.Replace(text, `"1.0"`, `'1.0' encoding = 'UTF-8' standalone="yes"`, 1),
	} {
		f, err := Parse([]byte(data), base(t))
		if err != nil || len(f.Items) != 1 || f.Items[0].Title != "Grüße" {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
	broken, err := Parse([]byte(channel("<item><guid>1</guid><title>a\xff\xfeb</title></item>")), base(t))
	if err != nil || broken.Items[0].Title != "ab" {
		t.Errorf("invalid UTF-8: %+v, %v", broken, err)
	}
}

func TestHostile(t *testing.T) {
	deep := strings.Repeat("<x:a>", 200_000)
	laughs := `<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	for name, c := range map[string]struct {
		data string
		err  error // nil is any
	}{
		"nothing":                   {"", ErrNoFeed},
		"no XML":                    {"hello", ErrNoFeed},
		"a web page":                {"<!doctype html><html><head><title>Log in</title></head><body><p>x</body></html>", ErrNoFeed},
		"another document":          {"<svg/>", ErrNoFeed},
		"deep":                      {channel(deep), ErrTooDeep},
		"deep, in Atom":             {`<feed xmlns="http://www.w3.org/2005/Atom">` + deep, ErrTooDeep},
		"deep behind an encoding":   {channel(`<?xml version="1.0" encoding="utf-16le"?>` + deep), ErrNoFeed},
		"an encoding in the middle": {channel(`<?xml version="1.0" encoding="utf-16le"?>`), ErrNoFeed},
		"unknown encoding":          {strings.Replace(channel(""), `"1.0"`, `"1.0" encoding="klingon"`, 1), ErrNoFeed},
		"too long":                  {strings.Repeat(" ", MaxBytes+1), ErrNoFeed},
		"cut off":                   {`<rss><channel><item><title>x`, nil},
		"UTF-16 in disguise":        {`<?xml version="1.0" encoding="utf-16be"?>` + deep, nil},
	} {
		f, err := Parse([]byte(c.data), base(t))
		if err == nil || c.err != nil && !errors.Is(err, c.err) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
	f, err := Parse([]byte(strings.Replace(channel("<item><guid>1</guid><title>&c;</title></item>"), "<rss", laughs+"<rss", 1)), base(t))
	if err != nil || f.Items[0].Title != "&c;" {
		t.Errorf("entities of its own: %+v, %v", f, err)
	}
	var many strings.Builder
	for i := range 3 * maxItems {
		fmt.Fprintf(&many, "<item><guid>%d</guid></item><item/>", i)
	}
	if f, err = Parse([]byte(channel(many.String())), base(t)); err != nil || len(f.Items) != maxItems || f.Items[0].Key != "0" {
		t.Errorf("many items: %d, %v", len(f.Items), err)
	}
	if f, err = Parse([]byte(channel("<item><guid>"+strings.Repeat("k", 5000)+"</guid>"+strings.Repeat("<category>c</category>", 100)+"</item>")), base(t)); err != nil ||
		len(f.Items[0].Key) != maxKey || len(f.Items[0].Categories) != maxKinds {
		t.Errorf("long keys: %+v, %v", f, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"plain.rss", "torznab.rss", "namespaces.rss", "plain.atom"} {
		f.Add(read(f, name))
	}
	f.Add([]byte("\xff\xfe<\x00r\x00s\x00s\x00"))
	f.Add([]byte(`<?xml version="1.0" encoding="iso-8859-1"?><rdf><item><title>&lt;b&gt;` + "\xfc" + `</title><link>x</link></item></rdf>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		feed, err := Parse(data, base(t))
		if err != nil {
			return
		}
		for _, it := range feed.Items {
			if it.Key == "" || len(it.Key) > maxKey || it.Size < 0 || utf8.RuneCountInString(it.Title) > maxTitle || !utf8.ValidString(it.Title) || strings.ContainsAny(it.Title, "\n\r\x00\u202e") {
				t.Fatalf("%+v", it)
			}
			if l := strings.ToLower(it.Link); it.Link != "" && !strings.HasPrefix(l, "http://") && !strings.HasPrefix(l, "https://") && !strings.HasPrefix(l, "magnet:?") {
				t.Fatalf("%q", it.Link)
			}
		}
	})
}
