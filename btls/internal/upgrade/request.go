package upgrade

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/warren-p2p/warren/btls/hello"
)

// maxPadding is how many random bytes may follow a proof, so that the lengths
// of request and answer say nothing.
const maxPadding = 191

// Claim is what an upgrade request states before anything is verified.
type Claim struct {
	Tag    [16]byte
	Key    string // Sec-WebSocket-Key as sent, for the answer
	proofs []candidate
}

// A candidate is a cookie that is long enough to carry a proof.
type candidate struct {
	cookie string
	proof  [32]byte
}

// ParseClaim reads the tag and the possible proofs out of a request. It reports
// false for everything a peer would not send; such a request is a visitor's.
func ParseClaim(r *http.Request) (Claim, bool) {
	if r.Method != http.MethodGet || r.ProtoMajor != 1 || r.ProtoMinor < 1 || r.ContentLength != 0 {
		return Claim{}, false
	}
	if !hasToken(r.Header, "Upgrade", "websocket") || !hasToken(r.Header, "Connection", "upgrade") {
		return Claim{}, false
	}
	c := Claim{Key: r.Header.Get("Sec-WebSocket-Key")}
	tag, err := base64.StdEncoding.Strict().DecodeString(c.Key)
	if err != nil || len(tag) != len(c.Tag) {
		return Claim{}, false
	}
	c.Tag = [16]byte(tag)
	for _, ck := range r.Cookies() {
		if p, ok := decodeProof(ck.Value); ok {
			c.proofs = append(c.proofs, candidate{ck.Name, p})
		}
	}
	return c, len(c.proofs) > 0
}

// Match returns the cookie that carries want.
func (c Claim) Match(want [32]byte) (string, bool) {
	for _, p := range c.proofs {
		if hmac.Equal(p.proof[:], want[:]) {
			return p.cookie, true
		}
	}
	return "", false
}

// NewRequest returns the client's request. Path and cookie name are fresh.
func NewRequest(host string, tag [16]byte, pc [32]byte) hello.Request {
	return hello.Request{
		Host:   host,
		Path:   randomPath(),
		Cookie: randomName(1, 8) + "=" + encodeProof(pc),
		Key:    base64.StdEncoding.EncodeToString(tag[:]),
	}
}

func encodeProof(p [32]byte) string {
	b := make([]byte, len(p)+randomPadding())
	rand.Read(b[copy(b, p[:]):])
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodeProof(s string) (p [32]byte, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < len(p) {
		return p, false
	}
	return [32]byte(b[:len(p)]), true
}

func hasToken(h http.Header, name, token string) bool {
	for _, v := range h.Values(name) {
		for t := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(t), token) {
				return true
			}
		}
	}
	return false
}
