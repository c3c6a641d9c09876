package gate

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"time"
)

const cookieLife = 30 * 24 * time.Hour

// A cookie is its end in Unix seconds (8 bytes), 16 random bytes, and HMAC-SHA-256 of
// both under a key that only the owner's key leads to: nothing has to be remembered,
// and with another owner's key all cookies are void.
const (
	nonceSize  = 16
	cookieSize = 8 + nonceSize + sha256.Size
)

// cookieName differs from node to node: browsers do not tell the ports of a machine
// apart when they send cookies.
func (g *Gate) cookieName() string {
	return "warren-" + base64.RawURLEncoding.EncodeToString(g.mac("name"))[:10]
}

func (g *Gate) mac(purpose string, parts ...[]byte) []byte {
	m := hmac.New(sha256.New, []byte(g.cfg.Key.Text()))
	m.Write([]byte("warren management " + purpose + "\x00"))
	for _, p := range parts {
		m.Write(p)
	}
	return m.Sum(nil)
}

func (g *Gate) newCookie(now time.Time) *http.Cookie {
	b := binary.BigEndian.AppendUint64(nil, uint64(now.Add(cookieLife).Unix()))
	b = append(b, make([]byte, nonceSize)...)
	_, _ = rand.Read(b[8:]) // it does not fail
	b = append(b, g.mac("cookie", b)...)
	return &http.Cookie{
		Name: g.cookieName(), Value: base64.RawURLEncoding.EncodeToString(b), Path: "/",
		MaxAge: int(cookieLife / time.Second), HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// cookie returns the value of the owner's cookie in a request, "" if there is none that
// is good.
func (g *Gate) cookie(r *http.Request, now time.Time) string {
	for _, c := range r.CookiesNamed(g.cookieName()) {
		b, err := base64.RawURLEncoding.Strict().DecodeString(c.Value)
		if err != nil || len(b) != cookieSize {
			continue
		}
		signed, mac := b[:8+nonceSize], b[8+nonceSize:]
		if hmac.Equal(mac, g.mac("cookie", signed)) && now.Unix() < int64(binary.BigEndian.Uint64(signed)) {
			return c.Value
		}
	}
	return ""
}

// CSRF returns what a page that the owner's browser shows must send along to change
// something: as the header X-CSRF-Token, or as the field csrf of a form. It is "" for
// requests without the cookie.
func (g *Gate) CSRF(r *http.Request) string {
	value := g.cookie(r, g.cfg.Clock.Now())
	if value == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(g.mac("csrf", []byte(value)))
}
