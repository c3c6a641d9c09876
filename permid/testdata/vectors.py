"""Prints vectors.json: identities, their texts, derived keys, signatures and what is
kept of them, made with Python's cryptography (that is OpenSSL), independently of the
Go code. docs/protocols/permid.md explains them.

    python3 vectors.py > vectors.json
"""
import hashlib
import hmac
import json
import struct
import unicodedata

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw
ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
P = 2**255 - 19


def polymod(values):
    sum = 1
    for v in values:
        top = sum >> 25
        sum = (sum & 0x1FFFFFF) << 5 ^ v
        for i, g in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
            sum ^= g if top >> i & 1 else 0
    return sum


def text(data, prefix="wr", const=0x2BC830A3, padding=0):
    bits = "".join(f"{b:08b}" for b in data)
    fill = -len(bits) % 5
    bits += f"{padding:0{fill}b}" if fill else ""
    values = [int(bits[i:i + 5], 2) for i in range(0, len(bits), 5)]
    head = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    sum = polymod(head + values + [0] * 6) ^ const
    values += [sum >> 5 * (5 - i) & 31 for i in range(6)]
    return prefix + "1" + "".join(ALPHABET[v] for v in values)


def hkdf(seed, label):  # RFC 5869, no salt, one block
    prk = hmac.new(bytes(32), seed, hashlib.sha256).digest()
    return hmac.new(prk, b"warren/permid/v1/" + label.encode() + b"\x01", hashlib.sha256).digest()


def private(seed):
    return Ed25519PrivateKey.from_private_bytes(seed)


def public(seed):
    return private(seed).public_key().public_bytes(*RAW)


def sign(seed, domain, message):
    domain = domain.encode()
    return private(seed).sign(b"warren/permid/v1/sign" + struct.pack(">I", len(domain)) + domain + message)


def rotate(x, n):
    return (x << n | x >> 32 - n) & 0xFFFFFFFF


def hchacha20(key, nonce):  # draft-irtf-cfrg-xchacha-03, section 2.2
    s = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))

    def quarter(a, b, c, d):
        for x, y, z, n in (a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7):
            s[x] = (s[x] + s[y]) & 0xFFFFFFFF
            s[z] = rotate(s[z] ^ s[x], n)

    for _ in range(10):
        for i in range(4):
            quarter(i, i + 4, i + 8, i + 12)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8I", *s[:4], *s[12:])


def xchacha(key, nonce, plain, aad):
    return ChaCha20Poly1305(hchacha20(key, nonce[:16])).encrypt(bytes(4) + nonce[16:], plain, aad)


def seal(seed, phrase=None, passes=0, memory=0, threads=0, salt=b"", nonce=b"", version=1):
    head = b"warrenid" + bytes([version, phrase is not None]) + public(seed)
    if phrase is None:
        return head + seed
    head += struct.pack(">IIB", passes, memory, threads) + salt + nonce
    phrase = unicodedata.normalize("NFC", phrase).encode()
    key = Argon2id(salt=salt, length=32, iterations=passes, lanes=threads, memory_cost=memory).derive(phrase)
    return head + xchacha(key, nonce, seed, head)


def digest(what):
    return hashlib.sha256(what.encode()).digest()


LABELS = ["chat", "onion/share/0", "onion/share/1", "onion/chat/4294967295", "share", "swarm", "ledger", "dht", "db"]
SIGNS = ["onion/share/0", "onion/share/1", "onion/chat/4294967295", "share", "swarm", "dht"]
SEEDS = [bytes(32), digest("first"), digest("second")]

identities = []
for seed in SEEDS:
    keys = []
    for label in LABELS:
        k = dict(label=label, key=hkdf(seed, label).hex())
        if label in SIGNS:
            k["public"] = public(hkdf(seed, label)).hex()
        keys.append(k)
    identities.append(dict(seed=seed.hex(), id=public(seed).hex(), text=text(public(seed)), keys=keys))

signatures = [
    dict(seed=seed.hex(), domain=domain, message=message.hex(), signature=sign(seed, domain, message).hex())
    for seed, domain, message in [
        (SEEDS[1], "", b""),
        (SEEDS[1], "test", b"message"),
        (SEEDS[1], "testm", b"essage"),
        (SEEDS[2], "share description", bytes(range(256))),
    ]
]

ONE = public(SEEDS[1])
good = text(ONE)
swapped = good[:20] + good[21] + good[20] + good[22:]
assert swapped != good
refused_texts = [
    dict(why="empty", text=""),
    dict(why="capitals", text=good.upper()),
    dict(why="one capital", text=good[:-1] + good[-1:].upper() if good[-1].isalpha() else good[:10] + good[10:].upper()),
    dict(why="a character is another", text=good[:-1] + ("q" if good[-1] != "q" else "p")),
    dict(why="two characters swapped", text=swapped),
    dict(why="one character less", text=good[:-1]),
    dict(why="one character more", text=good + "q"),
    dict(why="a space before it", text=" " + good),
    dict(why="a line end after it", text=good + "\n"),
    dict(why="bech32, not bech32m", text=text(ONE, const=1)),
    dict(why="another prefix", text=text(ONE, prefix="bc")),
    dict(why="31 bytes", text=text(ONE[:31])),
    dict(why="33 bytes", text=text(ONE + b"\0")),
    dict(why="bits at the end that are not zero", text=text(ONE, padding=1)),
]


def le(n):
    return n.to_bytes(32, "little").hex()


SIGN = 1 << 255
ORDER8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
refused_keys = [
    dict(why="neutral element", key=le(1)),
    dict(why="order 2", key=le(P - 1)),
    dict(why="order 4", key=le(0)),
    dict(why="order 4, sign", key=le(SIGN)),
    dict(why="order 8", key=le(ORDER8)),
    dict(why="order 8, sign", key=le(ORDER8 | SIGN)),
    dict(why="order 8, other", key=le(P - ORDER8)),
    dict(why="order 8, other, sign", key=le(P - ORDER8 | SIGN)),
    dict(why="neutral element, not canonical", key=le(P + 1)),
    dict(why="neutral element, wrong sign", key=le(1 | SIGN)),
    dict(why="order 4, not canonical", key=le(P)),
    dict(why="order 2, wrong sign", key=le(P - 1 | SIGN)),
    dict(why="3, not canonical", key=le(P + 3)),
    dict(why="all bits", key=le(2**256 - 1)),
    dict(why="no point", key=le(2)),
]


# A key outside the group of prime order: that of SEEDS[1] and the point of order 2.
def field(x):
    return x % P


def decode(b):
    y = int.from_bytes(b, "little") & SIGN - 1
    d = field(-121665 * pow(121666, P - 2, P))
    xx = field((y * y - 1) * pow(d * y * y + 1, P - 2, P))
    x = pow(xx, (P + 3) // 8, P)
    if field(x * x - xx):
        x = field(x * pow(2, (P - 1) // 4, P))
    return (P - x if x & 1 != b[31] >> 7 else x), y


x, y = decode(ONE)
x, y = P - x, P - y  # adding (0, -1) negates both coordinates
refused_keys.append(dict(why="with a part of order 2", key=le(y | (x & 1) << 255)))

SALT, NONCE = digest("salt")[:16], digest("nonce")[:24]
sealed = [
    dict(seed=SEEDS[1].hex(), sealed=seal(SEEDS[1]).hex()),
    dict(seed=SEEDS[1].hex(), passphrase="correct horse", passes=1, memory=32, threads=4,
         sealed=seal(SEEDS[1], "correct horse", 1, 32, 4, SALT, NONCE).hex()),
    dict(seed=SEEDS[2].hex(), passphrase="Schl\u00fcssel", passes=2, memory=256, threads=1,
         sealed=seal(SEEDS[2], "Schlu\u0308ssel", 2, 256, 1, SALT, NONCE).hex()),
    dict(seed=SEEDS[2].hex(), passphrase="correct horse", passes=3, memory=65536, threads=4,
         sealed=seal(SEEDS[2], "correct horse", 3, 65536, 4, SALT, NONCE).hex()),
]

json.dump(dict(identities=identities, signatures=signatures, refused_texts=refused_texts,
               refused_keys=refused_keys, sealed=sealed), __import__("sys").stdout, indent=2, ensure_ascii=True)
print()
