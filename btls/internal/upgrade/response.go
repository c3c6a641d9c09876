package upgrade

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

// ReadResponse reads the server's answer and checks its proof. It returns the
// bytes that were read behind the answer: they belong to the peer wire.
func ReadResponse(r io.Reader, want [32]byte) ([]byte, error) {
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

// EncodeResponse returns the answer that switches to the peer wire. The cookie
// keeps the name the client gave it, as a refreshed session cookie does.
func EncodeResponse(key, cookie string, ps [32]byte) []byte {
	c := http.Cookie{Name: cookie, Value: encodeProof(ps), Path: "/", Secure: true, HttpOnly: true}
	return fmt.Appendf(nil, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\nSet-Cookie: %s\r\n\r\n", websocketAccept(key), c.String())
}

// websocketAccept is RFC 6455 section 4.2.2, item 5.4.
func websocketAccept(key string) string {
	h := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(h[:])
}
