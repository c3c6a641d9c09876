// Package part names the parts of the bench, and says how each is measured.
package part

// The parts.
const (
	Transfer = "transfer" // one seeder, one downloader
	MTU      = "mtu"      // the same at Ethernet's packet size
	Many     = "many"     // one seeder, several downloaders
	Slow     = "slow"     // one to one over a long, slow link that loses packets
	Swarm    = "swarm"    // one seeder with little to give, downloaders that share
	Hash     = "hash"     // making and verifying torrents
	Limit    = "limit"    // TLS, hash and write without BitTorrent
	Torrents = "torrents" // many torrents that nobody wants
	Idle     = "idle"     // peers that want nothing
	Node     = "node"     // a whole node with many torrents that nobody wants

	Handshake = "handshake" // what it takes to become a peer over TLS
	Levels    = "levels"    // the same at each level of TLS
	Tracker   = "tracker"   // announces to trackers
)

// SlowRate is what the slow link carries, in bits a second.
const SlowRate = 200_000_000

// All lists them in the order of the document.
func All() []string {
	return []string{Transfer, MTU, Many, Slow, Swarm, Hash, Limit, Torrents, Node, Idle, Handshake, Levels, Tracker}
}

// Heading is the title of a part.
func Heading(part string) string {
	switch part {
	case Transfer:
		return "One seeder, one downloader"
	case MTU:
		return "The same at Ethernet's packet size"
	case Many:
		return "One seeder, several downloaders at once"
	case Slow:
		return "A long, slow link that loses packets"
	case Swarm:
		return "A slow seeder, and downloaders that share"
	case Hash:
		return "Making and verifying torrents"
	case Torrents:
		return "Ten thousand torrents"
	case Node:
		return "A whole node"
	case Idle:
		return "Idle peers"
	case Levels:
		return "One seeder, one downloader, at each level"
	case Tracker:
		return "Trackers with a million peers"
	case Handshake:
		return "Becoming a peer over TLS"
	default:
		return "The raw pipeline"
	}
}
