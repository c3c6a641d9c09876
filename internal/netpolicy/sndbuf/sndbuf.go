// Package sndbuf gives TCP connections over long, fast paths the send buffer
// they need.
//
// Linux sizes the buffer of a connection to twice its congestion window, up to
// net.ipv4.tcp_wmem, which is 4 MiB nearly everywhere. What was sent stays in it
// until it is acknowledged in order: where a packet is lost now and then, up to
// three round trips of data lie in it, and a path of 200 Mbit/s and 100 ms is
// never full (part "slow" of the bench: 16 MB/s of 25, with every client). A
// program may ask for more than that limit, up to net.core.wmem_max. Asking for
// it from the beginning would end the kernel's own sizing, and a slow peer would
// let megabytes lie about that it has to take before it hears a choke; so a
// connection is looked at as it goes, and asks once it is known to need it.
//
// Other systems size their buffers as they like, and Linux before 5.16 does not take
// back what was asked for; there a connection is left as it is.
package sndbuf

import "time"

const (
	// period is how many bytes are written between two looks.
	period = 4 << 20
	// near is a round trip for which the kernel's own limit is enough: 4 MiB in
	// 10 ms are 3 Gbit/s.
	near = 10 * time.Millisecond
	// most is the largest buffer asked for, in bytes.
	most = 16 << 20
)

// state is what a kernel says of a connection.
type state struct {
	buffer int           // of the send buffer, in bytes
	window int           // the congestion window, in bytes
	rtt    time.Duration // without queues; 0 if unknown
}

// wanted returns how large the buffer should be made, in bytes; 0 if it is right.
func (s state) wanted() int {
	want := min(2*s.window, most)
	if s.rtt < near || s.buffer >= want {
		return 0
	}
	return want
}
