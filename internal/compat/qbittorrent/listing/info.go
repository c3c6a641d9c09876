package listing

import (
	"path"
	"strings"
	"time"

	"github.com/warren-p2p/warren/swarm"
)

// Info is a torrent in a list, without its info-hash. Values are comparable, so that
// changes are seen by field.
type Info struct {
	AddedOn           int64   `json:"added_on"`
	AmountLeft        int64   `json:"amount_left"`
	AutoTMM           bool    `json:"auto_tmm"`
	Availability      float64 `json:"availability"`
	Category          string  `json:"category"`
	Completed         int64   `json:"completed"`
	CompletionOn      int64   `json:"completion_on"`
	ContentPath       string  `json:"content_path"`
	DlLimit           int64   `json:"dl_limit"`
	DlSpeed           int64   `json:"dlspeed"`
	DownloadPath      string  `json:"download_path"`
	Downloaded        int64   `json:"downloaded"`
	DownloadedSession int64   `json:"downloaded_session"`
	ETA               int64   `json:"eta"`
	FirstLast         bool    `json:"f_l_piece_prio"`
	ForceStart        bool    `json:"force_start"`
	IdleLimit         int64   `json:"inactive_seeding_time_limit"`
	HashV1            string  `json:"infohash_v1"`
	HashV2            string  `json:"infohash_v2"`
	LastActivity      int64   `json:"last_activity"`
	MagnetURI         string  `json:"magnet_uri"`
	MaxIdle           int64   `json:"max_inactive_seeding_time"`
	MaxRatio          float64 `json:"max_ratio"`
	MaxSeedTime       int64   `json:"max_seeding_time"`
	Name              string  `json:"name"`
	NumComplete       int64   `json:"num_complete"`
	NumIncomplete     int64   `json:"num_incomplete"`
	NumLeechs         int64   `json:"num_leechs"`
	NumSeeds          int64   `json:"num_seeds"`
	Priority          int64   `json:"priority"`
	Private           bool    `json:"private"`
	Progress          float64 `json:"progress"`
	Ratio             float64 `json:"ratio"`
	RatioLimit        float64 `json:"ratio_limit"`
	SavePath          string  `json:"save_path"`
	SeedingTime       int64   `json:"seeding_time"`
	SeedTimeLimit     int64   `json:"seeding_time_limit"`
	SeenComplete      int64   `json:"seen_complete"`
	Sequential        bool    `json:"seq_dl"`
	Size              int64   `json:"size"`
	State             string  `json:"state"`
	SuperSeeding      bool    `json:"super_seeding"`
	Tags              string  `json:"tags"`
	TimeActive        int64   `json:"time_active"`
	TotalSize         int64   `json:"total_size"`
	Tracker           string  `json:"tracker"`
	TrackersCount     int64   `json:"trackers_count"`
	UpLimit           int64   `json:"up_limit"`
	Uploaded          int64   `json:"uploaded"`
	UploadedSession   int64   `json:"uploaded_session"`
	UpSpeed           int64   `json:"upspeed"`
}

// Listed is one with its info-hash.
type Listed struct {
	Hash string `json:"hash"`
	Info
}

// Of returns a torrent as it is listed.
func Of(s *Source) Listed {
	v, st := &s.View, &s.View.Status
	i := Info{
		AddedOn: unix(v.Added, 0), CompletionOn: unix(v.Completed, 0), LastActivity: max(unix(v.LastActive, 0), unix(v.Added, 0)),
		AmountLeft: st.Left(), Completed: st.WantedDone, Size: st.Wanted, TotalSize: v.Size, Progress: s.progress(),
		Category: v.Category, Tags: strings.Join(v.Labels, ", "), Name: v.Name, Private: v.Private,
		SavePath: v.Dir, ContentPath: s.contentPath(), MagnetURI: s.Magnet,
		DlLimit: v.DownLimit, UpLimit: v.UpLimit, DlSpeed: st.DownRate, UpSpeed: st.UpRate,
		Downloaded: v.Received, DownloadedSession: st.Received, Uploaded: v.Sent, UploadedSession: st.Sent,
		ETA: s.eta(), State: s.State(), Priority: int64(s.Place), Availability: s.Availability,
		FirstLast: v.FirstLast, ForceStart: v.Forced, Sequential: v.Sequential, SuperSeeding: v.SuperSeed,
		NumSeeds: int64(st.Seeds), NumLeechs: int64(max(st.Peers-st.Seeds, 0)),
		Ratio: s.ratio(), SeedingTime: int64(v.SeedTime / time.Second), TimeActive: int64(v.ActiveTime / time.Second),
		Tracker: s.working(), TrackersCount: int64(len(s.Trackers)),
	}
	if v.Hashes.HasV1 {
		i.HashV1 = v.Hashes.V1.String()
	}
	if v.Hashes.HasV2 {
		i.HashV2 = v.Hashes.V2.String()
	}
	if v.Size == 0 && v.Magnet != "" {
		i.TotalSize = -1
	}
	if st.Seeds > 0 || s.complete() {
		i.SeenComplete = i.LastActivity
	}
	i.NumComplete, i.NumIncomplete = s.swarmOf()
	own, all := &v.Record.Goal, &v.Goal
	i.RatioLimit, i.SeedTimeLimit, i.IdleLimit = ratioLimit(own.Ratio), minutes(own.SeedTime), minutes(own.IdleTime)
	i.MaxRatio, i.MaxSeedTime, i.MaxIdle = effective(ratioLimit(all.Ratio)), effective(minutes(all.SeedTime)), effective(minutes(all.IdleTime))
	return Listed{s.Key, i}
}

// progress returns how much of what is wanted is there, 0 to 1; while it is checked,
// how much of it has been.
func (s *Source) progress() float64 {
	st := &s.View.Status
	if st.State == swarm.StateChecking {
		return st.Checked
	}
	if st.Wanted == 0 {
		return 0
	}
	return float64(st.WantedDone) / float64(st.Wanted)
}

// contentPath returns where the content lies: the file, or the folder with all of
// them; "" as long as nothing is known of it.
func (s *Source) contentPath() string {
	if s.View.Size == 0 {
		return ""
	}
	return path.Join(s.View.Dir, s.Root)
}
