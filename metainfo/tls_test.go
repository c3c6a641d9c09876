package metainfo_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/warren-p2p/warren/metainfo"
)

func secret(n int) string { return strings.Repeat("s", n) }

func argon2id(edit func(dict)) dict {
	d := dict{"m": 65536, "p": 4, "s": secret(16), "t": 3}
	edit(d)
	return d
}

// What a torrent demands is read, kept to the byte, and no part of the info-hash.
func TestTLS(t *testing.T) {
	for name, c := range map[string]struct {
		in   dict
		want metainfo.TLS
	}{
		"basic":  {dict{"level": 0}, metainfo.TLS{}},
		"strict": {dict{"level": 1, "secret": secret(32)}, metainfo.TLS{Level: metainfo.TLSStrict, Secret: []byte(secret(32))}},
		"passphrase": {dict{"level": 1, "argon2id": argon2id(none)}, metainfo.TLS{
			Level: metainfo.TLSStrict, Argon2id: &metainfo.Argon2id{Memory: 65536, Passes: 3, Lanes: 4, Salt: []byte(secret(16))},
		}},
		"full strict": {
			dict{"level": 2, "secret": secret(32), "authority": secret(32), "enrol": "https://h:1/k/enrol", "invite": "i", "h": list{secret(32)}},
			metainfo.TLS{
				Level: metainfo.TLSFullStrict, Secret: []byte(secret(32)), Authority: []byte(secret(32)), Enrol: "https://h:1/k/enrol",
				Invite: []byte("i"), Pins: [][32]byte{[32]byte([]byte(secret(32)))},
			},
		},
	} {
		plain := mustParse(t, encode(dict{"info": infoV1(none)}))
		raw := encode(dict{"info": infoV1(none), "tls": with(c.in, "zz", dict{"later": 1})})
		m := mustParse(t, raw)
		if m.Hashes() != plain.Hashes() {
			t.Errorf("%s: changes the info-hash", name)
		}
		if got := m.Bytes(); !bytes.Equal(got, raw) {
			t.Errorf("%s: written as %q, was %q", name, got, raw)
		}
		if diff := cmp.Diff(&c.want, mustTLS(t, encode(c.in))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		m.TLS.Pins = append(m.TLS.Pins, [32]byte{1})
		if !bytes.Contains(m.Bytes(), []byte("5:later")) {
			t.Errorf("%s: what is not known was lost", name)
		}
		if again := mustParse(t, m.Bytes()); !again.TLS.Equal(m.TLS) || again.TLS.Equal(&c.want) {
			t.Errorf("%s: a change did not come back", name)
		}
		plain.TLS = &c.want
		if again := mustParse(t, plain.Bytes()); !again.TLS.Equal(&c.want) {
			t.Errorf("%s: what was set did not come back", name)
		}
	}
}

func mustTLS(t *testing.T, b []byte) *metainfo.TLS {
	t.Helper()
	d, err := metainfo.ParseTLS(b)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A torrent that demands something that is not understood is not taken for one
// that demands nothing.
func TestBadTLS(t *testing.T) {
	strict := dict{"level": 1, "secret": secret(32)}
	full := dict{"level": 2, "secret": secret(32), "authority": secret(32)}
	for name, c := range map[string]struct {
		in    any
		field string
		err   error
	}{
		"no dictionary":            {"x", "tls", metainfo.ErrType},
		"no level":                 {dict{"secret": secret(32)}, "tls.level", metainfo.ErrMissing},
		"level of another version": {dict{"level": 3}, "tls.level", metainfo.ErrVersion},
		"level negative":           {dict{"level": -1}, "tls.level", metainfo.ErrVersion},
		"no secret":                {dict{"level": 1}, "tls.secret", metainfo.ErrMissing},
		"short secret":             {with(strict, "secret", secret(31)), "tls.secret", metainfo.ErrRange},
		"secret of wrong type":     {with(strict, "secret", 1), "tls.secret", metainfo.ErrType},
		"two secrets":              {with(strict, "argon2id", argon2id(none)), "tls.argon2id", metainfo.ErrRange},
		"argon2id of wrong type":   {dict{"level": 1, "argon2id": 1}, "tls.argon2id", metainfo.ErrType},
		"no passes":                {dict{"level": 1, "argon2id": argon2id(func(d dict) { delete(d, "t") })}, "tls.argon2id.t", metainfo.ErrMissing},
		"no memory":                {dict{"level": 1, "argon2id": argon2id(func(d dict) { d["m"] = 0 })}, "tls.argon2id.m", metainfo.ErrRange},
		"short salt":               {dict{"level": 1, "argon2id": argon2id(func(d dict) { d["s"] = "x" })}, "tls.argon2id.s", metainfo.ErrRange},
		"no authority":             {with(full, "authority", nil), "tls.authority", metainfo.ErrMissing},
		"short authority":          {with(full, "authority", "x"), "tls.authority", metainfo.ErrRange},
		"enrolment in clear":       {with(full, "enrol", "http://h/k/enrol"), "tls.enrol", metainfo.ErrRange},
		"enrolment nowhere":        {with(full, "enrol", "https:///k"), "tls.enrol", metainfo.ErrRange},
		"enrolment of wrong type":  {with(full, "enrol", 1), "tls.enrol", metainfo.ErrType},
		"long invite":              {with(full, "invite", secret(129)), "tls.invite", metainfo.ErrRange},
		"empty invite":             {with(full, "invite", ""), "tls.invite", metainfo.ErrRange},
		"pins of wrong type":       {with(full, "h", secret(32)), "tls.h", metainfo.ErrType},
		"short pin":                {with(full, "h", list{secret(31)}), "tls.h", metainfo.ErrRange},
		"pins without end":         {with(full, "h", list(slices.Repeat(list{secret(32)}, 65))), "tls.h", metainfo.ErrRange},
	} {
		_, err := metainfo.Parse(encode(dict{"info": infoV1(none), "tls": c.in}))
		var bad *metainfo.FieldError
		if !errors.As(err, &bad) || bad.Field != c.field || !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %s: %v", name, err, c.field, c.err)
		}
	}
}

func FuzzParseTLS(f *testing.F) {
	f.Add(encode(dict{"level": 2, "secret": secret(32), "authority": secret(32), "enrol": "https://h:1/k/enrol", "invite": "i", "h": list{secret(32)}}))
	f.Add(encode(dict{"level": 1, "argon2id": argon2id(none), "x": 1}))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := metainfo.ParseTLS(b)
		if err != nil {
			return
		}
		again, err := metainfo.ParseTLS(d.Bytes())
		if err != nil || !again.Equal(d) {
			t.Errorf("%q comes back as %v, %v", b, again, err)
		}
	})
}
