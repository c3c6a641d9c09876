package message

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"
)

// reply answers everything with the same values, or the error that its method is.
func reply(body string, values Object, err error) string {
	call := Parse([]byte(body))
	a := NewAnswers(call)
	for i := range call.Requests {
		r := &call.Requests[i]
		if bad := r.Refused(); bad != nil {
			a.Add(r, Object{}, bad)
			continue
		}
		a.Add(r, values, err)
	}
	return string(a.Body())
}

func TestDialects(t *testing.T) {
	values := Object{Fields: []Field{{Name: "hash_string", Value: "ab"}, {Name: "peer_limit", Value: 3}}}
	refusal := Refuse(CodeNotAbsolute, "the path is not absolute")
	for _, c := range []struct {
		name, body string
		err        error
		want       string
	}{
		{"classic", `{"method":"x"}`, nil, `{"arguments":{"hashString":"ab","peer-limit":3},"result":"success"}`},
		{"a tag", `{"method":"x","tag":7}`, nil, `{"arguments":{"hashString":"ab","peer-limit":3},"result":"success","tag":7}`},
		{"a tag of zero", `{"method":"x","tag":0}`, nil, `{"arguments":{"hashString":"ab","peer-limit":3},"result":"success","tag":0}`},
		{"a tag that is a string", `{"method":"x","tag":"y"}`, nil, `{"arguments":{"hashString":"ab","peer-limit":3},"result":"success"}`},
		{"a tag that is a fraction", `{"method":"x","tag":2.5}`, nil, `{"arguments":{"hashString":"ab","peer-limit":3},"result":"success"}`},
		{"a refusal", `{"method":"x","tag":1}`, refusal, `{"arguments":{"hashString":"ab","peer-limit":3},"result":"the path is not absolute","tag":1}`},
		{"modern", `{"jsonrpc":"2.0","method":"x","id":7}`, nil, `{"jsonrpc":"2.0","id":7,"result":{"hash_string":"ab","peer_limit":3}}`},
		{"an id that is a string", `{"jsonrpc":"2.0","method":"x","id":"q"}`, nil, `{"jsonrpc":"2.0","id":"q","result":{"hash_string":"ab","peer_limit":3}}`},
		{"an id that is null", `{"jsonrpc":"2.0","method":"x","id":null}`, nil, `{"jsonrpc":"2.0","id":null,"result":{"hash_string":"ab","peer_limit":3}}`},
		{"a notification", `{"jsonrpc":"2.0","method":"x"}`, nil, ``},
		{"a modern refusal", `{"jsonrpc":"2.0","method":"x","id":1}`, refusal,
			`{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"path is not absolute","data":{"error_string":"the path is not absolute","result":{"hash_string":"ab","peer_limit":3}}}}`},
		{"another error", `{"jsonrpc":"2.0","method":"x","id":1}`, errors.New("full"),
			`{"jsonrpc":"2.0","id":1,"error":{"code":5,"message":"system error","data":{"error_string":"full","result":{"hash_string":"ab","peer_limit":3}}}}`},
		{"another version", `{"jsonrpc":"1.0","method":"x","id":1}`, nil, `{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"Invalid Request"}}`},
		{"an id that is a list", `{"jsonrpc":"2.0","method":"x","id":[]}`, nil, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}}`},
		{"params in a list", `{"jsonrpc":"2.0","method":"x","params":[1],"id":1}`, nil,
			`{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params","data":{"error_string":"params are given by name, as an object"}}}`},
		{"a batch", `[{"jsonrpc":"2.0","method":"x","id":1},{"jsonrpc":"2.0","method":"x"},5]`, nil,
			`[{"jsonrpc":"2.0","id":1,"result":{"hash_string":"ab","peer_limit":3}},{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid Request"}}]`},
		{"a batch of notifications", `[{"jsonrpc":"2.0","method":"x"}]`, nil, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := reply(c.body, values, c.err); got != c.want {
				t.Errorf("answered\n%s\nwant\n%s", got, c.want)
			}
		})
	}
	for _, body := range []string{"", "xx", "[]", "{}", "5", `"x"`, "null", `{"method":5}`, `{"method":null}`, "[1", "\x00"} {
		call := Parse([]byte(body))
		if len(call.Requests) != 1 || call.Requests[0].Method != "" || call.Requests[0].Modern {
			t.Errorf("%q is %+v, want one classic request without a method", body, call)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		style           Style
		classic, modern string
	}{
		{Camel, "activityDate", "activity_date"}, {Camel, "peer-limit", "peer_limit"}, {Camel, "isUTP", "is_utp"}, {Camel, "id", "id"},
		{Camel, "cumulative-stats", "cumulative_stats"}, {Camel, "lastAnnounceTimedOut", "last_announce_timed_out"}, {Camel, "primary-mime-type", "primary_mime_type"},
		{Kebab, "alt-speed-time-begin", "alt_speed_time_begin"}, {Kebab, "seedRatioLimited", "seed_ratio_limited"},
		{Kebab, "cache-size-mb", "cache_size_mib"}, {Kebab, "honorsSessionLimits", "honors_session_limits"},
	} {
		if got := Snake(c.classic); got != c.modern {
			t.Errorf("%s is %s, want %s", c.classic, got, c.modern)
		}
		if got := c.style.Classic(c.modern); got != c.classic {
			t.Errorf("%s is %s, want %s", c.modern, got, c.classic)
		}
	}
}

func TestValues(t *testing.T) {
	o := Object{Fields: []Field{
		{Name: "a", Value: nil}, {Name: "b", Value: true}, {Name: "c", Value: int64(-5)}, {Name: "d", Value: 0.123456}, {Name: "e", Value: 2.0},
		{Name: "f", Value: "q\"<ü\x01"}, {Name: "g", Value: []string{}}, {Name: "h", Value: []any{1, "x"}}, {Name: "i", Value: []Object{{}}},
		{Name: "j", Value: []int{1, 2}}, {Name: "k", Value: []bool{false}}, {Name: "l", Value: math.NaN()}, {Name: "m", Value: math.Inf(1)}, {Name: "n_o", As: "N-o", Value: 1},
	}}
	text := o.append(nil, true)
	var back map[string]any
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if back["f"] != "q\"<ü\x01" || back["d"] != 0.1235 || back["l"] != -1.0 || back["N-o"] != 1.0 || len(back) != 14 {
		t.Errorf("written as %s", text)
	}
}

func TestArgs(t *testing.T) {
	a := Parse([]byte(`{"method":"x","arguments":{"int":5,"frac":2.9,"big":1e300,"yes":true,"one":1,"word":"true","text":"1.5","list":[1,"a",2.5,null,"b"],"camelCase":1,"nothing":null}}`)).Requests[0].Args
	ints := func(name string, want int64, ok bool) {
		t.Helper()
		if got, is := a.Int(name); got != want || is != ok {
			t.Errorf("%s is the integer %d, %v", name, got, is)
		}
	}
	ints("int", 5, true)
	ints("frac", 2, true)
	ints("big", 0, false)
	ints("yes", 1, true)
	ints("word", 0, false)
	ints("missing", 0, false)
	ints("camel_case", 1, true)
	for name, want := range map[string][2]bool{"yes": {true, true}, "one": {true, true}, "word": {true, true}, "text": {false, false}, "int": {false, false}} {
		if on, ok := a.Bool(name); [2]bool{on, ok} != want {
			t.Errorf("%s is the boolean %v, %v", name, on, ok)
		}
	}
	if r, ok := a.Real("text"); r != 1.5 || !ok {
		t.Errorf("text is the number %v, %v", r, ok)
	}
	if list, ok := a.Ints("list"); !ok || !slices.Equal(list, []int64{1, 2}) {
		t.Errorf("integers of the list: %v, %v", list, ok)
	}
	if list, ok := a.Strings("list"); !ok || !slices.Equal(list, []string{"a", "b"}) {
		t.Errorf("strings of the list: %v, %v", list, ok)
	}
	if _, ok := a.Strings("int"); ok || !a.Has("nothing") {
		t.Error("a number is a list, or what is null was not given")
	}
}

func TestIDs(t *testing.T) {
	for _, c := range []struct {
		args        string
		want        []ID
		all, recent bool
	}{
		{`{}`, nil, true, false},
		{`{"ids":7}`, []ID{{Number: 7}}, false, false},
		{`{"ids":"recently-active"}`, nil, false, true},
		{`{"ids":"recently_active"}`, nil, false, true},
		{`{"ids":"abc"}`, []ID{{Hash: "abc"}}, false, false},
		{`{"ids":[1,"abc",null,{}]}`, []ID{{Number: 1}, {Hash: "abc"}}, false, false},
		{`{"ids":[]}`, nil, false, false},
		{`{"ids":null}`, nil, true, false},
		{`{"ids":{}}`, nil, true, false},
	} {
		got, all, recent := Parse([]byte(`{"method":"x","arguments":` + c.args + `}`)).Requests[0].Args.IDs()
		if !slices.Equal(got, c.want) || all != c.all || recent != c.recent {
			t.Errorf("%s: %v, all %v, recent %v", c.args, got, all, recent)
		}
	}
}

// FuzzParse: whatever comes in, one answer comes out for each request that is no
// notification, and it is JSON.
func FuzzParse(f *testing.F) {
	for _, body := range []string{
		`{"method":"torrent-get","arguments":{"fields":["id"],"ids":[1,"x"]},"tag":1}`,
		`{"jsonrpc":"2.0","method":"torrent_get","params":{"ids":"recently_active"},"id":"x"}`,
		`[{"jsonrpc":"2.0","method":"x","id":1},{}]`, `[]`, `{"jsonrpc":1,"id":{}}`, `{"method":"x","tag":99999999999999999999}`, "\xff",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		call := Parse(body)
		a := NewAnswers(call)
		for i := range call.Requests {
			r := &call.Requests[i]
			r.Args.IDs()
			for name := range r.Args {
				r.Args.Int(name)
				r.Args.Real(name)
				r.Args.Bool(name)
				r.Args.Strings(name)
				r.Args.Ints(name)
			}
			a.Add(r, Object{}, Refuse(CodeSystem, r.Method))
		}
		if answer := a.Body(); answer != nil && !json.Valid(answer) {
			t.Errorf("%q is answered with %q", body, answer)
		}
	})
}
