// Package looks puts clients beside each other: what they say first (RFC 8446,
// section 4.1.2) and what they ask for.
package looks

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/crypto/cryptobyte"
)

// Hello is a client hello with what is new in each of one client taken out.
type Hello struct {
	Record, Version, Session uint16 // the last is a length
	Ciphers                  []uint16
	Compression              []byte
	// Extensions are in the order they were sent; values that mean nothing (RFC 8701)
	// are 0x0a0a.
	Extensions []uint16
	// Bodies are the extensions' by number, in hexadecimal: without keys, names,
	// and the payload of a GREASE ECH.
	Bodies map[uint16]string
}

// ErrMalformed reports bytes that are no client hello in one record.
var ErrMalformed = errors.New("no client hello in one record")

const grease = 0x0a0a

func clean(v uint16) uint16 {
	if v&0x0f0f == grease && v>>8 == v&0xff {
		return grease
	}
	return v
}

// Parse reads the record that a connection begins with.
func Parse(b []byte) (h Hello, err error) {
	in := cryptobyte.String(b)
	var record, body, session, ciphers, compression, extensions cryptobyte.String
	var content, message uint8
	if !in.ReadUint8(&content) || content != 22 || !in.ReadUint16(&h.Record) || !in.ReadUint16LengthPrefixed(&record) ||
		!record.ReadUint8(&message) || message != 1 || !record.ReadUint24LengthPrefixed(&body) || !record.Empty() ||
		!body.ReadUint16(&h.Version) || !body.Skip(32) || !body.ReadUint8LengthPrefixed(&session) ||
		!body.ReadUint16LengthPrefixed(&ciphers) || !body.ReadUint8LengthPrefixed(&compression) ||
		!body.ReadUint16LengthPrefixed(&extensions) || !body.Empty() {
		return h, ErrMalformed
	}
	h.Session, h.Compression, h.Bodies = uint16(len(session)), compression, map[uint16]string{}
	if h.Ciphers, err = list(ciphers); err != nil {
		return h, err
	}
	for !extensions.Empty() {
		var number uint16
		var body cryptobyte.String
		if !extensions.ReadUint16(&number) || !extensions.ReadUint16LengthPrefixed(&body) {
			return h, ErrMalformed
		}
		number = clean(number)
		h.Extensions = append(h.Extensions, number)
		text, err := describe(number, body)
		if err != nil {
			return h, fmt.Errorf("extension %d: %w", number, err)
		}
		h.Bodies[number] += text
	}
	return h, nil
}

// list reads numbers of two bytes.
func list(s cryptobyte.String) (all []uint16, err error) {
	for !s.Empty() {
		var v uint16
		if !s.ReadUint16(&v) {
			return nil, ErrMalformed
		}
		all = append(all, clean(v))
	}
	return all, nil
}

// describe takes out of an extension what is new with each hello.
func describe(number uint16, body cryptobyte.String) (string, error) {
	whole := fmt.Sprintf("%x", []byte(body))
	var inner cryptobyte.String
	var all []uint16
	var err error
	switch number {
	case 0: // server_name
		return "a name", nil
	case grease: // one byte in the last
		return fmt.Sprintf("[%d]", len(body)), nil
	case 10, 13: // groups, signatures
		if !body.ReadUint16LengthPrefixed(&inner) {
			return "", ErrMalformed
		}
		all, err = list(inner)
		return fmt.Sprintf("%04x", all), err
	case 43: // versions
		if !body.ReadUint8LengthPrefixed(&inner) {
			return "", ErrMalformed
		}
		all, err = list(inner)
		return fmt.Sprintf("%04x", all), err
	case 51: // key_share
		return shares(body)
	case 0xfe0d: // ECH: type, KDF and AEAD are the same in each, lengths are drawn
		if len(body) < 5 {
			return "", ErrMalformed
		}
		return fmt.Sprintf("%x", []byte(body[:5])), nil
	}
	return whole, nil
}

func shares(body cryptobyte.String) (text string, err error) {
	var all cryptobyte.String
	if !body.ReadUint16LengthPrefixed(&all) {
		return "", ErrMalformed
	}
	for !all.Empty() {
		var group uint16
		var key cryptobyte.String
		if !all.ReadUint16(&group) || !all.ReadUint16LengthPrefixed(&key) {
			return "", ErrMalformed
		}
		text += fmt.Sprintf("%04x[%d]", clean(group), len(key))
	}
	return text, nil
}

// Diff tells in which ways two hellos differ, but for the order of extensions
// between the first and the last, which browsers draw.
func Diff(want, got Hello) (all []string) {
	differ := func(what string, want, got any) {
		if a, b := fmt.Sprintf("%x", want), fmt.Sprintf("%x", got); a != b {
			all = append(all, fmt.Sprintf("%s: %s, want %s", what, b, a))
		}
	}
	differ("version of the record", want.Record, got.Record)
	differ("version", want.Version, got.Version)
	differ("length of the session", want.Session, got.Session)
	differ("cipher suites", want.Ciphers, got.Ciphers)
	differ("compression", want.Compression, got.Compression)
	differ("extensions", slices.Sorted(slices.Values(want.Extensions)), slices.Sorted(slices.Values(got.Extensions)))
	for _, at := range []func(Hello) uint16{first, last} {
		differ("extension at the end", at(want), at(got))
	}
	for _, number := range slices.Sorted(maps.Keys(want.Bodies)) {
		if b := got.Bodies[number]; b != want.Bodies[number] {
			all = append(all, fmt.Sprintf("extension %d: %s, want %s", number, b, want.Bodies[number]))
		}
	}
	return all
}

func first(h Hello) uint16 { return h.Extensions[0] }
func last(h Hello) uint16  { return h.Extensions[len(h.Extensions)-1] }
