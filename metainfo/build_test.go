package metainfo_test

import (
	"crypto/sha1"
	"maps"

	"github.com/warren-p2p/warren/internal/wire/bencode"
)

// The builders make info dictionaries of zero-filled content, from which the
// tables derive bad ones.

type dict = map[string]any
type list = []any

func pieces(n int) []byte { return make([]byte, n*sha1.Size) }

func root(b byte) []byte {
	h := make([]byte, 32)
	h[0] = b
	return h
}

func infoV1(change func(dict)) dict {
	d := dict{"name": "n", "piece length": 16384, "pieces": pieces(1), "length": 5}
	change(d)
	return d
}

func filesV1(files ...any) dict {
	return dict{"name": "n", "piece length": 16384, "pieces": pieces(1), "files": files}
}

func fileV1(length int, path ...any) dict { return dict{"length": length, "path": path} }

func with(d dict, kv ...any) dict {
	d = maps.Clone(d)
	for i := 0; i < len(kv); i += 2 {
		if kv[i+1] == nil {
			delete(d, kv[i].(string))
		} else {
			d[kv[i].(string)] = kv[i+1]
		}
	}
	return d
}

func infoV2(tree dict) dict {
	return dict{"name": "n", "piece length": 16384, "meta version": 2, "file tree": tree}
}

func leafV2(length int) dict {
	return dict{"": dict{"length": length, "pieces root": root(1)}}
}

// infoHybrid has the files a (5 bytes) and b (7 bytes), padded.
func infoHybrid(change func(dict)) dict {
	d := dict{
		"name": "n", "piece length": 16384, "pieces": pieces(2), "meta version": 2,
		"file tree": dict{"a": leafV2(5), "b": leafV2(7)},
		"files":     list{fileV1(5, "a"), with(fileV1(16379, ".pad", "16379"), "attr", "p"), fileV1(7, "b")},
	}
	change(d)
	return d
}

func encode(v any) []byte { return bencode.Append(nil, v) }

func torrentOf(info dict, kv ...any) []byte { return encode(with(dict{"info": info}, kv...)) }
