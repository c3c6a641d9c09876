package logs

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// hidden stands for what is left out.
const hidden = "…"

// Redactor leaves out of text what tells too much: addresses of others, of which the
// network is kept; info-hashes, keys and tokens, of which the beginning is, so that
// lines about the same thing can be told; and of URLs everything but scheme and host,
// as the keys of private trackers stand in the rest.
type Redactor struct {
	urls, hex, token, id, v4, v6 *regexp.Regexp
}

// NewRedactor returns one.
func NewRedactor() *Redactor {
	return &Redactor{
		urls:  regexp.MustCompile(`(?i)\b(?:https?|udp|wss?|socks5h?|magnet):[^\s"'<>]+`),
		hex:   regexp.MustCompile(`\b[0-9a-fA-F]{32,}\b`),
		token: regexp.MustCompile(`[A-Za-z0-9_+/-]{32,}={0,2}`),
		id:    regexp.MustCompile(`\bwr1[a-z0-9]{20,}`),
		v4:    regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b`),
		v6:    regexp.MustCompile(`\[?\b[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:%\w+)?\b?\]?`),
	}
}

// Clean returns the text without them.
func (r *Redactor) Clean(text string) string {
	text = r.urls.ReplaceAllStringFunc(text, shortURL)
	text = r.hex.ReplaceAllStringFunc(text, shorten)
	text = r.id.ReplaceAllStringFunc(text, shorten)
	text = r.token.ReplaceAllStringFunc(text, func(s string) string {
		if !mixed(s) {
			return s // a long word, or a path
		}
		return shorten(s)
	})
	text = r.v4.ReplaceAllStringFunc(text, network)
	return r.v6.ReplaceAllStringFunc(text, network)
}

// shorten keeps so much that lines about the same thing can be told.
func shorten(s string) string { return s[:6] + hidden }

func shortURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		scheme, _, _ := strings.Cut(s, ":")
		return scheme + ":" + hidden
	}
	short := u.Scheme + "://" + u.Host
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		short += "/" + hidden
	}
	return short
}

// mixed reports whether text looks drawn at random: base64 of 24 bytes or more has
// digits and letters of both cases, but for one in a thousand million.
func mixed(s string) bool {
	return strings.ContainsAny(s, "0123456789") && strings.ToLower(s) != s && strings.ToUpper(s) != s
}

// network keeps of an address which network it is in.
func network(s string) string {
	bare := strings.Trim(s, "[]")
	a, err := netip.ParseAddr(bare)
	if err != nil || a.IsLoopback() || a.IsUnspecified() {
		return s // a time of day, a version; or nobody's address
	}
	bits := 16
	if a.Is6() && !a.Is4In6() {
		bits = 32
	}
	p, err := a.WithZone("").Unmap().Prefix(bits)
	if err != nil {
		return hidden
	}
	return strings.Replace(s, bare, p.String(), 1)
}
