// Package problem is what the API says when something cannot be done: documents of
// RFC 9457, each with one of the types listed here.
package problem

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Kind is what is wrong, in a word that does not change.
type Kind string

// The kinds. docs/user/api.md says what to do about each.
const (
	Malformed   Kind = "malformed"
	Nobody      Kind = "unauthorized"
	Forbidden   Kind = "forbidden"
	NotFound    Kind = "not-found"
	Method      Kind = "method-not-allowed"
	NotAccepted Kind = "not-acceptable"
	Slow        Kind = "timeout"
	Duplicate   Kind = "duplicate"
	Conflict    Kind = "conflict"
	TooLarge    Kind = "too-large"
	MediaType   Kind = "unsupported-media-type"
	Misdirected Kind = "misdirected"
	Invalid     Kind = "invalid"
	TooMany     Kind = "too-many-requests"
	Internal    Kind = "internal"
	Upstream    Kind = "upstream"
	Unavailable Kind = "unavailable"
	DiskFull    Kind = "disk-full"
)

// Prefix begins the type of every problem.
const Prefix = "urn:warren:problem:"

// Entry is one kind of the catalogue.
type Entry struct {
	Kind   Kind
	Status int
	Title  string
}

// Catalogue returns all kinds in the order of their status.
func Catalogue() []Entry {
	return []Entry{
		{Malformed, http.StatusBadRequest, "The request cannot be read"},
		{Nobody, http.StatusUnauthorized, "Who asks has not been shown"},
		{Forbidden, http.StatusForbidden, "Not allowed"},
		{NotFound, http.StatusNotFound, "Not found"},
		{Method, http.StatusMethodNotAllowed, "Not by this method"},
		{NotAccepted, http.StatusNotAcceptable, "No such representation"},
		{Slow, http.StatusRequestTimeout, "The request took too long to come in"},
		{Duplicate, http.StatusConflict, "It is there already"},
		{Conflict, http.StatusConflict, "Not as things stand now"},
		{TooLarge, http.StatusRequestEntityTooLarge, "Too large"},
		{MediaType, http.StatusUnsupportedMediaType, "Not in this format"},
		{Misdirected, http.StatusMisdirectedRequest, "Another host is meant"},
		{Invalid, http.StatusUnprocessableEntity, "Not a value that can be meant"},
		{TooMany, http.StatusTooManyRequests, "Too many requests"},
		{Internal, http.StatusInternalServerError, "The node failed"},
		{Upstream, http.StatusBadGateway, "Another server failed"},
		{Unavailable, http.StatusServiceUnavailable, "Not at this time"},
		{DiskFull, http.StatusInsufficientStorage, "The disk is full"},
	}
}

// New returns a problem of a kind; detail says what it is about, in a sentence that is
// meant for people.
func New(kind Kind, detail string, fields ...*huma.ErrorDetail) *huma.ErrorModel {
	list := Catalogue()
	i := slices.IndexFunc(list, func(e Entry) bool { return e.Kind == kind })
	if i < 0 {
		return New(Internal, detail, fields...)
	}
	return &huma.ErrorModel{Type: Prefix + string(kind), Title: list[i].Title, Status: list[i].Status, Detail: detail, Errors: fields}
}

// Input returns the problem of a value that cannot be meant; where is its place, such as
// body.name.
func Input(where, why string) *huma.ErrorModel {
	return New(Invalid, why, &huma.ErrorDetail{Message: why, Location: where})
}

// Complete gives a problem without a type that of its status, and returns it. Those of
// huma have none.
func Complete(p *huma.ErrorModel) *huma.ErrorModel {
	if p.Type != "" {
		return p
	}
	for _, e := range Catalogue() {
		if e.Status == p.Status {
			p.Type, p.Title = Prefix+string(e.Kind), e.Title
			return p
		}
	}
	p.Type = "about:blank" // RFC 9457, section 4.2.1
	return p
}

// Write answers with a problem.
func Write(w http.ResponseWriter, p *huma.ErrorModel) {
	body, err := json.Marshal(p)
	if err != nil {
		http.Error(w, "the node failed", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.Status)
	_, _ = w.Write(body) // who has gone cannot be told
}

// WriteLater answers that the same can be asked again after a time.
func WriteLater(w http.ResponseWriter, after time.Duration, detail string) {
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int((after+time.Second-1)/time.Second))))
	Write(w, New(TooMany, detail))
}
