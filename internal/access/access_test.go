package access_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/clock"
	"github.com/warren-p2p/warren/internal/store"
	"github.com/warren-p2p/warren/internal/vfs/memfs"
)

func open(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestTokens(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "warren.db")
	s, c := open(t, path), clock.NewManual(time.Unix(1e9, 0))
	tokens, err := access.OpenTokens(ctx, s, c)
	if err != nil {
		t.Fatal(err)
	}
	made, text, err := tokens.Create(ctx, " tv box ", []access.Scope{access.Add, access.Read, access.Add}, c.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if len(text) != 4+43 || made.Name != "tv box" || len(made.Scopes) != 2 {
		t.Errorf("made %+v, %q", made, text)
	}
	for name, tokens := range map[string]*access.Tokens{"at once": tokens, "read again": again(ctx, t, s, c)} {
		p, err := tokens.Check(ctx, text)
		if err != nil || p.Name != "tv box" || p.Token != made.ID || !p.May(access.Add) || !p.May(access.Read) || p.May(access.Control) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
		for _, wrong := range []string{"", text[:46], text + "A", strings.ToUpper(text), "wrt_" + strings.Repeat("A", 43)} {
			if _, err := tokens.Check(ctx, wrong); !errors.Is(err, access.ErrUnknown) {
				t.Errorf("%s: %q: %v", name, wrong, err)
			}
		}
	}
	if err := s.Read(ctx, func(q store.Querier) error {
		var n int
		err := q.QueryRowContext(ctx, "SELECT count(*) FROM token WHERE instr(name || scopes || hex(hash), ?) > 0 OR instr(hash, ?) > 0", text, text[4:]).Scan(&n)
		if n != 0 {
			t.Error("the token lies in the store")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if used := tokens.List()[0].Used; !used.Equal(c.Now()) {
		t.Errorf("used %v", used)
	}
	c.Pass(time.Hour)
	if _, err := tokens.Check(ctx, text); !errors.Is(err, access.ErrExpired) {
		t.Errorf("after an hour: %v", err)
	}
	if err := tokens.Revoke(ctx, made.ID); err != nil {
		t.Error(err)
	}
	if _, err := tokens.Check(ctx, text); !errors.Is(err, access.ErrUnknown) {
		t.Errorf("revoked: %v", err)
	}
	if err := tokens.Revoke(ctx, made.ID); !errors.Is(err, access.ErrUnknown) {
		t.Errorf("revoked twice: %v", err)
	}
	if list := again(ctx, t, s, c).List(); len(list) != 0 {
		t.Errorf("still there: %v", list)
	}
}

func again(ctx context.Context, t *testing.T, s *store.Store, c clock.Clock) *access.Tokens {
	t.Helper()
	tokens, err := access.OpenTokens(ctx, s, c)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func TestRefused(t *testing.T) {
	ctx := t.Context()
	c := clock.NewManual(time.Unix(1e9, 0))
	tokens := again(ctx, t, open(t, filepath.Join(t.TempDir(), "warren.db")), c)
	read := []access.Scope{access.Read}
	for _, bad := range []struct {
		name    string
		scopes  []access.Scope
		expires time.Time
		field   string
	}{
		{"", read, time.Time{}, "name"},
		{" \t", read, time.Time{}, "name"},
		{"two\nlines", read, time.Time{}, "name"},
		{strings.Repeat("x", 101), read, time.Time{}, "name"},
		{"\xff", read, time.Time{}, "name"},
		{"none", nil, time.Time{}, "scopes"},
		{"other", []access.Scope{"root"}, time.Time{}, "scopes"},
		{"past", read, c.Now(), "expires"},
	} {
		_, text, err := tokens.Create(ctx, bad.name, bad.scopes, bad.expires)
		if e, ok := errors.AsType[*access.InputError](err); !ok || e.Field != bad.field || text != "" {
			t.Errorf("%q: %q, %v", bad.name, text, err)
		}
	}
}

func TestKey(t *testing.T) {
	home := memfs.New()
	key, err := access.OpenKey(home)
	if err != nil || len(key.Text()) != 43 || !key.Is(key.Text()) || key.Is("") {
		t.Fatalf("%+v, %v", key, err)
	}
	if again, err := access.OpenKey(home); err != nil || again.Text() != key.Text() {
		t.Errorf("read again: %v", err)
	}
	old, life := key.Text(), key.Life()
	made, err := key.Replace()
	if err != nil || made == old || !key.Is(made) || key.Is(old) || life.Err() == nil || key.Life().Err() != nil {
		t.Errorf("replaced by %q: %v", made, err)
	}
	if again, err := access.OpenKey(home); err != nil || !again.Is(made) {
		t.Errorf("read again: %v", err)
	}
	home.SetCapacity(1)
	if _, err := key.Replace(); err == nil || !key.Is(made) {
		t.Errorf("on a full disk: %v", err)
	}
	home.SetCapacity(0)
	f, err := home.OpenFile(access.KeyFile, 1, 0)
	if err == nil {
		err = f.Truncate(20)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := access.OpenKey(home); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("of a damaged one: %v", err)
	}
}

func TestMay(t *testing.T) {
	for _, p := range []struct {
		scopes []access.Scope
		may    string
	}{
		{nil, ""},
		{[]access.Scope{access.Read}, "read"},
		{[]access.Scope{access.Add}, "read add"},
		{[]access.Scope{access.Control, access.Add}, "read add control"},
		{[]access.Scope{access.Settings}, "read settings"},
		{[]access.Scope{access.Admin}, "read add control settings admin"},
	} {
		var may []string
		for _, s := range access.Scopes() {
			if (access.Principal{Scopes: p.scopes}).May(s) {
				may = append(may, string(s))
			}
		}
		if got := strings.Join(may, " "); got != p.may {
			t.Errorf("%v may %s, want %s", p.scopes, got, p.may)
		}
	}
	ctx := access.With(context.Background(), access.Owner(access.ByKey))
	if p, ok := access.From(ctx); !ok || p.Name != "owner" || !p.May(access.Admin) {
		t.Errorf("got %+v", p)
	}
	if _, ok := access.From(context.Background()); ok {
		t.Error("somebody asks without having said who")
	}
}
