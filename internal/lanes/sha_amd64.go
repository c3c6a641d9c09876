package lanes

import "golang.org/x/sys/cpu"

// wide tells whether this processor runs the functions below.
var wide = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW

// blocksSHA1 runs n blocks, at least one, from each p into the messages of s
// whose bits are set in mask. The other p must be readable all the same.
//
//go:noescape
func blocksSHA1(s *state, p *[Width]*byte, n int, mask uint16)

// blocksSHA256 is the same for SHA-256.
//
//go:noescape
func blocksSHA256(s *state, p *[Width]*byte, n int, mask uint16)
