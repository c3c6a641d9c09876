package verdict

import "container/list"

// lru is a map that keeps the entries used last.
type lru[K comparable, V any] struct {
	max   int
	order *list.List // of *entry[K, V], the latest used first
	at    map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

func newLRU[K comparable, V any](size int) *lru[K, V] {
	return &lru[K, V]{max: max(size, 1), order: list.New(), at: make(map[K]*list.Element)}
}

// get returns the value of key and marks it as used.
func (l *lru[K, V]) get(key K) (value V, ok bool) {
	e, ok := l.at[key]
	if !ok {
		return value, false
	}
	l.order.MoveToFront(e)
	return e.Value.(*entry[K, V]).value, true
}

// put sets the value of key and forgets the entry unused for longest if there
// are too many.
func (l *lru[K, V]) put(key K, value V) {
	if e, ok := l.at[key]; ok {
		e.Value.(*entry[K, V]).value = value
		l.order.MoveToFront(e)
		return
	}
	l.at[key] = l.order.PushFront(&entry[K, V]{key, value})
	if l.order.Len() > l.max {
		l.remove(l.order.Back().Value.(*entry[K, V]).key)
	}
}

func (l *lru[K, V]) remove(key K) {
	if e, ok := l.at[key]; ok {
		l.order.Remove(e)
		delete(l.at, key)
	}
}

// each calls f for every entry, the one unused for longest first, so that
// putting them in this order into another lru reproduces it.
func (l *lru[K, V]) each(f func(K, V)) {
	for e := l.order.Back(); e != nil; e = e.Prev() {
		en := e.Value.(*entry[K, V])
		f(en.key, en.value)
	}
}
