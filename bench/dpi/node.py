#!/usr/bin/python3
"""libtorrent as one side of a transfer that is watched.

  node.py seed TORRENT DIR HOST:PORT plain|rc4|ssl
  node.py get  TORRENT DIR HOST:PORT plain|rc4|ssl PEER
  node.py create PATH OUT [AUTHORITY]

seed prints "ready"; get prints "done". With ssl both show CERTIFICATE with KEY,
and need the Diffie-Hellman parameters DH: files named in the environment.
create makes a hybrid torrent, with an authority an SSL torrent.
"""

import os
import sys
import time

import libtorrent as lt

QUIET = {
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.error_notification,
}

ENCRYPTION = {
    "plain": dict(out_enc_policy=2, in_enc_policy=2),
    "rc4": dict(out_enc_policy=0, in_enc_policy=0, allowed_enc_level=2, prefer_rc4=True),
    "ssl": dict(out_enc_policy=2, in_enc_policy=2),
}


def serve(role, torrent, directory, listen, mode, *peers):
    if mode == "ssl":
        listen += "s"
    session = lt.session(dict(QUIET, listen_interfaces=listen, **ENCRYPTION[mode]))
    flags = lt.torrent_flags.default_flags
    flags &= ~lt.torrent_flags.paused & ~lt.torrent_flags.auto_managed
    if role == "seed":
        flags |= lt.torrent_flags.seed_mode
    handle = session.add_torrent({"ti": lt.torrent_info(torrent), "save_path": directory, "flags": flags})
    if mode == "ssl":
        handle.set_ssl_certificate(os.environ["CERTIFICATE"], os.environ["KEY"], os.environ["DH"], "")
    checking = (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data)
    while handle.status().state in checking:
        time.sleep(0.01)
    time.sleep(0.5)
    if role == "seed":
        print("ready", flush=True)
    for peer in peers:
        host, port = peer.rsplit(":", 1)
        handle.connect_peer((host, int(port)))
    while True:
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            print(alert.message(), flush=True)
            if isinstance(alert, lt.torrent_finished_alert) and role == "get":
                print("done", flush=True)


def create(path, out, authority=None):
    files = lt.file_storage()
    lt.add_files(files, path)
    torrent = lt.create_torrent(files, piece_size=256 << 10)
    if authority:
        with open(authority, encoding="ascii") as file:
            torrent.set_root_cert(file.read())
    lt.set_piece_hashes(torrent, os.path.dirname(os.path.abspath(path)))
    with open(out, "wb") as file:
        file.write(lt.bencode(torrent.generate()))


if __name__ == "__main__":
    if sys.argv[1] == "create":
        create(*sys.argv[2:])
    else:
        serve(*sys.argv[1:])
