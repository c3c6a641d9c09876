package nic

import "golang.org/x/sys/unix"

// permitted tries: without rights Linux lets sockets be bound since 5.7, and some
// sandboxes never do.
func permitted(device string) bool {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer func() { _ = unix.Close(fd) }()
	return bindToDevice(fd, device) == nil
}

func bindToDevice(fd int, device string) error { return unix.BindToDevice(fd, device) }
