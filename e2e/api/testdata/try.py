import os
import sys

sys.path.insert(0, sys.argv[1])
from warren_client import Client, FeedRuleSettings, FeedTrial, NewFeed, NewToken, NewTorrent, Patch, Problem

LINK = "magnet:?xt=urn:btih:" + "1" * 40 + "&dn=py"
owner = Client(os.environ["WARREN_API"], os.environ["WARREN_TOKEN"])
made = owner.make_token(NewToken(name="python", scopes=["add", "control"]))
client = Client(os.environ["WARREN_API"], made.text)
assert client.get_status().version
assert client.get_session().name == "python"
torrent = client.add_torrent(NewTorrent(magnet=LINK, labels=["b", "a"], paused=True))
assert torrent.name == "py" and torrent.labels == ["a", "b"] and torrent.paused
page = client.list_torrents(label=["a"], limit=1000)
assert [t.key for t in page.torrents] == [torrent.key] and page.total == 1
changed = client.change_torrent(torrent.key, Patch(up_limit=5, labels=[]))
assert changed.up_limit == 5 and changed.labels == []
seen = False
for event in client.stream_events():
    if event.snapshot:
        seen = any(t.key == torrent.key for t in event.snapshot.torrents)
    if event.ready:
        client.change_torrent(torrent.key, Patch(note="heard"))
    if event.delta and any(t.note == "heard" for t in event.delta.changed):
        break
assert seen
delta = client.list_changes(since=client.get_status().revision)
assert delta.changed == [] and delta.revision
for call, kind in [
    (lambda: client.get_torrent("0" * 40), "not-found"),
    (lambda: client.add_torrent(NewTorrent(magnet=LINK)), "duplicate"),
    (lambda: client.list_tokens(), "forbidden"),
    (lambda: Client(os.environ["WARREN_API"], "wrong").get_status(), "unauthorized"),
    (lambda: client.list_torrents(sort="odd"), "invalid"),
]:
    try:
        call()
    except Problem as p:
        assert p.kind == kind, p.kind
    else:
        raise AssertionError(kind)
feed = owner.add_feed(NewFeed(url="http://127.0.0.1:1/py", name="py"))
assert [(f.id, f.name) for f in client.list_feeds().feeds] == [(feed.id, "py")]
assert client.list_feeds().feeds[0].url == "http://127.0.0.1:1/…"
owner.set_feed_rule("py / 1", FeedRuleSettings(include="py", once=True))
assert owner.try_feed_rule(FeedTrial(name="py / 1")).verdicts == []
owner.remove_feed_rule("py / 1")
owner.remove_feed(feed.id)
client.remove_torrent(torrent.key, content=True)
owner.revoke_token(made.token.id)
print("ok")
