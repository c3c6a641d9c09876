package message

import (
	"encoding/json"
	"errors"
)

// Codes of errors in the modern dialect: those below zero are of JSON-RPC 2.0, the others
// of Transmission 4.1.
const (
	CodeInvalidRequest = -32600
	CodeNoMethod       = -32601
	CodeInvalidParams  = -32602
	CodeAnnounceList   = 1
	CodeTrackerList    = 2
	CodeNotAbsolute    = 3
	CodeUnrecognized   = 4
	CodeSystem         = 5
	CodeFileIndex      = 6
	CodePieceIndex     = 7
	CodeHTTP           = 8
	CodeCorrupt        = 9
)

var meanings = map[int]string{
	CodeInvalidRequest: "Invalid Request", CodeNoMethod: "Method not found", CodeInvalidParams: "Invalid params",
	CodeAnnounceList: "error setting announce list", CodeTrackerList: "Invalid tracker list", CodeNotAbsolute: "path is not absolute",
	CodeUnrecognized: "unrecognized info", CodeSystem: "system error", CodeFileIndex: "file index out of range",
	CodePieceIndex: "piece index out of range", CodeHTTP: "HTTP error from backend service", CodeCorrupt: "invalid or corrupt torrent file",
}

// Error is why a request is refused.
type Error struct {
	Code   int    // of the modern dialect
	Detail string // in words, which the classic dialect has alone
}

// Error implements error.
func (e *Error) Error() string {
	if e.Detail != "" {
		return e.Detail
	}
	return meanings[e.Code]
}

// Refuse returns an *Error.
func Refuse(code int, detail string) error { return &Error{code, detail} }

// Answers collects what is answered to a call.
type Answers struct {
	call Call
	out  [][]byte
}

// NewAnswers returns a collector for a call.
func NewAnswers(c Call) *Answers { return &Answers{call: c} }

// Add answers one of the requests: with values, with an error, or with an error
// and values that tell more of it. A notification is not answered.
func (a *Answers) Add(r *Request, values Object, err error) {
	if !r.Modern {
		a.out = append(a.out, r.classic(values, err))
	} else if r.id != nil {
		a.out = append(a.out, r.modern(values, err))
	}
}

// Body returns the whole answer; nil if nothing is to be said.
func (a *Answers) Body() []byte {
	switch {
	case len(a.out) == 0:
		return nil
	case !a.call.batch:
		return a.out[0]
	}
	body := []byte{'['}
	for i, one := range a.out {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, one...)
	}
	return append(body, ']')
}

func (r *Request) classic(values Object, err error) []byte {
	result := "success"
	if err != nil {
		result = err.Error()
	}
	b := append([]byte(`{"arguments":`), values.append(nil, false)...)
	b = appendString(append(b, `,"result":`...), result)
	if r.tag != nil {
		b = append(append(b, `,"tag":`...), r.tag...)
	}
	return append(b, '}')
}

func (r *Request) modern(values Object, err error) []byte {
	b := append([]byte(`{"jsonrpc":"2.0","id":`), r.id...)
	if err == nil {
		b = append(b, `,"result":`...)
		return append(values.append(b, true), '}')
	}
	e := &Error{Code: CodeSystem, Detail: err.Error()}
	_ = errors.As(err, &e)
	return append(append(b, `,"error":`...), e.encode(values)...)
}

func (e *Error) encode(values Object) []byte {
	b, _ := json.Marshal(e.Code) // a number always encodes
	b = append([]byte(`{"code":`), b...)
	b = appendString(append(b, `,"message":`...), meanings[e.Code])
	if e.Detail != "" || len(values.Fields) > 0 {
		b = append(b, `,"data":{`...)
		if e.Detail != "" {
			b = appendString(append(b, `"error_string":`...), e.Detail)
		}
		if len(values.Fields) > 0 {
			if e.Detail != "" {
				b = append(b, ',')
			}
			b = values.append(append(b, `"result":`...), true)
		}
		b = append(b, '}')
	}
	return append(b, "}}"...)
}
