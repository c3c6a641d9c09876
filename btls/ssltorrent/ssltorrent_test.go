package ssltorrent

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNames(t *testing.T) {
	const name = "My film [2026].mkv"
	w := newWorld(t, name)
	for _, c := range []struct {
		common      []string
		alternative []string
		want        error
	}{
		{nil, []string{name}, nil},
		{nil, []string{"*"}, nil},
		{nil, []string{"other", name}, nil},
		{[]string{name}, nil, nil},
		{[]string{"*"}, nil, nil},
		{[]string{name}, []string{"other"}, nil},
		{[]string{"other", name}, nil, nil},
		{[]string{name, "other"}, nil, ErrName}, // the last one counts
		{nil, []string{"My film"}, ErrName},     // libtorrent takes a first part
		{nil, []string{name + ".torrent"}, ErrName},
		{nil, []string{strings.ToLower(name)}, ErrName},
		{nil, []string{"*.mkv"}, ErrName},
		{[]string{"My"}, nil, ErrName},
		{nil, nil, ErrName},
	} {
		err := w.torrent.Verify([]*x509.Certificate{w.leaf(c.common, c.alternative...)}, now)
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("CN %q, SAN %q: %v, want %v", c.common, c.alternative, err, c.want)
		}
	}
}

func TestVerify(t *testing.T) {
	w := newWorld(t, "set")
	other := newWorld(t, "set")
	soon, later := now.Add(time.Hour), now.AddDate(1, 0, 0)
	key := newKey(t)
	self, err := NewAuthority("set", now.Add(-time.Hour), later)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		own  tls.Certificate
		want error
	}{
		"good":         {w.good(), nil},
		"none":         {tls.Certificate{}, ErrNoCertificate},
		"without key":  {tls.Certificate{Certificate: w.good().Certificate}, ErrNoCertificate},
		"without leaf": {tls.Certificate{PrivateKey: key}, ErrNoCertificate},
		"foreign":      {other.good(), ErrForeign},
		"self-signed":  {self.pair, ErrForeign},
		"expired":      {w.issue("set", now.AddDate(-1, 0, 0), now.Add(-time.Second)), ErrTerm},
		"to come":      {w.issue("set", soon, later), ErrTerm},
		"wrong name":   {w.issue("seti", now.Add(-time.Hour), later), ErrName},
		"garbage":      {tls.Certificate{Certificate: [][]byte{{1, 2, 3}}, PrivateKey: key}, ErrForeign},
	} {
		if err := w.check(c.own); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// A chain by way of an intermediate authority leads to the root as well; a peer
// that holds a leaf is no authority.
func TestChain(t *testing.T) {
	w := newWorld(t, "set")
	between := newWorld(t, "set") // its authority is signed by w's
	for _, ca := range []bool{true, false} {
		tmpl := *between.auth.root
		tmpl.IsCA, tmpl.MaxPathLen = ca, -1
		der, err := x509.CreateCertificate(nil, &tmpl, w.auth.root, between.auth.root.PublicKey, w.auth.pair.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		own := between.good()
		own.Certificate = append(own.Certificate, der)
		if err := w.check(own); (err == nil) != ca || err != nil && !errors.Is(err, ErrForeign) {
			t.Errorf("authority %v: %v", ca, err)
		}
	}
}

func TestNew(t *testing.T) {
	auth := newWorld(t, "set").auth
	key, err := auth.MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	_, keyOnly, _ := strings.Cut(string(key), "-----END CERTIFICATE-----\n")
	for name, c := range map[string]struct {
		pem string
		ok  bool
	}{
		"certificate":      {auth.SSLCert(), true},
		"words before":     {"my authority\n" + auth.SSLCert(), true},
		"key before":       {keyOnly + auth.SSLCert(), true},
		"nothing":          {"", false},
		"words":            {"certificate", false},
		"key":              {keyOnly, false},
		"DER":              {string(auth.root.Raw), false},
		"empty":            {string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE"})), false},
		"garbage":          {string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("certificate")})), false},
		"cut short":        {auth.SSLCert()[:200], false},
		"the second is it": {string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte{1}})) + auth.SSLCert(), false},
	} {
		got, err := New("set", c.pem)
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrNoRoot) {
			t.Errorf("%s: %v", name, err)
		}
		if c.ok && !got.Root().Equal(auth.root) {
			t.Errorf("%s: another root", name)
		}
	}
}

func TestServerNames(t *testing.T) {
	hash := [20]byte{0xaf, 1, 19: 0xff}
	name := ServerName(hash)
	for _, c := range []struct {
		name string
		ok   bool
	}{
		{name, true}, {name + ".example.com", true}, {strings.ToUpper(name), true},
		{name[:39], false}, {name[:39] + "g", false}, {"", false}, {"www." + name, false},
	} {
		if got, ok := InfoHash(c.name); ok != c.ok || ok && got != hash {
			t.Errorf("%q: %x, %v", c.name, got, ok)
		}
	}
}
