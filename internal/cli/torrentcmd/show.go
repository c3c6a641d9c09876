package torrentcmd

import (
	"fmt"
	"strings"
	"time"

	"github.com/warren-p2p/warren/btls"
	"github.com/warren-p2p/warren/internal/cli/console"
	"github.com/warren-p2p/warren/internal/cli/papers"
	"github.com/warren-p2p/warren/internal/cli/torrentfile"
	"github.com/warren-p2p/warren/internal/words"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/metainfo/magnet"
	"github.com/warren-p2p/warren/metainfo/piecespace"
)

// Show prints a torrent.
type Show struct {
	Source string `arg:"" help:"A torrent file or a magnet link."`
}

// Run prints.
func (s *Show) Run(c *console.Console) error {
	if len(s.Source) >= 7 && strings.EqualFold(s.Source[:7], "magnet:") {
		m, err := magnet.Parse(s.Source)
		if err != nil {
			return fmt.Errorf("read magnet link: %w", err)
		}
		if c.JSON {
			return c.Emit(describeMagnet(m))
		}
		showMagnet(c, m)
		return nil
	}
	t, err := torrentfile.Read(s.Source)
	if err != nil {
		return err
	}
	if c.JSON {
		return c.Emit(describeTorrent(t))
	}
	showTorrent(c, t)
	return nil
}

// description is what --json prints.
type description struct {
	console.Event
	Kind        string     `json:"kind"` // v1, v2 or hybrid
	PieceLength int64      `json:"piece_length,omitempty"`
	Pieces      int        `json:"pieces,omitempty"`
	Private     bool       `json:"private"`
	Source      string     `json:"source,omitempty"`
	Comment     string     `json:"comment,omitempty"`
	CreatedBy   string     `json:"created_by,omitempty"`
	Created     string     `json:"created,omitempty"` // RFC 3339
	Trackers    [][]string `json:"trackers,omitempty"`
	WebSeeds    []string   `json:"web_seeds,omitempty"`
	PeerHints   []string   `json:"peer_hints,omitempty"` // x.pe of a magnet link
	Files       []file     `json:"files,omitempty"`
	Level       string     `json:"level"`              // basic, strict or full-strict
	SSLCert     string     `json:"ssl_cert,omitempty"` // of an SSL torrent, PEM
}

type file struct {
	Path       string `json:"path"`
	Length     int64  `json:"length"`
	Executable bool   `json:"executable,omitempty"`
	Link       string `json:"link,omitempty"`
}

func kind(h metainfo.InfoHashes) string {
	switch {
	case h.HasV1 && h.HasV2:
		return "hybrid"
	case h.HasV2:
		return "v2"
	}
	return "v1"
}

func describeTorrent(t *metainfo.Torrent) description {
	d := description{
		Event: console.Of(console.Done, t), Kind: kind(t.Hashes()), Level: level(t.TLS),
		PieceLength: t.Info.PieceLength, Pieces: t.Info.NumPieces(),
		Private: t.Info.Private, Source: t.Info.Source, Comment: t.Comment, CreatedBy: t.CreatedBy,
		Trackers: t.Trackers(), WebSeeds: t.URLList, SSLCert: t.Info.SSLCert,
	}
	d.Magnet = magnet.Of(t).String()
	if !t.CreationDate.IsZero() {
		d.Created = t.CreationDate.UTC().Format(time.RFC3339)
	}
	for i := range t.Info.Files {
		if f := &t.Info.Files[i]; !f.Pad {
			d.Files = append(d.Files, describeFile(f))
		}
	}
	return d
}

func describeFile(f *piecespace.File) file {
	d := file{Path: f.Name(), Length: f.Length, Executable: f.Executable}
	if f.Symlink != nil {
		d.Link = f.LinkTarget()
	}
	return d
}

func describeMagnet(m *magnet.Link) description {
	d := description{Kind: kind(m.Hashes), Level: level(m.TLS), WebSeeds: m.WebSeeds, PeerHints: m.Peers}
	d.Event = console.Event{Event: console.Done, Name: m.Name, Total: m.Length, Magnet: m.String()}
	if m.Hashes.HasV2 {
		d.InfoHashV2 = m.Hashes.V2.String()
		d.InfoHash = d.InfoHashV2
	}
	if m.Hashes.HasV1 {
		d.InfoHash = m.Hashes.V1.String()
	}
	for _, u := range m.Trackers {
		d.Trackers = append(d.Trackers, []string{u})
	}
	return d
}

func showTorrent(c *console.Console, t *metainfo.Torrent) {
	in := &t.Info
	c.Say("%q, %s in %s", words.Plain(in.Name), words.Bytes(in.TotalLength()), words.Count(torrentfile.Files(t), "file", "files"))
	sayHashes(c, t.Hashes())
	c.Say("  pieces        %s of %s", words.Number(in.NumPieces()), binary(in.PieceLength))
	sayIf(c, "private", in.Private, "yes: peers find each other by the trackers alone")
	sayText(c, "source", in.Source)
	sayText(c, "comment", t.Comment)
	sayText(c, "made by", t.CreatedBy)
	sayIf(c, "made on", !t.CreationDate.IsZero(), t.CreationDate.UTC().Format("2006-01-02 15:04 MST"))
	sayLevel(c, t.TLS)
	sayText(c, "peers", papers.Describe(in))
	for _, tier := range t.Trackers() {
		sayText(c, "tracker", strings.Join(tier, ", "))
	}
	for _, u := range t.URLList {
		sayText(c, "web seed", u)
	}
	sayText(c, "magnet", magnet.Of(t).String())
	c.Say("  files")
	shown := 0
	for i := range in.Files {
		f := &in.Files[i]
		if f.Pad {
			continue
		}
		if shown++; shown > maxListed {
			c.Say("    and %s more; --json lists all", words.Number(torrentfile.Files(t)-maxListed))
			return
		}
		c.Say("    %9s  %s", words.Bytes(f.Length), fileText(f))
	}
}

func fileText(f *piecespace.File) string {
	text := words.Plain(f.Name())
	switch {
	case f.Symlink != nil:
		text += " -> " + words.Plain(f.LinkTarget())
	case f.Executable:
		text += " (executable)"
	}
	return text
}

func showMagnet(c *console.Console, m *magnet.Link) {
	name := words.Plain(m.Name)
	if name == "" {
		name = "without a name"
	}
	c.Say("Magnet link, %s", name)
	sayHashes(c, m.Hashes)
	sayIf(c, "size", m.Length > 0, words.Bytes(m.Length))
	sayLevel(c, m.TLS)
	for _, u := range m.Trackers {
		sayText(c, "tracker", u)
	}
	for _, u := range m.WebSeeds {
		sayText(c, "web seed", u)
	}
	for _, p := range m.Peers {
		sayText(c, "peer", p)
	}
}

// sayLevel prints what peers need beside the info-hash.
func sayLevel(c *console.Console, t *metainfo.TLS) {
	if t == nil || t.Level == metainfo.TLSBasic {
		return
	}
	needs := "who has the secret in it may join"
	if t.Argon2id != nil {
		needs = "who has a passphrase may join"
	}
	if t.Level == metainfo.TLSFullStrict {
		needs += ", with a credential of its own"
	}
	sayText(c, "level", level(t)+": "+needs)
}

func level(t *metainfo.TLS) string {
	if t == nil {
		return btls.Basic.String()
	}
	return btls.Level(t.Level).String()
}

// sayText prints a line of text from the torrent if there is any.
func sayText(c *console.Console, label, text string) {
	sayIf(c, label, text != "", words.Plain(text))
}

func sayIf(c *console.Console, label string, on bool, text string) {
	if on {
		c.Say("  %-12s  %s", label, text)
	}
}

// binary returns a power of two as it is usually said.
func binary(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return words.Number(int(n>>20)) + " MiB"
	case n%(1<<10) == 0:
		return words.Number(int(n>>10)) + " KiB"
	}
	return words.Number(int(n)) + " bytes"
}
