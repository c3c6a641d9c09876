"""Prints vectors.json: the key schedule of BitTorrent over TLS, every level,
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


SALTS = {"basic": b"bittorrent-tls/1 basic", "strict": b"bittorrent-tls/1 strict",
         "full-strict": b"bittorrent-tls/1 full strict"}


def vector(name, info_hash, cert_hash, exporter, level="basic", secret=b"", epoch=0):
    k = hkdf(secret + info_hash, SALTS[level], b"key")
    tag = mac(k, b"\x01", cert_hash)[:16]
    pc = mac(k, b"\x02", exporter, tag)
    ps = mac(k, b"\x03", exporter, pc)
    d = mac(k, b"\x04", b"discovery", epoch.to_bytes(8, "big"))[:20]
    t = mac(k, b"\x05", b"credential")
    e = mac(k, b"\x06", b"enrol")[:16]
    fields = dict(secret=secret, info_hash=info_hash, cert_hash=cert_hash, exporter=exporter,
                  key=k, tag=tag, client_proof=pc, server_proof=ps, discovery_id=d,
                  credential_id=t, enrol=e)
    return {"name": name, "level": level, "epoch": epoch} | {n: v.hex() for n, v in fields.items()}


sha1, sha256 = lambda b: hashlib.sha1(b).digest(), lambda b: hashlib.sha256(b).digest()
print(json.dumps([
    vector("v1, published", sha1(b"hello"), bytes(32), bytes(32)),
    vector("v1", sha1(b"torrent one"), sha256(b"certificate one"), sha256(b"exporter one"), epoch=1),
    vector("v2", sha256(b"torrent two"), sha256(b"certificate two"), sha256(b"exporter two"), epoch=2969),
    vector("v2, other certificate", sha256(b"torrent two"), sha256(b"certificate three"), sha256(b"exporter two"), epoch=2970),
    vector("v2, other connection", sha256(b"torrent two"), sha256(b"certificate two"), sha256(b"exporter three")),
    vector("v2 truncated is not v2", sha256(b"torrent two")[:20], sha256(b"certificate two"), sha256(b"exporter two")),
    vector("all ones", b"\xff" * 32, b"\xff" * 32, b"\xff" * 32, epoch=2**64 - 1),
    vector("strict, v1", sha1(b"torrent one"), sha256(b"certificate one"), sha256(b"exporter one"),
           "strict", sha256(b"secret one"), 2969),
    vector("strict, v2", sha256(b"torrent two"), sha256(b"certificate two"), sha256(b"exporter two"),
           "strict", sha256(b"secret one"), 2969),
    vector("strict, other secret", sha256(b"torrent two"), sha256(b"certificate two"), sha256(b"exporter two"),
           "strict", sha256(b"secret two"), 2969),
    vector("full strict, v1", sha1(b"torrent one"), sha256(b"certificate one"), sha256(b"exporter one"),
           "full-strict", sha256(b"secret one"), 2969),
    vector("full strict, v2", sha256(b"torrent two"), sha256(b"certificate two"), sha256(b"exporter two"),
           "full-strict", sha256(b"secret one"), 2969),
], indent=2))
