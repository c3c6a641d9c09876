package qbittorrent

import (
	"context"
	"io"
	"mime/multipart"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/warren-p2p/warren/internal/compat/script"
	"github.com/warren-p2p/warren/internal/compat/shape"
	"github.com/warren-p2p/warren/internal/vfs"
	"github.com/warren-p2p/warren/metainfo"
	"github.com/warren-p2p/warren/swarm"
)

func multipartForm(b io.Writer, fields map[string]string, files map[string][]byte) string {
	m := multipart.NewWriter(b)
	for name, value := range fields {
		_ = m.WriteField(name, value)
	}
	for name, content := range files {
		p, _ := m.CreateFormFile("torrents", name)
		_, _ = p.Write(content)
	}
	_ = m.Close()
	return m.FormDataContentType()
}

// What qBittorrent answers to the script of a client, the API answers as well: the
// same statuses, keys and types.
func TestScript(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/client.txt")
	if err != nil {
		t.Fatal(err)
	}
	steps, err := script.Read(string(text))
	if err != nil {
		t.Fatal(err)
	}
	golden, err := os.ReadFile("testdata/shapes.txt")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := shape.Decode(golden)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := script.Play(t.Context(), scene(newWorld(t)), steps)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range theirs.Missing(ours) {
		t.Error(l)
	}
	if except, err := os.ReadFile("testdata/exceptions.txt"); err != nil || len(except) > 0 {
		t.Errorf("there are exceptions: %s, %v", except, err)
	}
}

// scene is what the script of a client is played in.
func scene(w *world) script.World {
	w.settings.stored = map[string]any{"queue.downloads": 5}
	home := filepath.Join(w.dir, "film-home")
	show := w.torrent(w.dir, "show", map[string]int{"one.bin": 700_000, "sub/two.bin": 3_000, "three.bin": 200_000}, []string{"http://127.0.0.1:9/announce"})
	film := w.torrent(home, "film", map[string]int{"film.bin": 4 << 20})
	from, err := vfs.OpenDir(home)
	w.must(err)
	w.t.Cleanup(func() { w.must(from.Close()) })
	seeder := w.newSession("seeder", swarm.Config{UploadLimit: 300_000})
	w.t.Cleanup(func() { w.must(seeder.Close()) })
	_, err = seeder.Add(swarm.Options{Metainfo: film, Content: from})
	w.must(err)
	return script.World{
		Base: "http://127.0.0.1:9471" + Root, Do: w.Do,
		Names: map[string]string{
			"dir": w.dir, "down": filepath.Join(w.dir, "down"), "moved": filepath.Join(w.dir, "moved"),
			"none": strings.Repeat("0b", 20), "lost": strings.Repeat("1c", 20), "seeder": seeder.Addr().String(),
			"show": show.Hashes().V1.String(), "film": film.Hashes().V1.String(),
		},
		Files:    map[string][]byte{"show.torrent": show.Bytes(), "film.torrent": film.Bytes(), "junk": []byte("d3:fooi")},
		Acts:     map[string]func(context.Context) error{"fetch": func(ctx context.Context) error { return fetchRest(ctx, w, show.Bytes()) }},
		Patience: 20 * time.Second, Pause: 20 * time.Millisecond,
	}
}

// fetchRest has another node, which has one of the files, fetch the rest.
func fetchRest(ctx context.Context, w *world, torrent []byte) error {
	m, err := metainfo.Parse(torrent)
	w.must(err)
	dir := filepath.Join(w.dir, "fetched")
	w.must(os.MkdirAll(filepath.Join(dir, "show"), 0o777))
	b, err := os.ReadFile(filepath.Join(w.dir, "show", "one.bin"))
	w.must(err)
	w.must(os.WriteFile(filepath.Join(dir, "show", "one.bin"), b, 0o666))
	to, err := vfs.OpenDir(dir)
	w.must(err)
	defer to.Close()
	s := w.newSession("fetcher", swarm.Config{NoTrackers: true})
	defer s.Close()
	addr, err := netip.ParseAddrPort(w.session.Addr().String())
	w.must(err)
	t, err := s.Add(swarm.Options{Metainfo: m, Content: to, Peers: []netip.AddrPort{addr}})
	w.must(err)
	return t.Wait(ctx)
}
