package credential

import (
	"fmt"
	"io"
)

// Accept exchanges frames as the server of a connection: it sends first, and
// returns the client's credential once that counts. The caller bounds it in
// time, and closes the connection on error.
func Accept(rw io.ReadWriter, m *Member, v Verifier, binding [32]byte) (Credential, error) {
	if err := send(rw, m, Server, binding); err != nil {
		return Credential{}, err
	}
	return receive(rw, v, Client, binding)
}

// Connect does the same as the client, which sends nothing before the server's
// credential counts: whoever is no member learns of no member.
func Connect(rw io.ReadWriter, m *Member, v Verifier, binding [32]byte) (Credential, error) {
	c, err := receive(rw, v, Server, binding)
	if err != nil {
		return Credential{}, err
	}
	if err := send(rw, m, Client, binding); err != nil {
		return Credential{}, err
	}
	return c, nil
}

func send(w io.Writer, m *Member, as Role, binding [32]byte) error {
	f, err := m.Frame(as, binding, nil)
	if err != nil {
		return err
	}
	if _, err := w.Write(f[:]); err != nil {
		return fmt.Errorf("credential: send frame: %w", err)
	}
	return nil
}

func receive(r io.Reader, v Verifier, from Role, binding [32]byte) (Credential, error) {
	var f [FrameSize]byte
	if _, err := io.ReadFull(r, f[:]); err != nil {
		return Credential{}, fmt.Errorf("credential: read frame: %w", err)
	}
	return v.CheckFrame(f, from, binding)
}
