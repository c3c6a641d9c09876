package verdict

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// flows are the lines of ndpiReader -v 2 about connections to a server.
func flows(ndpi []byte, server string) [][]byte {
	var all [][]byte
	for line := range bytes.Lines(ndpi) {
		b := bytes.TrimSpace(line)
		if bytes.Contains(b, []byte("TCP ")) && bytes.Contains(b, []byte("> "+server+" ")) {
			all = append(all, b)
		}
	}
	return all
}

// parseFlows reads what ndpiReader says of each connection:
//
//	1 TCP 10.0.0.2:4000 <-> 10.0.0.1:443 [proto: 91/TLS]...[Risk: ** A **** B **][Risk Score: 100]...
func parseFlows(ndpi []byte, server string) Verdict {
	proto, risk := regexp.MustCompile(`\[proto: [0-9.]+/([^\]]+)\]`), regexp.MustCompile(`\[Risk: ([^\]]+)\]`)
	protocols, risks := map[string]bool{}, map[string]bool{}
	lines := flows(ndpi, server)
	for _, line := range lines {
		if m := proto.FindSubmatch(line); m != nil {
			protocols[string(m[1])] = true
		}
		if m := risk.FindSubmatch(line); m != nil {
			for r := range strings.SplitSeq(string(m[1]), "**") {
				if r = strings.TrimSpace(r); r != "" {
					risks[r] = true
				}
			}
		}
	}
	return Verdict{Flows: len(lines), Protocols: list(protocols), Risks: list(risks)}
}

// packets is what tshark prints of each packet, put together.
type packets struct {
	streams     map[string][]byte // by number of the connection and sender
	layers, ja3 map[string]bool
}

var errField = errors.New("tshark printed something else than it was asked for")

// parsePackets reads lines of number|sender|protocols|JA3|payload in hex.
func parsePackets(fields []byte) (packets, error) {
	p := packets{map[string][]byte{}, map[string]bool{}, map[string]bool{}}
	for line := range strings.Lines(string(fields)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "|")
		if len(f) != 5 {
			return packets{}, fmt.Errorf("read packets: %w: %.80q", errField, line)
		}
		payload, err := hex.DecodeString(f[4])
		if err != nil {
			return packets{}, fmt.Errorf("read packets: %w: %w", errField, err)
		}
		key := f[0] + " " + f[1]
		p.streams[key] = append(p.streams[key], payload...)
		_, above, _ := strings.Cut(f[2], ":tcp")
		for layer := range strings.SplitSeq(above, ":") {
			if layer != "" {
				p.layers[layer] = true
			}
		}
		for ja3 := range strings.SplitSeq(f[3], ",") {
			if ja3 != "" {
				p.ja3[ja3] = true
			}
		}
	}
	return p, nil
}
