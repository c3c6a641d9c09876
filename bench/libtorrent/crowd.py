#!/usr/bin/python3
"""libtorrent with many complete torrents, which nobody wants anything of.

  crowd.py prepare DIR N
  crowd.py serve   DIR N SECONDS seed-mode|resume

DIR has torrents/00000.torrent and so on, and their content. prepare leaves
resume data in DIR/libtorrent. serve starts a session with all torrents, either
from that or by the promise that they are complete, and prints how long it took
until all were started and complete; after SECONDS it says that it has settled.
Both are JSON, a line each.
"""

import json
import os
import sys
import time

import libtorrent as lt

SETTINGS = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "active_seeds": -1,
    "active_limit": -1,
    "alert_mask": 0,
}

FLAGS = lt.torrent_flags.default_flags & ~lt.torrent_flags.paused & ~lt.torrent_flags.auto_managed


def params(directory, number, resumed):
    torrent = f"{directory}/torrents/{number:05d}.torrent"
    if not resumed:
        added = lt.add_torrent_params()
        added.flags = FLAGS | lt.torrent_flags.seed_mode
    else:
        with open(f"{directory}/libtorrent/{number:05d}.resume", "rb") as file:
            added = lt.read_resume_data(file.read())
    added.ti = lt.torrent_info(torrent)
    added.save_path = f"{directory}/content"
    return added


def prepare(directory, count):
    session = lt.session(dict(SETTINGS, alert_mask=lt.alert.category_t.storage_notification, alert_queue_size=4 * int(count)))
    names = {}
    for number in range(int(count)):
        added = params(directory, number, False)
        names[str(added.ti.info_hashes().v1)] = number
        session.add_torrent(added)
    wait(session, int(count))
    for handle in session.get_torrents():
        handle.save_resume_data()
    while names:
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            if isinstance(alert, lt.save_resume_data_alert):
                data = lt.write_resume_data_buf(alert.params)
                number = names.pop(str(alert.params.info_hashes.v1))
                with open(f"{directory}/libtorrent/{number:05d}.resume", "wb") as file:
                    file.write(data)


def wait(session, count):
    while True:
        handles = session.get_torrents()
        if len(handles) == count and all(h.status(0).state == lt.torrent_status.seeding for h in handles):
            return
        time.sleep(0.02)


def serve(directory, count, seconds, how):
    began = time.monotonic()
    session = lt.session(SETTINGS)
    for number in range(int(count)):
        session.async_add_torrent(params(directory, number, how == "resume"))
    wait(session, int(count))
    print(json.dumps({"event": "ready", "seconds": time.monotonic() - began}), flush=True)
    time.sleep(float(seconds))
    print(json.dumps({"event": "settled"}), flush=True)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(*sys.argv[2:])
        os._exit(0)
    serve(*sys.argv[2:])
