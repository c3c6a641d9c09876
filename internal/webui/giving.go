package webui

import (
	"net/http"

	"github.com/warren-p2p/warren/internal/webui/giving"
)

// registerGiving adds the pages about what is shared by links.
func (u *UI) registerGiving() {
	pages := giving.Pages{Sharing: u.cfg.Sharing, Clock: u.cfg.Running.Clock, Show: u.given, Back: say}
	pages.Register(u.mux)
}

// given shows a page about what is shared.
func (u *UI) given(w http.ResponseWriter, r *http.Request, name, title string, v *giving.View) {
	message := v.Message
	if message == "" && r.Method == http.MethodGet {
		message = r.FormValue("said")
	}
	u.show(w, r, name, &view{Title: title, Refresh: v.Refresh, Message: message, Giving: v})
}
