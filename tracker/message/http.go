package message

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// AnnounceURL returns the URL that asks the HTTP tracker at base (BEP 3). What
// base has as a query stays in front: it may be a key.
func AnnounceURL(base *url.URL, r *Request) *url.URL {
	q := query{}
	q.bytes("info_hash", r.InfoHash[:])
	q.bytes("peer_id", r.PeerID[:])
	q.number("port", int64(r.Port))
	q.number("uploaded", r.Uploaded)
	q.number("downloaded", r.Downloaded)
	q.number("left", r.Left)
	q.number("compact", 1)
	q.number("no_peer_id", 1)
	q.number("numwant", int64(r.NumWant))
	q.text("key", fmt.Sprintf("%08X", r.Key))
	if r.Event != None {
		q.text("event", r.Event.String())
	}
	if r.TrackerID != "" {
		q.text("trackerid", r.TrackerID)
	}
	q.tls(r.TLS)
	return q.behind(base)
}

// ScrapeURL returns the URL that scrapes the HTTP tracker at base for torrents.
// ok is false if there is none: the last part of its path must begin with
// announce (BEP 48).
func ScrapeURL(base *url.URL, hashes [][20]byte) (u *url.URL, ok bool) {
	dir, last := path.Split(base.EscapedPath())
	rest, ok := strings.CutPrefix(last, "announce")
	if !ok {
		return nil, false
	}
	scrape := *base
	scrape.RawPath = dir + "scrape" + rest
	plain, err := url.PathUnescape(scrape.RawPath)
	if err != nil {
		return nil, false
	}
	scrape.Path = plain
	q := query{}
	for _, h := range hashes {
		q.bytes("info_hash", h[:])
	}
	return q.behind(&scrape), true
}

// query collects parameters in their order. Bytes are escaped one by one:
// trackers do not agree on what a plus means.
type query []byte

func (q *query) bytes(key string, b []byte) {
	if len(*q) > 0 {
		*q = append(*q, '&')
	}
	*q = append(append(*q, key...), '=')
	for _, c := range b {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			*q = append(*q, c)
		default:
			*q = append(*q, '%', "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
		}
	}
}

func (q *query) text(key, value string)     { q.bytes(key, []byte(value)) }
func (q *query) number(key string, n int64) { q.text(key, strconv.FormatInt(n, 10)) }
func (q query) behind(base *url.URL) *url.URL {
	u := *base
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += string(q)
	u.Fragment, u.RawFragment = "", ""
	return &u
}

// ParseAnnounce reads the answer of an HTTP tracker. The error matches
// [ErrMalformed], or is a [*Failure] if the tracker tells one.
func ParseAnnounce(b []byte) (Response, error) {
	r := Response{Seeders: -1, Leechers: -1}
	v, err := dict(b)
	if err != nil {
		return r, err
	}
	if n, ok := v.Get("interval").Int(); ok {
		r.Interval = seconds(n)
	}
	if n, ok := v.Get("min interval").Int(); ok {
		r.MinInterval = seconds(n)
	}
	if n, ok := v.Get("complete").Int(); ok {
		r.Seeders = count(n)
	}
	if n, ok := v.Get("incomplete").Int(); ok {
		r.Leechers = count(n)
	}
	if b, ok := v.Get("external ip").Bytes(); ok {
		ip, _ := netip.AddrFromSlice(b)
		r.External = ip.Unmap()
	}
	if b, ok := v.Get("tracker id").Bytes(); ok && len(b) <= maxText {
		r.TrackerID = string(b)
	}
	if b, ok := v.Get("warning message").Bytes(); ok {
		r.Warning = cut(b)
	}
	f := newFlags(v)
	r.Peers, err = peers(v, f)
	r.TLS = f.of
	return r, err
}

// dict reads the dictionary of an answer, or the failure that it tells.
func dict(b []byte) (bencode.Value, error) {
	v, _, err := bencode.ParseLenient(b)
	if err != nil {
		return v, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if v.Kind() != bencode.Dict {
		return v, malformed("not a dictionary")
	}
	if reason, ok := v.Get("failure reason").Bytes(); ok {
		return v, failure(v, reason)
	}
	return v, nil
}

func failure(v bencode.Value, reason []byte) error {
	f := &Failure{Reason: cut(reason)}
	if minutes, ok := v.Get("retry in").Int(); ok {
		f.RetryIn = seconds(min(max(minutes, 0), int64(365*24*time.Hour/time.Minute)) * 60)
	} else if text, ok := v.Get("retry in").Bytes(); ok {
		f.Never = string(text) == "never"
	}
	return f
}

// peers reads addresses, compact or as dictionaries. Names are left out: an
// answer must not make us look them up.
func peers(v bencode.Value, tls *flags) (list []netip.AddrPort, err error) {
	all := v.Get("peers")
	tls.list(v, "tls_flags")
	switch b, ok := all.Bytes(); {
	case ok:
		if list, err = compact(list, b, 4, tls); err != nil {
			return nil, err
		}
	case all.Kind() == bencode.List:
		for p := range all.All() {
			host, _ := p.Get("ip").Text()
			port, _ := p.Get("port").Int()
			ip, err := netip.ParseAddr(host)
			if err != nil || port < 0 || port >= 1<<16 {
				port = 0 // nobody's
			}
			list = keep(list, ip, uint16(port), tls)
			if len(list) == MaxPeers {
				break
			}
		}
	case all.Kind() != bencode.Invalid:
		return nil, malformed("peers are neither a string nor a list")
	}
	if b, ok := v.Get("peers6").Bytes(); ok {
		tls.list(v, "tls_flags6")
		return compact(list, b, 16, tls)
	}
	return list, nil
}

// ParseScrape reads what an HTTP tracker says about torrents (BEP 48). Those it
// does not know are not in the result.
func ParseScrape(b []byte, hashes [][20]byte) (map[[20]byte]Totals, error) {
	v, err := dict(b)
	if err != nil {
		return nil, err
	}
	files := v.Get("files")
	if files.Kind() != bencode.Dict {
		return nil, malformed("a scrape without files")
	}
	out := make(map[[20]byte]Totals, len(hashes))
	for _, h := range hashes {
		f := files.Get(string(h[:]))
		if f.Kind() != bencode.Dict {
			continue
		}
		n := func(key string) int {
			n, _ := f.Get(key).Int()
			return count(n)
		}
		out[h] = Totals{Seeders: n("complete"), Completed: n("downloaded"), Leechers: n("incomplete")}
	}
	return out, nil
}
