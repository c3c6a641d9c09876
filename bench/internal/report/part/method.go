package part

// Method says how a part is measured; it holds no result.
func Method(part string) string {
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
	case Tracker:
		return trackerMethod
	case MTU, Many:
		return "Measured in the same way as one seeder and one downloader, without Transmission."
	case Slow:
		return `Measured in the same way, with less content, over a link of 200 Mbit/s, 100 ms there and back, that loses one IP
packet of a thousand, each way. The link is the bench itself, between two TUN devices, with a queue of a quarter of a
second. The kernel's congestion control is the machine's for all programs. 200 Mbit/s are 25 MB/s with all headers.`
	case Swarm:
		return swarmMethod
	case Hash:
		return `Content lies on tmpfs and in the page cache. Each tool is its own process, timed from start to exit, by turns,
the order reversed at every other repetition; the row shows the fastest one. "raw hash" reads and hashes with one
thread per processor and does nothing else: SHA-1 over pieces (v1), SHA-256 over 16 KiB blocks (v2), both over one read
(hybrid).`
	case Limit:
		return `A sender and a receiver process over loopback: TLS 1.3 on one connection, whole pieces hashed with SHA-1 and
written to tmpfs by a second goroutine, no BitTorrent. A reference, where there is one, is another program that does
the same, run by turns.`
	case Torrents:
		return `Torrents with random hashes and files that are holes, on tmpfs; both programs were told before that they are
complete. Each is a process with one session: the clock starts before the session and the reading of the first
metainfo file, and stops when all torrents are started and complete; starting the program itself is not counted.
libtorrent comes from its own resume data, and by the mere promise that everything is there (seed mode). The row
shows the fastest repetition, for memory the largest one, sampled 60 s after the start. Each torrent has two
trackers on loopback where nobody listens, which both ask. warren does that one after the other, within a budget.`
	case Node:
		return `warren run as it is, with the store, the library, the API and everything else, and the torrents of the part before.
The clock starts before the program does, and stops when its API has listed every torrent, in pages of a thousand. Memory
is looked at as in the part before.`
	case Idle:
		return `A node with one complete torrent and a process with the peers, over loopback: they exchange handshakes and want
nothing. The node counts what it has in use after a garbage collection, alone and with all peers; the difference is
divided by their number. Stacks of goroutines are counted apart from the heap.`
	case Levels:
		return `Measured in the same way as one seeder and one downloader, between two of warren: who knows the info-hash (basic),
who has the torrent file (strict), who was admitted (full-strict; the downloader enrols first).`
	case Handshake:
		return `Both ends are one process, over loopback. "raw" is a TCP connection with a TLS 1.3 handshake by crypto/tls;
"warren" is the same with the same client hello, and then the switch to the peer wire on a port as the program has it.
All kinds take turns, 500 of each. Counted is the processor time of one, both ends together and its end included, of
the median turn of 25 in the cheapest repetition; beside it the median of how long the client waits. "lookup" finds a torrent by the tag that a
peer names it with; all tags are there and asked for in a scattered order.`
	}
	return peers
}
