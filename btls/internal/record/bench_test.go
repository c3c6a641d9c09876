package record

import (
	"io"
	"testing"
)

// BenchmarkTransfer moves 1 MiB an operation over loopback TCP, by crypto/tls
// and by this package, in writes as large as the engine's. Both ends are in
// this process; look at the CPU time (-cpu 1) or at the profile.
func BenchmarkTransfer(b *testing.B) {
	for _, own := range []bool{false, true} {
		name := "crypto-tls"
		if own {
			name = "record"
		}
		b.Run(name, func(b *testing.B) {
			client, server := pair(b, nil)
			var r io.Reader = client.tc
			var w io.Writer = server.tc
			if own {
				r, w = client.takeOver(b), server.takeOver(b)
			}
			frame := make([]byte, 1<<18)
			block := make([]byte, 1<<14)
			done := make(chan error, 1)
			go func() {
				for range b.N * (1 << 20 / len(frame)) {
					if _, err := w.Write(frame); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
			b.SetBytes(1 << 20)
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N * (1 << 20 / len(block)) {
				if _, err := io.ReadFull(r, block); err != nil {
					b.Fatal(err)
				}
			}
			if err := <-done; err != nil {
				b.Fatal(err)
			}
		})
	}
}
