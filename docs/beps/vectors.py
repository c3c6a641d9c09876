"""Prints the section "Test vectors" of a draft, computed with nothing but the
standard library, independently of the Go code. A test compares.

    python3 vectors.py bittorrent-over-tls.rst
"""
import base64
import hashlib
import hmac
import sys
import textwrap


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def hkdf(ikm, salt, info):  # RFC 5869, one block of output
    return mac(mac(salt, ikm), info, b"\x01")


def sha1(text):
    return hashlib.sha1(text).digest()


def sha256(text):
    return hashlib.sha256(text).digest()


def url64(b):
    return base64.urlsafe_b64encode(b).decode().rstrip("=")


def bencode(v):
    if isinstance(v, int):
        return b"i%de" % v
    if isinstance(v, str):
        v = v.encode()
    if isinstance(v, bytes):
        return b"%d:%s" % (len(v), v)
    if isinstance(v, list):
        return b"l" + b"".join(map(bencode, v)) + b"e"
    return b"d" + b"".join(bencode(k) + bencode(v[k]) for k in sorted(v)) + b"e"


LEVELS = [b"bittorrent-tls/1 basic", b"bittorrent-tls/1 strict", b"bittorrent-tls/1 full strict"]


def derive(level, secret, info_hash):
    return hkdf(secret + info_hash, LEVELS[level], b"key")


def show(name, **fields):
    print("    [%s]" % name)
    for key, value in fields.items():
        text = value.hex() if isinstance(value, bytes) else str(value)
        key = key.replace("_", "-")
        if len(text) <= 40:
            print("    %s: %s" % (key, text))
            continue
        print("    %s:" % key)
        for line in textwrap.wrap(text, 64, break_on_hyphens=False):
            print("      " + line)
    print()


def connection(name, level, info_hash, cert_hash, exporter, secret=b""):
    k = derive(level, secret, info_hash)
    tag = mac(k, b"\x01", cert_hash)[:16]
    pc = mac(k, b"\x02", exporter, tag)
    ps = mac(k, b"\x03", exporter, pc)
    key = base64.b64encode(tag)
    accept = base64.b64encode(sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11")).decode()
    fields = dict(secret=secret) if secret else {}
    show(name, level=level, **fields, info_hash=info_hash, K=k, CH=cert_hash, TAG=tag, X=exporter, Pc=pc, Ps=ps,
         key=key.decode(), client_cookie=url64(pc), accept=accept, server_cookie=url64(ps))


ONE, TWO, SECRET = sha1(b"torrent one"), sha256(b"torrent two"), sha256(b"secret one")


def bittorrent_over_tls():
    connection("all zero", 0, sha1(b"hello"), bytes(32), bytes(32))
    connection("Basic, version 1", 0, ONE, sha256(b"certificate one"), sha256(b"exporter one"))
    connection("Basic, version 2", 0, TWO, sha256(b"certificate two"), sha256(b"exporter two"))
    connection("Strict, version 1", 1, ONE, sha256(b"certificate one"), sha256(b"exporter one"), SECRET)
    connection("Strict, version 2", 1, TWO, sha256(b"certificate two"), sha256(b"exporter two"), SECRET)
    strict = bencode({"level": 1, "secret": SECRET})
    show("dictionary, Strict", tls=strict, x_btls=url64(SECRET))
    pin = sha256(b"public key")
    pinned = bencode({"level": 1, "secret": SECRET, "h": [pin]})
    show("dictionary, Strict with a pin", tls=pinned, x_btls=url64(pinned))
    # As printed by Debian's argon2: argon2 0123456789abcdef -id -t 3 -k 65536 -p 4 -l 32 -r
    phrase, salt = "lusab-babad-gutih-tugad-mudof-zuzuz", b"0123456789abcdef"
    secret = bytes.fromhex(ARGON2)
    show("passphrase", phrase=phrase, tls=bencode({"level": 1, "argon2id": {"m": 65536, "p": 4, "s": salt, "t": 3}}),
         secret=secret)


def discovery(name, level, info_hash, epoch, secret=b""):
    k = derive(level, secret, info_hash)
    fields = dict(secret=secret) if secret else {}
    show(name, level=level, **fields, info_hash=info_hash, K=k, epoch=epoch,
         D=mac(k, b"\x04", b"discovery", epoch.to_bytes(8, "big"))[:20])


def tls_discovery():
    for time in 0, 604799, 604800, 1796255999, 1796256000:
        show("epoch of %d" % time, time=time, epoch=time // 604800)
    discovery("Basic, version 1", 0, ONE, 2969)
    discovery("Basic, version 1, a week later", 0, ONE, 2970)
    discovery("Basic, version 2", 0, TWO, 2969)
    discovery("Strict, version 2", 1, TWO, 2969, SECRET)
    pin, other = sha256(b"public key"), sha256(b"other public key")
    show("extended handshake", h=pin, n="peer.example", p=443,
         payload=bencode({"m": {"ut_pex": 1}, "tls": {"v": 1, "p": 443, "n": "peer.example", "h": pin}}))
    v4 = bytes([192, 0, 2, 1, 0x01, 0xBB])
    show("peer exchange, reachable and over TLS", address="192.0.2.1:443", flags=0x30,
         payload=bencode({"added": v4, "added.f": b"\x30", "added6": b"", "added6.f": b"", "dropped": b"", "dropped6": b""}))
    escaped = "".join("%%%02X" % b if not chr(b).isalnum() or b > 127 else chr(b) for b in pin)
    show("tracker request", tlspin=pin, query="&supporttls=1&requiretls=1&tlspin=" + escaped)
    peers = v4 + bytes([192, 0, 2, 2, 0x1A, 0xE1])
    peers6 = bytes.fromhex("20010db8000000000000000000000001") + bytes([0x01, 0xBB])
    show("tracker answer", peer_1="192.0.2.1:443", pin_1=pin, peer_2="192.0.2.2:6881", peer_3="[2001:db8::1]:443", pin_3=other,
         answer=bencode({"interval": 1800, "peers": peers, "peers6": peers6, "tls_flags": b"\x03\x00", "tls_flags6": b"\x03",
                         "tls_pins": pin + other}))


ARGON2 = "03cb51e7744946c60ac15c0d2bd58dd0c0ffa8bc0c011af10729b6cd3506351a"

DRAFTS = {"bittorrent-over-tls.rst": bittorrent_over_tls, "tls-discovery.rst": tls_discovery}
DRAFTS[sys.argv[1]]()
