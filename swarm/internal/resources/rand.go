package resources

import "math/rand/v2"

// Rand returns a new source for decisions that must differ between nodes and need
// not be secret.
func (*Session) Rand() *rand.Rand { return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) }
