package admission_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/tracker/message"
	"github.com/warren-p2p/warren/tracker/server"
	"github.com/warren-p2p/warren/tracker/server/admission"
	"github.com/warren-p2p/warren/tracker/server/request"
)

var (
	_ server.List  = (*admission.List)(nil)
	_ server.Users = (*admission.Users)(nil)
)

func begin() time.Time { return time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC) }

const (
	someHash = "0123456789abcdef0123456789ABCDEF01234567"
	key      = "abcdefgh-IJKLMN_0"
)

func TestList(t *testing.T) {
	hashes, err := admission.ParseList("# ours\n\n " + someHash + " # Debian\r\n" + strings.Repeat("ab", 32) + "\n")
	if err != nil || len(hashes) != 2 || hashes[0][1] != 0x23 || hashes[1][19] != 0xab {
		t.Fatal(hashes, err)
	}
	var l admission.List
	if l.Listed(hashes[0]) {
		t.Error("listed on an empty list")
	}
	l.Replace(hashes)
	if !l.Listed(hashes[0]) || l.Listed([20]byte{}) || l.Len() != 2 {
		t.Error("not listed, or another is")
	}
	for text, line := range map[string]int{
		"x": 1, "\n" + someHash + "0": 2, someHash[:38]: 1, someHash + " " + someHash: 1, "\n\n" + strings.Repeat(" ", 300): 3,
	} {
		_, err := admission.ParseList(text)
		if e, ok := errors.AsType[*admission.LineError](err); !ok || e.Line != line {
			t.Errorf("%.50q: %v", text, err)
		}
	}
}

func TestParseUsers(t *testing.T) {
	got, err := admission.ParseUsers("# users\n" + key + "  Anna B.  # since May\n")
	if err != nil || !cmp.Equal(got, []admission.User{{Name: "Anna B.", Passkey: key}}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, text := range []string{
		"short name", key, key + "/x name", strings.Repeat("k", 65) + " name",
		key + " name\n" + key + " other", key + " name\n" + key + "1 name",
	} {
		if _, err := admission.ParseUsers(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestCount(t *testing.T) {
	var u admission.Users
	u.Replace([]admission.User{{Name: "anna", Passkey: key}})
	if !u.Known(key) || u.Known("") || u.Known(key+"x") {
		t.Error("a user is not known, or somebody else is")
	}
	now := begin()
	say := func(peer byte, event message.Event, up, down int64) {
		u.Count(key, &request.Query{Request: message.Request{PeerID: [20]byte{peer}, Event: event, Uploaded: up, Downloaded: down}}, now)
	}
	want := func(up, down, announces int64) {
		t.Helper()
		if d := cmp.Diff(map[string]admission.Counters{"anna": {Uploaded: up, Downloaded: down, Announces: announces, Last: now}}, u.Counters()); d != "" {
			t.Error(d)
		}
	}
	say(1, message.Started, 0, 0)
	say(1, message.None, 100, 50)
	want(100, 50, 2)
	say(2, message.None, 1000, 1000) // from before the tracker was started
	say(2, message.None, 1010, 1000)
	want(110, 50, 4)
	say(1, message.Started, 5, 5) // the client was started again
	want(115, 55, 5)
	say(1, message.None, 1, 1) // less than before: a lie or a fault
	want(115, 55, 6)
	say(1, message.Stopped, 2, 2)
	say(1, message.None, 500, 500)
	want(116, 56, 8)
	say(3, message.Started, math.MaxInt64, 0)
	want(math.MaxInt64, 56, 9)
	u.Count("nobody", &request.Query{}, now)
	u.Expire(now.Add(time.Hour), time.Minute)
	say(2, message.None, 2000, 2000) // begins anew
	want(math.MaxInt64, 56, 10)
	b, err := u.Save()
	if err != nil {
		t.Fatal(err)
	}
	var again admission.Users
	if err := again.Load(b); err != nil || !cmp.Equal(again.Counters(), u.Counters()) {
		t.Errorf("%v, %v", again.Counters(), err)
	}
	for _, bad := range []string{"", "{}", `{"version":2}`, `{"version":1,"users":{"a":{"uploaded":"x"}}}`} {
		if err := again.Load([]byte(bad)); !errors.Is(err, admission.ErrCounters) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(someHash + "\n# x\n")
	f.Add(key + " name # x\n")
	f.Add(`{"version":1,"users":{"a":{"uploaded":-5}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := admission.ParseList(text); err != nil {
			if _, ok := errors.AsType[*admission.LineError](err); !ok {
				t.Errorf("an error of no kind: %v", err)
			}
		}
		users, err := admission.ParseUsers(text)
		if err != nil {
			if _, ok := errors.AsType[*admission.LineError](err); !ok {
				t.Errorf("an error of no kind: %v", err)
			}
		}
		var u admission.Users
		u.Replace(users)
		for _, one := range users {
			if !u.Known(one.Passkey) {
				t.Errorf("%q is not known", one.Passkey)
			}
		}
		if u.Load([]byte(text)) != nil {
			return
		}
		for name, c := range u.Counters() {
			if c.Uploaded < 0 || c.Downloaded < 0 || c.Announces < 0 {
				t.Errorf("%s: %+v", name, c)
			}
		}
	})
}
