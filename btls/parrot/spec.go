package parrot

import (
	"encoding/hex"
	"math/rand/v2"

	utls "github.com/refraction-networking/utls"
)

// Code points that uTLS has no name for.
const (
	mlDSA44 utls.SignatureScheme = 0x0904 // draft-ietf-tls-mldsa
	mlDSA65 utls.SignatureScheme = 0x0905
	mlDSA87 utls.SignatureScheme = 0x0906

	trustAnchors = 0xca34 // draft-ietf-tls-trust-anchor-ids
)

// anchors is the body of the extension that lists the authorities of Chromium's
// root store: a length, and relative object identifiers with a length each.
const anchors = "00b8" +
	"0582df130201" + "0582df130206" + "0582df13020d" + "0582df13020e" + "0582df13020f" + "0582df130212" + "0582df130213" + "0582df130214" +
	"08839a648c9b2d0107" + "08839a648c9b2d0108" + "08839a648c9b2d0109" + "08839a648c9b2d010a" + "08839a648c9b2d010b" + "08839a648c9b2d010c" +
	"08839a648c9b2d010d" + "08839a648c9b2d0112" + "08839a648c9b2d0113" +
	"04d6790901" + "04d6790904" + "04d6790905" + "04d6790906" + "04d6790907" + "04d6790908" + "04d679090a" + "04d679090b" + "04d679090c" +
	"04d679090d" + "04d679090f"

// spec returns Chromium's client hello for a WebSocket. It is for one connection.
func spec(serverName string) *utls.ClientHelloSpec {
	body, _ := hex.DecodeString(anchors) // a test has decoded it
	extensions := []utls.TLSExtension{
		&utls.UtlsGREASEExtension{},
		&utls.ExtendedMasterSecretExtension{},
		// With any other value there would be no exporter. It is sent all the same.
		&utls.RenegotiationInfoExtension{Renegotiation: utls.RenegotiateNever},
		&utls.SupportedCurvesExtension{Curves: []utls.CurveID{
			utls.GREASE_PLACEHOLDER, utls.X25519MLKEM768, utls.X25519, utls.CurveP256, utls.CurveP384,
		}},
		&utls.SupportedPointsExtension{SupportedPoints: []byte{0}}, // uncompressed
		&utls.SessionTicketExtension{},
		&utls.ALPNExtension{AlpnProtocols: []string{"http/1.1"}},
		&utls.StatusRequestExtension{},
		&utls.SignatureAlgorithmsExtension{SupportedSignatureAlgorithms: []utls.SignatureScheme{
			grease(), mlDSA44, mlDSA65, mlDSA87,
			utls.ECDSAWithP256AndSHA256, utls.PSSWithSHA256, utls.PKCS1WithSHA256,
			utls.ECDSAWithP384AndSHA384, utls.PSSWithSHA384, utls.PKCS1WithSHA384,
			utls.PSSWithSHA512, utls.PKCS1WithSHA512,
		}},
		&utls.SCTExtension{},
		&utls.KeyShareExtension{KeyShares: []utls.KeyShare{
			{Group: utls.GREASE_PLACEHOLDER, Data: []byte{0}}, {Group: utls.X25519MLKEM768}, {Group: utls.X25519},
		}},
		&utls.PSKKeyExchangeModesExtension{Modes: []uint8{utls.PskModeDHE}},
		&utls.SupportedVersionsExtension{Versions: []uint16{utls.GREASE_PLACEHOLDER, utls.VersionTLS13, utls.VersionTLS12}},
		&utls.UtlsCompressCertExtension{Algorithms: []utls.CertCompressionAlgo{utls.CertCompressionBrotli}},
		&utls.GenericExtension{Id: trustAnchors, Data: body},
		utls.BoringGREASEECH(),
		&utls.UtlsGREASEExtension{},
	}
	if serverName != "" {
		// The first and the last keep their place.
		extensions = append([]utls.TLSExtension{extensions[0], &utls.SNIExtension{ServerName: serverName}}, extensions[1:]...)
	}
	return &utls.ClientHelloSpec{
		CipherSuites: []uint16{
			utls.GREASE_PLACEHOLDER,
			utls.TLS_AES_128_GCM_SHA256, utls.TLS_AES_256_GCM_SHA384, utls.TLS_CHACHA20_POLY1305_SHA256,
			utls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, utls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			utls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, utls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			utls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305, utls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305,
			utls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, utls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
			utls.TLS_RSA_WITH_AES_128_GCM_SHA256, utls.TLS_RSA_WITH_AES_256_GCM_SHA384,
			utls.TLS_RSA_WITH_AES_128_CBC_SHA, utls.TLS_RSA_WITH_AES_256_CBC_SHA,
		},
		CompressionMethods: []byte{0},
		Extensions:         utls.ShuffleChromeTLSExtensions(extensions),
	}
}

// grease returns one of the values that mean nothing (RFC 8701).
func grease() utls.SignatureScheme {
	n := utls.SignatureScheme(rand.IntN(16)<<4 | 0x0a)
	return n<<8 | n
}
