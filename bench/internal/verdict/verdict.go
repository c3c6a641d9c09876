// Package verdict asks programs that people use to watch networks what they make
// of a capture: nDPI and Wireshark. And it looks for what nobody should see.
package verdict

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
)

// Verdict is what was found out about the connections to one server. Lists are
// sorted and name each thing once.
type Verdict struct {
	Flows     int
	Protocols []string // as nDPI calls them
	Risks     []string // that nDPI sees
	JA3       []string // of the clients, from Wireshark
	Layers    []string // above TCP, as Wireshark calls them
	Seen      []string // which secrets are in the bytes, or in what the two print
}

// Same reports whether nDPI says the same of both.
func (v Verdict) Same(w Verdict) bool {
	return slices.Equal(v.Protocols, w.Protocols) && slices.Equal(v.Risks, w.Risks)
}

// Within reports whether nDPI takes v for the same protocols as w and sees no risk
// in it that it does not see in w.
func (v Verdict) Within(w Verdict) bool {
	return slices.Equal(v.Protocols, w.Protocols) &&
		!slices.ContainsFunc(v.Risks, func(r string) bool { return !slices.Contains(w.Risks, r) })
}

// ErrNothing reports a capture without a connection to the server.
var ErrNothing = errors.New("no connection to the server in the capture")

// Look judges the TCP connections to server ("host:port") in a capture. Each
// secret has a name under which it is reported.
func Look(ctx context.Context, capture, server string, secrets map[string][]byte) (Verdict, error) {
	ndpi, err := output(ctx, "ndpiReader", "-i", capture, "-v", "2")
	if err != nil {
		return Verdict{}, err
	}
	v := parseFlows(ndpi, server)
	host, port, _ := strings.Cut(server, ":")
	filter := fmt.Sprintf("ip.addr==%s && tcp.port==%s", host, port)
	fields, err := output(ctx, "tshark", "-r", capture, "-Y", filter, "-T", "fields", "-E", "separator=|",
		"-e", "tcp.stream", "-e", "ip.src", "-e", "frame.protocols", "-e", "tls.handshake.ja3", "-e", "tcp.payload")
	if err != nil {
		return Verdict{}, err
	}
	p, err := parsePackets(fields)
	if err != nil {
		return Verdict{}, err
	}
	if v.Flows == 0 || len(p.streams) == 0 {
		return Verdict{}, fmt.Errorf("look at %s: %w %s", capture, ErrNothing, server)
	}
	v.JA3, v.Layers = list(p.ja3), list(p.layers)
	v.Seen = seen(secrets, append(slices.Collect(maps.Values(p.streams)), v.said(ndpi, server)...))
	return v, nil
}

// said is what was printed about the connections.
func (v Verdict) said(ndpi []byte, server string) [][]byte {
	return append(flows(ndpi, server), []byte(strings.Join(v.Layers, " ")))
}

// seen names the secrets that are in one of the texts, in whatever case.
func seen(secrets map[string][]byte, texts [][]byte) []string {
	found := map[string]bool{}
	for _, text := range texts {
		lower := bytes.ToLower(text)
		for name, secret := range secrets {
			if bytes.Contains(text, secret) || bytes.Contains(lower, bytes.ToLower(secret)) {
				found[name] = true
			}
		}
	}
	return list(found)
}

func output(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("run %s: %w: %s", name, err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

func list(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
