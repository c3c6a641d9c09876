package metainfo

import (
	"fmt"
	"time"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo/internal/check"
)

// Torrent is a parsed metainfo file. The exported fields outside Info may be
// changed before [Torrent.Bytes]; Info and InfoBytes are read-only.
type Torrent struct {
	Info      Info
	InfoBytes []byte // the info dictionary as it arrived

	Announce     string
	AnnounceList [][]string // tiers (BEP 12)
	URLList      []string   // web seeds (BEP 19)
	Nodes        []Node     // DHT nodes (BEP 5)
	Comment      string
	CreatedBy    string
	CreationDate time.Time // zero if not given
	TLS          *TLS      // what peers have to know or hold; nil if nothing is said

	hashes InfoHashes
	layers []layerSlot // one for each file; empty for version 1
	// outer holds every top-level value but info as it arrived, so that what
	// is unknown or unchanged is written back byte for byte.
	outer map[string]bencode.Raw
}

// Node is the address of a DHT node (BEP 5).
type Node struct {
	Host string
	Port int
}

// Parse reads a metainfo file. The torrent shares b, which must not change
// afterwards. Errors are a [*FieldError], or wrap a *bencode.Error for input
// that is not canonical bencoding.
func Parse(b []byte) (*Torrent, error) {
	v, err := bencode.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("parse torrent: %w", err)
	}
	if v.Kind() != bencode.Dict {
		return nil, check.Bad("", ErrType)
	}
	t := &Torrent{outer: make(map[string]bencode.Raw)}
	var info, layers bencode.Value
	for key, val := range v.Dict() {
		switch key {
		case "info":
			info = val
			continue
		case "piece layers":
			layers = val
		}
		t.outer[key] = bencode.Raw(val.Raw())
	}
	in, err := parseInfo(info)
	if err != nil {
		return nil, err
	}
	t.setInfo(in, info.Raw())
	if err := t.readLayers(layers); err != nil {
		return nil, err
	}
	for _, f := range outerFields {
		if raw, ok := t.outer[f.key]; ok {
			val, err := bencode.Parse(raw)
			if err != nil {
				return nil, fmt.Errorf("parse torrent: %s: %w", f.key, err)
			}
			if err := f.read(t, val); err != nil {
				return nil, err
			}
		}
	}
	return t, nil
}

// ParseInfo reads an info dictionary, such as peers send it for a magnet link
// (BEP 9). The merkle layers of a version 2 torrent are missing then: see
// [Torrent.MissingLayers]. Sharing and errors are as with [Parse].
func ParseInfo(info []byte) (*Torrent, error) {
	v, err := bencode.Parse(info)
	if err != nil {
		return nil, fmt.Errorf("parse info dictionary: %w", err)
	}
	in, err := parseInfo(v)
	if err != nil {
		return nil, err
	}
	t := &Torrent{}
	t.setInfo(in, v.Raw())
	return t, nil
}

func (t *Torrent) setInfo(info *Info, raw []byte) {
	t.Info, t.InfoBytes = *info, raw
	t.hashes = HashInfo(raw, info.v1, info.v2)
	if info.v2 {
		t.layers = make([]layerSlot, len(info.Files))
	}
}

// Hashes returns the torrent's hashes, taken over InfoBytes.
func (t *Torrent) Hashes() InfoHashes { return t.hashes }

// Bytes returns the metainfo file. The info dictionary and all values that
// were not changed are the bytes that were parsed. Merkle layers are included
// once none is missing.
func (t *Torrent) Bytes() []byte {
	dict := make(map[string]any, len(t.outer)+8)
	for key, raw := range t.outer {
		dict[key] = raw
	}
	for _, f := range outerFields {
		if raw, ok := t.outer[f.key]; !ok || !f.unchanged(t, raw) {
			if v := f.write(t); v != nil {
				dict[f.key] = v
			} else {
				delete(dict, f.key)
			}
		}
	}
	if _, ok := dict["piece layers"]; !ok && t.Info.v2 && len(t.MissingLayers()) == 0 {
		// BEP 52 wants the key even where it is empty; a file that came
		// without it stays as it came.
		if layers := t.layerDict(); len(layers) > 0 || t.outer == nil {
			dict["piece layers"] = layers
		}
	}
	dict["info"] = bencode.Raw(t.InfoBytes)
	return bencode.Append(nil, dict)
}

// Trackers returns the tracker tiers: AnnounceList if it has an entry, else
// Announce alone (BEP 12).
func (t *Torrent) Trackers() [][]string {
	for _, tier := range t.AnnounceList {
		if len(tier) > 0 {
			return t.AnnounceList
		}
	}
	if t.Announce != "" {
		return [][]string{{t.Announce}}
	}
	return nil
}

// SetTrackers replaces all trackers; the first one is also the one that
// clients without BEP 12 use.
func (t *Torrent) SetTrackers(tiers [][]string) {
	t.Announce, t.AnnounceList = "", nil
	for _, tier := range tiers {
		if len(tier) == 0 {
			continue
		}
		if t.Announce == "" {
			t.Announce = tier[0]
		}
		t.AnnounceList = append(t.AnnounceList, tier)
	}
	if len(t.AnnounceList) == 1 && len(t.AnnounceList[0]) == 1 {
		t.AnnounceList = nil
	}
}
