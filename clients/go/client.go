// Package warren is a client of the API of a warren node. It needs the standard library
// alone.
//
//	c := warren.New("http://127.0.0.1:9471", token)
//	page, err := c.ListTorrents(ctx, warren.ListTorrentsQuery{State: []string{"downloading"}})
package warren

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
)

// Client asks one node. Its methods are safe for concurrent use.
type Client struct {
	base, token string
	http        *http.Client
}

// New returns a client of the node at base, such as http://127.0.0.1:9471, with a token
// that was made for it.
func New(base, token string) *Client {
	return &Client{strings.TrimSuffix(base, "/"), token, &http.Client{}}
}

// Ptr returns a pointer to a value, for properties of requests that may be left out.
func Ptr[T any](v T) *T { return &v }

// Problem is an answer that says what is wrong (RFC 9457). Type ends in a word that
// does not change, such as urn:warren:problem:not-found.
type Problem struct{ ProblemDocument }

func (p *Problem) Error() string { return fmt.Sprintf("%s: %s", p.Title, p.Detail) }

// Is reports whether the error is a problem of a type: its last word, such as
// not-found.
func Is(err error, kind string) bool {
	var p *Problem
	return errors.As(err, &p) && strings.HasSuffix(p.Type, ":"+kind)
}

// file is a body that is sent as it is.
type file struct {
	kind string
	data []byte
}

func escape(part any) string { return url.PathEscape(fmt.Sprint(part)) }

// do asks, and reads the answer into out: JSON, or bytes as they are.
func (c *Client) do(ctx context.Context, method, path string, query url.Values, in, out any) error {
	resp, err := c.ask(ctx, method, path, query, in)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	switch out := out.(type) {
	case nil:
		return nil
	case *[]byte:
		*out = body
		return nil
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// ask returns the answer, unless it is a problem.
func (c *Client) ask(ctx context.Context, method, path string, query url.Values, in any) (*http.Response, error) {
	var body io.Reader
	kind := "application/json"
	switch in := in.(type) {
	case nil:
	case file:
		kind, body = in.kind, bytes.NewReader(in.data)
	default:
		text, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", method, path, err)
		}
		body = bytes.NewReader(text)
	}
	to := c.base + path
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, to, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	resp, err := c.http.Do(r)
	if err != nil || resp.StatusCode < 300 {
		return resp, err
	}
	defer resp.Body.Close()
	p := &Problem{ProblemDocument{Status: int64(resp.StatusCode), Title: resp.Status}}
	if text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20)); err == nil {
		_ = json.Unmarshal(text, &p.ProblemDocument) // or it is none of the node
	}
	return nil, p
}

// stream yields the events of an answer. Each is read as an object that has the name of
// the event as its one property.
func stream[T any](ctx context.Context, c *Client, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		resp, err := c.ask(ctx, http.MethodGet, path, query, nil)
		if err != nil {
			yield(none, err)
			return
		}
		defer resp.Body.Close()
		lines := bufio.NewReader(resp.Body)
		var name, data string
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				if !errors.Is(err, io.EOF) {
					yield(none, err)
				}
				return
			}
			field, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
			value = strings.TrimPrefix(value, " ")
			switch field {
			case "event":
				name = value
			case "data":
				data += value
			case "":
				if data == "" {
					continue
				}
				var event T
				err := json.Unmarshal([]byte(`{"`+name+`":`+data+`}`), &event)
				if !yield(event, err) || err != nil {
					return
				}
				name, data = "", ""
			}
		}
	}
}

// joined returns a list as it is asked for: with commas between.
func joined[T any](list []T) string {
	var b strings.Builder
	for i, v := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, v)
	}
	return b.String()
}
