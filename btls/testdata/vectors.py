"""Prints vectors.json: the key schedule of BitTorrent over TLS, level Basic,
computed with nothing but hashlib and hmac, independently of the Go code.

    python3 vectors.py > vectors.json
"""
import hashlib
import hmac
import json


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def hkdf(ikm, salt, info):  # RFC 5869, one block of output
    return mac(mac(salt, ikm), info, b"\x01")


def vector(name, info_hash, cert_hash, exporter):
    k = hkdf(info_hash, b"bittorrent-tls/1 basic", b"key")
    tag = mac(k, b"\x01", cert_hash)[:16]
    pc = mac(k, b"\x02", exporter, tag)
    ps = mac(k, b"\x03", exporter, pc)
    d = mac(k, b"\x04", b"discovery")[:20]
    fields = dict(info_hash=info_hash, cert_hash=cert_hash, exporter=exporter,
                  key=k, tag=tag, client_proof=pc, server_proof=ps, discovery_id=d)
    return {"name": name} | {n: v.hex() for n, v in fields.items()}


sha1, sha256 = lambda b: hashlib.sha1(b).digest(), lambda b: hashlib.sha256(b).digest()
print(json.dumps([
    vector("v1, published", sha1(b"hello"), bytes(32), bytes(32)),
    vector("v1", sha1(b"torrent one"), sha256(b"certificate one"), sha256(b"exporter one")),
    vector("v2", sha256(b"torrent two"), sha256(b"certificate two"), sha256(b"exporter two")),
    vector("v2, other certificate", sha256(b"torrent two"), sha256(b"certificate three"), sha256(b"exporter two")),
    vector("v2, other connection", sha256(b"torrent two"), sha256(b"certificate two"), sha256(b"exporter three")),
    vector("v2 truncated is not v2", sha256(b"torrent two")[:20], sha256(b"certificate two"), sha256(b"exporter two")),
    vector("all ones", b"\xff" * 32, b"\xff" * 32, b"\xff" * 32),
], indent=2))
