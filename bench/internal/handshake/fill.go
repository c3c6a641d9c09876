//go:build linux

package handshake

import (
	"crypto/rand"
	"crypto/sha256"

	"github.com/warren-p2p/warren/btls"
)

// fill adds n torrents to a table and returns their tags.
func fill(table *btls.Table[int], der []byte, n int) ([]btls.Tag, error) {
	tags := make([]btls.Tag, n)
	for i := range tags {
		var hash [20]byte
		_, _ = rand.Read(hash[:]) // never fails, says its documentation
		k, err := btls.BasicKey(hash[:])
		if err != nil {
			return nil, err
		}
		if err := table.Add(k, i); err != nil {
			return nil, err
		}
		tags[i] = k.Tag(sha256.Sum256(der))
	}
	return tags, nil
}
