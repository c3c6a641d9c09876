// Package message reads the requests of Transmission's RPC and writes the answers,
// in both dialects: the one of all versions up to 4.0 ("classic": an object with
// method, arguments and tag, whose words are in kebab-case or camelCase) and that of
// 4.1 ("modern": JSON-RPC 2.0 in snake_case). Everybody else sees one of them only:
// words are in snake_case there.
//
// Source: docs/rpc-spec.md of Transmission 4.0.6 and 4.1, and what Debian's 3.00 answers
// where the text is silent.
package message

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Request is one question.
type Request struct {
	Modern bool
	Method string // in snake_case, "" for what has none
	Args   Args

	tag json.RawMessage // classic: an integer, or nil
	id  json.RawMessage // modern: a string, number or null; nil for a notification
	bad *Error          // what is wrong with it already
}

// Call is what came in one body: a request, or a batch of modern ones.
type Call struct {
	Requests []Request
	batch    bool
}

// Parse reads a body. There is no error: what is none is a request that is
// answered with a refusal, as the real one does.
func Parse(body []byte) Call {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '[' {
		return Call{Requests: []Request{parse(body)}}
	}
	list, ok := batch(body)
	switch {
	case !ok:
		return Call{Requests: []Request{parse(body)}}
	case len(list) > maxBatch:
		why := &Error{Code: CodeInvalidRequest, Detail: fmt.Sprintf("a batch has %d requests at most", maxBatch)}
		return Call{Requests: []Request{{Modern: true, id: json.RawMessage("null"), bad: why}}}
	}
	c := Call{batch: true}
	for _, one := range list {
		c.Requests = append(c.Requests, parseModern(one))
	}
	return c
}

// maxBatch bounds the requests of a batch: each may have an answer of some megabytes.
const maxBatch = 1000

// batch reads the requests of a batch, of which there are some; not many more than
// there may be.
func batch(body []byte) (list []json.RawMessage, ok bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	if _, err := d.Token(); err != nil { // the bracket
		return nil, false
	}
	for d.More() && len(list) <= maxBatch {
		var one json.RawMessage
		if d.Decode(&one) != nil {
			return nil, false
		}
		list = append(list, one)
	}
	return list, len(list) > maxBatch || len(list) > 0 && json.Valid(body)
}

func parse(body []byte) Request {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return Request{}
	}
	if _, modern := fields["jsonrpc"]; modern {
		return parseModern(body)
	}
	r := Request{Method: Snake(str(fields["method"])), Args: parseArgs(fields["arguments"])}
	var tag int64
	if json.Unmarshal(fields["tag"], &tag) == nil && string(fields["tag"]) != "null" {
		r.tag = fields["tag"]
	}
	return r
}

// parseModern reads a request of JSON-RPC 2.0 (section 4 of its specification).
func parseModern(text json.RawMessage) Request {
	var fields map[string]json.RawMessage
	r := Request{Modern: true, id: json.RawMessage("null")}
	if json.Unmarshal(text, &fields) != nil {
		r.bad = &Error{Code: CodeInvalidRequest}
		return r
	}
	id, asked := fields["id"]
	if asked {
		switch id[0] {
		case '{', '[', 't', 'f':
			r.bad = &Error{Code: CodeInvalidRequest}
			return r
		}
	}
	r.id, r.Method = id, str(fields["method"])
	params := bytes.TrimSpace(fields["params"])
	switch {
	case str(fields["jsonrpc"]) != "2.0", r.Method == "":
		r.bad = &Error{Code: CodeInvalidRequest}
		if !asked {
			r.id = json.RawMessage("null")
		}
	case len(params) > 0 && params[0] != '{':
		r.bad = &Error{Code: CodeInvalidParams, Detail: "params are given by name, as an object"}
	}
	r.Args = parseArgs(params)
	return r
}

func str(text json.RawMessage) (s string) {
	if json.Unmarshal(text, &s) != nil {
		return ""
	}
	return s
}

// Refused returns what is wrong with the request itself, nil if nothing is.
func (r *Request) Refused() *Error { return r.bad }

// Snake returns a word in snake_case: those of the classic dialect are in kebab-case or
// camelCase.
func Snake(word string) string {
	switch word {
	case "cache-size-mb", "cache_size_mb":
		return "cache_size_mib"
	case "isUTP":
		return "is_utp"
	}
	if strings.IndexFunc(word, func(r rune) bool { return r == '-' || 'A' <= r && r <= 'Z' }) < 0 {
		return word
	}
	var b strings.Builder
	for i, r := range word {
		switch {
		case r == '-':
			b.WriteByte('_')
		case 'A' <= r && r <= 'Z':
			if i > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r - 'A' + 'a')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
