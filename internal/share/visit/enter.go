package visit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/warren-p2p/warren/internal/share/link"
)

// Ticket is what a link was redeemed for.
type Ticket struct {
	Text string    // 16 bytes in base64url, as docs/protocols/share.md has it
	Ends time.Time // when it opens nothing any more
}

// How long a ticket is good, a little less than it is at the other end, and how many are
// remembered.
const (
	ticketLife = 23 * time.Hour
	maxTickets = 100
)

// enter returns the path below which the share is.
func (c *Client) enter(ctx context.Context, s *session, l *link.Link, a Ask) (string, error) {
	if t, ok := c.Ticket(l.Token); ok {
		base := link.PrivatePath + l.Token.Text() + "/" + t.Text
		way, err := s.way(ctx, base)
		if err == nil && way == "open" {
			return base, nil
		}
		if !errors.Is(err, ErrEnded) {
			return "", err
		}
		c.forget(l.Token)
	}
	if l.Ticket != (link.Token{}) { // the link is that of who has redeemed it already
		base := pathOf(l) + "/" + l.Ticket.Text()
		if way, err := s.way(ctx, base); err == nil && way == "open" {
			return base, nil
		} else if err != nil && !errors.Is(err, ErrEnded) {
			return "", err
		}
	}
	base := pathOf(l)
	way, err := s.way(ctx, base)
	switch {
	case err != nil:
		return "", err
	case way == "open":
		return base, nil
	case way == "list":
		return "", ErrList
	case l.Kind == link.Private && (way == "redeem" || way == "passphrase"):
	default:
		return "", fmt.Errorf("%w: it is had in a way that this version does not know", ErrAnswer)
	}
	if needs := way == "passphrase"; !a.Redeem || needs && a.Passphrase == "" {
		return "", &GuardedError{needs}
	}
	inner, err := s.redeem(ctx, base, a.Passphrase)
	if err != nil {
		return "", err
	}
	c.Remember(l.Token, Ticket{strings.TrimPrefix(inner, base+"/"), c.cfg.Clock.Now().Add(ticketLife)})
	return inner, nil
}

// pathOf returns the path of the page of a link.
func pathOf(l *link.Link) string {
	if l.Kind == link.Private {
		return link.PrivatePath + l.Token.Text()
	}
	return link.PublicPath + l.Token.Text() + "/" + l.Share.String()
}

// Ticket returns what a link was redeemed for, if that is good still.
func (c *Client) Ticket(t link.Token) (kept Ticket, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, ok = c.tickets[t]
	if ok && !c.cfg.Clock.Now().Before(kept.Ends) {
		delete(c.tickets, t)
		return Ticket{}, false
	}
	return kept, ok
}

func (c *Client) forget(t link.Token) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tickets, t)
}

// Remember keeps what a link was redeemed for. If there are too many, that which ends
// first goes.
func (c *Client) Remember(t link.Token, kept Ticket) {
	if _, ok := link.ParseToken(kept.Text); !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tickets[t] = kept
	if len(c.tickets) <= maxTickets {
		return
	}
	first := t
	for other, kept := range c.tickets {
		if kept.Ends.Before(c.tickets[first].Ends) {
			first = other
		}
	}
	delete(c.tickets, first)
}

// way says how a share is had: what the header of its page says.
func (s *session) way(ctx context.Context, base string) (string, error) {
	resp, err := s.do(ctx, http.MethodHead, base, nil)
	if err != nil {
		return "", err
	}
	_ = resp.Body.Close() // it is not read
	way := resp.Header.Get(header)
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable:
		return "", ErrBusy
	case resp.StatusCode != http.StatusOK || way == "":
		return "", ErrEnded
	}
	return way, nil
}

// redeem counts a use of a link, and returns the path that it opens.
func (s *session) redeem(ctx context.Context, base, passphrase string) (string, error) {
	resp, err := s.do(ctx, http.MethodPost, base, map[string][]string{"passphrase": {passphrase}})
	if err != nil {
		return "", err
	}
	_ = resp.Body.Close() // it is not read
	switch resp.StatusCode {
	case http.StatusSeeOther:
	case http.StatusForbidden:
		return "", ErrPassphrase
	case http.StatusTooManyRequests:
		return "", &WaitError{retryAfter(resp)}
	case http.StatusServiceUnavailable:
		return "", ErrBusy
	default:
		return "", ErrEnded
	}
	to := resp.Header.Get("Location")
	inner, ok := strings.CutPrefix(to, base+"/")
	if _, is := link.ParseToken(inner); !ok || !is {
		return "", fmt.Errorf("%w: it leads elsewhere", ErrAnswer)
	}
	return to, nil
}
