#!/usr/bin/python3
"""A libtorrent node for the interoperability tests.

node.py make PATH OUT PIECE v1|v2|hybrid [ROOT] make a torrent, print its info-hashes
node.py seed TORRENT DIR plain|rc4              print "ready PORT", seed until killed
node.py get  TORRENT DIR plain|rc4 HOST:PORT    print "done" when complete
node.py look TORRENT DIR plain|rc4              print "ready PORT", fetch, print "upload_only" once a peer says so

utp-plain and utp-rc4 switch TCP off. With ssl:PEM:KEY, or ssl: for no certificate,
instead of plain PORT is that for SSL torrents, and what becomes of peers is printed as
"alert …"; utp-ssl: is the same over uTP. ROOT is the certificate of the authority of an
SSL torrent. TORRENT may be a magnet link when it is fetched. TRACKER in the environment
is a tracker to ask, and then HOST:PORT can be left out.
"""
import os
import sys
import time

import libtorrent as lt


def make(path, out, piece, kind, root=None):
    flags = {
        "v1": lt.create_torrent.v1_only | lt.create_torrent.canonical_files,
        "v2": lt.create_torrent.v2_only,
        "hybrid": 0,
    }[kind]
    fs = lt.file_storage()
    lt.add_files(fs, path)
    t = lt.create_torrent(fs, piece_size=int(piece), flags=flags)
    if root:
        with open(root) as f:
            t.set_root_cert(f.read())
    lt.set_piece_hashes(t, os.path.dirname(os.path.abspath(path)))
    with open(out, "wb") as f:
        f.write(lt.bencode(t.generate()))
    print(lt.torrent_info(out).info_hashes().v1, lt.torrent_info(out).info_hashes().v2)


def session(encryption):
    s = {
        "listen_interfaces": "127.0.0.1:0",
        "enable_dht": False,
        "enable_lsd": False,
        "enable_upnp": False,
        "enable_natpmp": False,
        "enable_incoming_utp": False,
        "enable_outgoing_utp": False,
        "allow_multiple_connections_per_ip": True,
        "min_reconnect_time": 1,
        "alert_mask": lt.alert.category_t.peer_notification | lt.alert.category_t.error_notification,
    }
    if encryption.startswith("utp-"):
        encryption = encryption.removeprefix("utp-")
        s.update(enable_incoming_utp=True, enable_outgoing_utp=True)
        s.update(enable_incoming_tcp=False, enable_outgoing_tcp=False)
    if encryption.startswith("ssl:"):
        s.update(listen_interfaces="127.0.0.1:0s")
        s["alert_mask"] |= lt.alert.category_t.status_notification | lt.alert.category_t.connect_notification | lt.alert.category_t.tracker_notification
    elif encryption == "rc4":
        s.update(out_enc_policy=0, in_enc_policy=0, allowed_enc_level=2, prefer_rc4=True)
    else:
        s.update(out_enc_policy=2, in_enc_policy=2)
    return lt.session(s)


def add(ses, torrent, folder, seed, certificate):
    f = lt.torrent_flags
    flags = f.default_flags & ~f.paused & ~f.auto_managed
    if seed:
        flags |= f.seed_mode
    if certificate:
        flags |= f.paused  # or it announces without one
    if torrent.startswith("magnet:"):
        p = lt.parse_magnet_uri(torrent)
        p.save_path, p.flags = folder, flags
        h = ses.add_torrent(p)
    else:
        h = ses.add_torrent({"ti": lt.torrent_info(torrent), "save_path": folder, "flags": flags})
    h.replace_trackers([{"url": u} for u in [os.environ.get("TRACKER")] if u])
    if certificate:
        h.set_ssl_certificate(*certificate, os.path.join(os.path.dirname(__file__), "ffdhe2048.pem"), "")
        h.resume()
    busy = (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data)
    while h.status().state in busy:
        time.sleep(0.01)
    return h


def ssl_port(ses):
    port = 0
    while port == 0:
        time.sleep(0.01)
        for a in ses.pop_alerts():
            if isinstance(a, lt.listen_succeeded_alert) and "SSL" in a.message().upper():
                port = a.port
            tell(a, True)
    return port


def tell(a, ssl):
    if ssl:
        print("alert", type(a).__name__, a.message(), flush=True)
    print(a.message(), file=sys.stderr, flush=True)


def report(ses, ssl=False):
    for a in ses.pop_alerts():
        tell(a, ssl)


def main():
    what, args = sys.argv[1], sys.argv[2:]
    if what == "make":
        make(*args)
        return
    torrent, folder, encryption = args[:3]
    ses = session(encryption)
    ssl = encryption.removeprefix("utp-").startswith("ssl:")
    certificate = encryption.split(":")[1:] if ssl else []
    h = add(ses, torrent, folder, what == "seed", certificate if any(certificate) else None)
    port = ssl_port(ses) if ssl else 0
    while port == 0:
        time.sleep(0.01)
        port = ses.listen_port()
    if what == "seed":
        print("ready", port, flush=True)
        while True:
            report(ses, ssl)
            time.sleep(0.1 if ssl else 0.5)
    looking = what == "look"
    if looking:
        h.set_download_limit(50000)  # who has nothing for it any more is dropped at once
        print("ready", port, flush=True)
    elif len(args) > 3:
        host, port = args[3].rsplit(":", 1)
        h.connect_peer((host, int(port)))
    while not h.status().is_seeding:
        report(ses, ssl)
        if looking and any(not p.flags & lt.peer_info.seed and p.flags & lt.peer_info.upload_only for p in h.get_peer_info()):
            print("upload_only", flush=True)
            looking = False
        time.sleep(0.02)
    print("done", flush=True)


main()
