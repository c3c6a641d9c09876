package dht

// Entries returns nodes ("host:port") that many programs enter the DHT by. They are
// asked while no other node is known, and see our address as any other node does.
func Entries() []string {
	return []string{
		"dht.libtorrent.org:25401", "dht.transmissionbt.com:6881",
		"router.bittorrent.com:6881", "router.utorrent.com:6881",
	}
}
