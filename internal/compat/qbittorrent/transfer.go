package qbittorrent

import (
	"fmt"
	"net/netip"
	"strconv"

	"github.com/warren-p2p/warren/internal/access/audit"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/call"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/listing"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/maindata"
	"github.com/warren-p2p/warren/internal/compat/qbittorrent/preferences"
	"github.com/warren-p2p/warren/swarm/reachability"
)

// transfer returns the methods below "transfer".
func (a *API) transfer() map[string]call.Method {
	return map[string]call.Method{
		"info":                  call.Get(func(c *call.Call) error { return c.JSON(a.traffic()) }),
		"speedLimitsMode":       call.Get(a.mode),
		"toggleSpeedLimitsMode": call.Post(func(c *call.Call) error { return a.setMode(c, !a.cfg.Alternative.Alternative()) }),
		"setSpeedLimitsMode":    call.Post(func(c *call.Call) error { return a.setMode(c, c.Bool("mode")) }),
		"uploadLimit":           call.Get(func(c *call.Call) error { return c.Text(strconv.FormatInt(a.limit("up"), 10)) }),
		"downloadLimit":         call.Get(func(c *call.Call) error { return c.Text(strconv.FormatInt(a.limit("down"), 10)) }),
		"setUploadLimit":        call.Post(func(c *call.Call) error { return a.setLimit(c, "up") }),
		"setDownloadLimit":      call.Post(func(c *call.Call) error { return a.setLimit(c, "down") }),
		"banPeers":              call.Post(a.banPeers),
	}
}

// Traffic is all torrents together.
type Traffic struct {
	ConnectionStatus string `json:"connection_status"`
	DHTNodes         int64  `json:"dht_nodes"`
	DlInfoData       int64  `json:"dl_info_data"`
	DlInfoSpeed      int64  `json:"dl_info_speed"`
	DlRateLimit      int64  `json:"dl_rate_limit"`
	UpInfoData       int64  `json:"up_info_data"`
	UpInfoSpeed      int64  `json:"up_info_speed"`
	UpRateLimit      int64  `json:"up_rate_limit"`
}

func (a *API) traffic() Traffic {
	a.cfg.Library.Refresh()
	all := a.cfg.Library.Totals()
	t := Traffic{
		ConnectionStatus: a.connection(), DlInfoData: all.Received, DlInfoSpeed: all.DownRate, DlRateLimit: a.limit("down"),
		UpInfoData: all.Sent, UpInfoSpeed: all.UpRate, UpRateLimit: a.limit("up"),
	}
	if dht, ok := a.cfg.Session.DHT(); ok {
		t.DHTNodes = int64(dht.Nodes)
	}
	return t
}

// mainData tells what has changed since a program asked last.
func (a *API) mainData(c *call.Call) error {
	answer, err := a.data.Since(c.Int("rid", 0))
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

// server is how the node stands as a whole.
func (a *API) server() maindata.Server {
	t, all := a.traffic(), a.cfg.Library.Totals()
	s := maindata.Server{
		AllTimeDl: all.EverReceived, AllTimeUl: all.EverSent, ConnectionStatus: t.ConnectionStatus, DHTNodes: t.DHTNodes,
		DlInfoData: t.DlInfoData, DlInfoSpeed: t.DlInfoSpeed, DlRateLimit: t.DlRateLimit, FreeSpaceOnDisk: -1, GlobalRatio: "-",
		Queueing: preferences.Queueing(a.cfg.Settings.Settings()), ReadCacheHits: "0", ReadCacheOverload: "0", WriteCacheOverload: "0",
		RefreshInterval: 1500, TotalPeerConnections: int64(all.Peers), UpInfoData: t.UpInfoData, UpInfoSpeed: t.UpInfoSpeed,
		UpRateLimit: t.UpRateLimit, UseAltSpeedLimits: a.cfg.Alternative.Alternative(),
	}
	if all.EverReceived > 0 {
		s.GlobalRatio = fmt.Sprintf("%.2f", float64(all.EverSent)/float64(all.EverReceived))
	}
	if free, err := a.cfg.Free(a.cfg.Library.Defaults().Dir); err == nil {
		s.FreeSpaceOnDisk = free
	}
	return s
}

// connection says whether others can connect: "connected" if it is known that they
// can, or probable.
func (a *API) connection() string {
	if a.cfg.Session.Addr() == nil {
		return "disconnected"
	}
	r := a.cfg.Session.Reachability()
	if max(r.IPv4.State, r.IPv6.State) >= reachability.Probably {
		return "connected"
	}
	return "firewalled"
}

// limit returns the one that holds now, in bytes a second; 0 for none.
func (a *API) limit(way string) int64 {
	l := a.cfg.Settings.Settings().Limits
	up, down := l.Up, l.Down
	if a.cfg.Alternative.Alternative() {
		up, down = l.Alternative.Up, l.Alternative.Down
	}
	if way == "up" {
		return int64(up)
	}
	return int64(down)
}

// setLimit changes the one that holds now.
func (a *API) setLimit(c *call.Call, way string) error {
	if err := c.Need("limit"); err != nil {
		return err
	}
	key := "limits." + way
	if a.cfg.Alternative.Alternative() {
		key = "limits.alternative." + way
	}
	audit.Say(c.Context(), "settings.change", key)
	if err := a.cfg.Settings.ChangeSettings(c.Context(), map[string]any{key: max(c.Int("limit", 0), 0)}); err != nil {
		return err
	}
	return c.Done()
}

func (a *API) mode(c *call.Call) error {
	if a.cfg.Alternative.Alternative() {
		return c.Text("1")
	}
	return c.Text("0")
}

func (a *API) setMode(c *call.Call, alternative bool) error {
	if err := a.cfg.Alternative.SetAlternative(c.Context(), alternative); err != nil {
		return err
	}
	return c.Done()
}

// banPeers bans addresses until the node is stopped.
func (a *API) banPeers(c *call.Call) error {
	if err := c.Need("peers"); err != nil {
		return err
	}
	for _, text := range c.List("peers", "|") {
		if p, err := netip.ParseAddrPort(text); err == nil {
			a.cfg.Session.Ban(p.Addr())
		}
	}
	return c.Done()
}

// torrentPeers tells the peers of a torrent, all of them each time.
func (a *API) torrentPeers(c *call.Call) error {
	if err := c.Need("hash"); err != nil {
		return err
	}
	t, err := a.cfg.Library.Find(c.Form.Text("hash"))
	if err != nil {
		return err
	}
	peers := map[string]listing.Peer{}
	if e := t.Engine(); e != nil {
		peers = listing.PeersOf(a.sources.Of(t), e.Peers())
	}
	return c.JSON(map[string]any{"full_update": true, "rid": c.Int("rid", 0) + 1, "show_flags": true, "peers": peers})
}
