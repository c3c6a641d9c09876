package words

import (
	"errors"
	"io/fs"
	"net"
	"os"
)

// Cause drops operation, file and address from an error of the file system or
// the network, for callers that name them as the user did.
func Cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	if sys, ok := errors.AsType[*os.SyscallError](err); ok {
		return sys.Err
	}
	return err
}
