package credential

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"
)

var start = time.Unix(1_800_000_000, 0)

// meeting is two peers and what lies between them.
type meeting struct {
	authority *Authority
	verifier  Verifier
	member    *Member
}

func newMeeting(t *testing.T) *meeting {
	a, id := NewAuthority([32]byte{1}), [32]byte{2}
	return &meeting{
		a, Verifier{Authority: a.Public(), For: id, Clock: fixed(start)},
		newMember(t, a, id, "peer", start, start.Add(time.Hour)),
	}
}

// met is what each of two peers says of the other, and how many bytes the client
// has sent.
type met struct {
	byServer, byClient error
	sent               int
}

// meet lets two peers exchange frames.
func (m *meeting) meet(server, client *Member, atServer, atClient [32]byte) met {
	s, c := net.Pipe()
	counted := &counter{Conn: c}
	done := make(chan error)
	go func() {
		_, err := Accept(s, server, m.verifier, atServer)
		s.Close()
		done <- err
	}()
	_, byClient := Connect(counted, client, m.verifier, atClient)
	c.Close()
	return met{<-done, byClient, counted.sent}
}

type counter struct {
	net.Conn
	sent int
}

func (c *counter) Write(b []byte) (int, error) {
	c.sent += len(b)
	return c.Conn.Write(b)
}

func TestExchange(t *testing.T) {
	m := newMeeting(t)
	hour := start.Add(time.Hour)
	foreign := newMember(t, NewAuthority([32]byte{9}), [32]byte{2}, "other", start, hour)
	expired := newMember(t, m.authority, [32]byte{2}, "other", start.Add(-2*time.Hour), start.Add(-time.Hour))
	elsewhere := newMember(t, m.authority, [32]byte{3}, "other", start, hour)
	revoked := newMember(t, m.authority, [32]byte{2}, "other", start, hour)
	thief := &Member{foreign.key, m.member.cred}
	m.verifier.Revoked = func(s Serial) bool { return s == revoked.cred.Serial }
	for name, c := range map[string]struct {
		other *Member
		want  error
	}{
		"member": {newMember(t, m.authority, [32]byte{2}, "other", start, hour), nil}, "foreign": {foreign, ErrAuthority},
		"expired": {expired, ErrExpired}, "of another torrent": {elsewhere, ErrTorrent}, "revoked": {revoked, ErrRevoked},
		"with the credential of another": {thief, ErrChannel},
	} {
		b := [32]byte{7}
		if r := m.meet(m.member, c.other, b, b); !errors.Is(r.byServer, c.want) || Refused(r.byServer) != (c.want != nil) {
			t.Errorf("client %s: the server says %v", name, r.byServer)
		}
		r := m.meet(c.other, m.member, b, b)
		if !errors.Is(r.byClient, c.want) {
			t.Errorf("server %s: the client says %v", name, r.byClient)
		}
		if c.want != nil && (r.sent != 0 || r.byServer == nil) {
			t.Errorf("server %s: the client has sent %d bytes; %v", name, r.sent, r.byServer)
		}
	}
}

// A man in the middle who knows the secret has two connections with two bindings,
// and what he relays counts on neither.
func TestRelay(t *testing.T) {
	m := newMeeting(t)
	r := m.meet(m.member, m.member, [32]byte{1}, [32]byte{2})
	if !errors.Is(r.byClient, ErrChannel) || r.sent != 0 {
		t.Errorf("relayed to the client: %v, which has sent %d bytes", r.byClient, r.sent)
	}
	f, err := m.member.Frame(Client, [32]byte{2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.verifier.CheckFrame(f, Client, [32]byte{1}); !errors.Is(err, ErrChannel) {
		t.Errorf("relayed to the server: %v", err)
	}
}

// What a server has sent is not taken back from a client.
func TestReflection(t *testing.T) {
	m := newMeeting(t)
	s, c := net.Pipe()
	defer c.Close()
	go func() {
		var f [FrameSize]byte
		if _, err := io.ReadFull(c, f[:]); err == nil {
			_, _ = c.Write(f[:])
		}
	}()
	if _, err := Accept(s, m.member, m.verifier, [32]byte{1}); !errors.Is(err, ErrChannel) {
		t.Error(err)
	}
}

// A connection that ends or says too little is an error of the connection.
func TestShort(t *testing.T) {
	m := newMeeting(t)
	s, c := net.Pipe()
	go func() {
		_, _ = c.Write(make([]byte, FrameSize-1))
		c.Close()
	}()
	if _, err := Connect(s, m.member, m.verifier, [32]byte{}); !errors.Is(err, io.ErrUnexpectedEOF) || Refused(err) {
		t.Error(err)
	}
	if _, err := Accept(s, m.member, m.verifier, [32]byte{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

// What both sides of a connection compute, together.
func BenchmarkExchange(b *testing.B) {
	a, id := NewAuthority([32]byte{1}), [32]byte{2}
	v := Verifier{Authority: a.Public(), For: id, Clock: fixed(start)}
	m := newMember(b, a, id, "peer", start, start.Add(time.Hour))
	for b.Loop() {
		for _, role := range []Role{Server, Client} {
			f, err := m.Frame(role, [32]byte{3}, nil)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := v.CheckFrame(f, role, [32]byte{3}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
