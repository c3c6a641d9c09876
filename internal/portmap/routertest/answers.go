package routertest

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"time"

	"github.com/warren-p2p/warren/internal/portmap/pcp"
)

const (
	ssdpPort = 1900
	httpPort = 5000
)

// answer answers PCP and NAT-PMP, as far as the router speaks them.
func (r *Router) answer(b []byte) [][]byte {
	switch {
	case r.cfg.Datagram != nil:
		return r.cfg.Datagram(b)
	case len(b) == 60 && b[0] == 2 && r.cfg.PCP:
		return [][]byte{r.answerPCP(b)}
	case b[0] == 2 && r.cfg.PMP:
		return [][]byte{{0, 0x81, 0, 1, 0, 0, 0, 0}} // another version, please
	case len(b) == 2 && r.cfg.PMP:
		ip := r.cfg.External.As4()
		return [][]byte{append([]byte{0, 0x80, 0, 0, 0, 0, 0, 7}, ip[:]...)}
	case len(b) == 12 && r.cfg.PMP:
		return [][]byte{r.answerPMP(b)}
	}
	return nil
}

func (r *Router) answerPCP(b []byte) []byte {
	got := r.grant(pcp.Mapping{
		Protocol: pcp.Protocol(b[36]), Internal: binary.BigEndian.Uint16(b[40:]),
		External: netip.AddrPortFrom(netip.Addr{}, binary.BigEndian.Uint16(b[42:])),
		Lifetime: time.Duration(binary.BigEndian.Uint32(b[4:])) * time.Second,
	})
	out := make([]byte, 24, 60)
	out[0], out[1] = 2, 0x81
	binary.BigEndian.PutUint32(out[4:], uint32(got.Lifetime/time.Second))
	out = append(out, b[24:42]...)
	out = binary.BigEndian.AppendUint16(out, got.External.Port())
	ip := r.cfg.External.As16()
	return append(out, ip[:]...)
}

func (r *Router) answerPMP(b []byte) []byte {
	protocol := pcp.TCP
	if b[1] == 1 {
		protocol = pcp.UDP
	}
	got := r.grant(pcp.Mapping{
		Protocol: protocol, Internal: binary.BigEndian.Uint16(b[4:]),
		External: netip.AddrPortFrom(netip.Addr{}, binary.BigEndian.Uint16(b[6:])),
		Lifetime: time.Duration(binary.BigEndian.Uint32(b[8:])) * time.Second,
	})
	out := append([]byte{0, 0x80 | b[1], 0, 0, 0, 0, 0, 7}, b[4:6]...)
	out = binary.BigEndian.AppendUint16(out, got.External.Port())
	return binary.BigEndian.AppendUint32(out, uint32(got.Lifetime/time.Second))
}

// discover answers SSDP.
func (r *Router) discover([]byte) [][]byte {
	if !r.cfg.UPnP {
		return nil
	}
	at := r.cfg.Location
	if at == "" {
		at = fmt.Sprintf("http://%v/root.xml", netip.AddrPortFrom(r.cfg.Addr, httpPort))
	}
	return [][]byte{fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\n"+
		"USN: uuid:1\r\nLOCATION: %s\r\n\r\n", at)}
}

func (r *Router) site() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/root.xml", func(w http.ResponseWriter, q *http.Request) {
		if r.cfg.Describe != nil {
			r.cfg.Describe(w, q)
			return
		}
		control := r.cfg.Control
		if control == "" {
			control = "/control"
		}
		fmt.Fprintf(w, description, control)
	})
	mux.HandleFunc("/control", func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		r.asked++
		r.mu.Unlock()
		if r.cfg.SOAP != nil {
			r.cfg.SOAP(w, q)
			return
		}
		r.control(w, q)
	})
	return mux
}

const description = `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>
<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><deviceList><device>
<deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType><serviceList><service>
<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>%s</controlURL>
</service></serviceList></device></deviceList></device></root>`

// control does what SOAP asks for.
func (r *Router) control(w http.ResponseWriter, q *http.Request) {
	b, _ := io.ReadAll(q.Body)
	body := string(b)
	number := func(name string) int { n, _ := strconv.Atoi(field(body, name)); return n }
	m := pcp.Mapping{
		Protocol: pcp.TCP, Internal: uint16(number("NewInternalPort")),
		External: netip.AddrPortFrom(r.cfg.External, uint16(number("NewExternalPort"))),
		Lifetime: time.Duration(number("NewLeaseDuration")) * time.Second,
	}
	if field(body, "NewProtocol") == "UDP" {
		m.Protocol = pcp.UDP
	}
	switch action := regexp.MustCompile(`#(\w+)"`).FindStringSubmatch(q.Header.Get("SOAPACTION")); {
	case len(action) < 2:
		http.Error(w, "no action", http.StatusBadRequest)
	case action[1] == "GetExternalIPAddress":
		fmt.Fprintf(w, envelope, fmt.Sprintf(`<u:R xmlns:u="x"><NewExternalIPAddress>%v</NewExternalIPAddress></u:R>`, r.cfg.External))
	case action[1] == "AddPortMapping" && r.cfg.Fault != 0 && m.Lifetime > 0:
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintf(w, envelope, fmt.Sprintf(`<s:Fault><detail><UPnPError><errorCode>%d</errorCode></UPnPError></detail></s:Fault>`, r.cfg.Fault))
	default:
		r.mu.Lock()
		k := Key{m.Protocol, m.External.Port()}
		if r.mappings[k] = m; action[1] == "DeletePortMapping" {
			delete(r.mappings, k)
		}
		r.mu.Unlock()
		fmt.Fprintf(w, envelope, `<u:R xmlns:u="x"></u:R>`)
	}
}

const envelope = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
 s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>%s</s:Body></s:Envelope>`

// field returns the text of an element.
func field(body, name string) string {
	m := regexp.MustCompile(`<` + name + `>([^<]*)</` + name + `>`).FindStringSubmatch(body)
	if m == nil {
		return ""
	}
	return m[1]
}
