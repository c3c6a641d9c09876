package message

import (
	"encoding/binary"
)

// The actions of BEP 15.
const (
	actionConnect  = 0
	actionAnnounce = 1
	actionScrape   = 2
	actionError    = 3
)

// protocolID begins the first datagram to a UDP tracker (BEP 15).
const protocolID = 0x41727101980

// MaxScrape is how many torrents one datagram asks for (BEP 15).
const MaxScrape = 74

// urlData is the option that carries the path of the tracker's URL (BEP 41).
const urlData = 2

// AppendConnect appends the datagram that asks for a connection id.
func AppendConnect(dst []byte, transaction uint32) []byte {
	dst = binary.BigEndian.AppendUint64(dst, protocolID)
	return header(dst, actionConnect, transaction)
}

// AppendAnnounce appends an announce under a connection id. Request is the path
// and query of the tracker's URL, "" if there are none (BEP 41).
func AppendAnnounce(dst []byte, connection uint64, transaction uint32, r *Request, request string) []byte {
	dst = header(binary.BigEndian.AppendUint64(dst, connection), actionAnnounce, transaction)
	dst = append(dst, r.InfoHash[:]...)
	dst = append(dst, r.PeerID[:]...)
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.Downloaded))
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.Left))
	dst = binary.BigEndian.AppendUint64(dst, uint64(r.Uploaded))
	dst = binary.BigEndian.AppendUint32(dst, r.Event.number())
	dst = binary.BigEndian.AppendUint32(dst, 0) // our address: whence the datagram comes
	dst = binary.BigEndian.AppendUint32(dst, r.Key)
	dst = binary.BigEndian.AppendUint32(dst, uint32(int32(r.NumWant)))
	dst = binary.BigEndian.AppendUint16(dst, r.Port)
	for len(request) > 0 {
		n := min(len(request), 255)
		dst = append(dst, urlData, byte(n))
		dst = append(dst, request[:n]...)
		request = request[n:]
	}
	return dst
}

// AppendScrape appends a scrape under a connection id, of at most [MaxScrape]
// torrents.
func AppendScrape(dst []byte, connection uint64, transaction uint32, hashes [][20]byte) []byte {
	dst = header(binary.BigEndian.AppendUint64(dst, connection), actionScrape, transaction)
	for _, h := range hashes {
		dst = append(dst, h[:]...)
	}
	return dst
}

func header(dst []byte, action, transaction uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(dst, action), transaction)
}

// Transaction returns the transaction id of a datagram of a tracker; ok is false
// for what cannot be one.
func Transaction(b []byte) (id uint32, ok bool) {
	if len(b) < 8 {
		return 0, false
	}
	return binary.BigEndian.Uint32(b[4:]), true
}

// ParseConnectUDP reads a connection id. The errors are those of
// [ParseAnnounce].
func ParseConnectUDP(b []byte) (connection uint64, err error) {
	b, err = body(b, actionConnect, 8)
	if err != nil {
		return 0, err
	}
	return binary.BigEndian.Uint64(b), nil
}

// ParseAnnounceUDP reads the answer to an announce. Its addresses are of the
// family in which the tracker was asked. The errors are those of [ParseAnnounce].
func ParseAnnounceUDP(b []byte, ipv6 bool) (Response, error) {
	r := Response{Seeders: -1, Leechers: -1}
	b, err := body(b, actionAnnounce, 12)
	if err != nil {
		return r, err
	}
	r.Interval = seconds(int64(int32(binary.BigEndian.Uint32(b))))
	r.Leechers = count(int64(int32(binary.BigEndian.Uint32(b[4:]))))
	r.Seeders = count(int64(int32(binary.BigEndian.Uint32(b[8:]))))
	size := 4
	if ipv6 {
		size = 16
	}
	r.Peers, err = compact(nil, b[12:], size, &flags{})
	return r, err
}

// ParseScrapeUDP reads the answer to a scrape of n torrents, in their order. The
// errors are those of [ParseAnnounce].
func ParseScrapeUDP(b []byte, n int) ([]Totals, error) {
	b, err := body(b, actionScrape, 12*n)
	if err != nil {
		return nil, err
	}
	out := make([]Totals, n)
	for i := range out {
		t := b[12*i:]
		field := func(at int) int { return count(int64(int32(binary.BigEndian.Uint32(t[at:])))) }
		out[i] = Totals{Seeders: field(0), Completed: field(4), Leechers: field(8)}
	}
	return out, nil
}

// body returns what follows the header of an answer, at least least bytes.
func body(b []byte, action uint32, least int) ([]byte, error) {
	if len(b) < 8 {
		return nil, malformed("a datagram of %d bytes", len(b))
	}
	switch got := binary.BigEndian.Uint32(b); {
	case got == actionError:
		return nil, &Failure{Reason: cut(b[8:])}
	case got != action:
		return nil, malformed("action %d, not %d", got, action)
	case len(b)-8 < least:
		return nil, malformed("a datagram of %d bytes, not %d", len(b), 8+least)
	}
	return b[8:], nil
}
