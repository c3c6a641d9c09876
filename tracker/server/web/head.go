package web

import (
	"bytes"
	"net"
	"strconv"
	"strings"
)

// head is what matters of the head of a request.
type head struct {
	get         bool
	path, query string
	forwarded   string // X-Forwarded-For, joined
	keep        bool   // the connection may be kept
	bad         bool   // it is not to be understood, and nothing after it
}

// next reads the head of the next request; ok is false if there is none, or one that
// is too large.
func (b *session) next(c net.Conn) (h head, ok bool) {
	seen := 0
	for {
		if end := bytes.Index(b.head[seen:], []byte("\r\n\r\n")); end >= 0 {
			end += seen
			h = parseHead(string(b.head[:end]))
			b.head = b.head[:copy(b.head, b.head[end+4:])]
			return h, true
		}
		seen = max(len(b.head)-3, 0)
		if len(b.head) == cap(b.head) {
			return h, false
		}
		n, err := c.Read(b.head[len(b.head):cap(b.head)])
		b.head = b.head[:len(b.head)+n]
		if err != nil {
			return h, false
		}
	}
}

// parseHead reads a head without the empty line behind it.
func parseHead(text string) (h head) {
	line, fields, _ := strings.Cut(text, "\r\n")
	method, rest, ok := strings.Cut(line, " ")
	target, version, ok2 := strings.Cut(rest, " ")
	if !ok || !ok2 || !strings.HasPrefix(target, "/") || version != "HTTP/1.1" && version != "HTTP/1.0" {
		return head{bad: true}
	}
	h.get = method == "GET"
	h.path, h.query, _ = strings.Cut(target, "?")
	h.keep = version == "HTTP/1.1"
	for fields != "" {
		var field string
		field, fields, _ = strings.Cut(fields, "\r\n")
		h.field(field)
	}
	return h
}

// field looks at a field of a head. Only a few are told apart, by their first letter.
func (h *head) field(text string) {
	name, value, ok := strings.Cut(text, ":")
	// Whoever stands before us may read such a line in another way (RFC 9112, section
	// 5.1), and what follows it as a body.
	if !ok || name == "" || strings.ContainsAny(name, " \t") || strings.ContainsAny(text, "\r\n\x00") {
		h.bad = true
		return
	}
	switch len(name) {
	case len("Connection"):
		if strings.EqualFold(name, "Connection") {
			value = strings.ToLower(value)
			h.keep = !strings.Contains(value, "close") && (h.keep || strings.Contains(value, "keep-alive"))
		}
	case len("Content-Length"):
		// A body would be taken for the next request.
		h.bad = h.bad || strings.EqualFold(name, "Content-Length") && strings.TrimSpace(value) != "0"
	case len("X-Forwarded-For"):
		if strings.EqualFold(name, "X-Forwarded-For") {
			h.forwarded += "," + value
		}
	case len("Transfer-Encoding"):
		h.bad = h.bad || strings.EqualFold(name, "Transfer-Encoding")
	}
}

// appendStatus appends an answer that has its status as a body, with what stands
// behind it.
func appendStatus(dst []byte, status string, last bool) []byte {
	text, _, _ := strings.Cut(status, "\r\n")
	dst = appendHead(dst, status, len(text)+1, last)
	return append(append(dst, text...), '\n')
}

func appendHead(dst []byte, status string, length int, last bool) []byte {
	dst = append(append(dst, "HTTP/1.1 "...), status...)
	dst = strconv.AppendInt(append(dst, "\r\nContent-Type: text/plain\r\nContent-Length: "...), int64(length), 10)
	if last {
		dst = append(dst, "\r\nConnection: close"...)
	}
	return append(dst, "\r\n\r\n"...)
}
