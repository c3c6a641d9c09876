package metainfo_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/wire/bencode"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/internal/golden"
)

func path(parts ...any) dict { return filesV1(fileV1(5, parts...)) }

var none = func(dict) {}

// badInfo has a row for each way an info dictionary can be bad.
var badInfo = []struct {
	name  string
	info  dict
	field string
	err   error
}{
	{"no name", infoV1(func(d dict) { delete(d, "name") }), "info.name", metainfo.ErrMissing},
	{"name of wrong type", infoV1(func(d dict) { d["name"] = 1 }), "info.name", metainfo.ErrType},
	{"name is a path", infoV1(func(d dict) { d["name"] = "a/b" }), "info.name", metainfo.ErrAbsolute},
	{"name is the parent", infoV1(func(d dict) { d["name"] = ".." }), "info.name", metainfo.ErrTraversal},
	{"no piece length", infoV1(func(d dict) { delete(d, "piece length") }), "info.piece length", metainfo.ErrMissing},
	{"piece length 0", infoV1(func(d dict) { d["piece length"] = 0 }), "info.piece length", metainfo.ErrPieceLength},
	{"piece length huge", infoV1(func(d dict) { d["piece length"] = 1 << 40 }), "info.piece length", metainfo.ErrPieceLength},
	{"v2 piece length", with(infoV2(dict{"a": leafV2(5)}), "piece length", 16385), "info.piece length", metainfo.ErrPieceLength},
	{"v2 piece length small", with(infoV2(dict{"a": leafV2(5)}), "piece length", 8192), "info.piece length", metainfo.ErrPieceLength},
	{"no pieces", infoV1(func(d dict) { delete(d, "pieces") }), "info.pieces", metainfo.ErrMissing},
	{"pieces of wrong type", infoV1(func(d dict) { d["pieces"] = list{} }), "info.pieces", metainfo.ErrType},
	{"too few pieces", infoV1(func(d dict) { d["length"] = 16385 }), "info.pieces", metainfo.ErrPieceCount},
	{"too many pieces", infoV1(func(d dict) { d["pieces"] = pieces(2) }), "info.pieces", metainfo.ErrPieceCount},
	{"pieces cut", infoV1(func(d dict) { d["pieces"] = make([]byte, 19) }), "info.pieces", metainfo.ErrPieceCount},
	{"pieces by the million", infoV2(dict{"a": leafV2(1 << 50)}), "info.piece length", metainfo.ErrPieceCount},
	{"root hash cut", infoV1(func(d dict) { delete(d, "pieces"); d["root hash"] = "x" }), "info.root hash", metainfo.ErrRange},
	{"private of wrong type", infoV1(func(d dict) { d["private"] = "1" }), "info.private", metainfo.ErrType},
	{"source of wrong type", infoV1(func(d dict) { d["source"] = 1 }), "info.source", metainfo.ErrType},
	{"ssl-cert of wrong type", infoV1(func(d dict) { d["ssl-cert"] = 1 }), "info.ssl-cert", metainfo.ErrType},
	{"meta version 3", with(infoV2(dict{"a": leafV2(5)}), "meta version", 3), "info.meta version", metainfo.ErrVersion},
	{"meta version of wrong type", with(infoV2(dict{"a": leafV2(5)}), "meta version", "2"), "info.meta version", metainfo.ErrType},

	{"no length", infoV1(func(d dict) { delete(d, "length") }), "info.files", metainfo.ErrMissing},
	{"length and files", infoV1(func(d dict) { d["files"] = list{fileV1(5, "a")} }), "info.files", metainfo.ErrHybrid},
	{"length negative", infoV1(func(d dict) { d["length"] = -5 }), "info.length", metainfo.ErrRange},
	{"length of wrong type", infoV1(func(d dict) { d["length"] = "5" }), "info.length", metainfo.ErrType},
	{"length 0", infoV1(func(d dict) { d["length"] = 0; d["pieces"] = "" }), "info", metainfo.ErrEmpty},
	{"files of wrong type", with(filesV1(), "files", dict{}), "info.files", metainfo.ErrType},
	{"file of wrong type", filesV1("a"), "info.files[0]", metainfo.ErrType},
	{"no files", filesV1(), "info", metainfo.ErrEmpty},
	{"file length missing", filesV1(dict{"path": list{"a"}}), "info.files[0].length", metainfo.ErrMissing},
	{"file length negative", filesV1(fileV1(9, "a"), fileV1(-4, "b")), "info.files[1].length", metainfo.ErrRange},
	{"file lengths overflow", filesV1(fileV1(1<<60, "a"), fileV1(1<<60, "b")), "info.files[1].length", metainfo.ErrRange},
	{"path missing", filesV1(dict{"length": 5}), "info.files[0].path", metainfo.ErrMissing},
	{"path of wrong type", filesV1(dict{"length": 5, "path": "a"}), "info.files[0].path", metainfo.ErrType},
	{"path element of wrong type", path("a", 1), "info.files[0].path[1]", metainfo.ErrType},
	{"path without elements", path(), "info.files[0].path", metainfo.ErrEmptyName},

	{"traversal", path("a", "..", "b"), "info.files[0].path", metainfo.ErrTraversal},
	{"traversal with spaces", path(".. ", "b"), "info.files[0].path", metainfo.ErrTraversal},
	{"dot", path("."), "info.files[0].path", metainfo.ErrTraversal},
	{"absolute", path("/etc"), "info.files[0].path", metainfo.ErrAbsolute},
	{"backslash", path(`..\x`), "info.files[0].path", metainfo.ErrAbsolute},
	{"drive", path("C:x"), "info.files[0].path", metainfo.ErrAbsolute},
	{"reserved", path("a", "nul"), "info.files[0].path", metainfo.ErrReserved},
	{"NUL byte", path("a\x00"), "info.files[0].path", metainfo.ErrNUL},
	{"not UTF-8", path("a\xff"), "info.files[0].path", metainfo.ErrEncoding},
	{"empty element", path("a", ""), "info.files[0].path", metainfo.ErrEmptyName},
	{"long element", path(strings.Repeat("x", 256)), "info.files[0].path", metainfo.ErrTooLong},

	{"duplicate", filesV1(fileV1(1, "a"), fileV1(1, "a")), "info.files[1]", metainfo.ErrDuplicate},
	{"case", filesV1(fileV1(1, "a", "README"), fileV1(1, "A", "readme")), "info.files[1]", metainfo.ErrCollision},
	{"case folding", filesV1(fileV1(1, "STRASSE"), fileV1(1, "straße")), "info.files[1]", metainfo.ErrCollision},
	{"NFC and NFD", filesV1(fileV1(1, "\u00e9"), fileV1(1, "e\u0301")), "info.files[1]", metainfo.ErrCollision},
	{"trailing dot", filesV1(fileV1(1, "a"), fileV1(1, "a.")), "info.files[1]", metainfo.ErrCollision},
	{"file below file", filesV1(fileV1(1, "a"), fileV1(1, "a", "b")), "info.files[1]", metainfo.ErrOverlap},
	{"file above file", filesV1(fileV1(1, "a", "b"), fileV1(1, "A")), "info.files[1]", metainfo.ErrOverlap},
	{"file below link", filesV1(link("a", "x"), fileV1(1, "a", "b")), "info.files[1]", metainfo.ErrOverlap},

	{"attr of wrong type", filesV1(with(fileV1(5, "a"), "attr", 1)), "info.files[0].attr", metainfo.ErrType},
	{"link without target", filesV1(with(fileV1(0, "a"), "attr", "l")), "info.files[0].symlink path", metainfo.ErrMissing},
	{"link leaves", filesV1(link("a", "..", "x")), "info.files[0].symlink path", metainfo.ErrSymlink},
	{"link is absolute", filesV1(link("a", "/etc")), "info.files[0].symlink path", metainfo.ErrSymlink},
	{"link with content", filesV1(with(link("a", "x"), "length", 5)), "info.files[0].length", metainfo.ErrSymlink},
	{"link is padding", filesV1(with(link("a", "x"), "attr", "pl")), "info.files[0].attr", metainfo.ErrPad},
	{"padding alone in a piece", with(filesV1(fileV1(16384, "a"), pad(3)), "pieces", pieces(2)), "info.files[1]", metainfo.ErrPad},
	{"padding fills a piece", with(filesV1(fileV1(5, "a"), pad(16379), pad(16384), fileV1(5, "b")), "pieces", pieces(3)), "info.files[2]", metainfo.ErrPad},
	{"padding everywhere", filesV1(pad(5)), "info", metainfo.ErrEmpty},

	{"no file tree", with(infoV2(dict{}), "file tree", nil), "info.file tree", metainfo.ErrMissing},
	{"file tree of wrong type", with(infoV2(dict{}), "file tree", list{}), "info.file tree", metainfo.ErrType},
	{"empty file tree", infoV2(dict{}), `info.file tree[""]`, metainfo.ErrEmpty},
	{"empty directory", infoV2(dict{"a": dict{}}), `info.file tree["a"]`, metainfo.ErrEmpty},
	{"tree is a file", infoV2(leafV2(5)), "info.file tree", metainfo.ErrEmptyName},
	{"tree node of wrong type", infoV2(dict{"a": 1}), `info.file tree["a"]`, metainfo.ErrType},
	{"file and directory", infoV2(dict{"a": with(leafV2(5), "b", leafV2(5))}), `info.file tree["a"]`, metainfo.ErrOverlap},
	{"tree traversal", infoV2(dict{"a": dict{"..": leafV2(5)}}), `info.file tree["a/.."]`, metainfo.ErrTraversal},
	{"tree case", infoV2(dict{"A": leafV2(5), "a": leafV2(5)}), `info.file tree["a"]`, metainfo.ErrCollision},
	{"tree length missing", infoV2(dict{"a": dict{"": dict{}}}), `info.file tree["a"].length`, metainfo.ErrMissing},
	{"tree length negative", infoV2(dict{"a": leafV2(-5)}), `info.file tree["a"].length`, metainfo.ErrRange},
	{"tree length huge", infoV2(dict{"a": leafV2(1 << 62)}), `info.file tree["a"].length`, metainfo.ErrRange},
	{"no pieces root", infoV2(dict{"a": dict{"": dict{"length": 5}}}), `info.file tree["a"].pieces root`, metainfo.ErrMissing},
	{"pieces root cut", infoV2(dict{"a": dict{"": dict{"length": 5, "pieces root": "x"}}}), `info.file tree["a"].pieces root`, metainfo.ErrRange},
	{"tree padding", infoV2(dict{"a": dict{"": dict{"length": 0, "attr": "p"}}}), `info.file tree["a"].attr`, metainfo.ErrPad},
	{"tree link leaves", infoV2(dict{"a": dict{"": dict{"attr": "l", "symlink path": list{".."}}}}), `info.file tree["a"].symlink path`, metainfo.ErrSymlink},

	{"hybrid path", infoHybrid(func(d dict) { d["file tree"] = dict{"a": leafV2(5), "c": leafV2(7)} }), "info.files[2].path", metainfo.ErrHybrid},
	{"hybrid length", infoHybrid(func(d dict) { d["file tree"] = dict{"a": leafV2(5), "b": leafV2(8)} }), "info.files[2].length", metainfo.ErrHybrid},
	{"hybrid fewer", infoHybrid(func(d dict) { d["file tree"] = dict{"a": leafV2(5)} }), "info.files[2]", metainfo.ErrHybrid},
	{"hybrid more", infoHybrid(func(d dict) { d["file tree"] = dict{"a": leafV2(5), "b": leafV2(7), "c": leafV2(1)} }), `info.file tree["c"]`, metainfo.ErrHybrid},
	{"hybrid unaligned", infoHybrid(func(d dict) {
		d["files"], d["pieces"] = list{fileV1(5, "a"), fileV1(7, "b")}, pieces(1)
	}), "info.files[1]", metainfo.ErrHybrid},
	{"hybrid link", infoHybrid(func(d dict) {
		d["files"] = list{fileV1(5, "a"), link("b", "a")}
		d["file tree"] = dict{"a": leafV2(5), "b": dict{"": dict{"attr": "l", "symlink path": list{"c"}}}}
	}), "info.files[1].symlink path", metainfo.ErrHybrid},
	{"hybrid directory", infoHybrid(func(d dict) {
		d["files"], d["pieces"], d["file tree"] = list{fileV1(5, "n")}, pieces(1), dict{"n": leafV2(5)}
	}), "info.files", metainfo.ErrHybrid},
}

func link(name string, target ...any) dict {
	return dict{"length": 0, "path": list{name}, "attr": "l", "symlink path": target}
}

func pad(n int) dict { return with(fileV1(n, ".pad", "x"), "attr", "p") }

func wantField(t *testing.T, err error, field string, reason error) {
	t.Helper()
	var f *metainfo.FieldError
	if !errors.As(err, &f) {
		t.Fatalf("error %v (%T), want a FieldError", err, err)
	}
	if f.Field != field || !errors.Is(err, reason) {
		t.Errorf("error %q, want %s: %v", err, field, reason)
	}
}

func TestBadInfo(t *testing.T) {
	for _, c := range badInfo {
		t.Run(c.name, func(t *testing.T) {
			_, err := metainfo.ParseInfo(encode(c.info))
			wantField(t, err, c.field, c.err)
			_, err = metainfo.Parse(torrentOf(c.info))
			wantField(t, err, c.field, c.err)
		})
	}
}

// TestGoodInfo makes sure that the builders of the table above are sound, so
// that each row fails for the reason it names.
func TestGoodInfo(t *testing.T) {
	for name, info := range map[string]dict{
		"v1": infoV1(none), "files": path("a", "b"), "v2": infoV2(dict{"a": leafV2(5)}),
		"hybrid": infoHybrid(none), "link": filesV1(link("a", "x"), fileV1(5, "x")),
		"pad":         filesV1(fileV1(5, "a"), pad(16379)),
		"old name":    with(infoV1(none), "name", "\xc4", "name.utf-8", "Ä"),
		"old path":    filesV1(with(fileV1(5, "\xc4"), "path.utf-8", list{"Ä"})),
		"extension":   path("aux.c"),
		"merkle":      with(infoV1(none), "pieces", nil, "root hash", pieces(1)),
		"same dirs":   filesV1(fileV1(1, "Docs", "a"), fileV1(1, "docs", "b")),
		"link no len": infoV2(dict{"a": leafV2(5), "b": dict{"": dict{"attr": "l", "symlink path": list{"a"}}}}),
	} {
		if _, err := metainfo.ParseInfo(encode(info)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBadTorrent(t *testing.T) {
	layers := infoV2(dict{"a": leafV2(40000)})
	key := string(root(1))
	good := dict{"info": infoV1(none)}
	for _, c := range []struct {
		name  string
		dict  dict
		field string
		err   error
	}{
		{"no info", dict{"announce": "x"}, "info", metainfo.ErrMissing},
		{"info of wrong type", dict{"info": "x"}, "info", metainfo.ErrType},
		{"announce", with(good, "announce", 1), "announce", metainfo.ErrType},
		{"comment", with(good, "comment", list{}), "comment", metainfo.ErrType},
		{"created by", with(good, "created by", 1), "created by", metainfo.ErrType},
		{"date", with(good, "creation date", "x"), "creation date", metainfo.ErrType},
		{"date negative", with(good, "creation date", -1), "creation date", metainfo.ErrRange},
		{"date too late", with(good, "creation date", 1<<60), "creation date", metainfo.ErrRange},
		{"tiers", with(good, "announce-list", "x"), "announce-list", metainfo.ErrType},
		{"tier", with(good, "announce-list", list{list{"x"}, "y"}), "announce-list[1]", metainfo.ErrType},
		{"tracker", with(good, "announce-list", list{list{1}}), "announce-list[0][0]", metainfo.ErrType},
		{"web seeds", with(good, "url-list", 1), "url-list", metainfo.ErrType},
		{"web seed", with(good, "url-list", list{"x", 1}), "url-list[1]", metainfo.ErrType},
		{"nodes", with(good, "nodes", "x"), "nodes", metainfo.ErrType},
		{"node", with(good, "nodes", list{list{"h"}}), "nodes[0]", metainfo.ErrType},
		{"node port type", with(good, "nodes", list{list{"h", "1"}}), "nodes[0]", metainfo.ErrType},
		{"node port", with(good, "nodes", list{list{"h", 65536}}), "nodes[0]", metainfo.ErrRange},
		{"layers", dict{"info": layers, "piece layers": "x"}, "piece layers", metainfo.ErrType},
		{"layer missing", dict{"info": layers, "piece layers": dict{}}, layerField(), metainfo.ErrMissing},
		{"layer type", dict{"info": layers, "piece layers": dict{key: 1}}, layerField(), metainfo.ErrType},
		{"layer length", dict{"info": layers, "piece layers": dict{key: make([]byte, 64)}}, layerField(), metainfo.ErrLayer},
		{"layer wrong", dict{"info": layers, "piece layers": dict{key: make([]byte, 96)}}, layerField(), metainfo.ErrLayer},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := metainfo.Parse(encode(c.dict))
			wantField(t, err, c.field, c.err)
		})
	}
}

func layerField() string {
	return "piece layers[" + metainfo.HashV2(root(1)).String() + "]"
}

func TestBadBencoding(t *testing.T) {
	good := golden.Torrent("single-v1")
	for name, c := range map[string]struct {
		in  []byte
		err error
	}{
		"empty":          {nil, bencode.ErrTruncated},
		"cut":            {good[:len(good)-1], bencode.ErrTruncated},
		"trailing bytes": {append(bytes.Clone(good), '\n'), bencode.ErrTrailing},
		"nesting bomb":   {bytes.Repeat([]byte("l"), 1<<20), bencode.ErrDepth},
		"unsorted keys":  {[]byte("d1:bi1e1:ai1ee"), bencode.ErrKeyOrder},
		"duplicate key":  {[]byte("d4:infoi1e4:infoi1ee"), bencode.ErrDuplicateKey},
	} {
		_, err := metainfo.Parse(c.in)
		var syntax *bencode.Error
		if !errors.As(err, &syntax) || !errors.Is(err, c.err) {
			t.Errorf("%s: Parse: %v, want %v", name, err, c.err)
		}
		if _, err = metainfo.ParseInfo(c.in); !errors.Is(err, c.err) {
			t.Errorf("%s: ParseInfo: %v, want %v", name, err, c.err)
		}
	}
	_, err := metainfo.Parse([]byte("le"))
	wantField(t, err, "", metainfo.ErrType)
}
