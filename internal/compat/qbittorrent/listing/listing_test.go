package listing

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/compat/qbittorrent/form"
	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

// source is a torrent of 1000 bytes of which so many are there.
func source(state swarm.State, done int64) *Source {
	s := &Source{Now: time.Unix(2000, 0), Availability: -1}
	s.View.Size, s.View.Added = 1000, time.Unix(1000, 0)
	s.View.Status.State, s.View.Status.Total, s.View.Status.Wanted = state, 1000, 1000
	s.View.Status.Done, s.View.Status.WantedDone = done, done
	if done == 1000 {
		s.View.Completed = time.Unix(1500, 0)
	}
	return s
}

func TestStates(t *testing.T) {
	gone := fmt.Errorf("open: %w", fs.ErrNotExist)
	for _, c := range []struct {
		want   string
		state  swarm.State
		done   int64
		change func(*Source)
	}{
		{"checkingResumeData", swarm.StateStarting, 0, nil},
		{"checkingDL", swarm.StateChecking, 0, nil},
		{"checkingUP", swarm.StateChecking, 0, func(s *Source) { s.View.Completed = time.Unix(1, 0) }},
		{"metaDL", swarm.StateMetadata, 0, nil},
		{"forcedMetaDL", swarm.StateMetadata, 0, func(s *Source) { s.View.Forced = true }},
		{"stalledDL", swarm.StateDownloading, 10, nil},
		{"stalledDL", swarm.StateDownloading, 10, func(s *Source) { s.View.Status.UpRate = 5 }},
		{"downloading", swarm.StateDownloading, 10, func(s *Source) { s.View.Status.DownRate = 5 }},
		{"forcedDL", swarm.StateDownloading, 10, func(s *Source) { s.View.Forced = true }},
		{"stalledUP", swarm.StateSeeding, 1000, nil},
		{"uploading", swarm.StateSeeding, 1000, func(s *Source) { s.View.Status.UpRate = 5 }},
		{"forcedUP", swarm.StateSeeding, 1000, func(s *Source) { s.View.Forced, s.View.Status.UpRate = true, 5 }},
		{"pausedDL", swarm.StatePaused, 10, nil},
		{"pausedUP", swarm.StatePaused, 1000, nil},
		{"queuedDL", swarm.StateQueued, 10, nil},
		{"queuedUP", swarm.StateQueued, 1000, nil},
		{"error", swarm.StateWaiting, 10, nil},
		{"error", swarm.StateFailed, 10, func(s *Source) { s.View.Status.Reason = errors.New("disk") }},
		{"missingFiles", swarm.StateFailed, 10, func(s *Source) { s.View.Status.Reason = gone }},
		{"moving", swarm.StateSeeding, 1000, func(s *Source) { s.Moving = true }},
	} {
		s := source(c.state, c.done)
		if c.change != nil {
			c.change(s)
		}
		if got := s.State(); got != c.want {
			t.Errorf("%v with %d bytes: %s, want %s", c.state, c.done, got, c.want)
		}
	}
}

func TestInfo(t *testing.T) {
	s := source(swarm.StateSeeding, 1000)
	s.Key, s.Root = strings.Repeat("ab", 20), "set"
	s.View.Hashes = metainfo.InfoHashes{HasV1: true, V1: metainfo.HashV1{1}}
	s.View.Name, s.View.Dir, s.View.Labels, s.View.Category = "name", "/d", []string{"a", "b"}, "tv"
	s.View.Sent, s.View.Received, s.View.SeedTime = 500, 1000, 100*time.Second
	s.View.Record.Goal = library.Goal{Ratio: NoRatio, SeedTime: -1}
	s.View.Goal = library.Goal{Ratio: NoRatio, SeedTime: -1, IdleTime: time.Hour}
	s.Trackers = []swarm.TrackerStatus{{Seeders: -1, Leechers: -1}, {Asked: true, Seeders: 3, Leechers: 4}}
	s.Trackers[1].URL = "http://t"
	i := Of(s)
	for key, want := range map[string]any{
		"hash": s.Key, "content_path": "/d/set", "tags": "a, b", "ratio": 0.5, "progress": 1.0, "eta": int64(never), "added_on": int64(1000),
		"completion_on": int64(1500), "ratio_limit": 0.0, "max_ratio": 0.0, "seeding_time_limit": int64(-1), "max_seeding_time": int64(-1),
		"inactive_seeding_time_limit": int64(-2), "max_inactive_seeding_time": int64(60), "num_complete": int64(3), "num_incomplete": int64(4),
		"tracker": "http://t", "trackers_count": int64(2), "state": "stalledUP", "infohash_v1": "01" + strings.Repeat("0", 38), "infohash_v2": "",
	} {
		field, ok := fieldOf(key)
		if got := reflect.ValueOf(i).FieldByIndex(field).Interface(); !ok || got != want {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	if p := PropertiesOf(s, 80); p.DlLimit != -1 || p.ConnectionsLimit != 80 || p.CreationDate != -1 {
		t.Errorf("properties %+v", p)
	}
}

func TestETA(t *testing.T) {
	fetching := source(swarm.StateDownloading, 500)
	fetching.View.Status.DownRate = 50
	seeding := source(swarm.StateSeeding, 1000)
	seeding.View.Goal, seeding.View.SeedTime = library.Goal{SeedTime: time.Hour, Ratio: -1}, 10*time.Minute
	giving := source(swarm.StateSeeding, 1000)
	giving.View.Goal, giving.View.Sent, giving.View.Status.UpRate = library.Goal{Ratio: 2}, 1000, 100
	for want, s := range map[int64]*Source{10: fetching, 3000: seeding, never: source(swarm.StateDownloading, 1)} {
		if got := s.eta(); got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
	if got := giving.eta(); got != 10 {
		t.Errorf("until the ratio: %d", got)
	}
}

func listed(name, state string, change func(*Info)) Listed {
	l := Listed{Hash: name, Info: Info{Name: name, State: state}}
	if change != nil {
		change(&l.Info)
	}
	return l
}

func TestFilter(t *testing.T) {
	all := []Listed{
		listed("a", "downloading", func(i *Info) { i.DlSpeed, i.Category, i.Tags = 5, "tv", "x, y" }),
		listed("B", "stalledDL", func(i *Info) { i.Category = "tv" }),
		listed("c", "pausedDL", nil), listed("d", "queuedDL", nil), listed("e", "metaDL", nil),
		listed("f", "uploading", func(i *Info) { i.UpSpeed, i.Tags = 5, "xx" }), listed("g", "stalledUP", nil), listed("h", "pausedUP", nil),
		listed("i", "checkingUP", nil), listed("j", "error", nil), listed("k", "missingFiles", nil), listed("l", "moving", nil),
	}
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		q    Query
		want string
	}{
		{Query{}, "aBcdefghijkl"}, {Query{Filter: "all"}, "aBcdefghijkl"}, {Query{Filter: "nothing"}, "aBcdefghijkl"},
		{Query{Filter: "downloading"}, "aBcde"}, {Query{Filter: "seeding"}, "fgi"}, {Query{Filter: "completed"}, "fghi"},
		{Query{Filter: "paused"}, "ch"}, {Query{Filter: "stopped"}, "ch"}, {Query{Filter: "resumed"}, "aBdefgijkl"}, {Query{Filter: "running"}, "aBdefgijkl"},
		{Query{Filter: "active"}, "aefl"}, {Query{Filter: "inactive"}, "Bcdghijk"}, {Query{Filter: "stalled"}, "Bg"},
		{Query{Filter: "stalled_uploading"}, "g"}, {Query{Filter: "stalled_downloading"}, "B"}, {Query{Filter: "checking"}, "i"},
		{Query{Filter: "moving"}, "l"}, {Query{Filter: "errored"}, "jk"},
		{Query{Category: text("tv")}, "aB"}, {Query{Category: text("")}, "cdefghijkl"}, {Query{Tag: text("x")}, "a"}, {Query{Tag: text("")}, "Bcdeghijkl"},
		{Query{Sort: "name", Limit: 3}, "aBc"}, {Query{Sort: "name", Reverse: true, Limit: 2, Offset: 1}, "kj"},
		{Query{Sort: "dlspeed", Offset: -2}, "la"}, {Query{Offset: -100, Limit: 1}, "a"}, {Query{Offset: 100}, ""},
		{Query{Sort: "force_start", Limit: 1}, "a"}, {Query{Sort: "ratio", Limit: 1}, "a"},
	} {
		var kept []Listed
		for i := range all {
			if c.q.Keep(&all[i]) {
				kept = append(kept, all[i])
			}
		}
		kept, err := c.q.Arrange(kept)
		got := ""
		for i := range kept {
			got += kept[i].Name
		}
		if err != nil || got != c.want {
			t.Errorf("%+v: %q, %v; want %q", c.q, got, err, c.want)
		}
	}
	var r *form.Refusal
	for _, key := range []string{"nothing", "Info", "-", "name,omitempty"} {
		q := Query{Sort: key}
		if _, err := q.Arrange(nil); !errors.As(err, &r) || r.Status != 400 {
			t.Errorf("sorted by %q: %v", key, err)
		}
	}
}

func TestFilesAndPriorities(t *testing.T) {
	s := source(swarm.StateDownloading, 10)
	list := FilesOf(s, []library.File{
		{Index: 0, Path: "a", Size: 10, Done: 5, Priority: swarm.High, First: 0, End: 2}, {Index: 2, Path: "b", Priority: swarm.Skip, First: 2, End: 2},
		{Index: 3, Path: "c", Size: 4, Priority: swarm.Low, First: 2, End: 3},
	})
	if list[0].IsSeed == nil || *list[0].IsSeed || list[1].IsSeed != nil || list[0].Progress != 0.5 || list[1].Progress != 1 {
		t.Errorf("%+v", list)
	}
	for i, want := range []int{6, 0, 1} {
		if list[i].Index != i || list[i].Priority != want {
			t.Errorf("file %d: %+v", i, list[i])
		}
	}
	if list[0].PieceRange != [2]int{0, 1} || list[1].PieceRange != [2]int{2, 2} {
		t.Errorf("pieces %v %v", list[0].PieceRange, list[1].PieceRange)
	}
	for n, want := range map[int64]swarm.Priority{0: swarm.Skip, 1: swarm.Normal, 6: swarm.High, 7: swarm.High} {
		if got, ok := Priority(n); !ok || got != want {
			t.Errorf("priority %d is %v, %v", n, got, ok)
		}
	}
	if _, ok := Priority(4); ok {
		t.Error("4 is a priority")
	}
}

func TestTrackersAndPeers(t *testing.T) {
	s := source(swarm.StateSeeding, 1000)
	s.View.Pieces = 10
	s.Trackers = []swarm.TrackerStatus{{}, {Asking: true}, {Asked: true, Err: errors.New("refused")}, {Asked: true, Seeders: 2}}
	for i, url := range []string{"http://a", "http://b", "http://c", "http://d"} {
		s.Trackers[i].URL = url
	}
	list := TrackersOf(s, [][]string{{"http://a", "http://b"}, {"http://c"}, {"http://d"}}, false)
	var got []string
	for _, tr := range list {
		got = append(got, fmt.Sprint(tr.URL, " ", tr.Tier, " ", tr.Status, tr.Message))
	}
	want := []string{"** [DHT] ** -1 0", "** [PeX] ** -1 2", "** [LSD] ** -1 2", "http://a 0 1", "http://b 0 3", "http://c 1 4refused", "http://d 2 2"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("trackers %q, want %q", got, want)
	}
	s.View.Private = true
	if list := TrackersOf(s, nil, true); list[0].Status != 0 || list[1].Message == "" {
		t.Errorf("of a private torrent: %+v", list[:3])
	}
	p := peerOf(s, &swarm.PeerInfo{
		ID: [20]byte{'-', 'q', 'B', '4', '6', '7', '0', '-', 0, 255}, Over: "utp", Kind: "tls", Pieces: 5,
		Interested: true, Choking: true, Incoming: true,
	})
	if p.Flags != "U I E P" || p.Connection != "μTP" || p.Progress != 0.5 || p.PeerIDClient != "-qB4670-" || p.Relevance != 0 {
		t.Errorf("%+v", p)
	}
}
