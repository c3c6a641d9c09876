package resume

import (
	"encoding/binary"
	"fmt"
	"hash/crc64"
)

// The file, all integers big-endian:
//
//	  0  magic (8)     8  version (4)   12  flags (4): bit 0 = closed cleanly
//	 16  v1 hash (20) 36  v2 hash (32)
//	 68  pieces (4)   72  files (4)     76  length of the table (4)
//	 80  boot (32)   112  zero (8)     120  CRC-64/ECMA of bytes 0-119
//	128  records, 32 bytes each
//	     table of files, and its CRC-64/ECMA
const (
	magic      = "warren\x00R"
	version    = 1
	headerSize = 128
	flagClean  = 1
)

type image struct {
	clean   bool
	boot    Boot
	records []byte
	entries []Entry
}

func (img image) origin(now Boot) Origin {
	switch {
	case img.clean:
		return Clean
	case now != Boot{} && now == img.boot:
		return Killed
	}
	return PowerLost
}

func (img image) encode(cfg Config) []byte {
	var table []byte
	for _, e := range img.entries {
		table = e.append(table)
	}
	b := make([]byte, headerSize, headerSize+len(img.records)+len(table)+8)
	copy(b, magic)
	binary.BigEndian.PutUint32(b[8:], version)
	if img.clean {
		binary.BigEndian.PutUint32(b[12:], flagClean)
	}
	copy(b[16:], cfg.ID.V1[:])
	copy(b[36:], cfg.ID.V2[:])
	binary.BigEndian.PutUint32(b[68:], uint32(cfg.Pieces))
	binary.BigEndian.PutUint32(b[72:], uint32(cfg.Files))
	binary.BigEndian.PutUint32(b[76:], uint32(len(table)))
	copy(b[80:], img.boot[:])
	binary.BigEndian.PutUint64(b[120:], checksum(b[:120]))
	b = append(b, img.records...)
	b = append(b, table...)
	return binary.BigEndian.AppendUint64(b, checksum(table))
}

func checksum(b []byte) uint64 { return crc64.Checksum(b, crc64.MakeTable(crc64.ECMA)) }

// decode reads a resume file. A bad header or table makes all of it useless, a
// bad record only puts its pieces in doubt.
func decode(b []byte, cfg Config) (image, error) {
	if err := checkHeader(b, cfg); err != nil {
		return image{}, err
	}
	n := recordCount(cfg.Pieces) * recordSize
	size := int(binary.BigEndian.Uint32(b[76:]))
	if len(b)-headerSize-n-8 != size {
		return image{}, fmt.Errorf("%w: %d bytes", ErrDamaged, len(b))
	}
	img := image{clean: binary.BigEndian.Uint32(b[12:]) == flagClean, boot: Boot(b[80:112])}
	img.records = append([]byte(nil), b[headerSize:][:n]...)
	repair(img.records, cfg)
	table := b[headerSize+n:][:size]
	if binary.BigEndian.Uint64(b[headerSize+n+size:]) != checksum(table) {
		return image{}, fmt.Errorf("%w: checksum of the table of files", ErrDamaged)
	}
	var err error
	img.entries, err = decodeEntries(table, cfg.Files)
	return img, err
}

func checkHeader(b []byte, cfg Config) error {
	switch {
	case len(b) < headerSize || string(b[:8]) != magic:
		return fmt.Errorf("%w: no header", ErrDamaged)
	case binary.BigEndian.Uint64(b[120:]) != checksum(b[:120]):
		return fmt.Errorf("%w: checksum of the header", ErrDamaged)
	case binary.BigEndian.Uint32(b[8:]) != version:
		return fmt.Errorf("%w: version %d", ErrDamaged, binary.BigEndian.Uint32(b[8:]))
	case binary.BigEndian.Uint32(b[12:])&^flagClean != 0:
		return fmt.Errorf("%w: unknown flags", ErrDamaged)
	case [20]byte(b[16:36]) != cfg.ID.V1 || [32]byte(b[36:68]) != cfg.ID.V2:
		return fmt.Errorf("%w: another torrent", ErrDamaged)
	case int(binary.BigEndian.Uint32(b[68:])) != cfg.Pieces || int(binary.BigEndian.Uint32(b[72:])) != cfg.Files:
		return fmt.Errorf("%w: number of pieces or files", ErrDamaged)
	case len(b)-headerSize < recordCount(cfg.Pieces)*recordSize+8:
		return fmt.Errorf("%w: %d bytes", ErrDamaged, len(b))
	}
	return nil
}

// repair puts the pieces of unsound records in doubt: they may well be there.
func repair(records []byte, cfg Config) {
	seed := seedOf(cfg)
	for k := 0; k*recordSize < len(records); k++ {
		r := record(records[k*recordSize:][:recordSize])
		mask := maskOf(cfg.Pieces, k)
		if r.sound(seed, k, mask) {
			continue
		}
		clear(r)
		binary.BigEndian.PutUint64(r.doubt(), mask)
		r.seal(seed, k)
	}
}
