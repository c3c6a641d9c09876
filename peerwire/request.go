package peerwire

import "encoding/binary"

// Request names a block: Length bytes at offset Begin of piece Index. It is
// the payload of request and cancel (BEP 3) and of reject (BEP 6).
type Request struct {
	Index, Begin, Length uint32
}

// requestLen is the payload of request, cancel and reject in bytes.
const requestLen = 12

// AppendRequest appends a request message (BEP 3).
func AppendRequest(dst []byte, r Request) []byte { return r.append(dst, IDRequest) }

// AppendCancel appends a cancel message (BEP 3).
func AppendCancel(dst []byte, r Request) []byte { return r.append(dst, IDCancel) }

// AppendReject appends a reject message (BEP 6).
func AppendReject(dst []byte, r Request) []byte { return r.append(dst, IDReject) }

// ParseRequest reads the payload of a request, cancel or reject message.
// Whether the block lies in the torrent, and whether its length is to be
// served, is for the caller to check.
func ParseRequest(payload []byte) (Request, error) {
	if len(payload) != requestLen {
		return Request{}, lengthError(IDRequest, len(payload), requestLen)
	}
	return Request{
		Index:  binary.BigEndian.Uint32(payload),
		Begin:  binary.BigEndian.Uint32(payload[4:]),
		Length: binary.BigEndian.Uint32(payload[8:]),
	}, nil
}

func (r Request) append(dst []byte, id ID) []byte {
	dst = appendHeader(dst, id, requestLen)
	dst = binary.BigEndian.AppendUint32(dst, r.Index)
	dst = binary.BigEndian.AppendUint32(dst, r.Begin)
	return binary.BigEndian.AppendUint32(dst, r.Length)
}
