package metainfo_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/warren-p2p/warren/metainfo"
)

// TestEditKeepsEverythingElse changes what lies outside info, one value at a
// time, in a torrent with unusual forms and unknown keys.
func TestEditKeepsEverythingElse(t *testing.T) {
	outer := dict{
		"info": with(infoV1(none), "x-unknown", dict{"deep": list{1}}), "announce": "http://a/",
		"announce-list": list{list{}, list{"http://a/", "udp://b/"}}, "comment": "old \xff",
		"creation date": 1, "httpseeds": list{"http://s/"}, "nodes": list{list{"h", 1}},
		"url-list": "http://w/", "zz": dict{"k": "v"},
	}
	original := encode(outer)
	for name, c := range map[string]struct {
		edit func(*metainfo.Torrent)
		want dict
	}{
		"nothing":    {func(*metainfo.Torrent) {}, outer},
		"comment":    {func(t *metainfo.Torrent) { t.Comment = "new" }, with(outer, "comment", "new")},
		"no comment": {func(t *metainfo.Torrent) { t.Comment = "" }, with(outer, "comment", nil)},
		"creator":    {func(t *metainfo.Torrent) { t.CreatedBy = "me" }, with(outer, "created by", "me")},
		"date":       {func(t *metainfo.Torrent) { t.CreationDate = time.Unix(2, 0) }, with(outer, "creation date", 2)},
		"no date":    {func(t *metainfo.Torrent) { t.CreationDate = time.Time{} }, with(outer, "creation date", nil)},
		"web seeds": {func(t *metainfo.Torrent) { t.URLList = append(t.URLList, "http://x/") },
			with(outer, "url-list", list{"http://w/", "http://x/"})},
		"no nodes": {func(t *metainfo.Torrent) { t.Nodes = nil }, with(outer, "nodes", nil)},
		"node": {func(t *metainfo.Torrent) { t.Nodes[0].Port = 2 },
			with(outer, "nodes", list{list{"h", 2}})},
		"trackers": {func(t *metainfo.Torrent) { t.SetTrackers([][]string{{"x"}, {}, {"y", "z"}}) },
			with(outer, "announce", "x", "announce-list", list{list{"x"}, list{"y", "z"}})},
		"one tracker": {func(t *metainfo.Torrent) { t.SetTrackers([][]string{{"x"}}) },
			with(outer, "announce", "x", "announce-list", nil)},
		"no tracker": {func(t *metainfo.Torrent) { t.SetTrackers(nil) },
			with(outer, "announce", nil, "announce-list", nil)},
	} {
		tor := mustParse(t, bytes.Clone(original))
		before := tor.Hashes()
		c.edit(tor)
		got := tor.Bytes()
		if want := encode(c.want); !bytes.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, want)
		}
		if mustParse(t, got).Hashes() != before {
			t.Errorf("%s: the info-hash changed", name)
		}
	}
}

func TestTrackers(t *testing.T) {
	for name, c := range map[string]struct {
		kv   []any
		want [][]string
	}{
		"none":       {nil, nil},
		"announce":   {[]any{"announce", "a"}, [][]string{{"a"}}},
		"tiers win":  {[]any{"announce", "a", "announce-list", list{list{"b"}, list{"c"}}}, [][]string{{"b"}, {"c"}}},
		"empty tier": {[]any{"announce", "a", "announce-list", list{list{}}}, [][]string{{"a"}}},
	} {
		tor := mustParse(t, torrentOf(infoV1(none), c.kv...))
		if diff := cmp.Diff(c.want, tor.Trackers()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestOuterValues(t *testing.T) {
	tor := mustParse(t, torrentOf(with(infoV1(none), "private", 1, "source", "S"),
		"url-list", "", "nodes", list{list{"h", 6881}}, "creation date", 1700000000))
	if !tor.Info.Private || tor.Info.Source != "S" || tor.URLList != nil {
		t.Errorf("%+v", tor)
	}
	if diff := cmp.Diff([]metainfo.Node{{Host: "h", Port: 6881}}, tor.Nodes); diff != "" {
		t.Error(diff)
	}
	if want := time.Unix(1700000000, 0).UTC(); !tor.CreationDate.Equal(want) {
		t.Errorf("date %v", tor.CreationDate)
	}
}
