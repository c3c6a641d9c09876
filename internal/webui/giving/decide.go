package giving

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/words"
)

var errUnknown = errors.New("nothing that can be done")

// decide shares a draft, or drops it.
func (p *Pages) decide(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	at, action := "/share/draft/"+url.PathEscape(id), r.PostFormValue("do")
	audit.Say(r.Context(), action, id)
	switch action {
	case "share-draft":
		p.share(w, r, id, at)
	case "drop-draft":
		p.Back(w, r, "/share", "", p.Sharing.Drafts.Drop(id))
	default:
		p.Back(w, r, at, "", errUnknown)
	}
}

// share makes a share of a draft. What was typed stays on the page if that is not enough.
func (p *Pages) share(w http.ResponseWriter, r *http.Request, id, at string) {
	n, err := p.wish(r)
	if err == nil {
		_, err = p.Sharing.Share(id, n)
	}
	one, gone := p.Sharing.Drafts.Get(id)
	if err == nil || gone != nil {
		p.Back(w, r, at, "", err)
		return
	}
	audit.Fail(r.Context(), err.Error())
	v := p.view(one)
	v.Message, v.Wish, v.Days = "That is not enough yet: "+err.Error(), n, r.PostFormValue("days")
	v.Wish.Passphrase = ""
	p.Show(w, r, "draft", "Share "+v.Draft.Name, v)
}

// wish reads the form.
func (p *Pages) wish(r *http.Request) (sharing.NewShare, error) {
	n := sharing.NewShare{
		Identity: r.PostFormValue("identity"), Title: text(r, "title"), Description: text(r, "description"), Tags: tags(r.PostFormValue("tags")),
		Licence:    sharing.Licence{ID: r.PostFormValue("licence"), Text: text(r, "licence-text")},
		Provenance: sharing.Provenance{Author: text(r, "author"), Source: text(r, "source"), Created: text(r, "created"), Derived: text(r, "derived")},
		Confirmed:  r.PostFormValue("confirmed") != "", Strip: r.PostFormValue("strip") != "", Direct: r.PostFormValue("direct") != "",
		Expires: p.until(r.PostFormValue("days")), Passphrase: r.PostFormValue("passphrase"),
	}
	if uses := text(r, "uses"); uses != "" {
		var err error
		if n.Uses, err = strconv.Atoi(uses); err != nil {
			return n, errors.New("how often the link can be used is no number")
		}
	}
	if limit := text(r, "direct-limit"); limit != "" {
		var size words.Size
		if err := size.UnmarshalText([]byte(limit)); err != nil {
			return n, err
		}
		n.DirectLimit = int64(size)
	}
	return n, nil
}

// tags returns the tags of a text with commas between them.
func tags(text string) (list []string) {
	for tag := range strings.SplitSeq(text, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			list = append(list, tag)
		}
	}
	return list
}
