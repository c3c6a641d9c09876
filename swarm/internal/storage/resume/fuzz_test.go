package resume

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

// FuzzDecode decodes any bytes, as they are and with the checksums and the
// header put right so that the rest is reached.
func FuzzDecode(f *testing.F) {
	records := emptyRecords(testConfig)
	for _, img := range []image{
		{records: records, entries: make([]Entry, 3)},
		{clean: true, boot: testConfig.Boot, records: records, entries: testEntries},
	} {
		f.Add(img.encode(testConfig))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		decodeTwice(t, b)
		if fixed, ok := putRight(b); ok {
			decodeTwice(t, fixed)
		}
	})
}

// decodeTwice: what decodes at all encodes to something that decodes to the
// same, and its records are sound.
func decodeTwice(t *testing.T, b []byte) {
	img, err := decode(b, testConfig)
	if err != nil {
		if !errors.Is(err, ErrDamaged) {
			t.Fatalf("%v is not ErrDamaged", err)
		}
		return
	}
	seed := seedOf(testConfig)
	for k := range recordCount(testConfig.Pieces) {
		if !record(img.records[k*recordSize:][:recordSize]).sound(seed, k, maskOf(testConfig.Pieces, k)) {
			t.Fatalf("record %d is unsound", k)
		}
	}
	again := img.encode(testConfig)
	second, err := decode(again, testConfig)
	if err != nil || !bytes.Equal(second.encode(testConfig), again) {
		t.Fatalf("second round: %v", err)
	}
}

func putRight(b []byte) ([]byte, bool) {
	table := headerSize + recordCount(testConfig.Pieces)*recordSize
	if len(b) < table+8 {
		return nil, false
	}
	head := image{records: emptyRecords(testConfig)}.encode(testConfig)
	b = append([]byte(nil), b...)
	flags := b[15] & flagClean
	copy(b, head[:headerSize])
	b[15] = flags
	binary.BigEndian.PutUint32(b[76:], uint32(len(b)-table-8))
	binary.BigEndian.PutUint64(b[120:], checksum(b[:120]))
	binary.BigEndian.PutUint64(b[len(b)-8:], checksum(b[table:len(b)-8]))
	return b, true
}
