package record

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestOpenSSL has another implementation at the other end: a suite that
// crypto/tls does not choose, key updates, which it does not send, and padding.
func TestOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("needs Debian's package openssl:", err)
	}
	for _, suite := range []string{"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"} {
		t.Run(suite, func(t *testing.T) {
			s := newOpenSSL(t, openssl, suite)
			s.conn.SetPadding(Buckets)
			before := bytes.Clone(s.conn.out.half.secret)
			s.say("one\n")
			s.hear("one")
			s.say("k\n") // new keys for what the client sends
			s.hear("KEYUPDATE")
			s.say("two\n")
			s.hear("two")
			s.say("K\n") // and for the answers as well
			s.hear("KEYUPDATE")
			s.say("three\n")
			s.hear("three")
			if bytes.Equal(before, s.conn.out.half.secret) {
				t.Error("the client asked for other keys, and they are the same")
			}
			s.say(strings.Repeat("many ", 1<<14) + "\n")
			s.hear(strings.Repeat("many ", 1<<14))
			s.change()
			s.say("four\n")
			s.hear("four")
		})
	}
}

// session is a connection from openssl s_client, with an echo at our end.
type session struct {
	t     *testing.T
	conn  *Conn
	stdin io.Writer
	lines *bufio.Scanner
}

func newOpenSSL(t *testing.T, openssl, suite string) *session {
	t.Helper()
	l := listen(t)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	cmd := exec.CommandContext(ctx, openssl, "s_client", "-connect", l.Addr().String(), "-tls1_3", "-ciphersuites", suite)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout // where it confirms a command
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	raw, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	tap := NewTap(raw, false)
	tc := tls.Server(tap, tap.Config(&tls.Config{Certificates: []tls.Certificate{certificate(t)}}))
	if err := tc.Handshake(); err != nil {
		t.Fatal(err)
	}
	tap.HandshakeDone()
	s := &session{t, end{tap, tc}.takeOver(t), stdin, bufio.NewScanner(stdout)}
	s.lines.Buffer(nil, 1<<20)
	done := make(chan struct{})
	go func() { defer close(done); io.Copy(s.conn, s.conn) }()
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // killed
		s.conn.Close()
		<-done
	})
	return s
}

// change changes our keys and asks for others.
func (s *session) change() {
	s.t.Helper()
	w := &s.conn.out
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := s.conn.changeKeys(true); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) say(line string) {
	s.t.Helper()
	if _, err := fmt.Fprint(s.stdin, line); err != nil {
		s.t.Fatal(err)
	}
}

// hear waits for a line among what openssl prints.
func (s *session) hear(line string) {
	s.t.Helper()
	for s.lines.Scan() {
		if s.lines.Text() == line {
			return
		}
	}
	s.t.Fatalf("openssl ended without %.20q: %v", line, s.lines.Err())
}
