package report

func heading(part string) string {
	switch part {
	case Transfer:
		return "One seeder, one downloader"
	case MTU:
		return "The same at Ethernet's packet size"
	case Many:
		return "One seeder, several downloaders at once"
	case Hash:
		return "Making and verifying torrents"
	default:
		return "The raw pipeline"
	}
}

// method says how a part is measured; it holds no result.
func method(part string) string {
	const peers = `Each client is its own process in its own network namespace, joined by a veth pair (a bridge where there are
several downloaders). Content is random and lies on tmpfs whose memory was touched before. Clients take turns, the
order reversed at every other repetition; the row shows the fastest repetition, for memory the largest one. "runs" has
them all. MB is 10^6 bytes. The clock starts when a downloader has received more than 2 MB and stops when the last one
reports that everything is there and verified; "from spawn" starts when the first downloader is started. CPU is user
and system time of the processes at both ends per GiB delivered. Private memory (RssAnon) is sampled every 20 ms; peak
RSS also counts file pages shared with the page cache. The first repetition is compared byte for byte with the source.
aria2 and Transmission find each other through opentracker and move the v1 torrent of the same content where the group
is of another kind. Ratios are against the better libtorrent variant (its settings: bench/libtorrent/node.py).
Transmission runs once, in the v1 group.`
	switch part {
	case MTU, Many:
		return "Measured in the same way as one seeder and one downloader, without Transmission."
	case Hash:
		return `Content lies on tmpfs and in the page cache. Each tool is its own process, timed from start to exit, by turns,
the order reversed at every other repetition; the row shows the fastest one. "raw hash" reads and hashes with one
thread per processor and does nothing else: SHA-1 over pieces (v1), SHA-256 over 16 KiB blocks (v2), both over one read
(hybrid).`
	case Limit:
		return `A sender and a receiver process over loopback: TLS 1.3 on one connection, whole pieces hashed with SHA-1 and
written to tmpfs by a second goroutine, no BitTorrent. A reference, where there is one, is another program that does
the same, run by turns.`
	}
	return peers
}
