package table

import "testing"

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "-", 0.5: "0.50", 9.994: "9.99", 12.34: "12.3", 688.4: "688", 65520: "65520"} {
		if got := Number(v); got != want {
			t.Errorf("%v: got %s, want %s", v, got, want)
		}
	}
}

func TestMarkdown(t *testing.T) {
	const want = "| é  | b |\n|----|---|\n| 10 |   |\n"
	if got := Markdown([][]string{{"é", "b"}, {"10", ""}}); got != want {
		t.Errorf("got\n%s", got)
	}
}
