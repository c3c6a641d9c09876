// Package call is one call of a method of the WebAPI: what was sent with it, and how
// it is answered.
package call

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/config"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/swarm"
)

// Call is a request of an admitted program.
type Call struct {
	*form.Form
	W http.ResponseWriter
	R *http.Request
}

// Context is that of the request.
func (c *Call) Context() context.Context { return c.R.Context() }

// Method answers calls. One that returns an error has not answered.
type Method struct {
	Do   func(*Call) error
	Post bool // it changes something, and a GET is refused
}

// Get returns a method that changes nothing: it is called in either way.
func Get(do func(*Call) error) Method { return Method{Do: do} }

// Post returns a method that changes something.
func Post(do func(*Call) error) Method { return Method{Do: do, Post: true} }

// Text answers with text.
func (c *Call) Text(text string) error {
	Text(c.W, http.StatusOK, text)
	return nil
}

// Done answers that it is done.
func (c *Call) Done() error { return c.Text("") }

// Text writes an answer.
func Text(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // who has gone cannot be told
}

// JSON answers with a value.
func (c *Call) JSON(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.W.Header().Set("Content-Type", "application/json")
	_, _ = c.W.Write(b)
	return nil
}

// Serve has a method answer a call.
func (m Method) Serve(c *Call, log *slog.Logger) {
	if m.Post && c.R.Method != http.MethodPost {
		Text(c.W, http.StatusMethodNotAllowed, "Method Not Allowed")
		return
	}
	err := m.Do(c)
	if err == nil {
		return
	}
	refusal := refusalOf(err)
	if refusal.Status == http.StatusInternalServerError {
		log.Warn("a request of a program has failed", "path", c.R.URL.Path, "err", err)
	}
	audit.Fail(c.Context(), refusal.Text)
	Text(c.W, refusal.Status, refusal.Text)
}

// Conflict refuses something that cannot be as things are.
func Conflict(text string) *form.Refusal {
	return &form.Refusal{Status: http.StatusConflict, Text: text}
}

// NotFound refuses what is about nothing.
func NotFound() *form.Refusal { return &form.Refusal{Status: http.StatusNotFound, Text: "Not Found"} }

// refusalOf returns how an error is told.
func refusalOf(err error) *form.Refusal {
	if r, ok := errors.AsType[*form.Refusal](err); ok {
		return r
	}
	if e, ok := errors.AsType[*library.InputError](err); ok {
		return Conflict(e.Error())
	}
	if _, ok := errors.AsType[*config.KeyError](err); ok {
		return &form.Refusal{Status: http.StatusBadRequest, Text: err.Error()}
	}
	switch {
	case errors.Is(err, library.ErrNotFound):
		return NotFound()
	case errors.Is(err, swarm.ErrUnknown):
		return Conflict("Torrent's metadata has not yet downloaded")
	case errors.Is(err, fs.ErrInvalid), errors.Is(err, fs.ErrExist), errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return Conflict(err.Error())
	}
	return &form.Refusal{Status: http.StatusInternalServerError, Text: "Internal Server Error"}
}
