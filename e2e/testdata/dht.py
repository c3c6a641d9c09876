"""A libtorrent node whose only source of peers is the DHT, on loopback.

dht.py seed TORRENT DIR [ENTRY]     seeds and announces itself
dht.py get MAGNET DIR ENTRY         fetches

ENTRY is host:port of a node to enter the DHT by. Prints "ready PORT" once it
listens, "announced N" when N nodes keep its announcement, "done" when complete.
"""

import sys
import time

import libtorrent as lt

mode, what, where = sys.argv[1:4]
entry = sys.argv[4] if len(sys.argv) > 4 else "127.0.0.1:1"

session = lt.session({
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": True,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "dht_bootstrap_nodes": entry,
    "dht_restrict_routing_ips": False,  # all nodes are on this machine
    "dht_restrict_search_ips": False,
    "dht_ignore_dark_internet": False,
    "allow_multiple_connections_per_ip": True,
    "alert_mask": lt.alert.category_t.dht_operation_notification
    | lt.alert.category_t.status_notification
    | lt.alert.category_t.error_notification,
})
if mode == "seed":
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(what)
else:
    params = lt.parse_magnet_uri(what)
params.save_path = where
torrent = session.add_torrent(params)
print("ready", session.listen_port(), flush=True)
announced = 0.0
done = False
while True:
    if time.time() - announced > 2:  # each look is another try, until the tables are filled
        torrent.force_dht_announce()
        announced = time.time()
    status = torrent.status()
    if mode == "get" and status.is_seeding and not done:
        done = True
        print("done", flush=True)
    session.wait_for_alert(200)
    for alert in session.pop_alerts():
        print(type(alert).__name__, alert.message(), file=sys.stderr, flush=True)
