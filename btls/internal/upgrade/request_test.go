package upgrade

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/warren-p2p/warren/btls/hello"
)

var (
	someTag   = [16]byte{1, 2, 3}
	someProof = [32]byte{9, 8, 7}
	tagText   = base64.StdEncoding.EncodeToString(someTag[:])
	proofText = base64.RawURLEncoding.EncodeToString(someProof[:])
)

func parse(t testing.TB, text string) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
	if err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return r
}

func TestParseClaim(t *testing.T) {
	good := "GET /x HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n" +
		"Sec-WebSocket-Key: " + tagText + "\r\nCookie: lang=en; s=" + proofText + "\r\n\r\n"
	for _, c := range []struct {
		name, old, new string
		want           bool
	}{
		{"as a browser sends it", "", "", true},
		{"any cookie name", " s=", " other=", true},
		{"padding behind the proof", proofText, proofText + "AAAA", true},
		{"two possible proofs", "lang=en", "lang=" + strings.Repeat("A", 43), true},
		{"HTTP/1.0", "HTTP/1.1", "HTTP/1.0", false},
		{"not GET", "GET", "PUT", false},
		{"no upgrade", "Upgrade: WebSocket\r\n", "", false},
		{"connection not upgraded", "keep-alive, Upgrade", "keep-alive", false},
		{"other protocol", "WebSocket\r\n", "h2c\r\n", false},
		{"body", "Host: h\r\n", "Host: h\r\nContent-Length: 3\r\n", false},
		{"chunked body", "Host: h\r\n", "Host: h\r\nTransfer-Encoding: chunked\r\n", false},
		{"tag too short", tagText, tagText[:20] + "A=", false},
		{"tag not base64", tagText, "!" + tagText[1:], false},
		{"tag not canonical", tagText, tagText[:21] + "B==", false},
		{"no tag", "Sec-WebSocket-Key: " + tagText + "\r\n", "", false},
		{"no cookie", "Cookie: lang=en; s=" + proofText + "\r\n", "", false},
		{"proof too short", proofText, proofText[:42], false},
		{"proof not base64url", proofText, "+" + proofText[1:], false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := ParseClaim(parse(t, strings.Replace(good, c.old, c.new, 1)))
			if ok != c.want {
				t.Fatalf("accepted: %v", ok)
			}
			if !ok {
				return
			}
			if got.Tag != someTag {
				t.Errorf("tag %x", got.Tag)
			}
			if _, ok := got.Match(someProof); !ok {
				t.Error("proof not found")
			}
			if _, ok := got.Match([32]byte{1}); ok {
				t.Error("another proof found")
			}
		})
	}
}

// What a client writes a server reads, and both answers likewise; and no two
// requests share path, cookie name or length.
func TestRequestRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var tag [16]byte
		var pc, ps [32]byte
		for _, b := range [][]byte{tag[:], pc[:], ps[:]} {
			copy(b, rapid.SliceOfN(rapid.Byte(), len(b), len(b)).Draw(r, "bytes"))
		}
		behind := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(r, "behind")
		req, err := goRequest("peer.example:51413", tag, pc)
		if err != nil {
			r.Fatal(err)
		}
		c, ok := ParseClaim(parse(t, string(req)))
		if !ok || c.Tag != tag {
			r.Fatalf("not understood: %q", req)
		}
		cookie, ok := c.Match(pc)
		if !ok {
			r.Fatalf("proof not found: %q", req)
		}
		resp := EncodeResponse(c.Key, cookie, ps)
		got, err := ReadResponse(bytes.NewReader(append(resp, behind...)), ps)
		if err != nil || !bytes.Equal(got, behind) {
			r.Fatalf("%q, %v; want %q", got, err, behind)
		}
		ps[0]++
		if _, err := ReadResponse(bytes.NewReader(resp), ps); !errors.Is(err, ErrProof) {
			r.Fatalf("wrong proof: %v", err)
		}
	})
}

func TestRequestsAreFresh(t *testing.T) {
	paths, cookies, lengths := map[string]bool{}, map[string]bool{}, map[int]bool{}
	for range 200 {
		b, err := goRequest("h", someTag, someProof)
		if err != nil {
			t.Fatal(err)
		}
		r := parse(t, string(b))
		paths[r.URL.Path] = true
		cookies[r.Cookies()[0].Name] = true
		lengths[len(r.Cookies()[0].Value)] = true
		if n := len(r.Cookies()[0].Value); n < 43 || n > base64.RawURLEncoding.EncodedLen(32+maxPadding) {
			t.Errorf("cookie of %d characters", n)
		}
	}
	if len(paths) < 190 || len(cookies) < 120 || len(lengths) < 60 {
		t.Errorf("200 requests have %d paths, %d cookie names, %d lengths", len(paths), len(cookies), len(lengths))
	}
}

func TestReadResponse(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       error
		status     int
	}{
		{"website", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ErrNotPeer, 200},
		{"no such page", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", ErrNotPeer, 404},
		{"no cookie", "HTTP/1.1 101 Switching Protocols\r\n\r\n", ErrProof, 0},
		{"short proof", "HTTP/1.1 101 S\r\nSet-Cookie: s=" + proofText[:42] + "\r\n\r\n", ErrProof, 0},
		{"second cookie", "HTTP/1.1 101 S\r\nSet-Cookie: a=b\r\nSet-Cookie: s=" + proofText + "\r\n\r\n", nil, 0},
		{"RFC 6455 example", "HTTP/1.1 101 S\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSet-Cookie: s=" + proofText + "; Path=/\r\n\r\n", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadResponse(strings.NewReader(c.text), someProof)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			var np *NotPeerError
			if errors.As(err, &np) && np.Status != c.status {
				t.Errorf("status %d, want %d", np.Status, c.status)
			}
		})
	}
}

// A server that never ends its header cannot make a client read for ever.
func TestReadResponseIsBounded(t *testing.T) {
	e := &endless{}
	if _, err := ReadResponse(e, someProof); err == nil {
		t.Fatal("accepted")
	}
	if e.given > maxResponse {
		t.Errorf("read %d bytes", e.given)
	}
}

type endless struct{ given int }

func (e *endless) Read(p []byte) (int, error) {
	if e.given == 0 {
		e.given = copy(p, "HTTP/1.1 101 S\r\nA: ")
		return e.given, nil
	}
	for i := range p {
		p[i] = 'a'
	}
	e.given += len(p)
	return len(p), nil
}

func TestWebSocketAccept(t *testing.T) { // RFC 6455 section 1.3
	if got := websocketAccept("dGhlIHNhbXBsZSBub25jZQ=="); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Error(got)
	}
}

func FuzzRequest(f *testing.F) {
	req, err := goRequest("h", someTag, someProof)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(req)
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
		if err != nil {
			return
		}
		c, ok := ParseClaim(r)
		if !ok {
			return
		}
		if len(c.proofs) == 0 {
			t.Fatal("claim without a proof")
		}
		if base64.StdEncoding.EncodeToString(c.Tag[:]) != c.Key {
			t.Fatalf("tag %x from %q", c.Tag, c.Key)
		}
		for _, p := range c.proofs {
			resp := EncodeResponse(c.Key, p.cookie, p.proof)
			if _, err := ReadResponse(bytes.NewReader(resp), p.proof); err != nil {
				t.Fatalf("%v in %q", err, resp)
			}
		}
	})
}

func FuzzResponse(f *testing.F) {
	f.Add(EncodeResponse(tagText, "s", someProof))
	f.Fuzz(func(t *testing.T, b []byte) {
		behind, err := ReadResponse(bytes.NewReader(b), someProof)
		if err != nil {
			return
		}
		if !bytes.HasSuffix(b, behind) {
			t.Fatalf("%q is not the end of %q", behind, b)
		}
		if !bytes.Contains(b, []byte(proofText[:42])) {
			t.Fatalf("accepted without the proof: %q", b)
		}
	})
}

// goRequest is the request of a client that looks like Go.
func goRequest(host string, tag [16]byte, pc [32]byte) ([]byte, error) {
	return hello.Go{}.Request(NewRequest(host, tag, pc))
}
