package webui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

const maxFile = 32 << 20 // bytes of a torrent file

// add adds what a link leads to, and torrent files that are sent along.
func (u *UI) add(w http.ResponseWriter, r *http.Request) {
	audit.Say(r.Context(), "add-torrent", "")
	source := strings.TrimSpace(r.PostFormValue("source")) // reads the files as well
	var sent []*multipart.FileHeader
	if r.MultipartForm != nil {
		sent = r.MultipartForm.File["file"]
	}
	var added []string
	var errs []error
	note := func(t *library.Torrent, err error) {
		if err != nil {
			errs = append(errs, err)
		} else {
			added = append(added, fmt.Sprintf("%q", t.View().Name))
		}
	}
	if source != "" {
		note(u.link(r.Context(), source))
	}
	for _, file := range sent {
		note(u.file(r.Context(), file))
	}
	said := ""
	switch {
	case len(errs)+len(added) == 0:
		errs = append(errs, errors.New("choose a torrent file, or paste a link"))
	case len(added) > 3:
		said = fmt.Sprintf("Added %d torrents.", len(added))
	case len(added) > 0:
		said = "Added " + strings.Join(added, " and ") + "."
	}
	say(w, r, "/", said, errors.Join(errs...))
}

// file adds a torrent file that was sent.
func (u *UI) file(ctx context.Context, sent *multipart.FileHeader) (*library.Torrent, error) {
	name := words.Plain(sent.Filename)
	if sent.Size > maxFile {
		return nil, fmt.Errorf("%q has %s: torrent files have %s at most", name, words.Bytes(sent.Size), words.Bytes(maxFile))
	}
	f, err := sent.Open()
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", name, err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", name, err)
	}
	m, err := metainfo.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%q is not a torrent file: %w", name, err)
	}
	return u.give(ctx, library.Add{Metainfo: m})
}

// link adds what a link leads to.
func (u *UI) link(ctx context.Context, source string) (*library.Torrent, error) {
	if !strings.HasPrefix(strings.ToLower(source), "magnet:") {
		answer, err := u.cfg.Courier.Get(ctx, courier.Request{URL: source, Max: maxFile})
		if err != nil {
			return nil, err
		}
		if source = answer.Magnet; source == "" {
			m, err := metainfo.Parse(answer.Body)
			if err != nil {
				return nil, fmt.Errorf("what is there is not a torrent file: %w", err)
			}
			return u.give(ctx, library.Add{Metainfo: m})
		}
	}
	link, err := magnet.Parse(source)
	if err != nil {
		return nil, fmt.Errorf("that is no magnet link of a torrent: %w", err)
	}
	return u.give(ctx, library.Add{Magnet: link})
}

func (u *UI) give(ctx context.Context, add library.Add) (*library.Torrent, error) {
	t, err := u.cfg.Library.Add(ctx, add)
	if errors.Is(err, library.ErrDuplicate) && t != nil {
		return nil, fmt.Errorf("%q is there already", t.View().Name)
	}
	return t, err
}

// back leads to a page below [Prefix], which says what went wrong.
func back(w http.ResponseWriter, r *http.Request, to string, err error) { say(w, r, to, "", err) }

// say leads to a page below [Prefix], which says what was done and what went wrong.
func say(w http.ResponseWriter, r *http.Request, to, said string, err error) {
	if err != nil {
		audit.Fail(r.Context(), err.Error())
		said = strings.TrimSpace(said + " That did not work: " + strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	if said != "" {
		to += "?said=" + url.QueryEscape(said)
	}
	http.Redirect(w, r, Prefix+to, http.StatusSeeOther)
}
