package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func needFFmpeg(t *testing.T) {
	t.Helper()
	for _, program := range []string{"ffmpeg", "ffprobe"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed (apt-get install ffmpeg)", program)
		}
	}
}

// said reports whether an event of a kind has come in, as far as lines have been read.
func (p *process) said(kind string) bool {
	p.t.Helper()
	for {
		select {
		case l, ok := <-p.lines:
			var e event
			if !ok || json.Unmarshal([]byte(l), &e) == nil && e.Event == kind {
				return true
			}
		default:
			return false
		}
	}
}

// frames returns the checksums of some frames, from a second of a film on.
func frames(t *testing.T, film, second string) string {
	t.Helper()
	out, err := exec.Command("ffmpeg", "-v", "error", "-ss", second, "-i", film, "-an", "-frames:v", "25", "-f", "framemd5", "-").CombinedOutput()
	if err != nil {
		t.Fatalf("play %s from second %s: %v: %s", film, second, err, out)
	}
	var sums []string
	for line := range strings.Lines(string(out)) {
		if !strings.HasPrefix(line, "#") {
			fields := strings.Split(line, ",")
			sums = append(sums, strings.TrimSpace(fields[len(fields)-1]))
		}
	}
	if len(sums) != 25 {
		t.Fatalf("%d frames of %s from second %s: %s", len(sums), film, second, out)
	}
	return strings.Join(sums, "\n")
}

// A player has begun, jumped and gone back long before the film is there. What is said
// of the film stands at its end, as cameras write it.
func TestPlayer(t *testing.T) {
	needFFmpeg(t)
	dir := t.TempDir()
	film := filepath.Join(dir, "film.mp4")
	run(t, "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=duration=60:size=640x360:rate=25", "-f", "lavfi", "-i", "sine=duration=60",
		"-c:v", "mpeg4", "-b:v", "6M", "-minrate", "6M", "-maxrate", "6M", "-bufsize", "3M", film)
	info, err := os.Stat(film)
	if err != nil || info.Size() < 20<<20 {
		t.Fatalf("the film is too small to be slow: %v, %v", info, err)
	}
	torrent := filepath.Join(t.TempDir(), "t.torrent")
	run(t, binary, "torrent", "create", film, "-o", torrent, "--piece-length", "131072")
	_, addr := share(t, torrent, dir, "--limit-up", "1MB", "--no-lsd")
	get := start(t, binary, "get", torrent, "--dir", t.TempDir(), "--listen", "127.0.0.1:0", "--home", t.TempDir(), "--peer", addr, "--no-lsd", "--stream", "--json")
	url := get.event(time.Minute, "ready").Stream[0]
	if got, want := run(t, "ffprobe", "-v", "error", "-show_entries", "format=duration,nb_streams", url), run(t, "ffprobe", "-v", "error", "-show_entries", "format=duration,nb_streams", film); got != want {
		t.Errorf("ffprobe says %s of what is %s", got, want)
	}
	for _, second := range []string{"0", "50", "20"} {
		if frames(t, url, second) != frames(t, film, second) {
			t.Errorf("from second %s other pictures are seen", second)
		}
	}
	if get.said("done") {
		t.Error("all of it was there before the player had ended: nothing is shown by this")
	}
}
