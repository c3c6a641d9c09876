#!/usr/bin/python3
"""A libtorrent node that finds others by itself.

swarm.py MODE TORRENT DIR FIND [HOST:PORT]    MODE: seed, get or idle; FIND: pex or lsd
prints "ready PORT", then "done" when complete, then "peer HOST:PORT" for each
peer it is connected to, and runs until killed. SSL=PEM:KEY in the environment is for SSL
torrents, whose port is printed then.
"""
import os
import sys
import time

import libtorrent as lt

mode, torrent, folder, find = sys.argv[1:5]
certificate = os.environ.get("SSL", "").split(":")
ssl = any(certificate)
ses = lt.session({
    "listen_interfaces": "127.0.0.1:0s" if ssl else "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": find == "lsd",
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "min_reconnect_time": 1,
    "close_redundant_connections": False,
    "alert_mask": lt.alert.category_t.peer_notification | lt.alert.category_t.error_notification
    | lt.alert.category_t.connect_notification | lt.alert.category_t.status_notification,
})
f = lt.torrent_flags
flags = f.default_flags & ~f.paused & ~f.auto_managed
if mode == "seed":
    flags |= f.seed_mode
h = ses.add_torrent({"ti": lt.torrent_info(torrent), "save_path": folder, "flags": flags})
h.replace_trackers([])
if mode == "idle":
    h.prioritize_files([0] * h.torrent_file().num_files())
if ssl:
    h.set_ssl_certificate(*certificate, os.path.join(os.path.dirname(__file__), "ffdhe2048.pem"), "")
port = 0
while port == 0:
    time.sleep(0.01)
    if not ssl:
        port = ses.listen_port()
        continue
    for a in ses.pop_alerts():
        if isinstance(a, lt.listen_succeeded_alert) and "SSL" in a.message().upper():
            port = a.port
print("ready", port, flush=True)
if len(sys.argv) > 5:
    host, port = sys.argv[5].rsplit(":", 1)
    h.connect_peer((host, int(port)))
done, seen = False, set()
while True:
    for a in ses.pop_alerts():
        print(a.message(), file=sys.stderr, flush=True)
    if h.status().is_seeding and not done:
        done = True
        print("done", flush=True)
    for p in h.get_peer_info():
        at = "%s:%d" % p.ip
        if at not in seen and not p.flags & (p.connecting | p.handshake):
            seen.add(at)
            print("peer", at, flush=True)
    time.sleep(0.1)
