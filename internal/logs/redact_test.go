package logs

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	r := NewRedactor()
	const hash = "688c248b7e6db061d0f7a9693c1a85fcb69847e3"
	for text, want := range map[string]string{
		"dial 203.0.113.7:6881 failed":                                       "dial 203.0.0.0/16:6881 failed",
		"dial [2001:db8:1:2::3]:6881 failed":                                 "dial [2001:db8::/32]:6881 failed",
		"from 2001:db8:1:2::3":                                               "from 2001:db8::/32",
		"from fe80::1%eth0":                                                  "from fe80::/32",
		"::ffff:203.0.113.7":                                                 "::ffff:203.0.0.0/16",
		"listens on 127.0.0.1:6881 and [::1]:6881, on :6881, 0.0.0.0":        "listens on 127.0.0.1:6881 and [::1]:6881, on :6881, 0.0.0.0",
		"at 15:04:05, version 1.2.3, took 1:02:03":                           "at 15:04:05, version 1.2.3, took 1:02:03",
		"torrent " + hash:                                                    "torrent 688c24…",
		"v2 " + hash + "0123456789abcdef01234567":                            "v2 688c24…",
		"https://tracker.example/announce/abcdef0123/announce?passkey=k":     "https://tracker.example/…",
		"udp://tracker.example:6969":                                         "udp://tracker.example:6969",
		"https://user:word@tracker.example/":                                 "https://tracker.example/…",
		"magnet:?xt=urn:btih:" + hash + "&dn=x":                              "magnet:…",
		"http://127.0.0.1:9471/management/x7Q_v0Aa8J2mN5pR1tY4uB6cE9fH3kL0w": "http://127.0.0.1:9471/…",
		"token x7Q_v0Aa8J2mN5pR1tY4uB6cE9fH3kL0wZ9-_aBcDeF":                  "token x7Q_v0…",
		"wr1qyzxcvbnmasdfghjklqwertyuiop0987654321":                          "wr1qyz…",
		"/srv/a-long-name-of-a-folder/with-nothing-secret-in-it/file.bin":    "/srv/a-long-name-of-a-folder/with-nothing-secret-in-it/file.bin",
		"no space left on device":                                            "no space left on device",
	} {
		if got := r.Clean(text); got != want {
			t.Errorf("%q\n got %q\nwant %q", text, got, want)
		}
	}
}

// FuzzClean: whatever stands around them, an address and an info-hash do not get out,
// and what was cleaned is not changed again.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "dial ", "http://", "[", ":", "a.b.", "magnet:?xt=urn:btih:", "1.", "::", "%"} {
		f.Add(s, " "+s)
	}
	r := NewRedactor()
	f.Fuzz(func(t *testing.T, before, after string) {
		const hash = "0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33"
		text := before + " 198.51.100.77 2001:db8:1:2:3:4:5:6 " + hash + " " + after
		got := r.Clean(text)
		for _, s := range []string{"198.51.100.77", "2001:db8:1:2:3:4:5:6", hash} {
			if strings.Count(got, s) > strings.Count(before+after, s) {
				t.Errorf("%q: %q", text, got)
			}
		}
	})
}
