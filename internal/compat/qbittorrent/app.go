package qbittorrent

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/preferences"
)

// application returns the methods below "app".
func (a *API) application() map[string]call.Method {
	return map[string]call.Method{
		"version":       call.Get(func(c *call.Call) error { return c.Text(appVersion) }),
		"webapiVersion": call.Get(func(c *call.Call) error { return c.Text(apiVersion) }),
		"buildInfo":     call.Get(a.buildInfo),
		"preferences":   call.Get(a.preferences), "setPreferences": call.Post(a.setPreferences),
		"defaultSavePath":             call.Get(func(c *call.Call) error { return c.Text(a.state().Download) }),
		"networkInterfaceList":        call.Get(a.interfaces),
		"networkInterfaceAddressList": call.Get(a.addresses),
		"shutdown":                    call.Post(a.shutdown),
	}
}

// buildInfo names the libraries of the real program, of which this has none.
func (a *API) buildInfo(c *call.Call) error {
	return c.JSON(map[string]any{"qt": "", "libtorrent": "", "boost": "", "openssl": "", "zlib": "", "bitness": 64})
}

// state is what preferences show beside the configuration.
func (a *API) state() preferences.State {
	c := a.cfg.Settings.Settings()
	s := preferences.State{Download: a.cfg.Library.Defaults().Dir, Port: int(a.cfg.Session.Port())}
	if c.Paths.Incomplete != "" {
		s.Incomplete = a.cfg.Path(c.Paths.Incomplete)
	}
	for _, dir := range c.Paths.Watch {
		s.Watch = append(s.Watch, a.cfg.Path(dir))
	}
	return s
}

func (a *API) preferences(c *call.Call) error {
	all, err := preferences.Of(a.cfg.Settings.Settings(), a.state())
	if err != nil {
		return err
	}
	return c.JSON(all)
}

func (a *API) setPreferences(c *call.Call) error {
	if err := c.Need("json"); err != nil {
		return err
	}
	patch, err := preferences.Change([]byte(c.Form.Text("json")), a.cfg.Settings.Settings(), a.state())
	if err != nil {
		return &form.Refusal{Status: http.StatusBadRequest, Text: err.Error()}
	}
	if len(patch) == 0 {
		return c.Done()
	}
	audit.Say(c.Context(), "settings.change", strings.Join(sortedKeys(patch), " "))
	if err := a.cfg.Settings.ChangeSettings(c.Context(), patch); err != nil {
		return err
	}
	return c.Done()
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (a *API) interfaces(c *call.Call) error {
	type entry struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	list := []entry{}
	all, err := net.Interfaces()
	if err != nil {
		return err
	}
	for _, i := range all {
		list = append(list, entry{i.Name, i.Name})
	}
	return c.JSON(list)
}

// addresses lists those of an interface, or of all of them.
func (a *API) addresses(c *call.Call) error {
	if err := c.Need("iface"); err != nil {
		return err
	}
	all, err := net.Interfaces()
	if err != nil {
		return err
	}
	list := []string{}
	for _, i := range all {
		if name := c.Form.Text("iface"); name != "" && name != i.Name {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			return err
		}
		for _, addr := range addrs {
			ip, _, _ := strings.Cut(addr.String(), "/")
			list = append(list, ip)
		}
	}
	return c.JSON(list)
}

// shutdown is refused: whoever started the node ends it.
func (a *API) shutdown(*call.Call) error {
	return &form.Refusal{Status: http.StatusForbidden, Text: "A node is stopped by who started it"}
}
