package btls

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// maxPadding is how many random bytes may follow a proof, so that the lengths
// of request and answer say nothing.
const maxPadding = 191

// claim is what an upgrade request states before anything is verified.
type claim struct {
	tag    Tag
	key    string // Sec-WebSocket-Key as sent, for the answer
	proofs []candidate
}

// A candidate is a cookie that is long enough to carry a proof.
type candidate struct {
	cookie string
	proof  Proof
}

// parseClaim reads the tag and the possible proofs out of a request. It reports
// false for everything a peer would not send; such a request is a visitor's.
func parseClaim(r *http.Request) (claim, bool) {
	if r.Method != http.MethodGet || r.ProtoMajor != 1 || r.ProtoMinor < 1 || r.ContentLength != 0 {
		return claim{}, false
	}
	if !hasToken(r.Header, "Upgrade", "websocket") || !hasToken(r.Header, "Connection", "upgrade") {
		return claim{}, false
	}
	c := claim{key: r.Header.Get("Sec-WebSocket-Key")}
	tag, err := base64.StdEncoding.Strict().DecodeString(c.key)
	if err != nil || len(tag) != len(c.tag) {
		return claim{}, false
	}
	c.tag = Tag(tag)
	for _, ck := range r.Cookies() {
		if p, ok := decodeProof(ck.Value); ok {
			c.proofs = append(c.proofs, candidate{ck.Name, p})
		}
	}
	return c, len(c.proofs) > 0
}

// match returns the cookie that carries want.
func (c claim) match(want Proof) (string, bool) {
	for _, p := range c.proofs {
		if hmac.Equal(p.proof[:], want[:]) {
			return p.cookie, true
		}
	}
	return "", false
}

// encodeRequest writes the client's request as Go's own HTTP client would
// write a WebSocket request, which is what the client hello looks like too.
// Path and cookie name are fresh.
func encodeRequest(host string, tag Tag, pc Proof) ([]byte, error) {
	r := &http.Request{
		Method: http.MethodGet, Host: host, URL: &url.URL{Path: randomPath()},
		ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Connection":            {"Upgrade"},
			"Cookie":                {randomName(1, 8) + "=" + encodeProof(pc)},
			"Sec-WebSocket-Key":     {base64.StdEncoding.EncodeToString(tag[:])},
			"Sec-WebSocket-Version": {"13"},
			"Upgrade":               {"websocket"},
		},
	}
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		return nil, fmt.Errorf("btls: write request: %w", err)
	}
	return b.Bytes(), nil
}

// exporter returns X. It fails on connections that a proof cannot be bound to.
func exporter(st *tls.ConnectionState) ([32]byte, error) { return export(st, exporterLabel) }

func export(st *tls.ConnectionState, label string) (x [32]byte, err error) {
	if st.Version != tls.VersionTLS13 {
		return x, ErrVersion
	}
	b, err := st.ExportKeyingMaterial(label, nil, len(x))
	if err != nil {
		return x, fmt.Errorf("btls: export keying material: %w", err)
	}
	return [32]byte(b), nil
}

func encodeProof(p Proof) string {
	b := make([]byte, len(p)+randomPadding())
	rand.Read(b[copy(b, p[:]):])
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodeProof(s string) (p Proof, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < len(p) {
		return p, false
	}
	return Proof(b[:len(p)]), true
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
