package book_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/identity"
	"github.com/warren-p2p/warren/internal/share/book"
	"github.com/warren-p2p/warren/internal/share/book/booktest"
	"github.com/warren-p2p/warren/internal/share/guard"
	"github.com/warren-p2p/warren/internal/share/link"
	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/create"
	"github.com/warren-p2p/warren/permid"
)

func world(t *testing.T) *booktest.World {
	t.Helper()
	w := booktest.New(t)
	w.Write(map[string]string{"set/a": "one", "set/b": strings.Repeat("two", 50_000), "set/empty": ""})
	return w
}

// recordOf reads a record as a visitor does, with the torrent beside it.
func recordOf(t *testing.T, w *booktest.World, s book.Share, public bool) (*record.Signed, *metainfo.Torrent) {
	t.Helper()
	b, err := w.Book.Record(t.Context(), s.ID, public)
	if err != nil {
		t.Fatal(err)
	}
	r, err := record.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	file, err := w.Book.Torrent(&s, public)
	if err != nil {
		t.Fatal(err)
	}
	m, err := metainfo.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Match(m); err != nil {
		t.Error(err)
	}
	return r, m
}

func TestCreate(t *testing.T) {
	w := world(t)
	n := w.Draft("set", "Birds")
	n.Licence.ID, n.Tags, n.Expires, n.Uses = "CC0-1.0", []string{"sound"}, booktest.Begin().Add(time.Hour), 3
	s := w.Share(n)
	if s.State != book.Active || s.Uses != 3 || s.Files != 3 || s.Size != 150_003 || s.Published() || !s.Guarded() || s.HasPassphrase() {
		t.Errorf("got %+v", s.State)
	}
	seed := w.Swarm.Seeds[s.Torrent]
	if seed.Secret == nil || *seed.Secret != s.Secret || seed.Announce == nil || *seed.Announce != s.Announce || !seed.Verified {
		t.Error("the torrent is not seeded as a private one")
	}
	r, m := recordOf(t, w, s, false)
	me, err := w.Identities.Use(w.Me)
	if err != nil {
		t.Fatal(err)
	}
	if r.Key != me.Share().Public() || r.Sequence != 1 || r.Title != "Birds" || !r.Expires.Equal(n.Expires) {
		t.Errorf("the record says %+v", r.Record)
	}
	if !m.Info.Private || m.TLS != nil {
		t.Error("the torrent file is not that of a private share, or says more than it")
	}
	l, err := w.Book.Link(&s)
	if err != nil || l.Address != "node.example:6881" || l.Token != s.Token || l.Secret != s.Secret || l.Pin[0] != 9 {
		t.Errorf("the link is not that of the share: %v", err)
	}
	trackers := m.Trackers()
	if len(trackers) != 1 || len(trackers[0]) != 1 || !strings.HasPrefix(trackers[0][0], "https://node.example:6881/") {
		t.Errorf("the trackers are %d", len(trackers))
	}
	if secret := s.Secret; bytes.Contains(m.Bytes(), secret[:]) || bytes.Contains(r.Bytes(), secret[:]) {
		t.Error("the secret is served")
	}
	other := w.Share(w.Draft("set", "Birds"))
	if other.Hashes == s.Hashes || other.Token == s.Token || other.Announce == s.Announce || other.Secret == s.Secret {
		t.Error("two shares of one folder have something in common")
	}
}

func TestCreateRefuses(t *testing.T) {
	w := world(t)
	open, err := create.Torrent(t.Context(), w.Disk, "set", create.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*book.New){
		"confirmed":    func(n *book.New) { n.Confirmed = false },
		"title":        func(n *book.New) { n.Title = "" },
		"torrent":      func(n *book.New) { n.Metainfo = open },
		"torrent ":     func(n *book.New) { n.ID = record.NewID() },
		"torrent  ":    func(n *book.New) { n.Metainfo.SetTrackers([][]string{{"https://t/announce"}}) },
		"uses":         func(n *book.New) { n.Uses = -1 },
		"expires":      func(n *book.New) { n.Expires = booktest.Begin() },
		"direct_limit": func(n *book.New) { n.DirectLimit = -1 },
	} {
		n := w.Draft("set", "Birds")
		change(&n)
		_, err := w.Book.Create(t.Context(), n)
		if e, ok := errors.AsType[*record.FieldError](err); !ok || e.Field != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	n := w.Draft("set", "Birds")
	n.Identity = permid.New().ID()
	if _, err := w.Book.Create(t.Context(), n); !errors.Is(err, identity.ErrNotFound) {
		t.Error(err)
	}
	full := errors.New("full")
	w.Swarm.Fail = full
	if _, err := w.Book.Create(t.Context(), w.Draft("set", "Birds")); !errors.Is(err, full) {
		t.Error(err)
	}
	if len(w.Book.All()) != 0 || len(w.Swarm.Seeds) != 0 {
		t.Error("something is left of what was refused")
	}
}

// TestUses: a link is redeemed as often as it says, by one after the other; those who are
// in stay in, for a day, and nobody else's ticket opens it.
func TestUses(t *testing.T) {
	w := world(t)
	n := w.Draft("set", "Birds")
	n.Uses = 2
	s, other := w.Share(n), w.Share(w.Draft("set", "Another"))
	first, err := w.Book.Redeem(t.Context(), s.Token, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := w.Book.Private(s.Token); !ok {
		t.Error("the link has ended after one use of two")
	}
	second, err := w.Book.Redeem(t.Context(), s.Token, "")
	if err != nil || first == second {
		t.Fatal(err)
	}
	if _, err := w.Book.Redeem(t.Context(), s.Token, ""); !errors.Is(err, book.ErrNotFound) {
		t.Errorf("a third use: %v", err)
	}
	w.Restart()
	if got, err := w.Book.Find(s.ID); err != nil || got.State != book.UsedUp || got.Used != 2 || got.Uses != 0 {
		t.Errorf("after a restart: %v", err)
	}
	for name, c := range map[string]struct {
		token, ticket link.Token
		ok            bool
	}{
		"the first": {s.Token, first, true}, "the second": {s.Token, second, true}, "of another share": {other.Token, first, false},
		"made up": {s.Token, link.NewToken(), false}, "none": {s.Token, link.Token{}, false}, "the token": {s.Token, s.Token, false},
		"without the token": {link.Token{}, first, false},
	} {
		if _, ok := w.Book.Redeemed(c.token, c.ticket); ok != c.ok {
			t.Errorf("%s: %v", name, ok)
		}
	}
	w.Clock.Pass(24 * time.Hour)
	if _, ok := w.Book.Redeemed(s.Token, first); ok {
		t.Error("a ticket is good for longer than a day")
	}
}

// TestPassphrase: a wrong one opens nothing and costs a use of nobody; after some the
// right one has to wait as well.
func TestPassphrase(t *testing.T) {
	w := world(t)
	n := w.Draft("set", "Birds")
	n.Uses, n.Passphrase = 1, "Zwölf Boxkämpfer"
	s := w.Share(n)
	for range 10 {
		if _, err := w.Book.Redeem(t.Context(), s.Token, "guess"); !errors.Is(err, guard.ErrWrong) {
			t.Fatal(err)
		}
	}
	_, err := w.Book.Redeem(t.Context(), s.Token, n.Passphrase)
	wait, ok := errors.AsType[*guard.WaitError](err)
	if !ok || wait.For <= 0 {
		t.Fatalf("after ten guesses: %v", err)
	}
	w.Clock.Pass(wait.For)
	// The same, typed on a keyboard that sends o and a mark.
	if _, err := w.Book.Redeem(t.Context(), s.Token, "Zwo\u0308lf Boxka\u0308mpfer"); err != nil {
		t.Error(err)
	}
}

// TestRevoke: the link, tickets, both torrents and all that was kept end at once, and the
// content stays.
func TestRevoke(t *testing.T) {
	w := world(t)
	n := w.Draft("set", "Birds")
	n.Licence.ID, n.Passphrase = "MIT", "x"
	s := w.Share(n)
	ticket, err := w.Book.Redeem(t.Context(), s.Token, "x")
	if err != nil {
		t.Fatal(err)
	}
	if s, err = w.Book.Publish(t.Context(), s.ID, book.Publication{Confirmed: true}); err != nil {
		t.Fatal(err)
	}
	if err := w.Book.Revoke(t.Context(), s.ID, false); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, ok := w.Book.Private(s.Token); ok {
			t.Error("the link goes on")
		}
		if _, ok := w.Book.Redeemed(s.Token, ticket); ok {
			t.Error("a ticket goes on")
		}
		if _, err := w.Book.Record(t.Context(), s.ID, false); !errors.Is(err, book.ErrNotFound) {
			t.Errorf("the record is there: %v", err)
		}
		if token, _ := w.Book.PublicLink(record.ID{}); w.Book.IsPublic(token.Token) {
			t.Error("the list is there, with nothing in it")
		}
		got, err := w.Book.Find(s.ID)
		if err != nil || got.State != book.Revoked || got.Published() || got.Secret != (book.Share{}).Secret || got.Token != (link.Token{}) {
			t.Errorf("what is left: %v", err)
		}
		w.Restart()
	}
	if len(w.Swarm.Seeds) != 0 || len(w.Swarm.Removed) != 0 {
		t.Errorf("%d torrents are left, the content of %d is gone", len(w.Swarm.Seeds), len(w.Swarm.Removed))
	}
	if err := w.Book.Revoke(t.Context(), s.ID, false); !errors.Is(err, book.ErrRevoked) {
		t.Error(err)
	}
	if err := w.Book.Forget(t.Context(), s.ID); err != nil || len(w.Book.All()) != 0 {
		t.Error(err)
	}
	if err := w.Book.Forget(t.Context(), s.ID); !errors.Is(err, book.ErrNotFound) {
		t.Error(err)
	}
}

// TestRevokeFails: a link has ended even if nothing else works.
func TestRevokeFails(t *testing.T) {
	w := world(t)
	s := w.Share(w.Draft("set", "Birds"))
	broken := errors.New("broken")
	w.Swarm.Fail = broken
	if err := w.Book.Revoke(t.Context(), s.ID, true); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, ok := w.Book.Private(s.Token); ok {
		t.Error("the link goes on")
	}
	if err := w.Book.Forget(t.Context(), w.Share(w.Draft("set", "x")).ID); !errors.Is(err, book.ErrNotFound) {
		t.Errorf("what goes on is forgotten: %v", err)
	}
}

// TestChange: what is said is signed anew under a higher number; the rest is not.
func TestChange(t *testing.T) {
	w := world(t)
	n := w.Draft("set", "Birds")
	n.Licence.ID = "MIT"
	s := w.Share(n)
	before, _ := recordOf(t, w, s, false)
	limit, direct := int64(5), true
	s, err := w.Book.Change(t.Context(), s.ID, book.Change{Direct: &direct, DirectLimit: &limit})
	if err != nil || s.Sequence != 1 || !s.Direct || s.DirectLimit != 5 {
		t.Fatalf("%v", err)
	}
	if s, err = w.Book.Publish(t.Context(), s.ID, book.Publication{Confirmed: true}); err != nil {
		t.Fatal(err)
	}
	title, tags := "Other birds", []string{"x"}
	if s, err = w.Book.Change(t.Context(), s.ID, book.Change{Title: &title, Tags: &tags}); err != nil {
		t.Fatal(err)
	}
	w.Restart()
	private, _ := recordOf(t, w, s, false)
	public, m := recordOf(t, w, s, true)
	if private.Title != title || public.Title != title || private.Follow(&before.Record) != nil || before.Follow(&private.Record) == nil || s.Sequence != 4 {
		t.Errorf("the records are %d and %d after %d", private.Sequence, public.Sequence, before.Sequence)
	}
	if m.Info.Private || m.TLS != nil {
		t.Error("the public torrent is private")
	}
	none := record.Licence{}
	if _, err := w.Book.Change(t.Context(), s.ID, book.Change{Licence: &none}); err == nil {
		t.Error("what is public has no licence any more")
	}
	bad := "x\u202e"
	if _, err := w.Book.Change(t.Context(), s.ID, book.Change{Title: &bad}); err == nil {
		t.Error("a title turns the direction of writing")
	}
	if got, err := w.Book.Find(s.ID); err != nil || got.Title != title || got.Licence.ID != "MIT" {
		t.Error("what was refused is there")
	}
}

// TestPublish: title, licence and confirmation are needed; the public torrent has the same
// pieces, and nothing of the private one.
func TestPublish(t *testing.T) {
	w := world(t)
	s := w.Share(w.Draft("set", "Birds"))
	for field, p := range map[string]book.Publication{
		"confirmed": {Licence: &record.Licence{ID: "MIT"}}, "licence": {Confirmed: true},
		"title": {Confirmed: true, Licence: &record.Licence{ID: "MIT"}, Title: new(string)},
	} {
		_, err := w.Book.Publish(t.Context(), s.ID, p)
		if e, ok := errors.AsType[*record.FieldError](err); !ok || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := w.Book.PublicLink(s.ID); !errors.Is(err, book.ErrUnpublished) {
		t.Error(err)
	}
	s, err := w.Book.Publish(t.Context(), s.ID, book.Publication{Confirmed: true, Licence: &record.Licence{Text: "Do."}})
	if err != nil {
		t.Fatal(err)
	}
	seed := w.Swarm.Seeds[s.Public]
	if seed.Secret != nil || seed.Announce != nil || seed.Like != s.Torrent {
		t.Error("the public torrent is seeded as a private one")
	}
	made, err := create.Torrent(t.Context(), w.Disk, "set", create.Options{PieceLength: 32 << 10})
	if err != nil {
		t.Fatal(err)
	}
	if s.PublicHashes != made.Hashes() || !bytes.Equal(seed.Metainfo.InfoBytes, made.InfoBytes) || len(seed.Metainfo.MissingLayers()) > 0 {
		t.Error("the public torrent is not the one that is made of the content")
	}
	private, public := w.Swarm.Seeds[s.Torrent].Metainfo.InfoBytes, seed.Metainfo.Bytes()
	if !bytes.Contains(private, []byte(s.ID.String())) || bytes.Contains(public, []byte(s.ID.String())) {
		t.Error("the public torrent names the private share")
	}
	recordOf(t, w, s, true)
	l, err := w.Book.PublicLink(s.ID)
	if err != nil || l.Kind != link.Public || l.Share != s.ID || !w.Book.IsPublic(l.Token) || w.Book.IsPublic(s.Token) {
		t.Errorf("the public link: %v", err)
	}
	again := w.Share(w.Draft("set", "The same"))
	if again, err = w.Book.Publish(t.Context(), again.ID, book.Publication{Confirmed: true, Licence: &record.Licence{ID: "MIT"}}); err != nil || !again.Borrowed {
		t.Fatalf("the same content twice: %v", err)
	}
	if other, err := w.Book.PublicLink(again.ID); err != nil || other.Token != l.Token {
		t.Errorf("each share has a public link of its own: %v", err)
	}
	if _, err := w.Book.Unpublish(t.Context(), again.ID); err != nil || len(w.Swarm.Seeds) != 3 {
		t.Errorf("the torrent of another share is ended: %v", err)
	}
	if s, err = w.Book.Unpublish(t.Context(), s.ID); err != nil || s.Published() || len(w.Swarm.Seeds) != 2 || w.Book.IsPublic(l.Token) {
		t.Errorf("after unpublishing: %v", err)
	}
	if _, err := w.Book.Unpublish(t.Context(), s.ID); !errors.Is(err, book.ErrUnpublished) {
		t.Error(err)
	}
}

func TestSearch(t *testing.T) {
	w := world(t)
	for i, title := range []string{"Birds of the north", "Birds of the south", "Maps"} {
		w.Clock.Pass(time.Minute)
		n := w.Draft("set", title)
		n.Licence.ID, n.Tags = "MIT", []string{"nature", title[:4]}[:2-i/2]
		s := w.Share(n)
		if i == 1 {
			continue // it stays private
		}
		if _, err := w.Book.Publish(t.Context(), s.ID, book.Publication{Confirmed: true}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		q     book.Query
		found string
		total int
	}{
		{book.Query{Most: 9}, "Maps,Birds of the north", 2},
		{book.Query{Most: 1}, "Maps", 2},
		{book.Query{From: 1, Most: 9}, "Birds of the north", 2},
		{book.Query{From: 7, Most: 9}, "", 2},
		{book.Query{Words: "NORTH bird", Most: 9}, "Birds of the north", 1},
		{book.Query{Words: "south", Most: 9}, "", 0},
		{book.Query{Tag: "Bird", Most: 9}, "Birds of the north", 1},
		{book.Query{Tag: "nature", Words: "map", Most: 9}, "Maps", 1},
	} {
		list, total := w.Book.Public(c.q)
		var titles []string
		for _, s := range list {
			titles = append(titles, s.Title)
		}
		if got := strings.Join(titles, ","); got != c.found || total != c.total {
			t.Errorf("%+v: %s of %d", c.q, got, total)
		}
	}
}

// TestCounted: what is counted is there after a restart, and a change loses none of it.
func TestCounted(t *testing.T) {
	w := world(t)
	s := w.Share(w.Draft("set", "Birds"))
	w.Book.Visited(s.ID)
	w.Book.Visited(s.ID)
	w.Book.Downloaded(s.ID)
	title := "x"
	if _, err := w.Book.Change(t.Context(), s.ID, book.Change{Title: &title}); err != nil {
		t.Fatal(err)
	}
	w.Restart()
	if got, err := w.Book.Find(s.ID); err != nil || got.Visits != 2 || got.Downloads != 1 || got.Title != "x" {
		t.Errorf("%d visits, %d downloads, %v", got.Visits, got.Downloads, err)
	}
}

func TestNowhere(t *testing.T) {
	w := world(t)
	s := w.Share(w.Draft("set", "Birds"))
	w.Place = ""
	if _, err := w.Book.Link(&s); !errors.Is(err, book.ErrNowhere) {
		t.Error(err)
	}
	_, m := recordOf(t, w, s, false)
	if len(m.Trackers()) != 0 {
		t.Error("a tracker is named that nobody finds")
	}
}

func TestOpenFile(t *testing.T) {
	w := world(t)
	n := w.Draft("set", "Birds")
	n.Direct, n.DirectLimit = true, 100
	s := w.Share(n)
	one, f, err := w.Book.OpenFile(t.Context(), &s, 0)
	if err != nil || one.Path != "set/a" || one.Size != 3 {
		t.Fatalf("%+v, %v", one, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for _, i := range []int{1, 3, -1} { // too large, and not there
		if _, _, err := w.Book.OpenFile(t.Context(), &s, i); !errors.Is(err, book.ErrNotFound) {
			t.Errorf("%d: %v", i, err)
		}
	}
	s.Direct = false
	if _, _, err := w.Book.OpenFile(t.Context(), &s, 0); !errors.Is(err, book.ErrNotFound) {
		t.Error(err)
	}
	big, err := w.Book.Files(t.Context(), s.ID, 1, 2)
	if err != nil || len(big) != 2 || big[0].Path != "set/b" || big[1].Path != "set/empty" {
		t.Errorf("%v, %v", big, err)
	}
}
