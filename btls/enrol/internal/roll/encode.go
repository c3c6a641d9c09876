package roll

import (
	"errors"
	"fmt"
	"time"

	"github.com/warren-p2p/warren/btls/credential"
	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// rollVersion is the version of the layout of stored state.
const rollVersion = 1

// ErrState reports stored state that cannot be read.
var ErrState = errors.New("state is damaged")

// Bytes returns the state as it is stored: a bencoded dictionary.
func (r *Roll) Bytes() []byte {
	invites, entries := []any{}, []any{}
	for _, i := range r.Invites {
		invites = append(invites, map[string]any{
			"expires": i.Expires.Unix(), "hash": i.Hash[:], "label": i.Label, "uses": i.Uses,
		})
	}
	for _, e := range r.Entries {
		entries = append(entries, map[string]any{
			"from": e.NotBefore.Unix(), "key": e.Key[:], "label": e.Label, "leaf": flag(e.Leaf),
			"revoked": flag(e.Revoked), "serial": e.Serial[:], "to": e.NotAfter.Unix(),
		})
	}
	return bencode.Append(nil, map[string]any{
		"entries": entries, "invites": invites, "number": int64(r.Number), "version": rollVersion,
	})
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}

// Parse reads what Bytes wrote; nothing at all is a roll without anything.
func Parse(b []byte) (*Roll, error) {
	r := &Roll{}
	if len(b) == 0 {
		return r, nil
	}
	v, err := bencode.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrState, err)
	}
	d := decoder{ok: true}
	if d.number(v.Get("version")) != rollVersion {
		d.ok = false
	}
	r.Number = uint64(d.number(v.Get("number")))
	for i := range v.Get("invites").All() {
		r.Invites = append(r.Invites, Invite{
			Hash: d.digest(i.Get("hash")), Label: d.text(i.Get("label")), Uses: int(d.number(i.Get("uses"))), Expires: d.time(i.Get("expires")),
		})
	}
	for e := range v.Get("entries").All() {
		r.Entries = append(r.Entries, Entry{
			Serial: d.serial(e.Get("serial")), Key: d.digest(e.Get("key")), Label: d.text(e.Get("label")),
			NotBefore: d.time(e.Get("from")), NotAfter: d.time(e.Get("to")),
			Leaf: d.number(e.Get("leaf")) == 1, Revoked: d.number(e.Get("revoked")) == 1,
		})
	}
	if !d.ok || len(r.Entries) > MaxMembers || len(r.Invites) > MaxInvites {
		return nil, ErrState
	}
	return r, nil
}

// decoder reads fields that must be there; ok says whether all were.
type decoder struct{ ok bool }

func (d *decoder) number(v bencode.Value) int64 {
	n, ok := v.Int()
	if !ok || n < 0 {
		d.ok = false
	}
	return n
}

// time reads seconds since 1970, before the year 10000.
func (d *decoder) time(v bencode.Value) time.Time {
	n := d.number(v)
	if n > 253402300799 {
		d.ok = false
		n = 0
	}
	return time.Unix(n, 0).UTC()
}

func (d *decoder) text(v bencode.Value) string {
	b, ok := v.Bytes()
	if !ok || len(b) > MaxLabel {
		d.ok = false
	}
	return string(b)
}

func (d *decoder) digest(v bencode.Value) (h [32]byte) {
	b, ok := v.Bytes()
	if !ok || len(b) != len(h) {
		d.ok = false
		return h
	}
	return [32]byte(b)
}

func (d *decoder) serial(v bencode.Value) (s credential.Serial) {
	b, ok := v.Bytes()
	if !ok || len(b) != len(s) {
		d.ok = false
		return s
	}
	return credential.Serial(b)
}
