package part

// trackerMethod is how trackers are measured.
const trackerMethod = `The tracker is alone on processor 0, the generator on processor 1 (taskset), over loopback. First each peer of
10,000 torrents with 100 peers announces itself over UDP; what the tracker's resident memory grew by then is what the
peers take. Then peers chosen by chance announce themselves again and want 50 others: over UDP with 128 announces in
flight, and over HTTP with a connection for each, 64 at a time. What counts is announces for each second of processor
time of the tracker, which is what one processor answers when it does nothing else; over HTTP the generator is the
slower end. Debian's opentracker serves listed torrents only, and has the list. warren runs without its limit for an
address, as all come from one. A repetition counts if 95 of 100 announces were answered.`

// swarmMethod is how downloaders that share are measured.
const swarmMethod = `Measured in the same way, but the seeder's upload is limited and each downloader is told of those started before
it: the time of the last one tells how well pieces and upload slots are handed out. The best possible total is the
seeder's limit times the number of downloaders. libtorrent treats addresses such as these as a LAN, without slots and
limits; here it is told to treat them as the Internet.`
