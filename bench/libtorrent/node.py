#!/usr/bin/python3
"""libtorrent as one side of a transfer, and as a maker of torrents.

  node.py seed TORRENT DIR HOST:PORT
  node.py get  TORRENT DIR HOST:PORT PEER...
  node.py create PATH OUT PIECE_LENGTH v1|v2|hybrid [TRACKER OUT_WITH_TRACKER]

VARIANT=default keeps libtorrent's own settings for queues and threads;
VARIANT=tuned takes TUNED. What both share is in COMMON: nothing that looks
for other peers, TCP only, no encryption. Every piece is verified.

SEED_LIMIT=N makes a seeder send no more than N bytes a second, and all nodes
treat each other as the Internet rather than as a LAN without limits.

seed prints "ready"; get prints "done" and stays, so that its memory and
processor time can be read; create writes the torrent, and if asked once more with an
announce URL; then it prints the info-hash (v2: its first 20 bytes).
"""

import os
import sys
import time

import libtorrent as lt

COMMON = {
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "allow_multiple_connections_per_ip": True,
    "out_enc_policy": int(lt.enc_policy.disabled),
    "in_enc_policy": int(lt.enc_policy.disabled),
    "alert_mask": lt.alert.category_t.status_notification,
}

TUNED = {
    "hashing_threads": 2,
    "aio_threads": 4,
    "send_buffer_watermark": 4 << 20,
    "send_buffer_low_watermark": 1 << 20,
    "send_buffer_watermark_factor": 400,
    "max_out_request_queue": 2000,
    "max_allowed_in_request_queue": 4000,
    "request_queue_time": 10,
    "unchoke_slots_limit": -1,
}

KINDS = {
    "v1": lt.create_torrent.v1_only,
    "v2": lt.create_torrent.v2_only,
    "hybrid": 0,
}


def serve(role, torrent, directory, listen, *peers):
    settings = dict(COMMON, listen_interfaces=listen)
    if os.environ["VARIANT"] == "tuned":
        settings.update(TUNED)
    limit = int(os.environ.get("SEED_LIMIT", "0"))
    if limit and role == "seed":
        settings["upload_rate_limit"] = limit
    session = lt.session(settings)
    if limit:
        everyone = lt.ip_filter()
        everyone.add_rule("0.0.0.0", "255.255.255.255", 1 << lt.session.global_peer_class_id)
        session.set_peer_class_filter(everyone)
    flags = lt.torrent_flags.default_flags
    flags &= ~lt.torrent_flags.paused & ~lt.torrent_flags.auto_managed
    if role == "seed":
        flags |= lt.torrent_flags.seed_mode
    handle = session.add_torrent({"ti": lt.torrent_info(torrent), "save_path": directory, "flags": flags})
    checking = (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data)
    while handle.status().state in checking or not session.is_listening():
        time.sleep(0.01)
    for peer in peers:
        host, port = peer.rsplit(":", 1)
        handle.connect_peer((host, int(port)))
    if role == "seed":
        print("ready", flush=True)
    else:
        wait_for(session, lt.torrent_finished_alert)
        assert handle.status().is_seeding
        print("done", flush=True)
    while True:
        time.sleep(60)


def wait_for(session, kind):
    while True:
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            if isinstance(alert, kind):
                return
            if isinstance(alert, (lt.torrent_error_alert, lt.file_error_alert, lt.hash_failed_alert)):
                sys.exit(str(alert.message()))


def create(path, out, piece_length, kind, tracker=None, tracked=None):
    files = lt.file_storage()
    lt.add_files(files, path)
    torrent = lt.create_torrent(files, piece_size=int(piece_length), flags=KINDS[kind])
    lt.set_piece_hashes(torrent, os.path.dirname(os.path.abspath(path)))
    write(out, torrent)
    if tracker:
        torrent.add_tracker(tracker)
        write(tracked, torrent)
        print(lt.torrent_info(tracked).info_hash(), flush=True)


def write(out, torrent):
    with open(out, "wb") as file:
        file.write(lt.bencode(torrent.generate()))


if __name__ == "__main__":
    if sys.argv[1] == "create":
        create(*sys.argv[2:])
    else:
        serve(*sys.argv[1:])
