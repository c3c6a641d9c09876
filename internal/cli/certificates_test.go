package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/warren-p2p/warren/btls/certificate"
	"github.com/warren-p2p/warren/btls/ssltorrent"
)

// certificates writes the certificate of an authority for a torrent, and those of
// peers, good and bad: certificates NAME.
func certificates(ts *testscript.TestScript, _ bool, args []string) {
	now := time.Now()
	authority := func() *ssltorrent.Authority {
		a, err := ssltorrent.NewAuthority("some set", now.Add(-time.Hour), time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC))
		ts.Check(err)
		return a
	}
	write := func(name string, b []byte) { ts.Check(os.WriteFile(filepath.Join(ts.MkAbs("."), name), b, 0o600)) }
	own, other := authority(), authority()
	write("authority.pem", []byte(own.SSLCert()))
	for file, c := range map[string]struct {
		from *ssltorrent.Authority
		name string
		ends time.Time
	}{
		"seed.pem":    {own, args[0], now.Add(time.Hour)},
		"get.pem":     {own, args[0], now.Add(time.Hour)},
		"foreign.pem": {other, args[0], now.Add(time.Hour)},
		"expired.pem": {own, args[0], now.Add(-time.Minute)},
		"other.pem":   {own, "another", now.Add(time.Hour)},
	} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		ts.Check(err)
		csr, err := ssltorrent.Request(key)
		ts.Check(err)
		der, err := c.from.Issue(csr, c.name, now.Add(-time.Hour), c.ends)
		ts.Check(err)
		pair, err := ssltorrent.Pair(der, key)
		ts.Check(err)
		b, err := certificate.MarshalPEM(pair)
		ts.Check(err)
		write(file, b)
	}
}
