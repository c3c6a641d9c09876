#include "textflag.h"

// Whole blocks are kept reversed, as GHASH wants them on a little-endian
// machine (Gueron and Kounaev, Intel 323640-001, part "bit reflection").
DATA reverse<>+0x00(SB)/8, $0x08090a0b0c0d0e0f
DATA reverse<>+0x08(SB)/8, $0x0001020304050607
GLOBL reverse<>(SB), RODATA|NOPTR, $16

// 1 and the reflected reduction polynomial of GHASH, x^63+x^62+x^57 on top.
DATA poly<>+0x00(SB)/8, $1
DATA poly<>+0x08(SB)/8, $0xc200000000000000
GLOBL poly<>(SB), RODATA|NOPTR, $16

// What is added to a counter to make four of it, and to step on by four.
DATA ahead<>+0x00(SB)/8, $0
DATA ahead<>+0x08(SB)/8, $0
DATA ahead<>+0x10(SB)/8, $1
DATA ahead<>+0x18(SB)/8, $0
DATA ahead<>+0x20(SB)/8, $2
DATA ahead<>+0x28(SB)/8, $0
DATA ahead<>+0x30(SB)/8, $3
DATA ahead<>+0x38(SB)/8, $0
GLOBL ahead<>(SB), RODATA|NOPTR, $64

DATA four<>+0x00(SB)/8, $4
DATA four<>+0x08(SB)/8, $0
GLOBL four<>(SB), RODATA|NOPTR, $16

// Register use of encrypt and decrypt:
//
//	AX   round keys      BX  powers of H     CX  bytes left
//	SI   source          DI  destination     R8  rounds
//	Z0-Z3    counters, then key stream       Z4-Z7  data
//	Z8       accumulator of GHASH (lane 0)   Z9-Z11 low, middle, high product
//	Z12-Z13  scratch     Z14 counters        Z15    four
//	Z16-Z30  round keys  Z31 reverse         Z13 is poly inside REDUCE

// KEYS loads the round keys, each four times over.
#define KEYS \
	VBROADCASTI32X4 0(AX), Z16    \
	VBROADCASTI32X4 16(AX), Z17   \
	VBROADCASTI32X4 32(AX), Z18   \
	VBROADCASTI32X4 48(AX), Z19   \
	VBROADCASTI32X4 64(AX), Z20   \
	VBROADCASTI32X4 80(AX), Z21   \
	VBROADCASTI32X4 96(AX), Z22   \
	VBROADCASTI32X4 112(AX), Z23  \
	VBROADCASTI32X4 128(AX), Z24  \
	VBROADCASTI32X4 144(AX), Z25  \
	VBROADCASTI32X4 160(AX), Z26  \
	VBROADCASTI32X4 176(AX), Z27  \
	VBROADCASTI32X4 192(AX), Z28  \
	VBROADCASTI32X4 208(AX), Z29  \
	VBROADCASTI32X4 224(AX), Z30

// COUNT makes counter blocks of the next four counters, whitened.
#define COUNT(v) \
	VPSHUFB Z31, Z14, v   \
	VPADDD  Z15, Z14, Z14 \
	VPXORD  Z16, v, v

#define ROUND(k) \
	VAESENC k, Z0, Z0 \
	VAESENC k, Z1, Z1 \
	VAESENC k, Z2, Z2 \
	VAESENC k, Z3, Z3

#define LAST(k) \
	VAESENCLAST k, Z0, Z0 \
	VAESENCLAST k, Z1, Z1 \
	VAESENCLAST k, Z2, Z2 \
	VAESENCLAST k, Z3, Z3

#define ROUND1(k) VAESENC k, Z0, Z0

// FIRST begins the products of four blocks d and four powers at h(BX).
#define FIRST(d, h) \
	VMOVDQU64  h(BX), Z12           \
	VPCLMULQDQ $0x00, Z12, d, Z9    \
	VPCLMULQDQ $0x01, Z12, d, Z10   \
	VPCLMULQDQ $0x11, Z12, d, Z11   \
	VPCLMULQDQ $0x10, Z12, d, Z12   \
	VPXORQ     Z12, Z10, Z10

// MORE adds those of four others.
#define MORE(d, h) \
	VMOVDQU64  h(BX), Z12                \
	VPCLMULQDQ $0x00, Z12, d, Z13        \
	VPXORQ     Z13, Z9, Z9               \
	VPCLMULQDQ $0x11, Z12, d, Z13        \
	VPXORQ     Z13, Z11, Z11             \
	VPCLMULQDQ $0x01, Z12, d, Z13        \
	VPCLMULQDQ $0x10, Z12, d, Z12        \
	VPTERNLOGD $0x96, Z13, Z12, Z10

// REDUCE makes one block, Z8, of the products: twice 64 bits of the low end
// are folded upwards, then the four lanes added.
#define REDUCE \
	VBROADCASTI32X4 poly<>(SB), Z13        \
	VPCLMULQDQ      $0x01, Z9, Z13, Z12    \
	VPSHUFD         $0x4e, Z9, Z9          \
	VPTERNLOGD      $0x96, Z12, Z9, Z10    \
	VPCLMULQDQ      $0x01, Z10, Z13, Z12   \
	VPSHUFD         $0x4e, Z10, Z10        \
	VPTERNLOGD      $0x96, Z12, Z10, Z11   \
	VEXTRACTI64X4   $1, Z11, Y12           \
	VPXORQ          Y12, Y11, Y11          \
	VEXTRACTI32X4   $1, Y11, X12           \
	VPXORQ          X12, X11, X8

// START loads what a call gets: (rounds int, keys, powers, dst, src *byte,
// n int, counter, sum *[16]byte).
#define START \
	MOVQ rounds+0(FP), R8                 \
	MOVQ keys+8(FP), AX                   \
	MOVQ powers+16(FP), BX                \
	MOVQ dst+24(FP), DI                   \
	MOVQ src+32(FP), SI                   \
	MOVQ n+40(FP), CX                     \
	MOVQ counter+48(FP), DX               \
	MOVQ sum+56(FP), R9                   \
	VBROADCASTI32X4 reverse<>(SB), Z31    \
	VBROADCASTI32X4 four<>(SB), Z15       \
	VBROADCASTI32X4 (DX), Z14             \
	VPADDD ahead<>(SB), Z14, Z14          \
	VMOVDQU64 (R9), X8                    \
	KEYS

// STREAM makes 256 bytes of key stream in Z0-Z3. Ten rounds and fourteen are
// what TLS 1.3 has.
#define STREAM(done, l10) \
	COUNT(Z0)   \
	COUNT(Z1)   \
	COUNT(Z2)   \
	COUNT(Z3)   \
	ROUND(Z17)  \
	ROUND(Z18)  \
	ROUND(Z19)  \
	ROUND(Z20)  \
	ROUND(Z21)  \
	ROUND(Z22)  \
	ROUND(Z23)  \
	ROUND(Z24)  \
	ROUND(Z25)  \
	CMPQ R8, $10 \
	JEQ  l10    \
	ROUND(Z26)  \
	ROUND(Z27)  \
	ROUND(Z28)  \
	ROUND(Z29)  \
	LAST(Z30)   \
	JMP  done   \
l10:            \
	LAST(Z26)   \
done:

// STREAM1 makes 64 bytes of key stream in Z0.
#define STREAM1(done, l10) \
	COUNT(Z0)    \
	ROUND1(Z17)  \
	ROUND1(Z18)  \
	ROUND1(Z19)  \
	ROUND1(Z20)  \
	ROUND1(Z21)  \
	ROUND1(Z22)  \
	ROUND1(Z23)  \
	ROUND1(Z24)  \
	ROUND1(Z25)  \
	CMPQ R8, $10 \
	JEQ  l10     \
	ROUND1(Z26)  \
	ROUND1(Z27)  \
	ROUND1(Z28)  \
	ROUND1(Z29)  \
	VAESENCLAST Z30, Z0, Z0 \
	JMP  done    \
l10:             \
	VAESENCLAST Z26, Z0, Z0 \
done:

// GHASH adds the 256 bytes in Z4-Z7 to the sum, which is waited for last.
#define GHASH \
	VPSHUFB Z31, Z4, Z4 \
	VPSHUFB Z31, Z5, Z5 \
	VPSHUFB Z31, Z6, Z6 \
	VPSHUFB Z31, Z7, Z7 \
	FIRST(Z5, 64)       \
	MORE(Z6, 128)       \
	MORE(Z7, 192)       \
	VPXORQ  Z8, Z4, Z4  \
	MORE(Z4, 0)         \
	REDUCE

// TAIL prepares the last 1 to 64 bytes, or 64 of up to 255: their mask in K1,
// and in R10 the place of the powers for all blocks that are left.
#define TAIL(whole) \
	LEAQ  15(CX), R10   \
	ANDQ  $-16, R10     \
	NEGQ  R10           \
	ADDQ  $256, R10     \
	MOVQ  $-1, R11      \
	CMPQ  CX, $64       \
	JGE   whole         \
	MOVQ  $1, R11       \
	SHLQ  CX, R11       \
	DECQ  R11           \
whole:                  \
	KMOVQ R11, K1

// The products of a tail: FIRST and MORE with the powers at R10.
#define MORETAIL \
	VPSHUFB    Z31, Z4, Z4               \
	VPXORQ     Z8, Z4, Z4                \
	VPXORQ     Z8, Z8, Z8                \
	VMOVDQU64  (BX)(R10*1), Z12          \
	VPCLMULQDQ $0x00, Z12, Z4, Z13       \
	VPXORQ     Z13, Z9, Z9               \
	VPCLMULQDQ $0x11, Z12, Z4, Z13       \
	VPXORQ     Z13, Z11, Z11             \
	VPCLMULQDQ $0x01, Z12, Z4, Z13       \
	VPCLMULQDQ $0x10, Z12, Z4, Z12       \
	VPTERNLOGD $0x96, Z13, Z12, Z10

#define FINISH \
	VMOVDQU64 X8, (R9) \
	VZEROUPPER         \
	RET

// func encrypt(rounds int, keys, powers, dst, src *byte, n int, counter, sum *[16]byte)
TEXT ·encrypt(SB), NOSPLIT, $0-64
	START
	SUBQ $256, CX
	JLT  rest

loop:
	STREAM(made, ten)
	VPXORQ    (SI), Z0, Z4
	VPXORQ    64(SI), Z1, Z5
	VPXORQ    128(SI), Z2, Z6
	VPXORQ    192(SI), Z3, Z7
	VMOVDQU64 Z4, (DI)
	VMOVDQU64 Z5, 64(DI)
	VMOVDQU64 Z6, 128(DI)
	VMOVDQU64 Z7, 192(DI)
	GHASH
	ADDQ $256, SI
	ADDQ $256, DI
	SUBQ $256, CX
	JGE  loop

rest:
	ADDQ $256, CX
	JEQ  finish
	VPXORQ Z9, Z9, Z9
	VPXORQ Z10, Z10, Z10
	VPXORQ Z11, Z11, Z11

tail:
	STREAM1(made1, ten1)
	TAIL(whole)
	VMOVDQU8.Z (SI), K1, Z4
	VPXORQ     Z0, Z4, Z4
	VMOVDQU8   Z4, K1, (DI)
	VMOVDQU8.Z Z4, K1, Z4
	MORETAIL
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $64, CX
	JGT  tail
	REDUCE

finish:
	FINISH

// func decrypt(rounds int, keys, powers, dst, src *byte, n int, counter, sum *[16]byte)
TEXT ·decrypt(SB), NOSPLIT, $0-64
	START
	SUBQ $256, CX
	JLT  rest

loop:
	VMOVDQU64 (SI), Z4
	VMOVDQU64 64(SI), Z5
	VMOVDQU64 128(SI), Z6
	VMOVDQU64 192(SI), Z7
	STREAM(made, ten)
	VPXORQ    Z4, Z0, Z0
	VPXORQ    Z5, Z1, Z1
	VPXORQ    Z6, Z2, Z2
	VPXORQ    Z7, Z3, Z3
	VMOVDQU64 Z0, (DI)
	VMOVDQU64 Z1, 64(DI)
	VMOVDQU64 Z2, 128(DI)
	VMOVDQU64 Z3, 192(DI)
	GHASH
	ADDQ $256, SI
	ADDQ $256, DI
	SUBQ $256, CX
	JGE  loop

rest:
	ADDQ $256, CX
	JEQ  finish
	VPXORQ Z9, Z9, Z9
	VPXORQ Z10, Z10, Z10
	VPXORQ Z11, Z11, Z11

tail:
	STREAM1(made1, ten1)
	TAIL(whole)
	VMOVDQU8.Z (SI), K1, Z4
	VPXORQ     Z0, Z4, Z0
	VMOVDQU8   Z0, K1, (DI)
	MORETAIL
	ADDQ $64, SI
	ADDQ $64, DI
	SUBQ $64, CX
	JGT  tail
	REDUCE

finish:
	FINISH

// func multiply(x, h *[16]byte)
TEXT ·multiply(SB), NOSPLIT, $0-16
	MOVQ x+0(FP), DI
	MOVQ h+8(FP), BX
	VPXORQ    Z4, Z4, Z4
	VMOVDQU64 (DI), X4
	VMOVDQU64 (BX), X12
	VPCLMULQDQ $0x00, Z12, Z4, Z9
	VPCLMULQDQ $0x01, Z12, Z4, Z10
	VPCLMULQDQ $0x11, Z12, Z4, Z11
	VPCLMULQDQ $0x10, Z12, Z4, Z12
	VPXORQ     Z12, Z10, Z10
	REDUCE
	VMOVDQU64 X8, (DI)
	VZEROUPPER
	RET

// func subWord(w uint32) uint32
TEXT ·subWord(SB), NOSPLIT, $0-12
	MOVL   w+0(FP), AX
	MOVQ   AX, X0
	PSHUFD $0, X0, X0
	PXOR   X1, X1
	// Four equal columns: ShiftRows changes nothing.
	AESENCLAST X1, X0
	MOVQ   X0, AX
	MOVL   AX, ret+8(FP)
	RET
