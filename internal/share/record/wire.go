package record

import (
	"fmt"
	"strconv"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/permid"
)

// version is that of the format.
const version = 1

// Sign signs a record, whose Key it sets. The error is a [*FieldError] if something
// cannot be said.
func (r Record) Sign(key permid.SigningKey[permid.Share]) (*Signed, error) {
	r.Key = key.Public()
	r.Size = 0
	for _, f := range r.Files {
		r.Size += f.Size
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	if err := r.checkContent(); err != nil {
		return nil, err
	}
	body := bencode.Append(nil, r.dict())
	signature := key.Sign(Domain, body)
	b := bencode.Append(nil, map[string]any{"record": bencode.Raw(body), "signature": signature[:]})
	if len(b) > MaxBytes {
		return nil, &FieldError{"files", "their names are too long together"}
	}
	return &Signed{Record: r, bytes: b}, nil
}

// dict returns the dictionary that is signed. What is not said is not there.
func (r *Record) dict() map[string]any {
	id, key := r.ID, r.Key.Bytes()
	d := map[string]any{
		"v": version, "id": id[:], "title": r.Title, "files": r.list(), "size": r.Size,
		"created": r.Created.Unix(), "seq": r.Sequence, "key": key[:],
	}
	if r.Hashes.HasV1 {
		d["v1"] = r.Hashes.V1[:]
	}
	if r.Hashes.HasV2 {
		d["v2"] = r.Hashes.V2[:]
	}
	put := func(d map[string]any, name, text string) {
		if text != "" {
			d[name] = text
		}
	}
	put(d, "description", r.Description)
	if len(r.Tags) > 0 {
		var tags []any
		for _, tag := range r.Tags {
			tags = append(tags, tag)
		}
		d["tags"] = tags
	}
	licence, provenance := map[string]any{}, map[string]any{}
	put(licence, "id", r.Licence.ID)
	put(licence, "text", r.Licence.Text)
	put(provenance, "author", r.Provenance.Author)
	put(provenance, "source", r.Provenance.Source)
	put(provenance, "derived", r.Provenance.Derived)
	if !r.Provenance.Created.IsZero() {
		provenance["created"] = r.Provenance.Created.Unix()
	}
	for name, part := range map[string]map[string]any{"licence": licence, "provenance": provenance} {
		if len(part) > 0 {
			d[name] = part
		}
	}
	if !r.Expires.IsZero() {
		d["expires"] = r.Expires.Unix()
	}
	return d
}

// list returns the files, each a list of path, size and, unless it is empty, root.
func (r *Record) list() bencode.Raw {
	b := []byte{'l'}
	for i := range r.Files {
		f := &r.Files[i]
		b = append(b, 'l')
		b = bencode.Append(b, f.Path)
		b = append(strconv.AppendInt(append(b, 'i'), f.Size, 10), 'e')
		if f.Size > 0 {
			b = bencode.Append(b, f.Root[:])
		}
		b = append(b, 'e')
	}
	return append(b, 'e')
}

// Parse reads a signed record: canonical, of a version that is known, nothing in it that
// [Record.Check] refuses, and signed by the key that it names. The error matches
// ErrSyntax, ErrVersion or ErrSignature, or joins a [*FieldError] to ErrSyntax. The
// record shares b, which must not change afterwards.
func Parse(b []byte) (*Signed, error) {
	if len(b) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrSyntax, len(b))
	}
	v, err := bencode.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	body := v.Get("record")
	signature, ok := v.Get("signature").Bytes()
	if body.Kind() != bencode.Dict || !ok || len(signature) != len(permid.Signature{}) || v.Len() != 2 {
		return nil, ErrSyntax
	}
	if n, ok := body.Get("v").Int(); !ok || n < 1 {
		return nil, ErrSyntax
	} else if n > version {
		return nil, fmt.Errorf("%w: %d", ErrVersion, n)
	}
	key, _ := body.Get("key").Bytes()
	s := &Signed{bytes: b}
	if s.Key, err = permid.PublicFromKey[permid.Share](key); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	if !s.Key.Verify(Domain, body.Raw(), permid.Signature(signature)) {
		return nil, ErrSignature
	}
	if err := s.read(body); err != nil {
		return nil, err
	}
	return s, nil
}

// read takes the fields. Keys that are not known are passed over: they are signed, and
// say nothing that changes what is known here.
func (s *Signed) read(d bencode.Value) error {
	r := reader{}
	for name, v := range d.Dict() {
		switch name {
		case "id":
			r.fixed(name, v, s.ID[:])
		case "title":
			s.Title = r.text(name, v)
		case "description":
			s.Description = r.text(name, v)
		case "tags":
			r.tags(&s.Record, v)
		case "files":
			r.files(&s.Record, v)
		case "size":
			s.Size = r.number(name, v)
		case "v1":
			s.Hashes.HasV1 = r.fixed(name, v, s.Hashes.V1[:])
		case "v2":
			s.Hashes.HasV2 = r.fixed(name, v, s.Hashes.V2[:])
		case "licence":
			s.Licence.ID, s.Licence.Text = r.optional("licence.id", v.Get("id")), r.optional("licence.text", v.Get("text"))
		case "provenance":
			p := &s.Provenance
			p.Author, p.Source = r.optional("provenance.author", v.Get("author")), r.optional("provenance.source", v.Get("source"))
			p.Derived = r.optional("provenance.derived", v.Get("derived"))
			if c := v.Get("created"); c.Kind() != bencode.Invalid {
				p.Created = r.time("provenance.created", c)
			}
		case "created":
			s.Created = r.time(name, v)
		case "expires":
			s.Expires = r.time(name, v)
		case "seq":
			s.Sequence = r.number(name, v)
		}
	}
	if r.err == nil {
		r.err = s.Check()
	}
	if r.err == nil {
		r.err = s.checkContent()
	}
	if r.err != nil {
		return fmt.Errorf("%w: %w", ErrSyntax, r.err)
	}
	return nil
}
