package act

import (
	"slices"
	"strings"
	"testing"
)

// FuzzTiers: what is read of trackers as text is read the same again once written.
func FuzzTiers(f *testing.F) {
	for _, text := range []string{"", "http://a/announce", "a\nb\n\nc\n", "\n\n a \r\n\r\n\n b", "\xff\n\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all := tiers(text)
		var b strings.Builder
		for _, tier := range all {
			if len(tier) == 0 {
				t.Fatalf("%q has an empty tier", text)
			}
			b.WriteString(strings.Join(tier, "\n") + "\n\n")
		}
		if again := tiers(b.String()); !slices.EqualFunc(all, again, slices.Equal) {
			t.Errorf("%q is %q, and then %q", text, all, again)
		}
	})
}

func TestEdits(t *testing.T) {
	list := flat([][]string{{"http://a/1", "http://a/2"}, {"udp://b:1"}})
	for _, c := range []struct {
		name string
		edit func([]tracker, []any) ([]tracker, bool)
		with []any
		want string // tiers, with a bar between them; "" if nothing changes
	}{
		{"add", add, []any{"http://c/", 5.0, "nonesuch", "http://a/1", "file:///etc"}, "http://a/1 http://a/2|udp://b:1|http://c/"},
		{"add what is there", add, []any{"udp://b:1"}, ""},
		{"remove", remove, []any{true, "x"}, "http://a/1|udp://b:1"}, // true is 1
		{"replace with what is there", replace, []any{true, "udp://b:1"}, ""},
		{"replace", replace, []any{true, "http://d/"}, "http://a/1 http://d/|udp://b:1"},
		{"half a pair", replace, []any{true}, ""},
	} {
		got, changed := c.edit(list, c.with)
		var tiers []string
		for _, tier := range folded(got) {
			tiers = append(tiers, strings.Join(tier, " "))
		}
		if text := strings.Join(tiers, "|"); changed && text != c.want || changed != (c.want != "") {
			t.Errorf("%s: %s, changed %v; want %q", c.name, text, changed, c.want)
		}
	}
}
