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


# Ed25519, RFC 8032. Points are extended: x = X/Z, y = Y/Z, xy = T/Z.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
Y = 46316835694926478169428394003475163141307993866256225615783033603165251855960


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n):
    sum, point = (0, 1, 1, 0), (X, Y, 1, X * Y % P)
    while n:
        if n & 1:
            sum = add(sum, point)
        point, n = add(point, point), n >> 1
    z = pow(sum[2], P - 2, P)
    x, y = sum[0] * z % P, sum[1] * z % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def number(b):
    return int.from_bytes(b, "little")


def scalar(seed):
    h = hashlib.sha512(seed).digest()
    return number(h[:32]) & (2**254 - 8) | 2**254, h[32:]


def public(seed):
    return times(scalar(seed)[0])


def sign(seed, message):
    a, prefix = scalar(seed)
    r = number(hashlib.sha512(prefix + message).digest()) % L
    big_r = times(r)
    k = number(hashlib.sha512(big_r + times(a) + message).digest()) % L
    return big_r + ((r + k * a) % L).to_bytes(32, "little")


def credential(authority, t, peer, serial, start, end):
    body = b"\x01" + t + public(peer) + serial + start.to_bytes(8, "big") + end.to_bytes(8, "big")
    return body + sign(authority, b"bittorrent-tls credential" + body)


def frame(cred, peer, role, b, t):
    return cred + sign(peer, b"bittorrent-tls channel" + bytes([role]) + b + t) + sha256(b"padding")[:31]


def ssl_torrents():
    show("server name", info_hash=ONE, server_name=ONE.hex())
    keys = [derive(2, SECRET, ih) for ih in (ONE, TWO)]
    for name, ih, k in zip(("version 1", "version 2"), (ONE, TWO), keys):
        show("key, " + name, level=2, secret=SECRET, info_hash=ih, K=k, T=mac(k, b"\x05", b"credential"),
             path=url64(mac(k, b"\x06", b"enrol")[:16]))
    t, authority, peer = mac(keys[1], b"\x05", b"credential"), sha256(b"authority"), sha256(b"peer")
    tls = bencode({"level": 2, "secret": SECRET, "authority": public(authority), "invite": sha256(b"invite")[:16],
                   "enrol": "https://192.0.2.1:6881/%s/enrol" % url64(mac(keys[1], b"\x06", b"enrol")[:16]),
                   "h": [sha256(b"public key")]})
    show("dictionary", tls=tls, x_btls=url64(tls))
    serial, start, end = sha256(b"serial")[:16], 1800000000, 1802592000
    good = credential(authority, t, peer, serial, start, end)
    show("credential", authority_seed=authority, authority=public(authority), peer_seed=peer, peer=public(peer), T=t,
         serial=serial, not_before=start, not_after=end, credential=good)
    b = sha256(b"binding")

    def case(name, f, role=2, now=1801000000, result="right"):
        show(name, authority=public(authority), T=t, B=b, role=role, now=now, frame=f, result=result)

    case("frame of a server", frame(good, peer, 2, b, t))
    case("frame of a client", frame(good, peer, 1, b, t), role=1)
    case("frame that is sent back", frame(good, peer, 1, b, t), result="channel")
    case("frame of another connection", frame(good, peer, 2, sha256(b"other binding"), t), result="channel")
    case("frame after the last second", frame(good, peer, 2, b, t), now=end + 121, result="expired")
    other = credential(sha256(b"other authority"), t, peer, serial, start, end)
    case("frame by another authority", frame(other, peer, 2, b, t), result="authority")
    t2 = sha256(b"other torrent")
    other = credential(authority, t2, peer, serial, start, end)
    case("frame for another torrent", frame(other, peer, 2, b, t2), result="torrent")
    serials = sorted([serial, sha256(b"other serial")[:16]])
    body = b"\x01" + t + (7).to_bytes(8, "big") + (1801000000).to_bytes(8, "big") + (2).to_bytes(4, "big") + b"".join(serials)
    show("revocations", authority=public(authority), T=t, number=7, signed=1801000000, revoked_1=serials[0], revoked_2=serials[1],
         list=body + sign(authority, b"bittorrent-tls revocations" + body))


ARGON2 = "03cb51e7744946c60ac15c0d2bd58dd0c0ffa8bc0c011af10729b6cd3506351a"

DRAFTS = {"bittorrent-over-tls.rst": bittorrent_over_tls, "ssl-torrents.rst": ssl_torrents, "tls-discovery.rst": tls_discovery}
DRAFTS[sys.argv[1]]()
