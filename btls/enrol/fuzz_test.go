package enrol

import "testing"

// A request is refused, or its key is one that is enrolled.
func FuzzCertificateRequest(f *testing.F) {
	f.Add(request(f, newPeer(f)))
	f.Add(request(f, newP256(f)))
	f.Fuzz(func(t *testing.T, der []byte) {
		key, _, err := readRequest(der)
		if err == nil && key == ([32]byte{}) {
			t.Error("a request without a key")
		}
	})
}
