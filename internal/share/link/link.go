// Package link reads and writes the links of shares.
//
//	https://HOST:PORT/private/<token>#s=<secret>&c=<pin>
//	https://HOST:PORT/private/<token>/<ticket>#s=<secret>&c=<pin>
//	https://HOST:PORT/public/<token>#c=<pin>
//	https://HOST:PORT/public/<token>/<share id>#c=<pin>
//
// The token opens the page, and is sent; a ticket is what it was redeemed for, for a
// while. What follows # is never sent: the secret, which
// joins the swarm, and the pin, SHA-256 of the SPKI of the certificate that the port
// shows, which is checked before anything is sent. Token, ticket and share id are 16 bytes,
// secret and pin 32, all in base64url without padding. See docs/protocols/share.md.
//
// A link is as secret as what it opens. No formatting verb and no log handler shows it:
// [Link.Text] does.
package link

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/share/record"
)

// Token is what opens a page: 16 random bytes.
type Token [16]byte

// NewToken draws a token.
func NewToken() (t Token) {
	_, _ = rand.Read(t[:]) // it never fails
	return t
}

// Text returns the token in base64url, 22 characters.
func (t Token) Text() string { return encode(t[:]) }

// ParseToken reads the text of a token; ok is false if it is none.
func ParseToken(text string) (t Token, ok bool) {
	return t, decode(text, t[:])
}

// String returns the same text for every token.
func (t Token) String() string { return "link.Token(redacted)" }

// Format writes String for every verb.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// LogValue hides the token from logs.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// Kind says what a link opens.
type Kind int

// The kinds of links.
const (
	Private Kind = iota + 1 // one share, for whoever has the link
	Public                  // all public shares of a node, or one of them
)

// What paths begin with.
const (
	PrivatePath = "/private/"
	PublicPath  = "/public/"
)

// Link is where a share is, and what is needed to fetch it.
type Link struct {
	Kind    Kind
	Address string // HOST:PORT
	Token   Token
	Ticket  Token       // of a private link that was redeemed; zero without
	Share   record.ID   // of a public link; zero for the list of all
	Secret  btls.Secret // of a private link
	Pin     [32]byte    // SHA-256 of the SPKI
}

// Page returns the address of the page, without what is never sent. It opens the page
// for whoever has it, and does not suffice to fetch a private share.
func (l *Link) Page() string {
	u := url.URL{Scheme: "https", Host: l.Address, Path: PrivatePath + l.Token.Text()}
	if l.Ticket != (Token{}) {
		u.Path += "/" + l.Ticket.Text()
	}
	if l.Kind == Public {
		if u.Path = PublicPath + l.Token.Text(); l.Share != (record.ID{}) {
			u.Path += "/" + l.Share.String()
		}
	}
	return u.String()
}

// Text returns the whole link.
func (l *Link) Text() string {
	if l.Kind == Public {
		return l.Page() + "#c=" + encode(l.Pin[:])
	}
	return l.Page() + "#s=" + encode(l.Secret[:]) + "&c=" + encode(l.Pin[:])
}

// String returns the same text for every link.
func (l Link) String() string { return "link.Link(redacted)" }

// Format writes String for every verb.
func (l Link) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, l.String()) }

// LogValue hides the link from logs.
func (l Link) LogValue() slog.Value { return slog.StringValue(l.String()) }

// Reasons why a text is no link.
var (
	ErrSyntax = errors.New("not the link of a share")
	// ErrCut reports a link without what follows #, or with a part of it alone: it was
	// not copied whole.
	ErrCut = errors.New("the end of the link is missing: copy all of it, with what follows #")
)

// maxText is how long a link is at most; a host name has 253 characters.
const maxText = 1000

// Is reports whether a text looks like the link of a share rather than like another
// address, whether it is whole or not.
func Is(text string) bool {
	l, err := page(text)
	return err == nil && l.Kind != 0
}

// Parse reads a link. The error matches ErrSyntax or ErrCut, and never has the text.
func Parse(text string) (Link, error) {
	l, err := page(text)
	if err != nil {
		return Link{}, err
	}
	_, fragment, _ := strings.Cut(text, "#")
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(fragment, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if seen[name] {
			return Link{}, ErrSyntax // two readers could disagree which one counts
		}
		seen[name] = true
		switch {
		case name == "s" && l.Kind == Private && !decode(value, l.Secret[:]),
			name == "c" && !decode(value, l.Pin[:]):
			return Link{}, ErrCut
		}
	}
	if !seen["c"] || l.Kind == Private && !seen["s"] {
		return Link{}, ErrCut
	}
	return l, nil
}

// page reads what comes before #.
func page(text string) (l Link, err error) {
	if len(text) > maxText {
		return l, ErrSyntax
	}
	before, _, _ := strings.Cut(text, "#")
	u, err := url.Parse(before)
	if err != nil || u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Opaque != "" || u.RawPath != "" {
		return l, ErrSyntax
	}
	if l.Address, err = address(u); err != nil {
		return l, err
	}
	rest, ok := strings.CutPrefix(u.Path, PrivatePath)
	if l.Kind = Private; !ok {
		if rest, ok = strings.CutPrefix(u.Path, PublicPath); !ok {
			return Link{}, ErrSyntax
		}
		l.Kind = Public
	}
	token, one, more := strings.Cut(rest, "/")
	if l.Token, ok = ParseToken(token); !ok {
		return Link{}, ErrSyntax
	}
	switch {
	case !more:
		return l, nil
	case l.Kind == Private:
		l.Ticket, ok = ParseToken(one)
		ok = ok && l.Ticket != (Token{})
	default:
		l.Share, err = record.ParseID(one)
		ok = err == nil && l.Share != (record.ID{})
	}
	if !ok {
		return Link{}, ErrSyntax
	}
	return l, nil
}

// address returns HOST:PORT of a URL, with the port that it means without one.
func address(u *url.URL) (string, error) {
	host, port := u.Hostname(), u.Port()
	if port == "" {
		port = "443"
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || host == "" || strings.ContainsAny(host, " %\\\"<>") {
		return "", ErrSyntax
	}
	for _, r := range host {
		if r <= ' ' || r >= 0x7f {
			return "", ErrSyntax
		}
	}
	return net.JoinHostPort(strings.ToLower(host), strconv.FormatUint(n, 10)), nil
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// decode fills into, and reports whether the text is the one text of so many bytes.
func decode(text string, into []byte) bool {
	if len(text) != base64.RawURLEncoding.EncodedLen(len(into)) {
		return false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != len(into) {
		return false
	}
	copy(into, b)
	return true
}
