//go:build !amd64

package lanes

// wide is false: messages are hashed one by one, by the standard library.
const wide = false

func blocksSHA1(*state, *[Width]*byte, int, uint16)   { panic("lanes: no vector unit") }
func blocksSHA256(*state, *[Width]*byte, int, uint16) { panic("lanes: no vector unit") }
