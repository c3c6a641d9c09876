package webui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/internal/streaming"
	"github.com/warren-p2p/warren/permid"
)

// registerOwner adds the pages about what is the owner's alone.
func (u *UI) registerOwner() {
	u.mux.HandleFunc("GET /network", func(w http.ResponseWriter, r *http.Request) {
		u.show(w, r, "network", &view{Title: "Network", Network: u.cfg.Running.Network()})
	})
	u.mux.HandleFunc("GET /identities", func(w http.ResponseWriter, r *http.Request) {
		u.show(w, r, "identities", &view{Title: "Identities", Identities: u.cfg.Identities.List(), Message: r.FormValue("said")})
	})
	u.mux.HandleFunc("POST /identities", u.identify)
	u.mux.HandleFunc("GET /backup", func(w http.ResponseWriter, r *http.Request) {
		u.show(w, r, "backup", &view{Title: "Backup and key", Message: r.FormValue("said")})
	})
	u.mux.HandleFunc("POST /backup", func(w http.ResponseWriter, r *http.Request) {
		audit.Say(r.Context(), "backup-node", "")
		if err := u.cfg.Running.Backup(r.Context(), w, r.PostFormValue("passphrase")); err != nil {
			back(w, r, "/backup", err)
		}
	})
	u.mux.HandleFunc("POST /key", func(w http.ResponseWriter, r *http.Request) {
		audit.Say(r.Context(), "replace-owner-key", "")
		key, err := u.cfg.Key.Replace()
		if err != nil {
			back(w, r, "/backup", err)
			return
		}
		http.Redirect(w, r, "/management/"+key, http.StatusSeeOther) // this browser is let in again
	})
}

// identify carries out a form about identities.
func (u *UI) identify(w http.ResponseWriter, r *http.Request) {
	action, name := r.PostFormValue("action"), r.PostFormValue("identity")
	audit.Say(r.Context(), action+"-identity", name)
	back(w, r, "/identities", u.change(r.Context(), action, name, r.PostFormValue))
}

func (u *UI) change(ctx context.Context, action, name string, field func(string) string) error {
	book := u.cfg.Identities
	if action == "make" {
		_, err := book.Make(ctx, field("name"), field("new"))
		return err
	}
	i, err := book.Find(name)
	if err != nil {
		return err
	}
	do := map[string]func(permid.ID) error{
		"choose": func(id permid.ID) error { return book.Choose(ctx, id) },
		"rename": func(id permid.ID) error { return book.Rename(ctx, id, field("name")) },
		"unlock": func(id permid.ID) error { return book.Unlock(id, field("passphrase")) },
		"lock":   book.Lock,
		"seal":   func(id permid.ID) error { return book.ChangePassphrase(ctx, id, field("passphrase"), field("new")) },
	}[action]
	if do == nil {
		return errors.New("nothing that can be done with an identity")
	}
	return do(i.ID)
}

// playLife is how long what a page links to for players is good.
const playLife = 24 * time.Hour

// row is a file, and where it is played; "" if it is none for players.
type row struct {
	library.File
	Play string
}

// rows returns files with where they are played, and where all of them are.
func (u *UI) rows(torrent int64, list []library.File) (rows []row, playlist string) {
	for _, f := range list {
		one := row{File: f}
		if streaming.Playable(f.Path) {
			one.Play = u.cfg.Streams.Path(torrent, streaming.File{Name: f.Path, Size: f.Size, Index: f.Index}, playLife)
			playlist = u.cfg.Streams.Playlist(torrent, playLife)
		}
		rows = append(rows, one)
	}
	return rows, playlist
}

// setting is a value as people read it.
func setting(v any) string {
	text := fmt.Sprint(v)
	if list, ok := v.([]string); ok {
		text = strings.Join(list, ", ")
	}
	if text == "" || text == "[]" {
		return "–"
	}
	return text
}
