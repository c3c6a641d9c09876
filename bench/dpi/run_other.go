//go:build !linux

package main

import "errors"

func run([]string) error {
	return errors.New("watching transfers needs Linux: network namespaces and tcpdump")
}
