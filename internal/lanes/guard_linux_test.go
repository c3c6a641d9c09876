package lanes

import (
	"os"
	"syscall"
	"testing"
)

// TestPageEnds hashes messages that begin at the start or end at the end of
// readable memory: a byte read beyond is a fault.
func TestPageEnds(t *testing.T) {
	page := os.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Munmap(memory)
	readable := memory[page : 2*page]
	copy(readable, random(page))
	for _, guard := range [][]byte{memory[:page], memory[2*page:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 300 {
		messages := make([][]byte, Width)
		for i := range messages {
			if i%2 == 0 {
				messages[i] = readable[page-n-i:]
			} else {
				messages[i] = readable[:n+i]
			}
		}
		check(t, messages)
	}
}
