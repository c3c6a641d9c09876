"""Prints vectors.json: credentials, frames and lists of revocations of level
Full Strict, and what a peer says to them, made with Python's cryptography (that
is OpenSSL's Ed25519), independently of the Go code.

    python3 vectors.py > vectors.json
"""
import hashlib
import json
import struct

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw
CLIENT, SERVER = 1, 2


def digest(text):
    return hashlib.sha256(text.encode()).digest()


def key(text):
    return Ed25519PrivateKey.from_private_bytes(digest(text))


def public(k):
    return k.public_key().public_bytes(*RAW)


def credential(authority, t, peer, serial, start, end, version=1):
    body = bytes([version]) + t + public(peer) + serial + struct.pack(">QQ", start, end)
    return body + authority.sign(b"bittorrent-tls credential" + body)


def frame(cred, peer, role, b, t, padding=bytes(31)):
    return cred + peer.sign(b"bittorrent-tls channel" + bytes([role]) + b + t) + padding


def revocations(authority, t, number, time, serials):
    body = b"\x01" + t + struct.pack(">QQI", number, time, len(serials)) + b"".join(serials)
    return body + authority.sign(b"bittorrent-tls revocations" + body)


AUTHORITY, OTHER, PEER, THIEF = key("authority"), key("other authority"), key("peer"), key("thief")
T, T2, B, B2 = digest("torrent"), digest("other torrent"), digest("binding"), digest("other binding")
SERIAL, PADDING = digest("serial")[:16], digest("padding")[:31]
START, END, NOW = 1_800_000_000, 1_802_592_000, 1_801_000_000  # thirty days
GOOD = credential(AUTHORITY, T, PEER, SERIAL, START, END)

frames = []


def case(name, f, result="ok", role=SERVER, now=NOW, revoked=()):
    frames.append(dict(name=name, frame=f.hex(), role=role, now=now, revoked=[s.hex() for s in revoked], result=result))


case("server", frame(GOOD, PEER, SERVER, B, T, PADDING))
case("client", frame(GOOD, PEER, CLIENT, B, T, PADDING), role=CLIENT)
case("sent back", frame(GOOD, PEER, CLIENT, B, T, PADDING), "channel")
case("of another connection", frame(GOOD, PEER, SERVER, B2, T), "channel")
case("by another key", frame(GOOD, THIEF, SERVER, B, T), "channel")
case("other authority", frame(credential(OTHER, T, PEER, SERIAL, START, END), PEER, SERVER, B, T), "authority")
case("other torrent", frame(credential(AUTHORITY, T2, PEER, SERIAL, START, END), PEER, SERVER, B, T), "torrent")
case("serial changed", frame(GOOD[:65] + bytes(16) + GOOD[81:], PEER, SERVER, B, T), "authority")
case("first second less the skew", frame(GOOD, PEER, SERVER, B, T), now=START - 120)
case("before", frame(GOOD, PEER, SERVER, B, T), "not yet", now=START - 121)
case("last second and the skew", frame(GOOD, PEER, SERVER, B, T), now=END + 120)
case("after", frame(GOOD, PEER, SERVER, B, T), "expired", now=END + 121)
case("revoked", frame(GOOD, PEER, SERVER, B, T), "revoked", revoked=[SERIAL])
case("another is revoked", frame(GOOD, PEER, SERVER, B, T), revoked=[bytes(16)])
case("version 2", frame(credential(AUTHORITY, T, PEER, SERIAL, START, END, 2), PEER, SERVER, B, T), "malformed")
case("ends before it begins", frame(credential(AUTHORITY, T, PEER, SERIAL, END, START), PEER, SERVER, B, T), "malformed")

SERIALS = sorted([SERIAL, bytes(16), b"\xff" * 16])
lists = []


def revoke(name, b, serials=(), number=0, result="ok", least=0):
    lists.append(dict(name=name, list=b.hex(), number=number, serials=[s.hex() for s in serials], least=least, result=result))


revoke("empty", revocations(AUTHORITY, T, 1, NOW, []), number=1)
revoke("three", revocations(AUTHORITY, T, 7, NOW, SERIALS), SERIALS, 7, least=7)
revoke("older than before", revocations(AUTHORITY, T, 7, NOW, SERIALS), SERIALS, 7, "old", 8)
revoke("other authority", revocations(OTHER, T, 7, NOW, SERIALS), SERIALS, 7, "authority")
revoke("other torrent", revocations(AUTHORITY, T2, 7, NOW, SERIALS), SERIALS, 7, "torrent")
revoke("not in order", revocations(AUTHORITY, T, 7, NOW, SERIALS[::-1]), result="malformed")
revoke("twice the same", revocations(AUTHORITY, T, 7, NOW, [SERIAL, SERIAL]), result="malformed")

print(json.dumps({
    "authority_seed": digest("authority").hex(), "authority": public(AUTHORITY).hex(),
    "peer_seed": digest("peer").hex(), "peer": public(PEER).hex(),
    "t": T.hex(), "b": B.hex(), "serial": SERIAL.hex(), "not_before": START, "not_after": END, "padding": PADDING.hex(),
    "credential": GOOD.hex(), "frames": frames, "revocations": lists,
}, indent=2))
