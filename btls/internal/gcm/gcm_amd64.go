package gcm

import (
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"golang.org/x/sys/cpu"
)

var errOpen = errors.New("gcm: message authentication failed")

// short is the length below which crypto/cipher is as fast.
const short = 256

func wide() bool {
	x := &cpu.X86
	return x.HasAVX512F && x.HasAVX512BW && x.HasAVX512VL && x.HasAVX512VAES && x.HasAVX512VPCLMULQDQ
}

// fast is AES-GCM on 512-bit registers.
type fast struct {
	cipher.AEAD // for short messages
	rounds      int
	keys        [15 * 16]byte
	// powers of H from the 16th down to the first, reversed and times x, and
	// room behind them that is read but multiplied by zero.
	powers [(16 + 3) * 16]byte
}

func newFast(key []byte, block cipher.Block, std cipher.AEAD) AEAD {
	g := &fast{AEAD: std}
	g.expand(key)
	var h [16]byte
	block.Encrypt(h[:], h[:])
	// Reversed blocks are multiplied bit-reflected, and a product of these
	// lacks a factor of x: H has it instead.
	hi, lo := binary.BigEndian.Uint64(h[:]), binary.BigEndian.Uint64(h[8:])
	carry := -(hi >> 63)
	hi, lo = hi<<1|lo>>63, lo<<1
	hi ^= carry & 0xc200000000000000
	lo ^= carry & 1
	binary.LittleEndian.PutUint64(h[:], lo)
	binary.LittleEndian.PutUint64(h[8:], hi)
	power := h
	for i := 15; ; i-- {
		copy(g.powers[16*i:], power[:])
		if i == 0 {
			return g
		}
		multiply(&power, &h)
	}
}

// expand is the key expansion of FIPS 197, section 5.2.
func (g *fast) expand(key []byte) {
	nk := len(key) / 4
	g.rounds = nk + 6
	w := make([]uint32, 4*(g.rounds+1))
	for i := range w {
		if i < nk {
			w[i] = binary.LittleEndian.Uint32(key[4*i:])
		} else {
			t := w[i-1]
			switch {
			case i%nk == 0:
				t = subWord(t>>8|t<<24) ^ rcon(i/nk)
			case nk > 6 && i%nk == 4:
				t = subWord(t)
			}
			w[i] = w[i-nk] ^ t
		}
		binary.LittleEndian.PutUint32(g.keys[4*i:], w[i])
	}
}

// rcon is x^(i-1) in the field of AES.
func rcon(i int) uint32 {
	r := uint32(1)
	for range i - 1 {
		r = r<<1 ^ r>>7*0x11b
	}
	return r
}

// sums are the states of one message.
type sums struct{ counter, hash, mask [16]byte }

// start makes the first states: the counter behind the one that hides the tag,
// and the hash of the additional data.
func (g *fast) start(nonce, additional []byte) (s sums) {
	if len(nonce) != NonceLen {
		panic("gcm: incorrect nonce length")
	}
	// The counter, reversed: 1 hides the tag, and the text begins with 2.
	for i, b := range nonce {
		s.counter[15-i] = b
	}
	s.counter[0] = 1
	var zero, unused [16]byte
	encrypt(g.rounds, &g.keys[0], &g.powers[0], &s.mask[0], &zero[0], len(zero), &s.counter, &unused)
	s.counter[0] = 2
	for len(additional) > 0 {
		n := min(16, len(additional))
		for i, b := range additional[:n] {
			s.hash[15-i] ^= b
		}
		multiply(&s.hash, g.h())
		additional = additional[n:]
	}
	return s
}

func (g *fast) h() *[16]byte { return (*[16]byte)(g.powers[15*16:]) }

// tag ends the hash with the lengths.
func (g *fast) tag(s *sums, additional, text int) (t [16]byte) {
	var lengths [16]byte
	binary.LittleEndian.PutUint64(lengths[:], uint64(text)*8)
	binary.LittleEndian.PutUint64(lengths[8:], uint64(additional)*8)
	subtle.XORBytes(s.hash[:], s.hash[:], lengths[:])
	multiply(&s.hash, g.h())
	for i, b := range s.hash {
		t[15-i] = b ^ s.mask[15-i]
	}
	return t
}

// Seal encrypts plaintext, in place if dst is where it starts.
func (g *fast) Seal(dst, nonce, plaintext, additional []byte) []byte {
	if len(plaintext) < short || tooLong(len(plaintext)) {
		return g.AEAD.Seal(dst, nonce, plaintext, additional)
	}
	s := g.start(nonce, additional)
	out := slices.Grow(dst, len(plaintext)+TagLen)[:len(dst)+len(plaintext)+TagLen]
	text := out[len(dst) : len(dst)+len(plaintext)]
	encrypt(g.rounds, &g.keys[0], &g.powers[0], &text[0], &plaintext[0], len(plaintext), &s.counter, &s.hash)
	t := g.tag(&s, len(additional), len(plaintext))
	copy(out[len(dst)+len(plaintext):], t[:])
	return out
}

// SealWith is Seal for plaintext with one more byte behind it.
func (g *fast) SealWith(dst, nonce, plaintext []byte, last byte, additional []byte) {
	n := len(plaintext)
	if n < short || n%16 != 0 || tooLong(n+1) {
		sealWith(g.AEAD, dst, nonce, plaintext, last, additional)
		return
	}
	s := g.start(nonce, additional)
	encrypt(g.rounds, &g.keys[0], &g.powers[0], &dst[0], &plaintext[0], n, &s.counter, &s.hash)
	binary.LittleEndian.PutUint32(s.counter[:], 2+uint32(n/16))
	dst[n] = last
	encrypt(g.rounds, &g.keys[0], &g.powers[0], &dst[n], &dst[n], 1, &s.counter, &s.hash)
	t := g.tag(&s, len(additional), n+1)
	copy(dst[n+1:], t[:])
}

// Open decrypts ciphertext, in place if dst is where it starts.
func (g *fast) Open(dst, nonce, ciphertext, additional []byte) ([]byte, error) {
	n := len(ciphertext) - TagLen
	if n < short || tooLong(n) {
		return g.AEAD.Open(dst, nonce, ciphertext, additional)
	}
	s := g.start(nonce, additional)
	out := slices.Grow(dst, n)[:len(dst)+n]
	text := out[len(dst):]
	decrypt(g.rounds, &g.keys[0], &g.powers[0], &text[0], &ciphertext[0], n, &s.counter, &s.hash)
	t := g.tag(&s, len(additional), n)
	if subtle.ConstantTimeCompare(t[:], ciphertext[n:]) != 1 {
		clear(text)
		return nil, errOpen
	}
	return out, nil
}

// tooLong reports what the counter does not reach; crypto/cipher then says so.
func tooLong(n int) bool { return uint64(n) > (math.MaxUint32-2)*16 }

// encrypt encrypts n bytes of src to dst, counting from counter, and adds the
// result to the hash. The last block counts as if zeros were behind it, so
// only the last call of a message may have a length that is no multiple of 16.
//
//go:noescape
func encrypt(rounds int, keys, powers, dst, src *byte, n int, counter, sum *[16]byte)

// decrypt is the way back; it is src that is hashed.
//
//go:noescape
func decrypt(rounds int, keys, powers, dst, src *byte, n int, counter, sum *[16]byte)

// multiply multiplies two elements of GHASH's field, x by h.
//
//go:noescape
func multiply(x, h *[16]byte)

// subWord is SubWord of FIPS 197, without a table.
func subWord(w uint32) uint32
