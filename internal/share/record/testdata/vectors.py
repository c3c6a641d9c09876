"""Prints vectors.json: records of shares, signed, and links to them, made with Python's
cryptography (that is OpenSSL), independently of the Go code. docs/protocols/share.md
explains them.

    python3 vectors.py > vectors.json
"""
import base64
import hashlib
import hmac
import json
import struct
import sys

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


class Raw(bytes):
    """What is encoded already."""


def bencode(v):
    if isinstance(v, Raw):
        return bytes(v)
    if isinstance(v, int):
        return b"i%de" % v
    if isinstance(v, str):
        v = v.encode()
    if isinstance(v, bytes):
        return b"%d:" % len(v) + v
    if isinstance(v, list):
        return b"l" + b"".join(map(bencode, v)) + b"e"
    return b"d" + b"".join(bencode(k) + bencode(v[k]) for k in sorted(v, key=str.encode)) + b"e"


def share_key(seed):  # HKDF-SHA256 (RFC 5869), no salt, one block
    prk = hmac.new(bytes(32), seed, hashlib.sha256).digest()
    return hmac.new(prk, b"warren/permid/v1/share\x01", hashlib.sha256).digest()


def private(seed):
    return Ed25519PrivateKey.from_private_bytes(share_key(seed))


def public(seed):
    return private(seed).public_key().public_bytes(*RAW)


def sign(seed, message, domain=b"share record"):
    return private(seed).sign(b"warren/permid/v1/sign" + struct.pack(">I", len(domain)) + domain + message)


def signed(seed, body, **how):
    raw = body if isinstance(body, bytes) else bencode(body)
    return bencode({"record": Raw(raw), "signature": sign(seed, raw, **how)})


def digest(text, size=32):
    return hashlib.sha256(text.encode()).digest()[:size]


SEEDS = [digest("share seed %d" % n) for n in range(2)]
FILES = [["birds/a.flac", 123456789, digest("root a")], ["birds/empty", 0], ["birds/Vögel.txt", 7, digest("root b")]]
FULL = {
    "v": 1, "id": digest("id 0", 16), "key": public(SEEDS[0]), "seq": 7, "title": "Vögel im Mai",
    "description": "One line.\n\nAnother.", "tags": ["birds", "field recording"], "files": FILES, "size": 123456796,
    "v1": digest("v1", 20), "v2": digest("v2"), "licence": {"id": "CC-BY-4.0", "text": "Name me."},
    "provenance": {"author": "A. Author", "source": "https://example.org/birds", "created": 1600000000, "derived": "tapes of 1987"},
    "created": 1700000000, "expires": 1800000000,
}
BARE = {
    "v": 1, "id": digest("id 1", 16), "key": public(SEEDS[1]), "seq": 1, "title": "x", "files": [["x", 1, digest("x")]], "size": 1,
    "v2": digest("v2 x"), "created": 1,
}


def but(**changes):
    d = dict(BARE)
    for k, v in changes.items():
        if v is None:
            d.pop(k)
        else:
            d[k] = v
    return d


def show(d):
    if isinstance(d, dict):
        return {k: show(v) for k, v in d.items()}
    if isinstance(d, list):
        return [show(v) for v in d]
    return d.hex() if isinstance(d, bytes) else d


records = [dict(seed=seed.hex(), fields=show(d), bytes=signed(seed, d).hex()) for seed, d in ((SEEDS[0], FULL), (SEEDS[1], BARE))]
records.append(dict(seed=SEEDS[1].hex(), fields=show(BARE), later="a key that is not known is passed over", bytes=signed(SEEDS[1], but(zone=[1])).hex()))

body = bencode(BARE)
refused_records = [
    dict(why=why, bytes=b.hex()) for why, b in (
        ("signed for something else", signed(SEEDS[1], BARE, domain=b"share description")),
        ("signed by another key", bencode({"record": Raw(body), "signature": sign(SEEDS[0], body)})),
        ("a key that nobody has", signed(SEEDS[1], but(key=bytes(32)))),
        ("a later version", signed(SEEDS[1], but(v=2))),
        ("no version", signed(SEEDS[1], but(v=None))),
        ("no title", signed(SEEDS[1], but(title=None))),
        ("an empty description", signed(SEEDS[1], but(description=""))),
        ("a title that turns around", signed(SEEDS[1], but(title="x\u202ey"))),
        ("a title of two lines", signed(SEEDS[1], but(title="x\ny"))),
        ("a tag twice", signed(SEEDS[1], but(tags=["a", "a"]))),
        ("a source that runs", signed(SEEDS[1], but(provenance={"source": "javascript:alert(1)"}))),
        ("an id of 15 bytes", signed(SEEDS[1], but(id=bytes(15)))),
        ("no info-hash of version 2", signed(SEEDS[1], but(v2=None))),
        ("no files", signed(SEEDS[1], but(files=[], size=0))),
        ("another size", signed(SEEDS[1], but(size=2))),
        ("a file without a root", signed(SEEDS[1], but(files=[["x", 1]]))),
        ("an empty file with a root", signed(SEEDS[1], but(files=[["x", 0, digest("x")]], size=0))),
        ("a path that leads out", signed(SEEDS[1], but(files=[["../x", 1, digest("x")]]))),
        ("number 0", signed(SEEDS[1], but(seq=0))),
        ("before 1970", signed(SEEDS[1], but(created=-1))),
        ("keys that are not sorted", signed(SEEDS[1], b"d5:title1:x" + body[1:])),
        ("bytes behind it", signed(SEEDS[1], BARE) + b"e"),
        ("a third key beside them", bencode({"record": Raw(body), "signature": sign(SEEDS[1], body), "x": 1})),
    )
]


def b64(b):
    return base64.urlsafe_b64encode(b).rstrip(b"=").decode()


TOKEN, TICKET, ID, SECRET, PIN = digest("token", 16), digest("ticket", 16), digest("id 0", 16), digest("secret"), digest("pin")
T, S, C = b64(TOKEN), b64(SECRET), b64(PIN)
links = [
    dict(text=f"https://example.org:6881/private/{T}#s={S}&c={C}", kind="private", address="example.org:6881", token=TOKEN.hex(), secret=SECRET.hex(), pin=PIN.hex()),
    dict(text=f"https://[2001:db8::1]:443/private/{T}/{b64(TICKET)}#s={S}&c={C}", kind="private", address="[2001:db8::1]:443", token=TOKEN.hex(), ticket=TICKET.hex(), secret=SECRET.hex(), pin=PIN.hex()),
    dict(text=f"https://192.0.2.1:6881/public/{T}#c={C}", kind="public", address="192.0.2.1:6881", token=TOKEN.hex(), pin=PIN.hex()),
    dict(text=f"https://192.0.2.1:6881/public/{T}/{b64(ID)}#c={C}", kind="public", address="192.0.2.1:6881", token=TOKEN.hex(), share=ID.hex(), pin=PIN.hex()),
]
refused_links = [
    dict(why=why, text=text) for why, text in (
        ("nothing follows #", f"https://h:1/private/{T}"),
        ("no pin", f"https://h:1/private/{T}#s={S}"),
        ("no secret", f"https://h:1/private/{T}#c={C}"),
        ("a secret twice", f"https://h:1/private/{T}#s={S}&s={S}&c={C}"),
        ("padding", f"https://h:1/private/{T}==#s={S}&c={C}"),
        ("bits of no byte", f"https://h:1/private/{'A' * 21}B#s={S}&c={C}"),
        ("a query", f"https://h:1/private/{T}?x#s={S}&c={C}"),
        ("in clear", f"http://h:1/private/{T}#s={S}&c={C}"),
        ("a path below", f"https://h:1/private/{T}/record#s={S}&c={C}"),
        ("another path", f"https://h:1/secret/{T}#s={S}&c={C}"),
    )
]

json.dump(dict(records=records, refused_records=refused_records, links=links, refused_links=refused_links), sys.stdout, indent=2, ensure_ascii=True)
print()
