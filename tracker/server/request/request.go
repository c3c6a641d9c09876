// Package request reads what clients ask a tracker: the query of an HTTP request
// (BEP 3, 7, 23, 48) and the datagrams of BEP 15 and 41. Nothing here does I/O, and
// reading an announce makes no garbage: a tracker reads hundreds of thousands of
// them a second.
//
// What cannot be meant is an error; what is not known is passed over.
package request

import (
	"errors"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/tracker/message"
)

// Unsaid is the NumWant of a request that does not say how many peers it wants.
const Unsaid = -1

// The errors say what is wrong with a request, in words for whoever wrote the client.
var (
	ErrInfoHash = errors.New("info_hash is missing or not 20 bytes long")
	ErrPeerID   = errors.New("peer_id is missing or not 20 bytes long")
	ErrPort     = errors.New("port is missing or no port")
	ErrNumber   = errors.New("a number is none")
	ErrEscape   = errors.New("a percent sign without two hexadecimal digits")
	ErrHashes   = errors.New("too many info_hash")
)

// Query is what an announce over HTTP says beside message.Request.
type Query struct {
	message.Request
	Passkey string // in private mode; "" if not told
}

// Announce reads the query of an announce, without its question mark. What is told
// twice counts as told last.
func Announce(query string, q *Query) error {
	*q = Query{Request: message.Request{NumWant: Unsaid}}
	var has uint8
	const hasHash, hasID, hasPort = 1, 2, 4
	for rest := query; rest != ""; {
		var key, value string
		key, value, rest = next(rest)
		var err error
		switch key {
		case "info_hash":
			err, has = exact(q.InfoHash[:], value, ErrInfoHash), has|hasHash
		case "peer_id":
			err, has = exact(q.PeerID[:], value, ErrPeerID), has|hasID
		case "port":
			var port uint64
			port, err = strconv.ParseUint(value, 10, 16)
			if err != nil || port == 0 {
				return ErrPort
			}
			q.Port, has = uint16(port), has|hasPort
		case "uploaded":
			q.Uploaded, err = amount(value)
		case "downloaded":
			q.Downloaded, err = amount(value)
		case "left":
			q.Left, err = amount(value)
		case "numwant", "num_want", "num want":
			q.NumWant, err = wanted(value)
		case "event":
			q.Event = event(value)
		case "key":
			key, _ := strconv.ParseUint(value, 16, 32) // whatever a client calls its key
			q.Key = uint32(key)
		case "supporttls":
			q.TLS.Support = value == "1"
		case "requiretls":
			q.TLS.Require = value == "1"
		case "tlspin":
			if exact(q.TLS.Pin[:], value, ErrEscape) != nil {
				q.TLS.Pin = message.Pin{} // no pin is better than half of one
			}
		case "passkey":
			q.Passkey = value
		}
		if err != nil {
			return err
		}
	}
	switch {
	case has&hasHash == 0:
		return ErrInfoHash
	case has&hasID == 0:
		return ErrPeerID
	case has&hasPort == 0:
		return ErrPort
	}
	return nil
}

// Hashes appends the info-hashes of the query of a scrape (BEP 48), of which there
// are at most most.
func Hashes(query string, dst [][20]byte, most int) (hashes [][20]byte, passkey string, err error) {
	for rest := query; rest != ""; {
		var key, value string
		key, value, rest = next(rest)
		switch key {
		case "info_hash":
			if len(dst) == most {
				return dst, "", ErrHashes
			}
			var h [20]byte
			if err := exact(h[:], value, ErrInfoHash); err != nil {
				return dst, "", err
			}
			dst = append(dst, h)
		case "passkey":
			passkey = value
		}
	}
	return dst, passkey, nil
}

// next cuts the first parameter off a query.
func next(query string) (key, value, rest string) {
	pair, rest, _ := strings.Cut(query, "&")
	key, value, _ = strings.Cut(pair, "=")
	return key, value, rest
}

// exact unescapes a value that fills dst, to the byte. A plus is a plus: clients
// that escape a space so do not exist among those that send bytes.
func exact(dst []byte, value string, wrong error) error {
	n := 0
	for i := 0; i < len(value); i++ {
		c := value[i]
		if c == '%' {
			if i+2 >= len(value) {
				return ErrEscape
			}
			hi, lo := digit(value[i+1]), digit(value[i+2])
			if hi|lo > 15 {
				return ErrEscape
			}
			c = hi<<4 | lo
			i += 2
		}
		if n == len(dst) {
			return wrong
		}
		dst[n] = c
		n++
	}
	if n < len(dst) {
		return wrong
	}
	return nil
}

// digit reads a hexadecimal digit; more than 15 is none.
func digit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// amount reads a number of bytes. Some clients send more than 63 bits hold, or less
// than nothing: these are as much as there can be, and nothing.
func amount(value string) (int64, error) {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, ErrNumber
	}
	return max(n, 0), nil
}

func wanted(value string) (int, error) {
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, ErrNumber
	}
	if n < 0 {
		return Unsaid, nil
	}
	return int(n), nil
}

func event(value string) message.Event {
	for e := message.Completed; e <= message.Paused; e++ {
		if value == e.String() {
			return e
		}
	}
	return message.None
}
