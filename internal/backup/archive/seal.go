package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// Cost is what a guess at the passphrase costs, 2^Cost of scrypt (RFC 7914): that of
// the program age, 256 MiB and about a second. Files that ask for more are refused.
const Cost = 18

var intro = []byte("age-encryption.org/")

// Reasons why an archive cannot be opened.
var (
	// ErrPassphrase reports that the passphrase is not the right one.
	ErrPassphrase = errors.New("wrong passphrase")
	// ErrLocked reports that a passphrase is needed and none was given.
	ErrLocked = errors.New("the backup is encrypted: its passphrase is needed")
)

// Seal returns a writer that encrypts under a passphrase, or passes on what it is
// given if that is empty. A guess costs 2^cost. Closing it writes the end, and leaves
// w open.
func Seal(w io.Writer, passphrase string, cost int) (io.WriteCloser, error) {
	if passphrase == "" {
		return clear{w}, nil
	}
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	to.SetWorkFactor(cost)
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return sealed, nil
}

type clear struct{ io.Writer }

func (clear) Close() error { return nil }

// Open returns what Seal was given. The passphrase is ignored if nothing is encrypted.
// The error matches ErrLocked, ErrPassphrase or ErrMalformed, or is that of r.
func Open(r io.Reader, passphrase string) (io.Reader, error) {
	in := bufio.NewReader(r)
	start, err := in.Peek(len(intro))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(start, intro) {
		return in, nil
	}
	if passphrase == "" {
		return nil, ErrLocked
	}
	from, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	from.SetMaxWorkFactor(Cost)
	opened, err := age.Decrypt(in, from)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, malformed(err)
	}
	return opened, nil
}
