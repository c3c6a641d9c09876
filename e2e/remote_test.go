package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// command is one of transmission-remote, and what it shows; or what another shows after
// it. Words in braces are put in.
type command struct {
	args  string
	want  string // regular expression in its output
	after string // arguments of a command that shows what it has done,
	shows string // and what that shows
}

// everyday is what people do with transmission-remote, in an order in which it works. It
// is the same for Transmission and for warren.
var everyday = []command{
	{args: "-si", want: `Download directory: {dir}\n`},
	{args: "-st", want: `Started 1 times`},
	{args: "-a {file} -w {dir}", want: `success`, after: "-l", shows: `100% +160.0 kB +Done .*Idle +seed\n`},
	{args: "-t1 -i", want: `(?s)Name: seed\n.*Hash: {hash}\n.*Percent Done: 100%.*Total size: 160.0 kB.*Comment: what.*Piece Count: 10\n.*Piece Size: 16.00 KiB`},
	{args: "-t {hash} -i", want: `Name: seed\n`},
	{args: "-tall -i", want: `Name: seed\n`},
	{args: "-t1 -f", want: `(?s)seed \(3 files\):.*0: 100% Normal +Yes +70.00 kB +seed/0.bin\n.*2: 100% Normal`},
	{args: "-t1 -it", want: `Tracker 0: http://127.0.0.1:9\n`},
	{args: "-t1 -ip", want: `Address +Flags +Done +Down +Up +Client`},
	{args: "-t1 -ic", want: `1{8} 11\b`},

	{args: "-t1 -td http://127.0.0.1:8/announce", want: `success`, after: "-t1 -it", shows: `http://127.0.0.1:8\n`},
	{args: "-t1 -tr 1", want: `success`},
	{args: "-t1 -S", want: `success`, after: "-l", shows: `Stopped +seed`},
	{args: "-t1 -s", want: `success`, after: "-l", shows: `Idle +seed`},
	{args: "-t1 -v", want: `success`, after: "-l", shows: `100% .*Idle +seed`},
	{args: "-t1 --reannounce", want: `success`},

	{args: "-t1 -d 50", want: `success`, after: "-t1 -i", shows: `Download Limit: 50 kB/s`},
	{args: "-t1 -D", want: `success`, after: "-t1 -i", shows: `Download Limit: Unlimited`},
	{args: "-t1 -u 60", want: `success`, after: "-t1 -i", shows: `Upload Limit: 60 kB/s`},
	{args: "-t1 -U", want: `success`, after: "-t1 -i", shows: `Upload Limit: Unlimited`},
	{args: "-t1 -sr 2.5", want: `success`, after: "-t1 -i", shows: `Ratio Limit: 2.50?\n`},
	{args: "-t1 -SR", want: `success`, after: "-t1 -i", shows: `Ratio Limit: Unlimited`},
	{args: "-t1 -srd", want: `success`, after: "-t1 -i", shows: `Ratio Limit: Default`},
	{args: "-t1 -Bh", want: `success`, after: "-t1 -i", shows: `Bandwidth Priority: High`},
	{args: "-t1 -Bn", want: `success`, after: "-t1 -i", shows: `Bandwidth Priority: Normal`},
	{args: "-t1 -HL", want: `success`, after: "-t1 -i", shows: `Honors Session Limits: No`},
	{args: "-t1 -hl", want: `success`, after: "-t1 -i", shows: `Honors Session Limits: Yes`},
	{args: "-t1 -L films,new", want: `success`, after: "-t1 -i", shows: `Labels: films, new\n`},
	{args: "-t1 -pr 33", want: `success`, after: "-t1 -i", shows: `Peer limit: 33\n`},

	{args: "-t1 -G 1", want: `success`, after: "-t1 -f", shows: `1: +\d+% \w+ +No +30.00 kB`},
	{args: "-t1 -g 1", want: `success`, after: "-t1 -f", shows: `1: +\d+% \w+ +Yes +30.00 kB`},
	{args: "-t1 -ph 0", want: `success`, after: "-t1 -f", shows: `0: 100% High`},
	{args: "-t1 -pl 0", want: `success`, after: "-t1 -f", shows: `0: 100% Low`},
	{args: "-t1 -pn all", want: `success`, after: "-t1 -f", shows: `0: 100% Normal`},

	{args: "-d 100", want: `success`, after: "-si", shows: `Download speed limit: 100 kB/s`},
	{args: "-D", want: `success`, after: "-si", shows: `Download speed limit: Unlimited \(Disabled limit: 100 kB/s`},
	{args: "-u 200", want: `success`, after: "-si", shows: `Upload speed limit: 200 kB/s`},
	{args: "-U", want: `success`, after: "-si", shows: `Upload speed limit: Unlimited \(Disabled limit: 200 kB/s`},
	{args: "-asd 70", want: `success`, after: "-si", shows: `Disabled turtle limit: 70 kB/s`},
	{args: "-asu 80", want: `success`, after: "-si", shows: `Disabled turtle limit: 80 kB/s`},
	{args: "-as", want: `success`, after: "-si", shows: `Download speed limit: 70 kB/s`},
	{args: "-AS", want: `success`, after: "-si", shows: `Download speed limit: Unlimited`},
	{args: "--alt-speed-time-begin 0800", want: `success`},
	{args: "--alt-speed-time-end 1800", want: `success`},
	{args: "--alt-speed-days 1-5", want: `success`},
	{args: "--alt-speed-scheduler", want: `success`, after: "-si", shows: `Turtle schedule: 08:00 - 18:00 +Mon Tue Wed Thu Fri`},
	{args: "--no-alt-speed-scheduler", want: `success`},
	{args: "-gsr 1.5", want: `success`, after: "-si", shows: `Default seed ratio limit: 1.5`},
	{args: "-GSR", want: `success`, after: "-si", shows: `Default seed ratio limit: Unlimited`},
	{args: "-pr 150", want: `success`, after: "-si", shows: `Peer limit: 150`},
	{args: "-e 16", want: `success`, after: "-si", shows: `Maximum memory cache size: 16.00 MiB`},
	{args: "-er", want: `success`, after: "-si", shows: `Encryption: required`},
	{args: "-et", want: `success`, after: "-si", shows: `Encryption: tolerated`},
	{args: "-ep", want: `success`, after: "-si", shows: `Encryption: preferred`},
	{args: "-y", want: `success`, after: "-si", shows: `Local peer discovery enabled: Yes`},
	{args: "-Y", want: `success`, after: "-si", shows: `Local peer discovery enabled: No`},
	{args: "-O", want: `success`, after: "-si", shows: `Distributed hash table enabled: No`},
	{args: "-M", want: `success`, after: "-si", shows: `Portforwarding enabled: No`},
	{args: "--no-utp", want: `success`, after: "-si", shows: `uTP enabled: No`},
	{args: "-c {other}", want: `success`},
	{args: "-C", want: `success`},
	{args: "--start-paused", want: `success`, after: "-si", shows: `Autostart added torrents: No`},
	{args: "--no-start-paused", want: `success`, after: "-si", shows: `Autostart added torrents: Yes`},
	{args: "-w {other}", want: `success`, after: "-si", shows: `Download directory: {other}\n`},

	{args: "-t1 --move {other}", want: `success`, after: "-t1 -i", shows: `Location: {other}\n`},
	{args: "-t1 --find {other}", want: `success`, after: "-t1 -i", shows: `(?s)Location: {other}\n.*Percent Done: 100%`},
	{args: "-a magnet:?xt=urn:btih:00112233445566778899aabbccddeeff00112233&dn=linked", want: `success`, after: "-l", shows: ` 2 +(n/a|0%).* linked\n`},
	{args: "-t2 -r", want: `success`, after: "-l", shows: `(?s)^[^\n]*\n[^\n]*seed\n *Sum`},
	{args: "-t1 -rad", want: `success`, after: "-l", shows: `^ +ID[^\n]*\nSum:`},
	{args: "--exit", want: `success`},
}

// TestTransmissionRemote runs everyday commands, with Debian's daemon to see that they
// say what we think they say, and with warren.
func TestTransmissionRemote(t *testing.T) {
	if _, err := exec.LookPath("transmission-remote"); err != nil {
		t.Skip("transmission-remote is not installed (apt-get install transmission-cli)")
	}
	for name, start := range map[string]func(*testing.T) rpcServer{"transmission-daemon": startTransmission, "warren": func(t *testing.T) rpcServer { return startWarren(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := start(t)
			torrent, hash := multiFile(t, at.dir, "seed", "")
			file, other := filepath.Join(t.TempDir(), "seed.torrent"), t.TempDir()
			if err := os.WriteFile(file, torrent, 0o644); err != nil {
				t.Fatal(err)
			}
			r := remote{t: t, at: at.address(), words: strings.NewReplacer("{dir}", at.dir, "{other}", other, "{file}", file, "{hash}", hexOf(hash))}
			for _, c := range everyday {
				r.run(c)
			}
			if _, err := os.Stat(filepath.Join(other, "seed")); !os.IsNotExist(err) {
				t.Errorf("content that was removed is there: %v", err)
			}
		})
	}
}

// remote is transmission-remote with what it manages.
type remote struct {
	t     *testing.T
	at    string
	words *strings.Replacer
}

func (r remote) say(args string) string {
	cmd := exec.Command("transmission-remote", append([]string{r.at}, strings.Fields(r.words.Replace(args))...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out) + "\n" + err.Error()
	}
	return string(out)
}

func (r remote) run(c command) {
	r.t.Helper()
	matches := func(want, got string) bool { return regexp.MustCompile(r.words.Replace(want)).MatchString(got) }
	if got := r.say(c.args); !matches(c.want, got) {
		r.t.Errorf("transmission-remote %s says\n%s\nwant %s", c.args, got, c.want)
		return
	}
	if c.after == "" {
		return
	}
	got := ""
	for range 200 { // some things take a moment
		if got = r.say(c.after); matches(c.shows, got) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	r.t.Errorf("after transmission-remote %s, %s says\n%s\nwant %s", c.args, c.after, got, c.shows)
}
