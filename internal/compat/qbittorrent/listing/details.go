package listing

import (
	"time"

	"github.com/warren-p2p/warren/internal/library"
	"github.com/warren-p2p/warren/swarm"
)

// Properties are one torrent by itself. What is not known of it yet is -1.
type Properties struct {
	AdditionDate      int64   `json:"addition_date"`
	Comment           string  `json:"comment"`
	CompletionDate    int64   `json:"completion_date"`
	CreatedBy         string  `json:"created_by"`
	CreationDate      int64   `json:"creation_date"`
	DlLimit           int64   `json:"dl_limit"`
	DlSpeed           int64   `json:"dl_speed"`
	DlSpeedAvg        int64   `json:"dl_speed_avg"`
	DownloadPath      string  `json:"download_path"`
	ETA               int64   `json:"eta"`
	Hash              string  `json:"hash"`
	HashV1            string  `json:"infohash_v1"`
	HashV2            string  `json:"infohash_v2"`
	IsPrivate         bool    `json:"is_private"`
	LastSeen          int64   `json:"last_seen"`
	Name              string  `json:"name"`
	Connections       int64   `json:"nb_connections"`
	ConnectionsLimit  int64   `json:"nb_connections_limit"`
	Peers             int64   `json:"peers"`
	PeersTotal        int64   `json:"peers_total"`
	PieceSize         int64   `json:"piece_size"`
	PiecesHave        int64   `json:"pieces_have"`
	PiecesNum         int64   `json:"pieces_num"`
	Reannounce        int64   `json:"reannounce"`
	SavePath          string  `json:"save_path"`
	SeedingTime       int64   `json:"seeding_time"`
	Seeds             int64   `json:"seeds"`
	SeedsTotal        int64   `json:"seeds_total"`
	ShareRatio        float64 `json:"share_ratio"`
	TimeElapsed       int64   `json:"time_elapsed"`
	Downloaded        int64   `json:"total_downloaded"`
	DownloadedSession int64   `json:"total_downloaded_session"`
	TotalSize         int64   `json:"total_size"`
	Uploaded          int64   `json:"total_uploaded"`
	UploadedSession   int64   `json:"total_uploaded_session"`
	Wasted            int64   `json:"total_wasted"`
	UpLimit           int64   `json:"up_limit"`
	UpSpeed           int64   `json:"up_speed"`
	UpSpeedAvg        int64   `json:"up_speed_avg"`
}

// PropertiesOf returns the properties of a torrent that may have so many peers.
func PropertiesOf(s *Source, maxPeers int) Properties {
	v, st, l := &s.View, &s.View.Status, Of(s)
	p := Properties{
		AdditionDate: l.AddedOn, Comment: v.Comment, CompletionDate: unix(v.Completed, -1), CreatedBy: v.CreatedBy,
		CreationDate: unix(v.Created, -1), DlLimit: unlimited(v.DownLimit), DlSpeed: st.DownRate, ETA: l.ETA, Hash: l.Hash,
		HashV1: l.HashV1, HashV2: l.HashV2, IsPrivate: v.Private, LastSeen: -1, Name: v.Name,
		Connections: int64(st.Peers), ConnectionsLimit: int64(maxPeers), Peers: l.NumLeechs, PeersTotal: l.NumIncomplete,
		PieceSize: v.PieceLength, PiecesHave: int64(st.PiecesDone), PiecesNum: int64(v.Pieces), Reannounce: s.reannounce(),
		SavePath: v.Dir, SeedingTime: l.SeedingTime, Seeds: l.NumSeeds, SeedsTotal: l.NumComplete, ShareRatio: l.Ratio,
		TimeElapsed: l.TimeActive, Downloaded: v.Received, DownloadedSession: st.Received, TotalSize: v.Size,
		Uploaded: v.Sent, UploadedSession: st.Sent, Wasted: st.Corrupt, UpLimit: unlimited(v.UpLimit), UpSpeed: st.UpRate,
	}
	if l.SeenComplete > 0 {
		p.LastSeen = l.SeenComplete
	}
	if fetching := v.ActiveTime - v.SeedTime; fetching >= time.Second {
		p.DlSpeedAvg = int64(float64(v.Received) / fetching.Seconds())
	}
	if v.ActiveTime >= time.Second {
		p.UpSpeedAvg = int64(float64(v.Sent) / v.ActiveTime.Seconds())
	}
	if v.Size == 0 {
		p.PieceSize, p.PiecesNum, p.TotalSize = -1, -1, -1
	}
	return p
}

// unlimited returns a limit with -1 for none, as properties have it.
func unlimited(limit int64) int64 {
	if limit == 0 {
		return -1
	}
	return limit
}

// Tracker is a tracker, or another way in which peers are found.
type Tracker struct {
	Message       string `json:"msg"`
	NumDownloaded int64  `json:"num_downloaded"`
	NumLeeches    int64  `json:"num_leeches"`
	NumPeers      int64  `json:"num_peers"`
	NumSeeds      int64  `json:"num_seeds"`
	Status        int    `json:"status"`
	Tier          int    `json:"tier"`
	URL           string `json:"url"`
}

// How it stands with a tracker.
const (
	trackerOff     = 0
	trackerUnasked = 1
	trackerWorks   = 2
	trackerAsked   = 3
	trackerFails   = 4
)

// TrackersOf returns how peers of a torrent are found: by the DHT, by each other, in
// the local network, and by trackers. Tiers are those of the torrent.
func TrackersOf(s *Source, tiers [][]string, dht bool) []Tracker {
	list := make([]Tracker, 0, 3+len(s.Trackers))
	public := trackerOff
	if !s.View.Private {
		public = trackerWorks
	}
	for _, name := range []string{"DHT", "PeX", "LSD"} {
		t := Tracker{URL: "** [" + name + "] **", Tier: -1, Status: public}
		if name == "DHT" && !dht {
			t.Status = trackerOff
		}
		if s.View.Private {
			t.Message = "This torrent is private"
		}
		list = append(list, t)
	}
	tier := make(map[string]int)
	for i, urls := range tiers {
		for _, url := range urls {
			tier[url] = i
		}
	}
	for i := range s.Trackers {
		list = append(list, trackerOf(&s.Trackers[i], tier[s.Trackers[i].URL]))
	}
	return list
}

func trackerOf(st *swarm.TrackerStatus, tier int) Tracker {
	t := Tracker{
		URL: st.URL, Tier: tier, NumDownloaded: -1, NumSeeds: int64(st.Seeders), NumLeeches: int64(st.Leechers), NumPeers: -1,
		Status: trackerUnasked,
	}
	if !st.Asked {
		t.NumSeeds, t.NumLeeches = -1, -1
	}
	switch {
	case st.Asking:
		t.Status = trackerAsked
	case st.Err != nil:
		t.Status, t.Message = trackerFails, st.Err.Error()
	case st.Asked:
		t.Status = trackerWorks
	}
	return t
}

// File is a file of a torrent.
type File struct {
	Availability float64 `json:"availability"`
	Index        int     `json:"index"`
	IsSeed       *bool   `json:"is_seed,omitempty"` // of the first: whether the torrent is complete
	Name         string  `json:"name"`
	PieceRange   [2]int  `json:"piece_range"`
	Priority     int     `json:"priority"`
	Progress     float64 `json:"progress"`
	Size         int64   `json:"size"`
}

// FilesOf returns the files of a torrent; padding is none, and has no index.
func FilesOf(s *Source, files []library.File) []File {
	list := make([]File, len(files))
	for i := range files {
		f := &files[i]
		list[i] = File{
			Availability: s.Availability, Index: i, Name: f.Path, PieceRange: [2]int{f.First, max(f.End-1, f.First)},
			Priority: priorityOf(f.Priority), Progress: 1, Size: f.Size,
		}
		if f.Size > 0 {
			list[i].Progress = float64(f.Done) / float64(f.Size)
		}
	}
	if len(list) > 0 {
		whole := s.complete()
		list[0].IsSeed = &whole
	}
	return list
}

// The priorities of files.
const (
	skip, normal, high, highest = 0, 1, 6, 7
)

func priorityOf(p swarm.Priority) int {
	switch p {
	case swarm.Skip:
		return skip
	case swarm.High:
		return high
	}
	return normal
}

// Priority returns what a number stands for; false if for nothing.
func Priority(n int64) (swarm.Priority, bool) {
	switch n {
	case skip:
		return swarm.Skip, true
	case normal:
		return swarm.Normal, true
	case high, highest:
		return swarm.High, true
	}
	return 0, false
}
