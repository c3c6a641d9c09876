// Package papers holds the flag for the certificate that a node shows to the peers
// of SSL torrents, and reads certificates from files.
package papers

import (
	"crypto/tls"
	"errors"
	"fmt"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/ssltorrent"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// maxSize bounds what is read: a chain of certificates is a few kilobytes.
const maxSize = 1 << 20

// Flags are what the user says.
type Flags struct {
	Certificate string `placeholder:"FILE" help:"For SSL torrents: the certificate to show to peers, as PEM with its private key and what leads to the torrent's authority."`
}

// Needed reports whether peers of a torrent show certificates; m may be nil.
func Needed(m *metainfo.Torrent) bool { return m != nil && m.Info.SSLCert != "" }

// Describe says who the peers of an SSL torrent are, "" of others.
func Describe(in *metainfo.Info) string {
	if in.SSLCert == "" {
		return ""
	}
	t, err := ssltorrent.New(in.Name, in.SSLCert)
	if err != nil {
		return "none: it is an SSL torrent, and " + err.Error()
	}
	return fmt.Sprintf("who has a certificate of %q, until %s (SSL torrent)", t.Root().Subject, t.Root().NotAfter.UTC().Format("2006-01-02"))
}

// Advice is what a command line that fetches a torrent needs beside other flags.
func Advice(m *metainfo.Torrent) string {
	if !Needed(m) {
		return ""
	}
	return " --certificate FILE"
}

// Show gives a torrent the certificate if its peers want to see one, and says what
// others can see then.
func (f *Flags) Show(c *console.Console, opts *swarm.Options) error {
	if !Needed(opts.Metainfo) {
		if f.Certificate != "" {
			c.Warn("--certificate is not used: what it is given with is no SSL torrent")
		}
		return nil
	}
	name := words.Plain(opts.Metainfo.Info.Name)
	switch {
	case f.Certificate != "":
		own, err := read(f.Certificate)
		if err != nil {
			return err
		}
		opts.Certificate = &own
	case opts.Certificate == nil: // none was got by enrolling
		return fmt.Errorf("%q is an SSL torrent: %w: ask who shares it for a certificate, and give it with --certificate",
			name, ssltorrent.ErrNoCertificate)
	}
	c.Warn("%q is an SSL torrent: what is sent is secret, but each connection begins with its info-hash in clear. "+
		"Whoever watches the network sees which torrent this is.", name)
	return nil
}

func read(path string) (own tls.Certificate, err error) {
	text, err := readText(path)
	if err == nil {
		own, err = certificate.ParsePEM([]byte(text))
	}
	if err != nil {
		return own, fmt.Errorf("read certificate %s: %w", words.Plain(path), console.Cause(err))
	}
	return own, nil
}

// Authority reads the certificate of the authority of an SSL torrent to be made.
func Authority(path string) (string, error) {
	text, err := readText(path)
	if err == nil {
		_, err = ssltorrent.New("", text)
	}
	if err != nil {
		return "", fmt.Errorf("read the authority's certificate %s: %w", words.Plain(path), console.Cause(err))
	}
	return text, nil
}

// readText reads a file that holds certificates.
func readText(path string) (text string, err error) {
	if path == "" {
		return "", console.Usage("the path of a certificate is empty")
	}
	dir, name, err := vfs.OpenPath(path)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	info, err := dir.Stat(name)
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", errors.New("it is not a regular file")
	case info.Size() > maxSize:
		return "", fmt.Errorf("it has %d bytes, certificates have a few thousand", info.Size())
	}
	b, err := vfs.ReadFile(dir, name)
	return string(b), err
}
