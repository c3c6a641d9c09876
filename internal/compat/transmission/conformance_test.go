package transmission

import (
	"os"
	"strings"
	"testing"

	"github.com/warren-p2p/warren/internal/compat/shape"
	"github.com/warren-p2p/warren/internal/compat/transmission/conformance"
)

// TestNothingIsMissing asks for all of the RPC, and holds the answers against those of
// Debian's transmission-daemon, and against the specification of newer versions.
func TestNothingIsMissing(t *testing.T) {
	exceptions, err := os.ReadFile("conformance/testdata/exceptions.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, against string
		script        []conformance.Step
	}{
		{"3.00", "transmission-3.00.txt", conformance.Classic()},
		{"4.1", "transmission-4.1-spec.txt", conformance.Modern()},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := os.ReadFile("conformance/testdata/" + c.against)
			if err != nil {
				t.Fatal(err)
			}
			want, err := shape.Decode(text)
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t)
			got, err := conformance.Run(t.Context(), w.setting(), c.script)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range want.Missing(got) {
				if !strings.Contains(string(exceptions), line+"\n") {
					t.Error(line)
				}
			}
			if !w.ended {
				t.Error("session-close did not end the node")
			}
		})
	}
}
