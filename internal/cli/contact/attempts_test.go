package contact_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/btls/enrol/keeper"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/cli/contact"
	"github.com/warren-p2p/warren/swarm"
)

// try is what the engine logs about an attempt.
type try struct {
	kind string
	err  error
}

func TestAttempts(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	silent := &net.OpError{Op: "dial", Err: context.DeadlineExceeded}
	website := fmt.Errorf("btls: dial: %w", btls.ErrNotPeer)
	eof := fmt.Errorf("btls: TLS handshake: %w", io.EOF)
	for name, c := range map[string]struct {
		addresses int
		tlsOnly   bool
		tries     []try
		told      bool
		short     string
		advice    string // part of it
	}{
		"nobody there":                {1, false, []try{{"tls", refused}}, true, "connection refused", "firewall"},
		"no answer":                   {1, false, []try{{"tls", silent}}, true, "no answer", "firewall"},
		"one of two is not there":     {2, false, []try{{"tls", refused}}, false, "connection refused", "firewall"},
		"neither is there":            {2, false, []try{{"tls", refused}, {"tls", silent}}, true, "no answer", "firewall"},
		"no TLS, the rest comes":      {1, false, []try{{"tls", eof}}, false, "it answers, but not over TLS", "prefer"},
		"no TLS, then MSE works":      {1, false, []try{{"tls", eof}, {"mse", nil}}, false, "", ""},
		"no TLS where it is required": {1, true, []try{{"tls", eof}}, true, "it answers, but not over TLS", "fetch with --tls prefer"},
		"website, required":           {1, true, []try{{"tls", website}}, true, "it answers, but does not offer this torrent over TLS", "shared"},
		"another key": {1, false, []try{{"tls", fmt.Errorf("btls: TLS handshake: %w", btls.ErrPin)}}, true,
			"it answers with another key than the link says, or than it has had", "in between"},
		"its certificate": {1, true, []try{{"tls", fmt.Errorf("btls: TLS handshake: %w", ssltorrent.ErrTerm)}}, true,
			"its certificate does not hold", "expired"},
		"our certificate": {1, true, []try{{"tls", fmt.Errorf("exchange handshakes: %w", btls.ErrAlert)}}, true,
			"it answers over TLS, and refuses us", "our certificate"},
		"not admitted": {1, true, []try{{"tls", fmt.Errorf("exchange handshakes: %w", swarm.ErrNotAdmitted)}}, true,
			"it answers, and does not take our credential", "revoked"},
		"our credential": {1, true, []try{{"tls", fmt.Errorf("exchange credentials: %w: %w", keeper.ErrOurs, credential.ErrExpired)}}, true,
			"it answers, and does not take our credential", "expired"},
		"its credential": {1, true, []try{{"tls", fmt.Errorf("exchange credentials: %w", credential.ErrAuthority)}}, true,
			"its credential does not hold", "never admitted"},
		"alert": {1, false, []try{{"tls", fmt.Errorf("btls: TLS handshake: %w", &net.OpError{Op: "remote error", Err: io.EOF})}}, false,
			"it answers over TLS, and refuses us", "our certificate"},
		"all kinds fail": {1, false, []try{{"tls", website}, {"mse", io.EOF}, {"plain", io.EOF}}, true,
			"it answers, but does not offer this torrent", "very torrent"},
		"two of three kinds fail": {1, false, []try{{"tls", website}, {"mse", io.EOF}}, false,
			"it answers, but does not offer this torrent", "very torrent"},
	} {
		c.tries = append(c.tries, try{"tls", fmt.Errorf("dial: %w", swarm.ErrOurself)}) // says nothing
		told := false
		a := contact.NewAttempts(c.addresses, c.tlsOnly, func() { told = true })
		log := slog.New(a)
		for _, try := range c.tries {
			log.Debug("dialled", "peer", "192.0.2.0/24", "kind", try.kind, "err", try.err)
		}
		log.Debug("peer left", "kind", "tls", "err", errors.New("another matter"))
		if why := a.Why(); told != c.told || why.Short != c.short || !strings.Contains(why.Advice, c.advice) {
			t.Errorf("%s: told %v, %+v", name, told, why)
		}
	}
}
