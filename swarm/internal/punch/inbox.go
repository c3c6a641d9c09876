package punch

import (
	"errors"

	"github.com/warren-p2p/warren/peerwire/extension"
)

// maxMessages is how many messages about introductions a connection may carry:
// nobody has a reason to send as many.
const maxMessages = 10_000

// ErrFlood is what ends the connection of a peer that sends message after message.
var ErrFlood = errors.New("peer floods us with requests for introductions")

// An Inbox counts what a peer has said of introductions.
type Inbox struct{ n int }

// Read parses a message. The error is that of [extension.ParseHolepunch] or
// [ErrFlood].
func (in *Inbox) Read(msg []byte) (extension.Holepunch, error) {
	h, err := extension.ParseHolepunch(msg)
	if in.n++; err == nil && in.n > maxMessages {
		err = ErrFlood
	}
	return h, err
}
