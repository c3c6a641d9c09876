package operation

import (
	"context"
	"net/url"
	"strings"

	"github.com/warren-p2p/warren/internal/access"
)

// Trusted reports whether whoever asks may see keys in URLs: who may change these.
func Trusted(ctx context.Context) bool {
	p, ok := access.From(ctx)
	return ok && p.May(access.Settings)
}

// Shown returns what of a text whoever asks may see. Of a URL that is the host alone:
// what follows may be a key by which a server knows the user.
func Shown(ctx context.Context, text string) string {
	if Trusted(ctx) || !strings.Contains(text, "://") {
		return text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return "…"
	}
	return u.Scheme + "://" + u.Host + "/…"
}
