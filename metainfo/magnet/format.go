package magnet

import (
	"net/url"
	"strconv"
	"strings"
)

// String returns the link.
func (m *Link) String() string {
	var parts []string
	add := func(key, value string) { parts = append(parts, key+"="+escape(value)) }
	if m.Hashes.HasV1 {
		parts = append(parts, "xt=urn:btih:"+m.Hashes.V1.String())
	}
	if m.Hashes.HasV2 {
		parts = append(parts, "xt=urn:btmh:"+multihashSHA256+m.Hashes.V2.String())
	}
	if m.Name != "" {
		add("dn", m.Name)
	}
	if m.Length > 0 {
		add("xl", strconv.FormatInt(m.Length, 10))
	}
	for _, v := range m.Trackers {
		add("tr", v)
	}
	for _, v := range m.WebSeeds {
		add("ws", v)
	}
	for _, v := range m.Peers {
		add("x.pe", v)
	}
	if len(m.SelectOnly) > 0 {
		parts = append(parts, "so="+formatRanges(m.SelectOnly))
	}
	if m.TLS != nil {
		add("x.btls", formatTLS(m.TLS))
	}
	for _, p := range m.Extra {
		add(escape(p.Key), p.Value)
	}
	return "magnet:?" + strings.Join(parts, "&")
}

// escape writes spaces as %20: a plus sign is not a space to every reader.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func formatRanges(ranges []IndexRange) string {
	var b strings.Builder
	for i, r := range ranges {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(r.First))
		if r.Last > r.First {
			b.WriteByte('-')
			b.WriteString(strconv.Itoa(r.Last))
		}
	}
	return b.String()
}
