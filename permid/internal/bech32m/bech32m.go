// Package bech32m writes bytes as text that survives being read aloud, typed and
// scanned: bech32m, as BIP-350 defines it over BIP-173.
//
//	text = prefix "1" data checksum
//
// The prefix is 1 to 83 characters of printable ASCII without capitals, data holds
// five bits a character, the most significant first, and the checksum is six
// characters. Any four wrong characters are found, whatever the length up to 90.
//
// BIP-173 lets a text be all capitals as well. Here it has one form, the small one:
// two texts that mean the same could pass for two people.
package bech32m

import (
	"errors"
	"strings"
)

const (
	alphabet  = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	checksum  = 6
	maxLength = 90
	maxPrefix = 83
	residue   = 0x2bc830a3 // what BIP-350 changed: BIP-173 has 1
)

// Reasons why a text is refused.
var (
	ErrLength    = errors.New("wrong length")
	ErrCase      = errors.New("capital letters")
	ErrCharacter = errors.New("a character that does not occur in it")
	ErrPrefix    = errors.New("wrong prefix")
	ErrChecksum  = errors.New("the checksum does not match: a character is wrong or missing")
	ErrPadding   = errors.New("bits at the end that are not zero")
)

// Encode writes data under a prefix. The error is ErrLength if that would be longer
// than 90 characters, ErrPrefix, ErrCase or ErrCharacter if the prefix cannot be one.
func Encode(prefix string, data []byte) (string, error) {
	if err := checkPrefix(prefix); err != nil {
		return "", err
	}
	values := toFives(data)
	if len(prefix)+1+len(values)+checksum > maxLength {
		return "", ErrLength
	}
	sum := polymod(append(expand(prefix), append(values, make([]byte, checksum)...)...)) ^ residue
	var b strings.Builder
	b.WriteString(prefix)
	b.WriteByte('1')
	for _, v := range values {
		b.WriteByte(alphabet[v])
	}
	for i := range checksum {
		b.WriteByte(alphabet[sum>>(5*(checksum-1-i))&31])
	}
	return b.String(), nil
}

// Decode reads what Encode writes, and nothing else.
func Decode(text string) (prefix string, data []byte, err error) {
	prefix, values, err := decode(text)
	if err != nil {
		return "", nil, err
	}
	if data, err = toBytes(values); err != nil {
		return "", nil, err
	}
	return prefix, data, nil
}

// decode returns the five bits of each character of data.
func decode(text string) (prefix string, values []byte, err error) {
	if len(text) > maxLength {
		return "", nil, ErrLength
	}
	at := strings.LastIndexByte(text, '1')
	if at < 1 {
		return "", nil, ErrPrefix
	}
	prefix = text[:at]
	if err := checkPrefix(prefix); err != nil {
		return "", nil, err
	}
	rest := text[at+1:]
	if len(rest) < checksum {
		return "", nil, ErrLength
	}
	values = make([]byte, len(rest))
	for i := range len(rest) {
		c := rest[i]
		v := strings.IndexByte(alphabet, c)
		switch {
		case c >= 'A' && c <= 'Z':
			return "", nil, ErrCase
		case v < 0:
			return "", nil, ErrCharacter
		}
		values[i] = byte(v)
	}
	if polymod(append(expand(prefix), values...)) != residue {
		return "", nil, ErrChecksum
	}
	return prefix, values[:len(values)-checksum], nil
}

func checkPrefix(prefix string) error {
	if len(prefix) < 1 || len(prefix) > maxPrefix {
		return ErrPrefix
	}
	for i := range len(prefix) {
		switch c := prefix[i]; {
		case c >= 'A' && c <= 'Z':
			return ErrCase
		case c < 33 || c > 126:
			return ErrCharacter
		}
	}
	return nil
}

// expand makes the values of a prefix that the checksum covers (BIP-173).
func expand(prefix string) []byte {
	values := make([]byte, 0, 2*len(prefix)+1)
	for i := range len(prefix) {
		values = append(values, prefix[i]>>5)
	}
	values = append(values, 0)
	for i := range len(prefix) {
		values = append(values, prefix[i]&31)
	}
	return values
}

// polymod is the remainder by the generator of the code (BIP-173).
func polymod(values []byte) uint32 {
	generator := [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}
	sum := uint32(1)
	for _, v := range values {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range generator {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	return sum
}

// toFives cuts bytes into five bits each; zeros fill the last.
func toFives(data []byte) []byte {
	values := make([]byte, 0, (len(data)*8+4)/5)
	var held uint32
	bits := 0
	for _, b := range data {
		held, bits = held<<8|uint32(b), bits+8
		for ; bits >= 5; bits -= 5 {
			values = append(values, byte(held>>(bits-5)&31))
		}
		held &= 1<<bits - 1
	}
	if bits > 0 {
		values = append(values, byte(held<<(5-bits)&31))
	}
	return values
}

// toBytes undoes toFives. A character that adds nothing, and zeros that are none,
// are refused: they would be a second text for the same bytes.
func toBytes(values []byte) ([]byte, error) {
	data := make([]byte, 0, len(values)*5/8)
	var held uint32
	bits := 0
	for _, v := range values {
		held, bits = held<<5|uint32(v), bits+5
		if bits >= 8 {
			bits -= 8
			data = append(data, byte(held>>bits))
			held &= 1<<bits - 1
		}
	}
	if bits >= 5 || held != 0 {
		return nil, ErrPadding
	}
	return data, nil
}
