package lanes

// wide tells whether this processor runs the functions below.
var wide = detect()

// detect asks as Intel's Software Developer's Manual, volume 1, 15.2 has it:
// the instructions must exist, and the system must keep the registers.
func detect() bool {
	const (
		osxsave  = 1 << 27            // leaf 1, ecx
		needed   = 1<<16 | 1<<30      // leaf 7, ebx: AVX512F, AVX512BW
		kept     = 1<<1 | 1<<2 | 7<<5 // XCR0: SSE, AVX, and the three parts of AVX-512
		features = 7
	)
	if highest, _, _ := cpuid(0, 0); highest < features {
		return false
	}
	if _, _, ecx := cpuid(1, 0); ecx&osxsave == 0 {
		return false
	}
	_, ebx, _ := cpuid(features, 0)
	return ebx&needed == needed && xgetbv()&kept == kept
}

// blocksSHA1 runs n blocks, at least one, from each p into the messages of s
// whose bits are set in mask. The other p must be readable all the same.
//
//go:noescape
func blocksSHA1(s *state, p *[Width]*byte, n int, mask uint16)

// blocksSHA256 is the same for SHA-256.
//
//go:noescape
func blocksSHA256(s *state, p *[Width]*byte, n int, mask uint16)

func cpuid(leaf, subleaf uint32) (eax, ebx, ecx uint32)

// xgetbv returns the low half of XCR0.
func xgetbv() (eax uint32)
