"""Dials a peer as bittorrent-over-tls.rst says, with nothing but the standard
library and the program openssl, and tells whether it does what the draft asks of
the side that was dialled. It is for authors of implementations.

    python3 probe.py 127.0.0.1:6881 INFO-HASH [SECRET]

Both are hexadecimal; SECRET is that of a torrent of level Strict. It exits with 1
if something is not as it should be.
"""
import base64
import hashlib
import hmac
import os
import re
import secrets
import select
import subprocess
import sys

LABEL = "EXPERIMENTAL-BitTorrent-TLS"
PATIENCE = 10  # seconds


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def url64(b):
    return base64.urlsafe_b64encode(b).decode().rstrip("=")


class Connection:
    """TLS to an address, by way of openssl s_client, which prints the exporter."""

    def __init__(self, address, version="-tls1_3"):
        self.address = address
        self.seen = b""
        self.openssl = subprocess.Popen(
            ["openssl", "s_client", "-connect", address, version, "-alpn", "http/1.1", "-noservername", "-showcerts", "-nocommands",
             "-ign_eof", "-keymatexport", LABEL, "-keymatexportlen", "32"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        x = self.until(rb"Keying material: ([0-9A-F]{64})\n")
        self.exporter = bytes.fromhex(x.group(1).decode())
        pem = re.search(rb"-----BEGIN CERTIFICATE-----(.*?)-----END", self.seen[:x.start()], re.S)
        self.cert_hash = hashlib.sha256(base64.b64decode(pem.group(1))).digest()
        self.seen = self.seen[x.end():]

    def until(self, pattern):
        while not (m := re.search(pattern, self.seen, re.S)):
            out = self.openssl.stdout.fileno()
            if not select.select([out], [], [], PATIENCE)[0]:
                raise EOFError("there was no answer")
            b = os.read(out, 65536)
            if not b:
                raise EOFError("the connection was closed")
            self.seen += b
        return m

    def send(self, b):
        self.openssl.stdin.write(b)
        self.openssl.stdin.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.openssl.kill()
        self.openssl.communicate()


def ask(c, key, method="GET", version="1.1", tag=None, proof=None, cookie="%s", headers=None):
    """Sends a request; returns the status and the proof that is expected."""
    right = mac(key, b"\x01", c.cert_hash)[:16]
    pc = mac(key, b"\x02", c.exporter, right)
    lines = ["%s /%s HTTP/%s" % (method, secrets.token_hex(4), version), "Host: " + c.address]
    lines += headers or ["Connection: Upgrade", "Upgrade: websocket"]
    value = cookie % url64((proof or pc) + secrets.token_bytes(secrets.randbelow(192)))
    lines += ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + base64.b64encode(tag or right).decode(),
              "Cookie: %s=%s" % (secrets.token_hex(3), value)]
    c.send("\r\n".join(lines).encode() + b"\r\n\r\n")
    answer = c.until(rb"HTTP/1\.[01] (\d\d\d)[^\r]*\r\n(.*?)\r\n\r\n")
    c.seen = c.seen[answer.end():]
    return int(answer.group(1)), answer.group(2).decode(), mac(key, b"\x03", c.exporter, pc)


def switch(c, key, **how):
    """Returns whether the other side has switched, and proved that it may."""
    status, headers, ps = ask(c, key, **how)
    if status != 101:
        return False
    for value in re.findall(r"(?im)^set-cookie: *[^=\r\n]+=([^;\r\n]+)", headers):
        if base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))[:32] == ps:
            return True
    raise ValueError("101 without a proof")


def meet(address, key, info_hash):
    with Connection(address) as c:
        if not switch(c, key):
            raise ValueError("it is a website: it does not have the torrent, or refuses the proof")
        c.send(b"\x13BitTorrent protocol" + bytes(8) + info_hash[:20] + b"-XX0000-" + secrets.token_bytes(12))
        theirs = c.until(rb"\x13BitTorrent protocol.{48}").group()
        if theirs[28:48] != info_hash[:20]:
            raise ValueError("its handshake names another torrent")


def refused(address, key):
    """Yields what must be answered by the website, and whether it was."""
    for name, how in {
        "another tag": dict(tag=bytes(16)),
        "another proof": dict(proof=bytes(32)),
        "a proof that is cut short": dict(cookie="A%.0s"),
        "a proof that is no base64url": dict(cookie="+%s"),
        "POST": dict(method="POST"),
        "HTTP/1.0": dict(version="1.0"),
        "no upgrade": dict(headers=["Connection: keep-alive"]),
        "an upgrade to something else": dict(headers=["Connection: Upgrade", "Upgrade: h2c"]),
    }.items():
        with Connection(address) as c:
            yield name, not switch(c, key, **how)
    with Connection(address) as a, Connection(address) as b:
        tag = mac(key, b"\x01", a.cert_hash)[:16]
        yield "the proof of another connection", not switch(b, key, proof=mac(key, b"\x02", a.exporter, tag))
    with Connection(address) as c:
        yield "the right proof after a wrong one", not switch(c, key, proof=bytes(32)) and not switch(c, key)


def main(address, info_hash, secret=""):
    info_hash, secret = bytes.fromhex(info_hash), bytes.fromhex(secret)
    salt = b"bittorrent-tls/1 strict" if secret else b"bittorrent-tls/1 basic"
    key = mac(mac(salt, secret + info_hash), b"key", b"\x01")
    wrong = 0
    meet(address, key, info_hash)
    print("ok    it proves that it has the torrent, and speaks the peer wire")
    for name, right in refused(address, key):
        print("%s %s is answered by the website" % ("ok   " if right else "WRONG", name))
        wrong += not right
    meet(address, key, info_hash)
    print("ok    after all that it still is a peer")
    return wrong > 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except (EOFError, ValueError) as e:
        sys.exit("WRONG " + str(e))
