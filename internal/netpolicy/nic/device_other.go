//go:build !linux

package nic

import "errors"

func permitted(string) bool { return false }

func bindToDevice(int, string) error { return errors.ErrUnsupported }
