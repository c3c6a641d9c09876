package bencode

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Raw is an encoding made elsewhere, which Append copies as it is. It must hold
// one valid value, or nothing for a value that is absent.
type Raw []byte

// Append appends the encoding of v to dst. It supports int, int64, string,
// []byte, []any and map[string]any (written with sorted keys), of these again,
// and splices in a Value or Raw as it is. A list leaves out elements and a
// dictionary leaves out keys whose value is the zero Value or an empty Raw. Any
// other type, nil included, is a programming error and panics.
func Append(dst []byte, v any) []byte {
	switch v := v.(type) {
	case int:
		return appendInt(dst, int64(v))
	case int64:
		return appendInt(dst, v)
	case string:
		dst = append(strconv.AppendInt(dst, int64(len(v)), 10), ':')
		return append(dst, v...)
	case []byte:
		dst = append(strconv.AppendInt(dst, int64(len(v)), 10), ':')
		return append(dst, v...)
	case Value:
		return append(dst, v.raw...)
	case Raw:
		return append(dst, v...)
	case []any:
		dst = append(dst, 'l')
		for _, e := range v {
			dst = Append(dst, e)
		}
		return append(dst, 'e')
	case map[string]any:
		return appendDict(dst, v)
	}
	panic(fmt.Sprintf("bencode: append unsupported type %T", v))
}

func appendInt(dst []byte, n int64) []byte {
	return append(strconv.AppendInt(append(dst, 'i'), n, 10), 'e')
}

func appendDict(dst []byte, m map[string]any) []byte {
	dst = append(dst, 'd')
	for _, key := range slices.Sorted(maps.Keys(m)) {
		keyed := Append(dst, key)
		full := Append(keyed, m[key])
		if len(full) > len(keyed) {
			dst = full
		} else {
			// An absent value: dst still ends before the key.
			dst = full[:len(dst)]
		}
	}
	return append(dst, 'e')
}
