package shape

import (
	"slices"
	"strings"
	"testing"
)

func of(t *testing.T, text string) Shape {
	t.Helper()
	s, err := Of([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestShape(t *testing.T) {
	r := Record{"list": of(t, `{"torrents":[{"id":1,"ratio":0.5,"labels":["a"],"group":""},{"id":2,"ratio":1,"labels":[],"x":null}],"on":true}`)}
	want := `# list
. object
on boolean
torrents array
torrents[] object
torrents[].group? string
torrents[].id integer
torrents[].labels array
torrents[].labels[] string
torrents[].ratio integer|number
torrents[].x? null
`
	if got := string(r.Encode()); got != want {
		t.Errorf("written:\n%s\nwant:\n%s", got, want)
	}
	back, err := Decode([]byte(want))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(back.Encode()); got != want {
		t.Errorf("read and written:\n%s", got)
	}
}

func TestMissing(t *testing.T) {
	for _, c := range []struct{ name, theirs, ours, want string }{
		{"the same", `{"a":[1,2]}`, `{"a":[3]}`, ""},
		{"more is fine", `{"a":1}`, `{"a":1,"b":"x"}`, ""},
		{"a key", `{"a":1,"b":{"c":2}}`, `{"a":1,"b":{}}`, "b.c: missing; want integer"},
		{"a type", `{"a":"1"}`, `{"a":1}`, "a: integer; want string"},
		{"a fraction that is whole", `{"a":0.5}`, `{"a":1}`, ""},
		{"a whole that is none", `{"a":1}`, `{"a":0.5}`, "a: number; want integer"},
		{"sometimes", `[{"a":1},{"a":2}]`, `[{"a":1},{}]`, "[].a: there only sometimes; want it always"},
		{"sometimes there as well", `[{"a":1},{}]`, `[{}]`, ""},
		{"with all below it", `{"a":{"b":[{"c":1}]}}`, `{}`, "a: missing; want object"},
		{"sometimes, with all below it", `[{"a":{"b":1}},{}]`, `[{}]`, ""},
		{"the root", `[]`, `{}`, "the whole: object; want array"},
		{"an empty list says nothing", `{"a":[]}`, `{"a":["x"]}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := strings.Join(Missing(of(t, c.theirs), of(t, c.ours)), "\n")
			if got != c.want {
				t.Errorf("missing %q, want %q", got, c.want)
			}
		})
	}
	lacks := Record{"x": of(t, `1`), "y": of(t, `{"k":1}`)}.Missing(Record{"y": of(t, `{}`)})
	if want := []string{"x: not answered", "y: k: missing; want integer"}; !slices.Equal(lacks, want) {
		t.Errorf("missing %q, want %q", lacks, want)
	}
}

func TestMerge(t *testing.T) {
	m := Merge(of(t, `{"a":null,"b":1}`), of(t, `{"a":"x","c":[2]}`))
	want := "# m\n. object\na null|string\nb integer\nc array\nc[] integer\n"
	if got := string(Record{"m": m}.Encode()); got != want {
		t.Errorf("merged:\n%s\nwant:\n%s", got, want)
	}
}

func TestBadInput(t *testing.T) {
	for _, text := range []string{"", "{", "1 2", "nope"} {
		if s, err := Of([]byte(text)); err == nil {
			t.Errorf("%q has the shape %v", text, s)
		}
	}
	for _, text := range []string{"a number\n", "# x\nabc\n"} {
		if r, err := Decode([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, r)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("# a\n. object\nk? integer|null\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Decode(text)
		if err != nil {
			return
		}
		r.Missing(r)
	})
}
