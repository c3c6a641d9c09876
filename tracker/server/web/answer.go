package web

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/peerstore"
)

// AppendAnswer appends the answer to an announce, its keys in their order (BEP 3,
// 7, 23, 24). It is message.AppendAnswer without the detour over its types: peers
// are in the store as they are sent.
func AppendAnswer(dst []byte, r *server.Reply) []byte {
	dst = appendInt(append(dst, "d8:complete"...), int64(r.Seeders))
	dst = appendInt(append(dst, "10:downloaded"...), int64(r.Completed))
	dst = append(dst, "11:external ip"...)
	if r.External.Is4() {
		ip := r.External.As4()
		dst = appendString(dst, ip[:])
	} else {
		ip := r.External.As16()
		dst = appendString(dst, ip[:])
	}
	dst = appendInt(append(dst, "10:incomplete"...), int64(r.Leechers))
	dst = appendInt(append(dst, "8:interval"...), int64(r.Interval/time.Second))
	dst = appendInt(append(dst, "12:min interval"...), int64(r.MinInterval/time.Second))
	dst = append(dst, "5:peers"...)
	flags := "9:tls_flags"
	if r.External.Is4() {
		dst = appendString(dst, r.Peers)
	} else { // who asks over IPv6 may look for peers all the same
		dst = appendString(append(dst, "0:6:peers6"...), r.Peers)
		flags = "10:tls_flags6"
	}
	if len(r.Flags) > 0 {
		dst = appendString(append(dst, flags...), r.Flags)
	}
	if len(r.Pins) > 0 {
		dst = appendString(append(dst, "8:tls_pins"...), r.Pins)
	}
	return append(dst, 'e')
}

// appendScrape appends the answer to a scrape (BEP 48, 21).
func appendScrape(dst []byte, hashes [][20]byte, totals []peerstore.Totals) []byte {
	order := make([]int, len(hashes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return bytes.Compare(hashes[a][:], hashes[b][:]) })
	dst = append(dst, "d5:filesd"...)
	for at, i := range order {
		if at > 0 && hashes[i] == hashes[order[at-1]] {
			continue // asked for twice
		}
		t := &totals[i]
		dst = appendString(dst, hashes[i][:])
		dst = appendInt(append(dst, "d8:complete"...), int64(t.Seeders))
		dst = appendInt(append(dst, "10:downloaded"...), int64(t.Completed))
		dst = appendInt(append(dst, "11:downloaders"...), int64(t.Leechers-t.Partial))
		dst = appendInt(append(dst, "10:incomplete"...), int64(t.Leechers))
		dst = append(dst, 'e')
	}
	return append(dst, "ee"...)
}

func appendInt(dst []byte, n int64) []byte {
	return append(strconv.AppendInt(append(dst, 'i'), n, 10), 'e')
}

func appendString(dst, s []byte) []byte {
	return append(append(strconv.AppendInt(dst, int64(len(s)), 10), ':'), s...)
}
