package record_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/warren-p2p/warren/internal/share/record"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/permid"
)

// vectors are testdata/vectors.json, which testdata/vectors.py prints.
type vectors struct {
	Records []struct {
		Seed, Later, Bytes string
		Fields             fields
	}
	Refused []struct{ Why, Bytes string } `json:"refused_records"`
}

type fields struct {
	ID, Key, V1, V2, Title, Description string
	Tags                                []string
	Files                               [][]any
	Size, Seq, Created, Expires         int64
	Licence                             record.Licence
	Provenance                          struct {
		Author, Source, Derived string
		Created                 int64
	}
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func moment(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// record returns what the fields of a vector say.
func (f *fields) record(t *testing.T) record.Record {
	t.Helper()
	p := f.Provenance
	r := record.Record{
		Title: f.Title, Description: f.Description, Tags: f.Tags, Size: f.Size, Sequence: f.Seq, Licence: f.Licence,
		Created: moment(f.Created), Expires: moment(f.Expires),
		Provenance: record.Provenance{Author: p.Author, Source: p.Source, Derived: p.Derived, Created: moment(p.Created)},
	}
	copy(r.ID[:], unhex(t, f.ID))
	r.Hashes = metainfo.InfoHashes{HasV1: f.V1 != "", HasV2: true}
	copy(r.Hashes.V1[:], unhex(t, f.V1))
	copy(r.Hashes.V2[:], unhex(t, f.V2))
	for _, one := range f.Files {
		file := record.File{Path: one[0].(string), Size: int64(one[1].(float64))}
		if len(one) > 2 {
			copy(file.Root[:], unhex(t, one[2].(string)))
		}
		r.Files = append(r.Files, file)
	}
	return r
}

// TestVectors: another program writes and reads the same bytes.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.json")
	var v vectors
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil || len(v.Records) != 3 || len(v.Refused) < 20 {
		t.Fatalf("vectors: %v", err)
	}
	for i, one := range v.Records {
		want, b := one.Fields.record(t), unhex(t, one.Bytes)
		who := permid.FromSeed(permid.Seed(unhex(t, one.Seed))).Share()
		s, err := want.Sign(who)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if key := who.Public().Bytes(); one.Later == "" && !bytes.Equal(s.Bytes(), b) || hex.EncodeToString(key[:]) != one.Fields.Key {
			t.Errorf("%d: it is written as\n%x, not\n%x", i, s.Bytes(), b)
		}
		got, err := record.Parse(b)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if diff := cmp.Diff(s.Record, got.Record, keys); diff != "" {
			t.Errorf("%d: %s", i, diff)
		}
	}
	for _, one := range v.Refused {
		if _, err := record.Parse(unhex(t, one.Bytes)); err == nil {
			t.Errorf("%s: it is taken", one.Why)
		}
	}
}
