// Package access holds the flags that say who may join a torrent, and gives
// torrents what those demand.
package access

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/btls/passphrase"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
)

// variable holds the passphrase where it would be seen on a command line.
const variable = "WARREN_PASSPHRASE"

// Grant is what who shares says.
type Grant struct {
	Level      string `enum:"basic,strict,full-strict" default:"basic" help:"Who may join: whoever knows the info-hash (basic), only who has the link or torrent file that is made now (strict), or only who has that and is admitted by you (full-strict)."`
	Compatible bool   `help:"With --level full-strict: make an SSL torrent, as libtorrent has them, so that other clients can join. Whoever watches the network sees then which torrent it is."`
	Passphrase bool   `help:"With --level strict: draw a passphrase, which is told and is in neither the link nor the torrent file, and let in who has it."`
}

// Check refuses what cannot be meant.
func (g *Grant) Check(tls string) error {
	switch {
	case g.Passphrase && g.Level != "strict":
		return console.Usage("--passphrase is for --level strict")
	case g.Compatible && g.Level != "full-strict":
		return console.Usage("--compatible is for --level full-strict")
	case g.Level != "basic" && tls == "off":
		return console.Usage("--level %s is a promise that TLS keeps: do without --tls off", g.Level)
	}
	return nil
}

// Terms are how a torrent is joined.
type Terms struct {
	Level  btls.Level
	Phrase string       // "" if there is none
	Secret *btls.Secret // of the phrase
}

// Settle makes a torrent demand what the user wants, and returns the terms. before
// is where it was written when it was shared the last time, if it was: what it
// demanded then it demands again, so that links stay good. A phrase is kept in dir.
func (g *Grant) Settle(m *metainfo.Torrent, before string, dir vfs.FS, getenv func(string) string) (*Terms, error) {
	given := m.TLS != nil
	switch {
	case m.Info.SSLCert != "" && g.Level == "strict":
		return nil, console.Usage("--level strict: this is an SSL torrent, which shows its info-hash to all")
	case given && g.Level != "basic" && btls.Level(m.TLS.Level).String() != g.Level:
		return nil, console.Usage("--level %s: the torrent itself says %s", g.Level, btls.Level(m.TLS.Level))
	case given || g.Level == "basic":
	default:
		if m.TLS = g.before(m, before); m.TLS == nil {
			if err := g.demand(m, dir); err != nil {
				return nil, err
			}
		}
	}
	if m.TLS == nil || m.TLS.Argon2id == nil {
		return termsOf(m), nil
	}
	phrase, err := kept(dir, m)
	if err != nil {
		return nil, err
	}
	if phrase == "" || given && getenv(variable) != "" {
		phrase = getenv(variable)
	}
	return open(m, phrase)
}

func termsOf(m *metainfo.Torrent) *Terms {
	if m.TLS == nil {
		return &Terms{}
	}
	return &Terms{Level: btls.Level(m.TLS.Level)}
}

// before returns what a torrent demanded when it was written to a file, if that is
// what the user wants.
func (g *Grant) before(m *metainfo.Torrent, file string) *metainfo.TLS {
	was, err := torrentfile.Read(file)
	if err != nil || was.Hashes() != m.Hashes() || was.TLS == nil { // most often there is none
		return nil
	}
	if t := was.TLS; btls.Level(t.Level).String() == g.Level && g.Passphrase == (t.Argon2id != nil) {
		return t
	}
	return nil
}

// demand makes a torrent demand a fresh secret.
func (g *Grant) demand(m *metainfo.Torrent, dir vfs.FS) error {
	m.TLS = &metainfo.TLS{Level: metainfo.TLSStrict}
	if g.Level == "full-strict" {
		m.TLS.Level = metainfo.TLSFullStrict
	}
	if !g.Passphrase {
		m.TLS.Secret = make([]byte, len(btls.Secret{}))
		_, _ = rand.Read(m.TLS.Secret) // never fails: crypto/rand
		return nil
	}
	phrase, p := passphrase.New()
	m.TLS.Argon2id = &metainfo.Argon2id{Memory: p.Memory, Passes: p.Passes, Lanes: p.Lanes, Salt: p.Salt[:]}
	if err := vfs.WriteFileAtomic(dir, phraseFile(m), []byte(phrase+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the passphrase: %w", console.Cause(err))
	}
	return nil
}

// phraseFile is where the phrase of a torrent is kept, beside its state.
func phraseFile(m *metainfo.Torrent) string {
	h := m.Hashes()
	if h.HasV2 {
		return h.V2.String() + ".passphrase"
	}
	return h.V1.String() + ".passphrase"
}

// kept returns the phrase of a torrent, "" if none is kept.
func kept(dir vfs.FS, m *metainfo.Torrent) (string, error) {
	b, err := vfs.ReadFile(dir, phraseFile(m))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the passphrase: %w", console.Cause(err))
	}
	return strings.TrimSpace(string(b)), nil
}

// Key is what who fetches says.
type Key struct {
	Passphrase string `env:"WARREN_PASSPHRASE" placeholder:"WORDS" help:"The passphrase of a torrent that is opened by one. In the environment, as WARREN_PASSPHRASE, other users of this machine do not see it."`
}

// Secret returns what opens a torrent or link with these demands, nil if no
// passphrase does.
func (k *Key) Secret(t *metainfo.TLS) (*btls.Secret, error) {
	if t == nil || t.Argon2id == nil {
		return nil, nil
	}
	terms, err := open(&metainfo.Torrent{TLS: t}, k.Passphrase)
	if err != nil {
		return nil, err
	}
	return terms.Secret, nil
}

// open makes the secret of a phrase.
func open(m *metainfo.Torrent, phrase string) (*Terms, error) {
	if phrase == "" {
		return nil, errors.New("the torrent is opened by a passphrase: " +
			"ask who shares it, and give it in " + variable + " or with --passphrase")
	}
	a := m.TLS.Argon2id
	s, err := passphrase.Secret(phrase, passphrase.Params{Memory: a.Memory, Passes: a.Passes, Lanes: a.Lanes, Salt: [16]byte(a.Salt)})
	if err != nil {
		return nil, fmt.Errorf("open the torrent: %w", err)
	}
	terms := termsOf(m)
	terms.Phrase, terms.Secret = phrase, &s
	return terms, nil
}

// Say tells how the torrent is joined, if that is not by its info-hash alone.
func (t *Terms) Say(c *console.Console) {
	switch {
	case t.Level == btls.Basic:
		return
	case t.Level == btls.FullStrict:
		c.Say("  level    %v: who has enrolled with an invitation; the link holds one", t.Level)
	case t.Phrase != "":
		c.Say("  level    %v: who has the link or the torrent file, and the passphrase", t.Level)
		c.Say("  phrase   %s", t.Phrase)
	default:
		c.Say("  level    %v: who has this link or torrent file, and nobody else", t.Level)
	}
}
