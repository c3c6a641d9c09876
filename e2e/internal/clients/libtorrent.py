"""Takes part in a swarm with libtorrent: node.py FROM DIR plain|rc4."""
import sys
import time

import libtorrent as lt

source, folder, encryption = sys.argv[1:]
settings = {
    "listen_interfaces": "0.0.0.0:6881",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "alert_mask": lt.alert.category_t.peer_notification
    | lt.alert.category_t.tracker_notification
    | lt.alert.category_t.connect_notification
    | lt.alert.category_t.error_notification,
}
if encryption == "rc4":
    settings.update(out_enc_policy=0, in_enc_policy=0, allowed_enc_level=2, prefer_rc4=True)
else:
    settings.update(out_enc_policy=2, in_enc_policy=2)
session = lt.session(settings)
if source.startswith("magnet:"):
    params = lt.parse_magnet_uri(source)
else:
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(source)
params.save_path = folder
params.flags &= ~(lt.torrent_flags.paused | lt.torrent_flags.auto_managed)
session.add_torrent(params)
while True:
    for alert in session.pop_alerts():
        print(alert.message(), flush=True)
    time.sleep(0.1)
