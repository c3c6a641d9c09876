package session

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/clock"
)

type gate struct {
	*Door
	clock          *clock.Manual
	user, password string
}

func newGate(user, password string) *gate {
	g := &gate{clock: clock.NewManual(time.Unix(1_000_000, 0)), user: user, password: password}
	g.Door = New(Config{
		Clock: g.clock, Credentials: func() (string, string) { return g.user, g.password },
		Key: func(_ context.Context, key string) bool { return key == "right" }, Hosts: func() []string { return []string{"NAS.lan"} },
	})
	return g
}

func request(header ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:9471/api/v2/app/version", nil)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func (g *gate) login(user, password string) (Outcome, string) {
	w := httptest.NewRecorder()
	o := g.Login(w, user, password)
	for _, c := range w.Result().Cookies() {
		return o, c.Name + "=" + c.Value
	}
	return o, ""
}

func TestHosts(t *testing.T) {
	for _, c := range []struct {
		header []string
		want   Verdict
	}{
		{nil, Admitted},
		{[]string{"Host", "localhost:9471"}, Admitted},
		{[]string{"Host", "LOCALHOST."}, Admitted},
		{[]string{"Host", "[::1]:9471"}, Admitted},
		{[]string{"Host", "127.9.9.9"}, Admitted},
		{[]string{"Host", "nas.lan:9471"}, Admitted},
		{[]string{"Host", "evil.example"}, Foreign},
		{[]string{"Host", "127.0.0.1.evil.example"}, Foreign},
		{[]string{"Host", "192.0.2.1:9471"}, Foreign},
		{[]string{"Host", ""}, Foreign},
		{[]string{"Origin", "http://127.0.0.1:9471"}, Admitted},
		{[]string{"Referer", "http://127.0.0.1:9471/page?x"}, Admitted},
		{[]string{"Host", "nas.lan", "Origin", "https://nas.lan"}, Admitted},
		{[]string{"Origin", "http://127.0.0.1:80"}, Foreign},
		{[]string{"Origin", "http://evil.example"}, Foreign},
		{[]string{"Origin", "null"}, Foreign},
		{[]string{"Origin", "file://127.0.0.1:9471"}, Foreign},
		{[]string{"Origin", "http://%zz"}, Foreign},
		{[]string{"Origin", "http://127.0.0.1:9471", "Referer", "http://evil.example/"}, Foreign},
		{[]string{"Referer", "http://127.0.0.1:9471@evil.example/"}, Foreign},
	} {
		if got := newGate("", "").Admit(request(c.header...)); got != c.want {
			t.Errorf("%q: %v, want %v", c.header, got, c.want)
		}
	}
}

func TestWithoutPassword(t *testing.T) {
	g := newGate("", "")
	if o, cookie := g.login("admin", "adminadmin"); o != Welcome || cookie == "" {
		t.Errorf("login: %v %q", o, cookie)
	}
	if g.Admit(request("Cookie", "SID=none")) != Admitted {
		t.Error("a cookie of another time keeps it out")
	}
}

func TestWithPassword(t *testing.T) {
	g := newGate("me", "secret")
	if g.Admit(request()) != Forbidden || g.Admit(request("Cookie", "SID=x")) != Forbidden {
		t.Error("admitted without login")
	}
	if g.Admit(request("Authorization", "Bearer right")) != Admitted || g.Admit(request("Authorization", "Bearer wrong")) != Forbidden {
		t.Error("keys")
	}
	for _, wrong := range [][2]string{{"me", "Secret"}, {"", ""}, {"me:", "secret"}, {"me:secret", ""}} {
		if o, cookie := g.login(wrong[0], wrong[1]); o != Wrong || cookie != "" {
			t.Errorf("login as %q: %v", wrong, o)
		}
	}
	o, cookie := g.login("me", "secret")
	if o != Welcome || g.Admit(request("Cookie", cookie)) != Admitted {
		t.Fatalf("login: %v", o)
	}
	g.clock.Pass(Lifetime)
	if g.Admit(request("Cookie", cookie)) != Admitted {
		t.Error("a session that is used is over")
	}
	g.clock.Pass(Lifetime + time.Second)
	if g.Admit(request("Cookie", cookie)) != Forbidden {
		t.Error("a session that is not used is not over")
	}
	_, cookie = g.login("me", "secret")
	w := httptest.NewRecorder()
	g.Logout(w, request("Cookie", cookie))
	if g.Admit(request("Cookie", cookie)) != Forbidden || w.Result().Cookies()[0].MaxAge >= 0 {
		t.Error("admitted after logout")
	}
	_, cookie = g.login("me", "secret")
	g.password = "changed"
	if g.Admit(request("Cookie", cookie)) != Forbidden {
		t.Error("a session outlives its password")
	}
}

func TestGuesses(t *testing.T) {
	g := newGate("me", "secret")
	for i := range maxFailures {
		if o, _ := g.login("me", fmt.Sprint(i)); o != Wrong {
			t.Fatalf("guess %d: %v", i, o)
		}
	}
	if o, _ := g.login("me", "secret"); o != Banned {
		t.Errorf("after %d guesses: %v", maxFailures, o)
	}
	g.clock.Pass(pause)
	if o, _ := g.login("me", "guess"); o != Wrong {
		t.Errorf("a minute later: %v", o)
	}
	if o, _ := g.login("me", "secret"); o != Welcome {
		t.Errorf("with the right one: %v", o)
	}
}

// A program that goes on with a password that was changed keeps nobody else out, and does
// not make guessing easier.
func TestSameWrongPassword(t *testing.T) {
	g := newGate("me", "secret")
	for range 10 * maxFailures {
		if o, _ := g.login("me", "old"); o != Wrong {
			t.Fatalf("with the old one: %v", o)
		}
	}
	for i := range maxFailures - 1 {
		if o, _ := g.login("me", fmt.Sprint(i)); o != Wrong {
			t.Fatalf("guess %d: %v", i, o)
		}
	}
	if o, _ := g.login("me", "guess"); o != Banned {
		t.Errorf("one guess more: %v", o)
	}
	if o, _ := g.login("me", "old"); o != Wrong {
		t.Errorf("with the old one meanwhile: %v", o)
	}
	g.password = "old"
	if o, _ := g.login("me", "old"); o != Banned {
		t.Errorf("with the old one, which is right by now: %v", o)
	}
	g.clock.Pass(pause)
	if o, _ := g.login("me", "old"); o != Welcome {
		t.Errorf("with that a minute later: %v", o)
	}
}

func TestSessionsAreBounded(t *testing.T) {
	g := newGate("me", "secret")
	_, first := g.login("me", "secret")
	for range maxSessions + 10 {
		g.clock.Pass(time.Millisecond)
		g.login("me", "secret")
	}
	if n := len(g.sessions); n > maxSessions {
		t.Errorf("%d sessions", n)
	}
	if g.Admit(request("Cookie", first)) != Forbidden {
		t.Error("the oldest is still there")
	}
	g.clock.Pass(2 * Lifetime)
	g.login("me", "secret")
	if n := len(g.sessions); n != 1 {
		t.Errorf("%d sessions after all are over", n)
	}
}

func FuzzAdmit(f *testing.F) {
	f.Add("127.0.0.1:9471", "http://127.0.0.1:9471", "SID=x")
	f.Add("[::1]", "null", "SID")
	f.Fuzz(func(t *testing.T, host, origin, cookie string) {
		g := newGate("me", "secret")
		if g.Admit(request("Host", host, "Origin", origin, "Cookie", cookie)) == Admitted {
			t.Errorf("admitted: %q %q %q", host, origin, cookie)
		}
	})
}
