//go:build linux

package clients

import "fmt"

// QBittorrent is qbittorrent-nox.
type QBittorrent struct{}

// Name implements Client.
func (QBittorrent) Name() string { return "qBittorrent" }

// Needs implements Client.
func (QBittorrent) Needs() (program, pack string) { return "qbittorrent-nox", "qbittorrent-nox" }

// Forbids implements Client.
func (QBittorrent) Forbids() bool { return true }

// Setup implements Client.
func (QBittorrent) Setup(t Task) Setup {
	encryption := 2 // forbid
	if t.MSE {
		encryption = 1 // require
	}
	return Setup{
		Args: []string{"qbittorrent-nox", "--profile=" + t.State, "--save-path=" + t.Dir, "--add-paused=false", t.From},
		Env:  []string{"HOME=" + t.State},
		Files: []File{{"qBittorrent/config/qBittorrent.conf", fmt.Sprintf(`[LegalNotice]
Accepted=true

[BitTorrent]
Session\BTProtocol=TCP
Session\DHTEnabled=false
Session\Encryption=%d
Session\LSDEnabled=false
Session\PeXEnabled=false
Session\Port=%d
Session\QueueingSystemEnabled=false

[Network]
PortForwardingEnabled=false

[Preferences]
General\UseRandomPort=false
WebUI\Enabled=true
WebUI\Port=8080
WebUI\UseUPnP=false
`, encryption, Port)}},
	}
}

// Refuses implements Client.
func (QBittorrent) Refuses(Source) *Refusal { return nil }

// Stumbles implements Client: it is built on libtorrent.
func (QBittorrent) Stumbles(s Source) string { return Libtorrent{}.Stumbles(s) }
