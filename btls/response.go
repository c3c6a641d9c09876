package btls

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
)

// maxResponse bounds what a client reads before it has seen the end of the
// answer's header.
const maxResponse = 16 << 10

// NotPeerError is the answer of a server that stayed a website.
type NotPeerError struct {
	Status int // HTTP status code
}

// Error describes the answer.
func (e *NotPeerError) Error() string {
	return fmt.Sprintf("btls: %v: HTTP status %d", ErrNotPeer, e.Status)
}

// Is makes every NotPeerError match ErrNotPeer.
func (e *NotPeerError) Is(target error) bool { return target == ErrNotPeer }

// readResponse reads the server's answer and checks its proof. It returns the
// bytes that were read behind the answer: they belong to the peer wire.
func readResponse(r io.Reader, want Proof) ([]byte, error) {
	br := bufio.NewReader(&io.LimitedReader{R: r, N: maxResponse})
	resp, err := http.ReadResponse(br, nil)
	if err != nil {
		return nil, fmt.Errorf("btls: read answer: %w", err)
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		return nil, &NotPeerError{Status: resp.StatusCode}
	}
	for _, c := range resp.Cookies() {
		if p, ok := decodeProof(c.Value); ok && hmac.Equal(p[:], want[:]) {
			behind, _ := br.Peek(br.Buffered())
			return append([]byte(nil), behind...), nil
		}
	}
	return nil, fmt.Errorf("btls: check answer: %w", ErrProof)
}

// encodeResponse returns the answer that switches to the peer wire. The cookie
// keeps the name the client gave it, as a refreshed session cookie does.
func encodeResponse(key, cookie string, ps Proof) []byte {
	c := http.Cookie{Name: cookie, Value: encodeProof(ps), Path: "/", Secure: true, HttpOnly: true}
	return fmt.Appendf(nil, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\nSet-Cookie: %s\r\n\r\n", websocketAccept(key), c.String())
}

// websocketAccept is RFC 6455 section 4.2.2, item 5.4.
func websocketAccept(key string) string {
	h := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(h[:])
}
