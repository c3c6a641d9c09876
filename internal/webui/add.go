package webui

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/courier"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
)

const maxFile = 32 << 20 // bytes of a torrent file

// add adds what a link leads to.
func (u *UI) add(w http.ResponseWriter, r *http.Request) {
	source := strings.TrimSpace(r.PostFormValue("source"))
	audit.Say(r.Context(), "add-torrent", "")
	back(w, r, "/", u.take(r.Context(), source))
}

func (u *UI) take(ctx context.Context, source string) error {
	var add library.Add
	if !strings.HasPrefix(strings.ToLower(source), "magnet:") {
		answer, err := u.cfg.Courier.Get(ctx, courier.Request{URL: source, Max: maxFile})
		if err != nil {
			return err
		}
		if source = answer.Magnet; source == "" {
			if add.Metainfo, err = metainfo.Parse(answer.Body); err != nil {
				return err
			}
		}
	}
	if add.Metainfo == nil {
		link, err := magnet.Parse(source)
		if err != nil {
			return err
		}
		add.Magnet = link
	}
	_, err := u.cfg.Library.Add(ctx, add)
	return err
}

// back leads to a page, which says what went wrong.
func back(w http.ResponseWriter, r *http.Request, to string, err error) {
	if err != nil {
		audit.Fail(r.Context(), err.Error())
		to += "?said=" + url.QueryEscape("That did not work: "+err.Error())
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
