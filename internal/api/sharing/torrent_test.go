package sharing_test

import (
	"testing"

	"github.com/warren-p2p/warren/internal/access"
	"github.com/warren-p2p/warren/internal/api/apitest"
	"github.com/warren-p2p/warren/internal/api/sharing"
	"github.com/warren-p2p/warren/internal/api/torrent"
	"github.com/warren-p2p/warren/metainfo"
)

// TestMakeTorrent: a draft becomes a torrent and no share; it is seeded if that is wanted,
// and not else.
func TestMakeTorrent(t *testing.T) {
	w := apitest.Open(t)
	defer w.Close(t)
	for _, seed := range []bool{false, true} {
		var d sharing.Draft
		w.Must(t, 201, "POST", drafts, sharing.NewDraft{Path: "/disk/birds"}, &d)
		until(t, w, d.ID, "ready")
		at := drafts + "/" + d.ID + "/torrent"
		w.Must(t, 409, "GET", at+"/file", nil, nil)
		w.Must(t, 422, "POST", at, sharing.MakeTorrent{Trackers: []string{"file:///etc"}}, nil)
		w.Must(t, 200, "POST", at, sharing.MakeTorrent{Private: true, Trackers: []string{"http://one.example/a", "udp://two.example:1"}, Comment: "at dawn", Seed: seed}, &d)
		d = until(t, w, d.ID, "done")
		if d.Share != "" || d.Done != d.Total || d.Total == 0 {
			t.Errorf("made %+v", d)
		}
		rec := w.As(access.Owner(access.ByKey), "GET", at+"/file", nil)
		m, err := metainfo.Parse(rec.Body.Bytes())
		if err != nil {
			t.Fatalf("%d: %v", rec.Code, err)
		}
		h := m.Hashes()
		if !h.HasV1 || !h.HasV2 || !m.Info.Private || m.Info.Name != "birds" || m.Comment != "at dawn" || len(m.Trackers()) != 2 || h.V1.String() != d.Torrent {
			t.Errorf("the torrent: %+v", m)
		}
		if rec.Header().Get("Content-Type") != "application/x-bittorrent" {
			t.Errorf("served as %v", rec.Header())
		}
		if !seed {
			w.Must(t, 404, "GET", "/api/v1/torrents/"+d.Torrent, nil, nil)
			continue
		}
		var one torrent.Torrent
		w.Must(t, 200, "GET", "/api/v1/torrents/"+d.Torrent, nil, &one)
		if one.Dir != "/disk" || one.Size != 5 {
			t.Errorf("seeded: %+v", one)
		}
		w.Must(t, 409, "POST", at, sharing.MakeTorrent{}, nil)
		w.Must(t, 204, "DELETE", drafts+"/"+d.ID, nil, nil)
		w.Must(t, 404, "GET", at+"/file", nil, nil)
	}
	if w.Seeds.Len() > 0 {
		t.Error("something is shared")
	}
}
