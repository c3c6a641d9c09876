package link_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
)

// Bytes 0x00.. as base64url without padding: of 16, and of 32.
const (
	text16 = "AAECAwQFBgcICQoLDA0ODw"
	text32 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
)

func bytes(into []byte) {
	for i := range into {
		into[i] = byte(i)
	}
}

// sample is a private link, or a public one to a share.
func sample(kind link.Kind) (l link.Link) {
	l.Kind, l.Address = kind, "example.org:6881"
	bytes(l.Token[:])
	bytes(l.Pin[:])
	if kind == link.Private {
		bytes(l.Secret[:])
	} else {
		bytes(l.Share[:])
	}
	return l
}

func TestText(t *testing.T) {
	private, one, all := sample(link.Private), sample(link.Public), sample(link.Public)
	all.Share = record.ID{}
	ticket := private
	bytes(ticket.Ticket[:])
	for text, l := range map[string]link.Link{
		"https://example.org:6881/private/" + text16 + "#s=" + text32 + "&c=" + text32:                private,
		"https://example.org:6881/private/" + text16 + "/" + text16 + "#s=" + text32 + "&c=" + text32: ticket,
		"https://example.org:6881/public/" + text16 + "/" + text16 + "#c=" + text32:                   one,
		"https://example.org:6881/public/" + text16 + "#c=" + text32:                                  all,
	} {
		if got := l.Text(); got != text {
			t.Errorf("got %s, want %s", got, text)
		}
		if got, err := link.Parse(text); err != nil || got.Text() != text || got.Kind != l.Kind {
			t.Errorf("%s: %v", text, err)
		}
		if page, _, _ := strings.Cut(text, "#"); page != l.Page() || !link.Is(page) || !link.Is(text) {
			t.Errorf("the page of %s is %s", text, l.Page())
		}
	}
}

func TestParse(t *testing.T) {
	const private = "https://h:1/private/" + text16
	for text, want := range map[string]error{
		private + "#s=" + text32 + "&c=" + text32:                                     nil,
		private + "#c=" + text32 + "&s=" + text32:                                     nil,
		private + "#c=" + text32 + "&s=" + text32 + "&later=x":                        nil,
		"HTTPS://h/private/" + text16 + "#s=" + text32 + "&c=" + text32:               nil,
		"https://[2001:db8::1]:9/private/" + text16 + "#s=" + text32 + "&c=" + text32: nil,
		private:                  link.ErrCut,
		private + "#":            link.ErrCut,
		private + "#s=" + text32: link.ErrCut,
		private + "#c=" + text32: link.ErrCut,
		private + "#s=" + text32 + "&c=" + text32[:42]:                         link.ErrCut,
		private + "#s=" + text32[:42] + "9&c=" + text32:                        link.ErrCut, // bits that belong to no byte
		private + "#s=" + text32[:20] + "\n" + text32[20:] + "&c=" + text32:    link.ErrCut,
		private + "#s=" + text32 + "&s=" + text32 + "&c=" + text32:             link.ErrSyntax,
		private + "/x#s=" + text32 + "&c=" + text32:                            link.ErrSyntax,
		private + "/" + text16 + "/record#s=" + text32 + "&c=" + text32:        link.ErrSyntax,
		private + "/AAAAAAAAAAAAAAAAAAAAAA#s=" + text32 + "&c=" + text32:       link.ErrSyntax,
		private + "?q#s=" + text32 + "&c=" + text32:                            link.ErrSyntax,
		private + "?#s=" + text32 + "&c=" + text32:                             link.ErrSyntax,
		private[:len(private)-1] + "#s=" + text32 + "&c=" + text32:             link.ErrSyntax,
		"https://h:1/public/" + text16 + "#s=" + text32:                        link.ErrCut,
		"https://h:1/public/" + text16 + "/#c=" + text32:                       link.ErrSyntax,
		"https://h:1/public/" + text16 + "/AAAAAAAAAAAAAAAAAAAAAA#c=" + text32: link.ErrSyntax,
		"https://h:1/public/" + text16 + "/x#c=" + text32:                      link.ErrSyntax,
		"http://h:1/private/" + text16 + "#s=" + text32 + "&c=" + text32:       link.ErrSyntax,
		"https://u@h:1/private/" + text16 + "#s=" + text32 + "&c=" + text32:    link.ErrSyntax,
		"https://h:0/private/" + text16 + "#s=" + text32 + "&c=" + text32:      link.ErrSyntax,
		"https://h:65536/private/" + text16 + "#s=" + text32 + "&c=" + text32:  link.ErrSyntax,
		"https://:1/private/" + text16 + "#s=" + text32 + "&c=" + text32:       link.ErrSyntax,
		"https://h:1/%70rivate/" + text16 + "#s=" + text32 + "&c=" + text32:    link.ErrSyntax,
		"https://h:1/other/" + text16 + "#s=" + text32 + "&c=" + text32:        link.ErrSyntax,
		"https:h/private/" + text16:                                            link.ErrSyntax,
		"magnet:?xt=urn:btih:" + text16:                                        link.ErrSyntax,
		"":                                                                     link.ErrSyntax,
		private + "#" + strings.Repeat("x", 1000):                              link.ErrSyntax,
	} {
		if _, err := link.Parse(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		} else if err != nil && strings.Contains(err.Error(), text16) {
			t.Errorf("the error has the link: %v", err)
		}
	}
}

// TestShownNowhere: what opens something is in no message and no log.
func TestShownNowhere(t *testing.T) {
	l := sample(link.Private)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "link", l, "token", l.Token, "pointer", &l)
	all := log.String() + fmt.Sprintf("%v %+v %#v %s %q %x %v %x %s", l, l, l, l, l, l, &l, l.Token, l.Token)
	for _, secret := range []string{text16, text32, "0001020304", "example.org"} {
		if strings.Contains(all, secret) {
			t.Errorf("%s is shown: %s", secret, all)
		}
	}
}

func TestTokensDiffer(t *testing.T) {
	a, b := link.NewToken(), link.NewToken()
	if a == b || a == (link.Token{}) {
		t.Error("two tokens are the same")
	}
	if got, ok := link.ParseToken(a.Text()); !ok || got != a {
		t.Error("the text of a token is not its text")
	}
}

func FuzzParse(f *testing.F) {
	for _, kind := range []link.Kind{link.Private, link.Public} {
		l := sample(kind)
		f.Add(l.Text())
	}
	f.Add("https://h/private/" + text16 + "#c=x&s=y")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := link.Parse(text)
		if err != nil {
			if l != (link.Link{}) {
				t.Error("something of what is refused is returned")
			}
			return
		}
		if l.Kind == link.Public && l.Secret != (btls.Secret{}) {
			t.Error("a public link has a secret")
		}
		again, err := link.Parse(l.Text())
		if err != nil || again != l {
			t.Errorf("%q is written as what is another link: %v", text, err)
		}
	})
}
