# Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.
"""A client of the API of a warren node, with nothing but the standard library.

    client = Client("http://127.0.0.1:9471", token)
    for torrent in client.list_torrents(state=["downloading"]).torrents:
        print(torrent.name, torrent.progress)
"""

from __future__ import annotations

import base64
import dataclasses
import json
import typing
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional


class Problem(Exception):
    """An answer that says what is wrong (RFC 9457).

    kind is the last word of its type, such as "not-found", and does not change.
    """

    def __init__(self, status: int, document: Dict[str, Any]):
        self.status = status
        self.type = document.get("type", "about:blank")
        self.kind = self.type.rpartition(":")[2]
        self.title = document.get("title", "")
        self.detail = document.get("detail", "")
        self.errors = document.get("errors") or []
        super().__init__(f"{self.title}: {self.detail}")


def _escape(part: Any) -> str:
    return urllib.parse.quote(str(part), safe="")


def _named(f: dataclasses.Field) -> str:
    return f.metadata.get("json", f.name)


def _read(kind: Any, value: Any) -> Any:
    """Turns what json has read into what a type hint says."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if value is None:
        return None
    if origin is typing.Union:
        return _read(args[0], value)
    if origin is list:
        return [_read(args[0], v) for v in value]
    if origin is dict:
        return {k: _read(args[1], v) for k, v in value.items()}
    if kind is bytes:
        return base64.b64decode(value)
    if kind is float:
        return float(value)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        given = {f.name: _read(hints[f.name], value[_named(f)]) for f in dataclasses.fields(kind) if value.get(_named(f)) is not None}
        return kind(**given)
    return value


def _write(value: Any) -> Any:
    """Turns a value into what json can write; what is None is left out."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if dataclasses.is_dataclass(value):
        pairs = ((_named(f), getattr(value, f.name)) for f in dataclasses.fields(value))
        return {name: _write(v) for name, v in pairs if v is not None}
    if isinstance(value, list):
        return [_write(v) for v in value]
    if isinstance(value, dict):
        return {k: _write(v) for k, v in value.items()}
    return value


@dataclass
class AskingBody:
    """An object of the API."""

    # What the backup is encrypted under; not at all if absent.
    passphrase: Optional[str] = field(default=None, metadata={"json": "passphrase"})


@dataclass
class Attr:
    """An object of the API."""

    # What it is about.
    key: str = field(default="", metadata={"json": "key"})

    # What it says.
    value: str = field(default="", metadata={"json": "value"})


@dataclass
class Audit:
    """An object of the API."""

    # The newest first.
    entries: List[Entry] = field(default_factory=list, metadata={"json": "entries"})


@dataclass
class BlockList:
    """An object of the API."""

    # When it was read last; left out if it never was.
    loaded: str = field(default="", metadata={"json": "loaded"})

    # Full path of a file, or a URL; of that the host alone, unless settings may be
    # changed.
    location: str = field(default="", metadata={"json": "location"})

    # Why that has failed since, if it has: what was read before counts on.
    problem: str = field(default="", metadata={"json": "problem"})

    # How many ranges of addresses it has.
    ranges: int = field(default=0, metadata={"json": "ranges"})

    # How many lines were not understood.
    skipped: int = field(default=0, metadata={"json": "skipped"})


@dataclass
class BlockLists:
    """An object of the API."""

    # In the order in which they were added.
    lists: List[BlockList] = field(default_factory=list, metadata={"json": "lists"})


@dataclass
class Blocked:
    """An object of the API."""

    # Such as local network, or a kind of traffic; everything if the interface is away.
    what: str = field(default="", metadata={"json": "what"})

    # In a sentence.
    why: str = field(default="", metadata={"json": "why"})


@dataclass
class Bulk:
    """An object of the API."""

    # What is done with each of them, as by the operation of that name. One of pause,
    # resume, recheck, reannounce, remove, change.
    action: str = field(default="", metadata={"json": "action"})

    # With change: what is to be different.
    change: Optional[Patch] = field(default=None, metadata={"json": "change"})

    # With remove: whether the files are deleted as well.
    content: Optional[bool] = field(default=None, metadata={"json": "content"})

    # Info-hashes or ids of the torrents.
    keys: List[str] = field(default_factory=list, metadata={"json": "keys"})


@dataclass
class Categories:
    """An object of the API."""

    # In the order of their names.
    categories: List[Category] = field(default_factory=list, metadata={"json": "categories"})


@dataclass
class Category:
    """An object of the API."""

    # Folder that content of its torrents goes to; empty for the default.
    dir: str = field(default="", metadata={"json": "dir"})

    # Bytes a second for all of them together, 0 for no limit.
    down_limit: int = field(default=0, metadata={"json": "down_limit"})

    # What it is called.
    name: str = field(default="", metadata={"json": "name"})

    # Bytes a second for all of them together, 0 for no limit.
    up_limit: int = field(default=0, metadata={"json": "up_limit"})


@dataclass
class CategorySettings:
    """An object of the API."""

    # Full path of the folder that content of its torrents goes to; empty for the default.
    dir: Optional[str] = field(default=None, metadata={"json": "dir"})

    # Bytes a second for all of them together, 0 for no limit.
    down_limit: Optional[int] = field(default=None, metadata={"json": "down_limit"})

    # Bytes a second for all of them together, 0 for no limit.
    up_limit: Optional[int] = field(default=None, metadata={"json": "up_limit"})


@dataclass
class Counts:
    """An object of the API."""

    # How many send or receive at this moment.
    active: int = field(default=0, metadata={"json": "active"})

    # How many are of each category; those without one under the empty name.
    categories: Dict[str, int] = field(default_factory=dict, metadata={"json": "categories"})

    # How many have each label.
    labels: Dict[str, int] = field(default_factory=dict, metadata={"json": "labels"})

    # How many are in each state; none is left out.
    states: Dict[str, int] = field(default_factory=dict, metadata={"json": "states"})

    # How many there are.
    total: int = field(default=0, metadata={"json": "total"})

    # How many have each tracker, by its host; those without one under the empty name.
    trackers: Dict[str, int] = field(default_factory=dict, metadata={"json": "trackers"})


@dataclass
class Delta:
    """An object of the API."""

    # Torrents that are new or stand differently, as they stand now.
    changed: List[Torrent] = field(default_factory=list, metadata={"json": "changed"})

    # Whether what was asked from is not known any more: then all torrents are in changed,
    # and others are gone.
    full: bool = field(default=False, metadata={"json": "full"})

    # Whether categories or labels have changed.
    groups: bool = field(default=False, metadata={"json": "groups"})

    # Ids of torrents that are gone.
    removed: List[int] = field(default_factory=list, metadata={"json": "removed"})

    # To ask from next time.
    revision: int = field(default=0, metadata={"json": "revision"})

    # All torrents together, if something has changed.
    totals: Optional[Totals] = field(default=None, metadata={"json": "totals"})


@dataclass
class Done:
    """An object of the API."""

    # How many torrents it was done with.
    done: int = field(default=0, metadata={"json": "done"})

    # Those where it failed.
    failed: List[Failed] = field(default_factory=list, metadata={"json": "failed"})


@dataclass
class Draft:
    """An object of the API."""

    # The most urgent first, 100 at most.
    cautions: List[ShareCaution] = field(default_factory=list, metadata={"json": "cautions"})

    # Bytes of the present step that are done,
    done: int = field(default=0, metadata={"json": "done"})

    # Why it has failed, or is not public.
    error: str = field(default="", metadata={"json": "error"})

    # 
    files: int = field(default=0, metadata={"json": "files"})

    # The first 200 of what files tell.
    findings: List[ShareFinding] = field(default_factory=list, metadata={"json": "findings"})

    # All of it.
    found: int = field(default=0, metadata={"json": "found"})

    # 
    id: str = field(default="", metadata={"json": "id"})

    # 
    name: str = field(default="", metadata={"json": "name"})

    # 
    path: str = field(default="", metadata={"json": "path"})

    # How much of that can be taken out.
    removable: int = field(default=0, metadata={"json": "removable"})

    # What has become of it.
    share: str = field(default="", metadata={"json": "share"})

    # Bytes.
    size: int = field(default=0, metadata={"json": "size"})

    # One of looking, ready, stripping, hashing, done, failed.
    state: str = field(default="", metadata={"json": "state"})

    # Key of the torrent that was made of it instead: download-draft has it.
    torrent: str = field(default="", metadata={"json": "torrent"})

    # of so many; 0 until that is known, or while another draft has its turn.
    total: int = field(default=0, metadata={"json": "total"})


@dataclass
class Entry:
    """An object of the API."""

    # When.
    at: str = field(default="", metadata={"json": "at"})

    # Why it failed.
    failure: str = field(default="", metadata={"json": "failure"})

    # Its number, higher than those before.
    id: int = field(default=0, metadata={"json": "id"})

    # Status of HTTP that it was answered with.
    status: int = field(default=0, metadata={"json": "status"})

    # What it was done to.
    target: str = field(default="", metadata={"json": "target"})

    # How that was shown. One of key, cookie, token, none.
    way: str = field(default="", metadata={"json": "way"})

    # The operation.
    what: str = field(default="", metadata={"json": "what"})

    # Name of the token, or owner.
    who: str = field(default="", metadata={"json": "who"})


@dataclass
class ErrorDetail:
    """An object of the API."""

    # Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id'
    location: str = field(default="", metadata={"json": "location"})

    # Error message text
    message: str = field(default="", metadata={"json": "message"})

    # The value at the given location
    value: Any = field(default=None, metadata={"json": "value"})


@dataclass
class ProblemDocument:
    """An object of the API."""

    # A human-readable explanation specific to this occurrence of the problem.
    detail: str = field(default="", metadata={"json": "detail"})

    # Optional list of individual error details
    errors: List[ErrorDetail] = field(default_factory=list, metadata={"json": "errors"})

    # A URI reference that identifies the specific occurrence of the problem.
    instance: str = field(default="", metadata={"json": "instance"})

    # HTTP status code
    status: int = field(default=0, metadata={"json": "status"})

    # A short, human-readable summary of the problem type. This value should not change
    # between occurrences of the error.
    title: str = field(default="", metadata={"json": "title"})

    # A URI reference to human-readable documentation for the error.
    type_: str = field(default="", metadata={"json": "type"})


@dataclass
class Event:
    """An object of the API."""

    # Data of the event delta.
    delta: Optional[Delta] = field(default=None, metadata={"json": "delta"})

    # Data of the event ready.
    ready: Optional[Ready] = field(default=None, metadata={"json": "ready"})

    # Data of the event snapshot.
    snapshot: Optional[Page] = field(default=None, metadata={"json": "snapshot"})


@dataclass
class ExportingBody:
    """An object of the API."""

    # What the copy lies under; none if absent.
    passphrase: Optional[str] = field(default=None, metadata={"json": "passphrase"})


@dataclass
class Failed:
    """An object of the API."""

    # As it was given.
    key: str = field(default="", metadata={"json": "key"})

    # Type of the problem.
    type_: str = field(default="", metadata={"json": "type"})

    # Why, for people.
    why: str = field(default="", metadata={"json": "why"})


@dataclass
class Family:
    """An object of the API."""

    # When somebody connected last.
    arrived: str = field(default="", metadata={"json": "arrived"})

    # Why that is so: asking, closed, offline, connected, own-address, mapped, firewall,
    # refused, not-asked, carrier, no-router or two-routers.
    cause: str = field(default="", metadata={"json": "cause"})

    # Why the router has not passed on all ports.
    error: str = field(default="", metadata={"json": "error"})

    # Where others reach us, as far as is known.
    external: str = field(default="", metadata={"json": "external"})

    # Address of this machine by which packets leave.
    local: str = field(default="", metadata={"json": "local"})

    # By which the router was asked for the port: PCP, NAT-PMP or UPnP.
    method: str = field(default="", metadata={"json": "method"})

    # The next hop.
    router: str = field(default="", metadata={"json": "router"})

    # As whom others see us.
    seen: str = field(default="", metadata={"json": "seen"})

    # Whether others can connect: yes if somebody on the Internet has. One of unknown,
    # unproven, probably, yes.
    state: str = field(default="", metadata={"json": "state"})


@dataclass
class Feed:
    """An object of the API."""

    # When it was fetched last, or that was tried.
    checked: str = field(default="", metadata={"json": "checked"})

    # When it is fetched next; left out if that is as soon as can be.
    due: str = field(default="", metadata={"json": "due"})

    # Seconds between two looks, 0 for what feeds.interval says.
    every: int = field(default=0, metadata={"json": "every"})

    # How often that has failed in a row.
    failures: int = field(default=0, metadata={"json": "failures"})

    # Its number.
    id: int = field(default=0, metadata={"json": "id"})

    # How many items of it lie here.
    items: int = field(default=0, metadata={"json": "items"})

    # As the user calls it.
    name: str = field(default="", metadata={"json": "name"})

    # Why it has failed the last time, if it has.
    problem: str = field(default="", metadata={"json": "problem"})

    # As it calls itself.
    title: str = field(default="", metadata={"json": "title"})

    # How many of them nobody has marked as read.
    unread: int = field(default=0, metadata={"json": "unread"})

    # Where it is; the host alone, unless settings may be changed.
    url: str = field(default="", metadata={"json": "url"})


@dataclass
class FeedItem:
    """An object of the API."""

    # Whether the feed has it still.
    current: bool = field(default=False, metadata={"json": "current"})

    # Number of the feed.
    feed: int = field(default=0, metadata={"json": "feed"})

    # Its number.
    id: int = field(default=0, metadata={"json": "id"})

    # Where its torrent is, if it says so; left out unless settings may be changed.
    link: str = field(default="", metadata={"json": "link"})

    # Where people read about it; left out likewise.
    page: str = field(default="", metadata={"json": "page"})

    # Why it was not added, or not by us.
    problem: str = field(default="", metadata={"json": "problem"})

    # As the feed says.
    published: str = field(default="", metadata={"json": "published"})

    # Whether it was marked as read.
    read: bool = field(default=False, metadata={"json": "read"})

    # When it is tried again at the earliest.
    retry: str = field(default="", metadata={"json": "retry"})

    # By which rule it was added; empty if that was done by hand.
    rule: str = field(default="", metadata={"json": "rule"})

    # When it was seen first.
    seen: str = field(default="", metadata={"json": "seen"})

    # Bytes of its content, 0 if that is not known.
    size: int = field(default=0, metadata={"json": "size"})

    # What became of it: nothing, its torrent was added, or that was given up. One of new,
    # added, failed.
    state: str = field(default="", metadata={"json": "state"})

    # What it is called.
    title: str = field(default="", metadata={"json": "title"})

    # How often that was tried.
    tries: int = field(default=0, metadata={"json": "tries"})


@dataclass
class FeedItemPatch:
    """An object of the API."""

    # Whether it counts as read.
    read: bool = field(default=False, metadata={"json": "read"})


@dataclass
class FeedItems:
    """An object of the API."""

    # The newest first.
    items: List[FeedItem] = field(default_factory=list, metadata={"json": "items"})


@dataclass
class FeedList:
    """An object of the API."""

    # In the order in which they were added.
    feeds: List[Feed] = field(default_factory=list, metadata={"json": "feeds"})

    # Whether feeds are read at all: feeds.on.
    on: bool = field(default=False, metadata={"json": "on"})


@dataclass
class FeedPatch:
    """An object of the API."""

    # Seconds between two looks, at least 300; 0 for what feeds.interval says.
    every: Optional[int] = field(default=None, metadata={"json": "every"})

    # What to call it.
    name: Optional[str] = field(default=None, metadata={"json": "name"})

    # Where it is.
    url: Optional[str] = field(default=None, metadata={"json": "url"})


@dataclass
class FeedRule:
    """An object of the API."""

    # When something was fetched by it last.
    last: str = field(default="", metadata={"json": "last"})

    # What it is called. Rules are asked in the order of their names.
    name: str = field(default="", metadata={"json": "name"})

    # What it wants.
    rule: Optional[FeedRuleSettings] = field(default=None, metadata={"json": "rule"})


@dataclass
class FeedRuleName:
    """An object of the API."""

    # What it is called.
    name: str = field(default="", metadata={"json": "name"})


@dataclass
class FeedRuleSettings:
    """An object of the API."""

    # Category of what it fetches.
    category: Optional[str] = field(default=None, metadata={"json": "category"})

    # Full path of the folder that content goes to; empty for the default.
    dir: Optional[str] = field(default=None, metadata={"json": "dir"})

    # Which episodes are wanted, as S01, S01E05-E10, S01E05- or 1x2;8-15;30-; empty for
    # all.
    episodes: Optional[str] = field(default=None, metadata={"json": "episodes"})

    # Words that it must not have, in the same way.
    exclude: Optional[str] = field(default=None, metadata={"json": "exclude"})

    # URLs of the feeds it is for; none are all.
    feeds: Optional[List[str]] = field(default=None, metadata={"json": "feeds"})

    # For how many days nothing else is fetched once something was.
    ignore_days: Optional[int] = field(default=None, metadata={"json": "ignore_days"})

    # Words that a title must have: spaces mean and, | means or, * and ? stand for any
    # characters.
    include: Optional[str] = field(default=None, metadata={"json": "include"})

    # Labels of what it fetches.
    labels: Optional[List[str]] = field(default=None, metadata={"json": "labels"})

    # Bytes; what is larger is not wanted. 0 for no bound.
    max_size: Optional[int] = field(default=None, metadata={"json": "max_size"})

    # Bytes; what is smaller is not wanted.
    min_size: Optional[int] = field(default=None, metadata={"json": "min_size"})

    # Whether it is kept without being asked.
    off: Optional[bool] = field(default=None, metadata={"json": "off"})

    # Whether each episode is fetched once, and once more if it was repaired.
    once: Optional[bool] = field(default=None, metadata={"json": "once"})

    # Whether it waits for being resumed; as queue.add-paused says if this is left out.
    paused: Optional[bool] = field(default=None, metadata={"json": "paused"})

    # Whether both are regular expressions (RE2) instead.
    regexp: Optional[bool] = field(default=None, metadata={"json": "regexp"})


@dataclass
class FeedRules:
    """An object of the API."""

    # In the order of their names, in which they are asked.
    rules: List[FeedRule] = field(default_factory=list, metadata={"json": "rules"})


@dataclass
class FeedTrial:
    """An object of the API."""

    # At most so many items are looked at, the newest.
    limit: Optional[int] = field(default=None, metadata={"json": "limit"})

    # Of a rule that is kept: it is tried if rule is left out, and otherwise what was
    # fetched by it counts.
    name: Optional[str] = field(default=None, metadata={"json": "name"})

    # A rule that need not be kept.
    rule: Optional[FeedRuleSettings] = field(default=None, metadata={"json": "rule"})


@dataclass
class FeedVerdict:
    """An object of the API."""

    # The item.
    item: Optional[FeedItem] = field(default=None, metadata={"json": "item"})

    # Whether the rule would fetch it.
    wanted: bool = field(default=False, metadata={"json": "wanted"})

    # Why not, if it would not.
    why: str = field(default="", metadata={"json": "why"})


@dataclass
class FeedVerdicts:
    """An object of the API."""

    # Of the items in feeds that it is for, the newest first.
    verdicts: List[FeedVerdict] = field(default_factory=list, metadata={"json": "verdicts"})


@dataclass
class FetchOptions:
    """An object of the API."""

    # Its category.
    category: Optional[str] = field(default=None, metadata={"json": "category"})

    # Full path of the folder that its content goes to; empty for the default.
    dir: Optional[str] = field(default=None, metadata={"json": "dir"})

    # Its labels.
    labels: Optional[List[str]] = field(default=None, metadata={"json": "labels"})

    # Whether it waits for being resumed; as queue.add-paused says if this is left out.
    paused: Optional[bool] = field(default=None, metadata={"json": "paused"})


@dataclass
class File:
    """An object of the API."""

    # Bytes that are there and verified.
    done: int = field(default=0, metadata={"json": "done"})

    # The piece after the last one.
    end: int = field(default=0, metadata={"json": "end"})

    # The first piece that has some of it.
    first: int = field(default=0, metadata={"json": "first"})

    # Number of the file in the torrent, from 0.
    index: int = field(default=0, metadata={"json": "index"})

    # Where its first byte is in the torrent.
    offset: int = field(default=0, metadata={"json": "offset"})

    # Where it is below the folder of the torrent, with slashes.
    path: str = field(default="", metadata={"json": "path"})

    # Whether it is a film or sound by its name: list-streams says where players read it.
    playable: bool = field(default=False, metadata={"json": "playable"})

    # How much it is wanted; skip is not fetched. One of skip, low, normal, high.
    priority: str = field(default="", metadata={"json": "priority"})

    # Bytes.
    size: int = field(default=0, metadata={"json": "size"})


@dataclass
class Files:
    """An object of the API."""

    # Padding left out.
    files: List[File] = field(default_factory=list, metadata={"json": "files"})


@dataclass
class Folder:
    """An object of the API."""

    # Folders first, by name.
    entries: List[FolderEntry] = field(default_factory=list, metadata={"json": "entries"})

    # Absent at the root of the disk.
    parent: str = field(default="", metadata={"json": "parent"})

    # 
    path: str = field(default="", metadata={"json": "path"})

    # There are more than the 5,000 that are listed.
    truncated: bool = field(default=False, metadata={"json": "truncated"})


@dataclass
class FolderEntry:
    """An object of the API."""

    # 
    folder: bool = field(default=False, metadata={"json": "folder"})

    # 
    modified: str = field(default="", metadata={"json": "modified"})

    # 
    name: str = field(default="", metadata={"json": "name"})

    # 
    path: str = field(default="", metadata={"json": "path"})

    # Bytes of a file.
    size: int = field(default=0, metadata={"json": "size"})


@dataclass
class Goal:
    """An object of the API."""

    # Seconds of seeding without sending anything; 0 is the default, less is no goal.
    idle_time: Optional[int] = field(default=None, metadata={"json": "idle_time"})

    # Bytes sent for each byte of the content; 0 is the default, less is no goal.
    ratio: Optional[float] = field(default=None, metadata={"json": "ratio"})

    # Seconds of seeding; 0 is the default, less is no goal.
    seed_time: Optional[int] = field(default=None, metadata={"json": "seed_time"})

    # What happens then. One of pause, remove, remove-content.
    then: Optional[str] = field(default=None, metadata={"json": "then"})


@dataclass
class Hook:
    """An object of the API."""

    # Of the setting, as complete for hooks.complete.
    name: str = field(default="", metadata={"json": "name"})

    # What it is told of: added, completed, failed, removed.
    on: List[str] = field(default_factory=list, metadata={"json": "on"})

    # Full path of the program, unless it is a server.
    program: str = field(default="", metadata={"json": "program"})

    # Host of the server, unless it is a program.
    server: str = field(default="", metadata={"json": "server"})

    # Seconds it may take.
    timeout: int = field(default=0, metadata={"json": "timeout"})


@dataclass
class HookList:
    """An object of the API."""

    # In the order in which they are told.
    hooks: List[Hook] = field(default_factory=list, metadata={"json": "hooks"})

    # Of the last events, the newest first; of this run alone.
    results: List[HookResult] = field(default_factory=list, metadata={"json": "results"})


@dataclass
class HookResult:
    """An object of the API."""

    # When it was told.
    at: str = field(default="", metadata={"json": "at"})

    # What happened.
    event: str = field(default="", metadata={"json": "event"})

    # Its name.
    hook: str = field(default="", metadata={"json": "hook"})

    # The beginning of what the program said; left out unless settings may be changed.
    output: str = field(default="", metadata={"json": "output"})

    # Why it has failed, if it has.
    problem: str = field(default="", metadata={"json": "problem"})

    # Seconds.
    took: float = field(default=0.0, metadata={"json": "took"})

    # Name of the torrent.
    torrent: str = field(default="", metadata={"json": "torrent"})


@dataclass
class Identities:
    """An object of the API."""

    # The oldest first.
    identities: List[Identity] = field(default_factory=list, metadata={"json": "identities"})


@dataclass
class Identity:
    """An object of the API."""

    # When it came to this node.
    created: str = field(default="", metadata={"json": "created"})

    # Whether it is meant unless another is named.
    default: bool = field(default=False, metadata={"json": "default"})

    # Its text, which begins with wr1: others know it by this.
    id: str = field(default="", metadata={"json": "id"})

    # Whether the passphrase has to be given before anything is done in its name.
    locked: bool = field(default=False, metadata={"json": "locked"})

    # What its owner calls it. Nobody else sees that.
    name: str = field(default="", metadata={"json": "name"})

    # Whether it lies under a passphrase.
    passphrase: bool = field(default=False, metadata={"json": "passphrase"})


@dataclass
class IdentityPatch:
    """An object of the API."""

    # True makes it the one that is meant unless another is named.
    default: Optional[bool] = field(default=None, metadata={"json": "default"})

    # What to call it.
    name: Optional[str] = field(default=None, metadata={"json": "name"})


@dataclass
class ImportingBody:
    """An object of the API."""

    # What export-identity has given, as base64. The passphrase is that of the file, and
    # stays.
    file: bytes = field(default=b"", metadata={"json": "file"})

    # What to call it: 1 to 64 characters.
    name: str = field(default="", metadata={"json": "name"})

    # What it lies under; none if absent.
    passphrase: Optional[str] = field(default=None, metadata={"json": "passphrase"})


@dataclass
class Interface:
    """An object of the API."""

    # From which packets leave.
    addresses: List[str] = field(default_factory=list, metadata={"json": "addresses"})

    # Whether sockets are bound to its addresses only, as the system has nothing better:
    # other routes can send packets elsewhere then.
    by_address: bool = field(default=False, metadata={"json": "by_address"})

    # As it was given: its name, or an address of it.
    name: str = field(default="", metadata={"json": "name"})

    # Whether packets leave by it.
    up: bool = field(default=False, metadata={"json": "up"})

    # Why not.
    why: str = field(default="", metadata={"json": "why"})


@dataclass
class Label:
    """An object of the API."""

    # How many torrents have it.
    count: int = field(default=0, metadata={"json": "count"})

    # Bytes a second for all of them together, 0 for no limit.
    down_limit: int = field(default=0, metadata={"json": "down_limit"})

    # The word.
    name: str = field(default="", metadata={"json": "name"})

    # Bytes a second for all of them together, 0 for no limit.
    up_limit: int = field(default=0, metadata={"json": "up_limit"})


@dataclass
class LabelSettings:
    """An object of the API."""

    # Bytes a second for all of them together, 0 for no limit.
    down_limit: Optional[int] = field(default=None, metadata={"json": "down_limit"})

    # Bytes a second for all of them together, 0 for no limit.
    up_limit: Optional[int] = field(default=None, metadata={"json": "up_limit"})


@dataclass
class Labels:
    """An object of the API."""

    # In their order.
    labels: List[Label] = field(default_factory=list, metadata={"json": "labels"})


@dataclass
class Licence:
    """An object of the API."""

    # Of SPDX, such as CC-BY-4.0.
    id: Optional[str] = field(default=None, metadata={"json": "id"})

    # In words.
    text: Optional[str] = field(default=None, metadata={"json": "text"})


@dataclass
class Line:
    """An object of the API."""

    # What else it says.
    attrs: List[Attr] = field(default_factory=list, metadata={"json": "attrs"})

    # How much it matters. One of debug, info, warn, error.
    level: str = field(default="", metadata={"json": "level"})

    # Lines before this one that a reader was too slow for.
    lost: int = field(default=0, metadata={"json": "lost"})

    # What happened.
    message: str = field(default="", metadata={"json": "message"})

    # Part of the program.
    part: str = field(default="", metadata={"json": "part"})

    # When.
    time: str = field(default="", metadata={"json": "time"})


@dataclass
class Log:
    """An object of the API."""

    # The oldest first.
    lines: List[Line] = field(default_factory=list, metadata={"json": "lines"})


@dataclass
class LogEvent:
    """An object of the API."""

    # Data of the event line.
    line: Optional[Line] = field(default=None, metadata={"json": "line"})


@dataclass
class Made:
    """An object of the API."""

    # The token. It is told this once and kept nowhere.
    text: str = field(default="", metadata={"json": "text"})

    # What is known of it.
    token: Optional[Token] = field(default=None, metadata={"json": "token"})


@dataclass
class MakeTorrent:
    """An object of the API."""

    # That everybody reads.
    comment: Optional[str] = field(default=None, metadata={"json": "comment"})

    # Whether its trackers alone say who has it (BEP 27).
    private: Optional[bool] = field(default=None, metadata={"json": "private"})

    # Add it to the node as well, which names its own tracker then, and gives it to others.
    seed: Optional[bool] = field(default=None, metadata={"json": "seed"})

    # URLs, each asked if those before it fail.
    trackers: Optional[List[str]] = field(default=None, metadata={"json": "trackers"})


@dataclass
class MovedBody:
    """An object of the API."""

    # Whether that is done; otherwise it goes on.
    done: bool = field(default=False, metadata={"json": "done"})


@dataclass
class MovingBody:
    """An object of the API."""

    # Full path of a folder; made if it is not there.
    dir: str = field(default="", metadata={"json": "dir"})


@dataclass
class Network:
    """An object of the API."""

    # What does not go at all, and why.
    blocked: List[Blocked] = field(default_factory=list, metadata={"json": "blocked"})

    # That by which everything leaves; absent if it leaves as the routes of the machine
    # say.
    interface: Optional[Interface] = field(default=None, metadata={"json": "interface"})

    # Whether nothing leaves while that interface is away: so wherever one is named.
    kill_switch: bool = field(default=False, metadata={"json": "kill_switch"})

    # Those in use. If one is away nothing goes beside it.
    proxies: List[Proxy] = field(default_factory=list, metadata={"json": "proxies"})

    # By which way each kind of traffic leaves.
    ways: List[Way] = field(default_factory=list, metadata={"json": "ways"})


@dataclass
class NewBlockList:
    """An object of the API."""

    # Full path of a file, or a URL: ipfilter.dat, P2P text, or addresses, ranges and CIDR
    # prefixes, gzipped or not.
    location: str = field(default="", metadata={"json": "location"})


@dataclass
class NewDraft:
    """An object of the API."""

    # The full path of a file or folder of the node.
    path: str = field(default="", metadata={"json": "path"})


@dataclass
class NewFeed:
    """An object of the API."""

    # Seconds between two looks, at least 300; 0 for what feeds.interval says.
    every: Optional[int] = field(default=None, metadata={"json": "every"})

    # What to call it.
    name: Optional[str] = field(default=None, metadata={"json": "name"})

    # Where it is on the web. It may be on this machine or beside it.
    url: str = field(default="", metadata={"json": "url"})


@dataclass
class NewIdentity:
    """An object of the API."""

    # What to call it: 1 to 64 characters.
    name: str = field(default="", metadata={"json": "name"})

    # What it lies under; none if absent.
    passphrase: Optional[str] = field(default=None, metadata={"json": "passphrase"})


@dataclass
class NewShare:
    """An object of the API."""

    # True says that the owner has read what the draft tells.
    confirmed: bool = field(default=False, metadata={"json": "confirmed"})

    # 
    description: Optional[str] = field(default=None, metadata={"json": "description"})

    # Whether files can be had over HTTP,
    direct: Optional[bool] = field(default=None, metadata={"json": "direct"})

    # up to so many bytes each; 0 is 100 MiB.
    direct_limit: Optional[int] = field(default=None, metadata={"json": "direct_limit"})

    # When the private link ends, as in RFC 3339; never if absent.
    expires: Optional[str] = field(default=None, metadata={"json": "expires"})

    # Which signs: its name or text; the default one if absent.
    identity: Optional[str] = field(default=None, metadata={"json": "identity"})

    # 
    licence: Optional[Licence] = field(default=None, metadata={"json": "licence"})

    # What is needed to redeem it.
    passphrase: Optional[str] = field(default=None, metadata={"json": "passphrase"})

    # 
    provenance: Optional[Provenance] = field(default=None, metadata={"json": "provenance"})

    # Share it with everybody at once: that needs a licence.
    publish: Optional[bool] = field(default=None, metadata={"json": "publish"})

    # Share a copy, from which is taken out what can be.
    strip: Optional[bool] = field(default=None, metadata={"json": "strip"})

    # 
    tags: Optional[List[str]] = field(default=None, metadata={"json": "tags"})

    # 
    title: str = field(default="", metadata={"json": "title"})

    # How often the link can be redeemed; 0 for any number.
    uses: Optional[int] = field(default=None, metadata={"json": "uses"})


@dataclass
class NewToken:
    """An object of the API."""

    # When it stops being good; absent for never.
    expires: Optional[str] = field(default=None, metadata={"json": "expires"})

    # Which program it is for.
    name: str = field(default="", metadata={"json": "name"})

    # What may be done with it.
    scopes: List[str] = field(default_factory=list, metadata={"json": "scopes"})


@dataclass
class NewTorrent:
    """An object of the API."""

    # Its category; made if it is not there.
    category: Optional[str] = field(default=None, metadata={"json": "category"})

    # Full path of the folder that content goes to; that of the category, or the default.
    dir: Optional[str] = field(default=None, metadata={"json": "dir"})

    # Bytes a second, 0 for no limit.
    down_limit: Optional[int] = field(default=None, metadata={"json": "down_limit"})

    # A torrent file, as base64.
    file: Optional[bytes] = field(default=None, metadata={"json": "file"})

    # Whether the first and last pieces of files come first.
    first_last: Optional[bool] = field(default=None, metadata={"json": "first_last"})

    # Whether it is active whatever the queue says.
    forced: Optional[bool] = field(default=None, metadata={"json": "forced"})

    # When it has given enough.
    goal: Optional[Goal] = field(default=None, metadata={"json": "goal"})

    # Its labels.
    labels: Optional[List[str]] = field(default=None, metadata={"json": "labels"})

    # The whole link of a share, with what follows #.
    link: Optional[str] = field(default=None, metadata={"json": "link"})

    # A magnet link.
    magnet: Optional[str] = field(default=None, metadata={"json": "magnet"})

    # Connections, 0 for the default.
    max_peers: Optional[int] = field(default=None, metadata={"json": "max_peers"})

    # What it is called here.
    name: Optional[str] = field(default=None, metadata={"json": "name"})

    # Whether it was made here: the tracker of the node becomes one of its, unless it
    # demands TLS or is a private one of others.
    ours: Optional[bool] = field(default=None, metadata={"json": "ours"})

    # To redeem the link with.
    passphrase: Optional[str] = field(default=None, metadata={"json": "passphrase"})

    # Whether it waits for being resumed; as the settings say.
    paused: Optional[bool] = field(default=None, metadata={"json": "paused"})

    # Addresses of peers, IP:PORT.
    peers: Optional[List[str]] = field(default=None, metadata={"json": "peers"})

    # Whether the link is redeemed if it has to be, which counts as a use of it unless
    # open-link has done so.
    redeem: Optional[bool] = field(default=None, metadata={"json": "redeem"})

    # Whether it is fetched from the front to the end.
    sequential: Optional[bool] = field(default=None, metadata={"json": "sequential"})

    # Files that are not wanted, by their index.
    skip: Optional[List[int]] = field(default=None, metadata={"json": "skip"})

    # By who has hashed the content that lies in dir just now: SHA-256 in hexadecimal over
    # path NUL size NUL time of last change in nanoseconds since 1970 LF for each file but
    # padding. If the node finds the same, it does not hash it again. For the owner alone.
    stamp: Optional[str] = field(default=None, metadata={"json": "stamp"})

    # Whether pieces are shown to peers one by one (BEP 16).
    super_seed: Optional[bool] = field(default=None, metadata={"json": "super_seed"})

    # Whether peers are spoken to over TLS; as the settings say. One of off, prefer,
    # require.
    tls: Optional[str] = field(default=None, metadata={"json": "tls"})

    # Trackers that are asked before its own; they may be on this machine or in its
    # network.
    trackers: Optional[List[str]] = field(default=None, metadata={"json": "trackers"})

    # Bytes a second, 0 for no limit.
    up_limit: Optional[int] = field(default=None, metadata={"json": "up_limit"})

    # Where a torrent file is on the web: http or https, on the Internet alone; or a magnet
    # link, or the link of a share.
    url: Optional[str] = field(default=None, metadata={"json": "url"})


@dataclass
class OwnerKey:
    """An object of the API."""

    # The key. It lies in HOME/management-token as well.
    key: str = field(default="", metadata={"json": "key"})

    # Where a browser gets its cookie with it, from the root of the node's address on.
    path: str = field(default="", metadata={"json": "path"})


@dataclass
class Page:
    """An object of the API."""

    # How many were in the pages before.
    offset: int = field(default=0, metadata={"json": "offset"})

    # When the snapshot was begun.
    revision: int = field(default=0, metadata={"json": "revision"})

    # The torrents, in the order of their ids.
    torrents: List[Torrent] = field(default_factory=list, metadata={"json": "torrents"})

    # Torrents in all pages together.
    total: int = field(default=0, metadata={"json": "total"})


@dataclass
class Patch:
    """An object of the API."""

    # Labels that it gets as well.
    add_labels: Optional[List[str]] = field(default=None, metadata={"json": "add_labels"})

    # Its category; made if it is not there. Empty for none.
    category: Optional[str] = field(default=None, metadata={"json": "category"})

    # Bytes a second, 0 for no limit.
    down_limit: Optional[int] = field(default=None, metadata={"json": "down_limit"})

    # Whether the first and last pieces of files come first.
    first_last: Optional[bool] = field(default=None, metadata={"json": "first_last"})

    # Whether it is active whatever the queue says.
    forced: Optional[bool] = field(default=None, metadata={"json": "forced"})

    # When it has given enough.
    goal: Optional[Goal] = field(default=None, metadata={"json": "goal"})

    # Its labels.
    labels: Optional[List[str]] = field(default=None, metadata={"json": "labels"})

    # Connections, 0 for the default.
    max_peers: Optional[int] = field(default=None, metadata={"json": "max_peers"})

    # What it is called here.
    name: Optional[str] = field(default=None, metadata={"json": "name"})

    # The user's own words.
    note: Optional[str] = field(default=None, metadata={"json": "note"})

    # Labels that are taken off it.
    remove_labels: Optional[List[str]] = field(default=None, metadata={"json": "remove_labels"})

    # Whether it is fetched from the front to the end.
    sequential: Optional[bool] = field(default=None, metadata={"json": "sequential"})

    # Whether pieces are shown to peers one by one (BEP 16), from the next start on.
    super_seed: Optional[bool] = field(default=None, metadata={"json": "super_seed"})

    # Whether peers are spoken to over TLS. One of off, prefer, require.
    tls: Optional[str] = field(default=None, metadata={"json": "tls"})

    # Bytes a second, 0 for no limit.
    up_limit: Optional[int] = field(default=None, metadata={"json": "up_limit"})


@dataclass
class Peer:
    """An object of the API."""

    # IP:PORT.
    address: str = field(default="", metadata={"json": "address"})

    # Whether we serve it not.
    am_choking: bool = field(default=False, metadata={"json": "am_choking"})

    # Whether we want something of it.
    am_interested: bool = field(default=False, metadata={"json": "am_interested"})

    # Whether it serves us not.
    choking: bool = field(default=False, metadata={"json": "choking"})

    # What it says it is, "" if it does not.
    client: str = field(default="", metadata={"json": "client"})

    # Bytes a second, from it.
    down_rate: int = field(default=0, metadata={"json": "down_rate"})

    # Whether it has called us.
    incoming: bool = field(default=False, metadata={"json": "incoming"})

    # Whether it wants something of us.
    interested: bool = field(default=False, metadata={"json": "interested"})

    # By which way. One of tcp, utp.
    over: str = field(default="", metadata={"json": "over"})

    # How much it has, 0 to 1.
    progress: float = field(default=0.0, metadata={"json": "progress"})

    # How the connection is protected. One of tls, mse, plain.
    protection: str = field(default="", metadata={"json": "protection"})

    # Bytes of content from it.
    received: int = field(default=0, metadata={"json": "received"})

    # Whether it has everything.
    seed: bool = field(default=False, metadata={"json": "seed"})

    # Bytes of content to it.
    sent: int = field(default=0, metadata={"json": "sent"})

    # When it was connected.
    since: str = field(default="", metadata={"json": "since"})

    # Bytes a second, to it.
    up_rate: int = field(default=0, metadata={"json": "up_rate"})


@dataclass
class PeeringBody:
    """An object of the API."""

    # Addresses, IP:PORT.
    peers: List[str] = field(default_factory=list, metadata={"json": "peers"})


@dataclass
class Peers:
    """An object of the API."""

    # In no order.
    peers: List[Peer] = field(default_factory=list, metadata={"json": "peers"})


@dataclass
class Pieces:
    """An object of the API."""

    # How many connected peers have each piece; empty if nothing moves.
    availability: List[int] = field(default_factory=list, metadata={"json": "availability"})

    # How many pieces the torrent has.
    count: int = field(default=0, metadata={"json": "count"})

    # How many of them are there and verified.
    done: int = field(default=0, metadata={"json": "done"})

    # One bit for each piece, the first one in the highest bit of the first byte (BEP 3),
    # as base64.
    have: bytes = field(default=b"", metadata={"json": "have"})

    # Bytes of a piece; the last may be shorter.
    length: int = field(default=0, metadata={"json": "length"})


@dataclass
class PlacingBody:
    """An object of the API."""

    # How many are to stand before it in the queue.
    position: int = field(default=0, metadata={"json": "position"})


@dataclass
class Preview:
    """An object of the API."""

    # 
    description: str = field(default="", metadata={"json": "description"})

    # When the link ends.
    expires: str = field(default="", metadata={"json": "expires"})

    # 
    files: int = field(default=0, metadata={"json": "files"})

    # The first 100.
    first_files: List[SharedFile] = field(default_factory=list, metadata={"json": "first_files"})

    # and whether they suffice.
    fits: bool = field(default=False, metadata={"json": "fits"})

    # Bytes on the disk where it would land, -1 if that is not known,
    free: int = field(default=0, metadata={"json": "free"})

    # The key of the torrent, if the node has it already.
    here: str = field(default="", metadata={"json": "here"})

    # Of who has signed it, in hexadecimal.
    key: str = field(default="", metadata={"json": "key"})

    # One of private, public.
    kind: str = field(default="", metadata={"json": "kind"})

    # 
    licence: Optional[Licence] = field(default=None, metadata={"json": "licence"})

    # It is shown to those alone who redeem the link with a passphrase; nothing below is
    # known.
    needs_passphrase: bool = field(default=False, metadata={"json": "needs_passphrase"})

    # It is shown to those alone who redeem the link, which uses it up in part; nothing
    # below is known.
    needs_redeem: bool = field(default=False, metadata={"json": "needs_redeem"})

    # 
    provenance: Optional[Provenance] = field(default=None, metadata={"json": "provenance"})

    # Bytes of all files.
    size: int = field(default=0, metadata={"json": "size"})

    # 
    tags: List[str] = field(default_factory=list, metadata={"json": "tags"})

    # 
    title: str = field(default="", metadata={"json": "title"})


@dataclass
class PrioritizingBody:
    """An object of the API."""

    # By the index of the file: skip, low, normal or high.
    priorities: Dict[str, str] = field(default_factory=dict, metadata={"json": "priorities"})


@dataclass
class Provenance:
    """An object of the API."""

    # Who made it.
    author: Optional[str] = field(default=None, metadata={"json": "author"})

    # When it was made: a date such as 2024-05-01, or a time as in RFC 3339.
    created: Optional[str] = field(default=None, metadata={"json": "created"})

    # What it was made of.
    derived: Optional[str] = field(default=None, metadata={"json": "derived"})

    # An address where more is to be found.
    source: Optional[str] = field(default=None, metadata={"json": "source"})


@dataclass
class Proxy:
    """An object of the API."""

    # Its URL, without user and password.
    proxy: str = field(default="", metadata={"json": "proxy"})

    # Why the last attempt to reach it came to nothing.
    trouble: str = field(default="", metadata={"json": "trouble"})


@dataclass
class PublicShares:
    """An object of the API."""

    # Where they are listed; absent if there are none, or it is not known where others
    # reach the node.
    link: str = field(default="", metadata={"json": "link"})

    # 
    shares: List[Share] = field(default_factory=list, metadata={"json": "shares"})


@dataclass
class Publication:
    """An object of the API."""

    # True says that the owner has read what becomes public.
    confirmed: bool = field(default=False, metadata={"json": "confirmed"})

    # Instead of the licence that it has: what is public needs one.
    licence: Optional[Licence] = field(default=None, metadata={"json": "licence"})

    # Instead of the title that it has.
    title: Optional[str] = field(default=None, metadata={"json": "title"})


@dataclass
class Reachability:
    """An object of the API."""

    # What can be done, if anything has to be.
    advice: str = field(default="", metadata={"json": "advice"})

    # By IPv4.
    ipv4: Optional[Family] = field(default=None, metadata={"json": "ipv4"})

    # By IPv6.
    ipv6: Optional[Family] = field(default=None, metadata={"json": "ipv6"})

    # The node listens on; 0 without.
    port: int = field(default=0, metadata={"json": "port"})

    # In a sentence.
    summary: str = field(default="", metadata={"json": "summary"})


@dataclass
class Ready:
    """An object of the API."""

    # When the snapshot was begun.
    revision: int = field(default=0, metadata={"json": "revision"})

    # All torrents together, if they are wanted.
    totals: Optional[Totals] = field(default=None, metadata={"json": "totals"})


@dataclass
class RenamingBody:
    """An object of the API."""

    # Path of a file or folder of the torrent, with slashes.
    from_: str = field(default="", metadata={"json": "from"})

    # Path that it gets.
    to: str = field(default="", metadata={"json": "to"})


@dataclass
class ResealingBody:
    """An object of the API."""

    # The passphrase that it lies under now, if there is one.
    old: Optional[str] = field(default=None, metadata={"json": "old"})

    # The new one; empty for none.
    passphrase: str = field(default="", metadata={"json": "passphrase"})


@dataclass
class Schedule:
    """An object of the API."""

    # The other limits: limits.alternative.up and limits.alternative.down.
    alternative: Optional[SpeedLimits] = field(default=None, metadata={"json": "alternative"})

    # Whether that was said by hand, against the rules.
    by_hand: bool = field(default=False, metadata={"json": "by_hand"})

    # Whether the limits that hold now are the alternative ones.
    is_alternative: bool = field(default=False, metadata={"json": "is_alternative"})

    # What holds now.
    limits: Optional[SpeedLimits] = field(default=None, metadata={"json": "limits"})

    # Whether rules are kept: schedule.on.
    on: bool = field(default=False, metadata={"json": "on"})

    # Whether the schedule has stopped everything.
    paused: bool = field(default=False, metadata={"json": "paused"})

    # What holds when, as in schedule.rules; the last one that names a limit decides on it.
    rules: List[str] = field(default_factory=list, metadata={"json": "rules"})

    # When something else holds; left out if that never happens by itself.
    until: str = field(default="", metadata={"json": "until"})

    # What holds when no rule says anything: limits.up and limits.down.
    usual: Optional[SpeedLimits] = field(default=None, metadata={"json": "usual"})


@dataclass
class Sealed:
    """An object of the API."""

    # As docs/protocols/permid.md has it, as base64. Who has it, and its passphrase if
    # there is one, is this identity to others.
    file: bytes = field(default=b"", metadata={"json": "file"})


@dataclass
class Session:
    """An object of the API."""

    # With a cookie: what a change must send as the header X-CSRF-Token.
    csrf: str = field(default="", metadata={"json": "csrf"})

    # Name of the token, or owner.
    name: str = field(default="", metadata={"json": "name"})

    # What may be done.
    scopes: List[str] = field(default_factory=list, metadata={"json": "scopes"})

    # How that was shown. One of key, cookie, token.
    way: str = field(default="", metadata={"json": "way"})


@dataclass
class Setting:
    """An object of the API."""

    # The words it can be, if it is one of some.
    choices: List[str] = field(default_factory=list, metadata={"json": "choices"})

    # What it is unless something else is said, as it is typed.
    default: str = field(default="", metadata={"json": "default"})

    # Whether programs may not change it: it is set in the configuration file alone.
    fixed: bool = field(default=False, metadata={"json": "fixed"})

    # What it is, for people.
    help: str = field(default="", metadata={"json": "help"})

    # Its name, with dots, as limits.up.
    key: str = field(default="", metadata={"json": "key"})

    # What it looks like, in words.
    kind: str = field(default="", metadata={"json": "kind"})

    # Whether it takes effect without a restart.
    live: bool = field(default=False, metadata={"json": "live"})

    # Where the value came from; store is a change through the API. One of default, file,
    # store, env, flag.
    origin: str = field(default="", metadata={"json": "origin"})

    # What it is set to: text, true or false, a number, or a list of texts.
    value: Any = field(default=None, metadata={"json": "value"})


@dataclass
class Settings:
    """An object of the API."""

    # Those that were changed and wait for a restart.
    restart: List[str] = field(default_factory=list, metadata={"json": "restart"})

    # In the order of the configuration file.
    settings: List[Setting] = field(default_factory=list, metadata={"json": "settings"})


@dataclass
class Share:
    """An object of the API."""

    # 
    created: str = field(default="", metadata={"json": "created"})

    # 
    description: str = field(default="", metadata={"json": "description"})

    # Whether files can be had over HTTP.
    direct: bool = field(default=False, metadata={"json": "direct"})

    # Up to how many bytes each.
    direct_limit: int = field(default=0, metadata={"json": "direct_limit"})

    # Files that were had over HTTP.
    downloads: int = field(default=0, metadata={"json": "downloads"})

    # When the private link ends; never if absent.
    expires: str = field(default="", metadata={"json": "expires"})

    # 
    files: int = field(default=0, metadata={"json": "files"})

    # 
    id: str = field(default="", metadata={"json": "id"})

    # The name of the identity that signs, its text if it is gone.
    identity: str = field(default="", metadata={"json": "identity"})

    # By which others know who has signed, in hex; it does not tell the identity.
    key: str = field(default="", metadata={"json": "key"})

    # 
    licence: Optional[Licence] = field(default=None, metadata={"json": "licence"})

    # The private link: who has it has all of the share. Absent if it is not known where
    # others reach the node, or the share is revoked.
    link: str = field(default="", metadata={"json": "link"})

    # The address of its page, without what opens the torrent.
    page: str = field(default="", metadata={"json": "page"})

    # Whether one is needed.
    passphrase: bool = field(default=False, metadata={"json": "passphrase"})

    # 
    provenance: Optional[Provenance] = field(default=None, metadata={"json": "provenance"})

    # The link for everybody, if it is public.
    public_link: str = field(default="", metadata={"json": "public_link"})

    # That of the public one.
    public_torrent: str = field(default="", metadata={"json": "public_torrent"})

    # Whether others can follow the links, as far as that is known.
    reachable: bool = field(default=False, metadata={"json": "reachable"})

    # Of the record that was signed last.
    sequence: int = field(default=0, metadata={"json": "sequence"})

    # Bytes.
    size: int = field(default=0, metadata={"json": "size"})

    # One of active, expired, used-up, revoked.
    state: str = field(default="", metadata={"json": "state"})

    # 
    tags: List[str] = field(default_factory=list, metadata={"json": "tags"})

    # 
    title: str = field(default="", metadata={"json": "title"})

    # Key of the private torrent in the library.
    torrent: str = field(default="", metadata={"json": "torrent"})

    # How often it was.
    used: int = field(default=0, metadata={"json": "used"})

    # How often the link can still be redeemed; -1 for any number.
    uses_left: int = field(default=0, metadata={"json": "uses_left"})

    # 
    visits: int = field(default=0, metadata={"json": "visits"})


@dataclass
class ShareCaution:
    """An object of the API."""

    # 
    file: str = field(default="", metadata={"json": "file"})

    # Links and what is special are not shared. One of secret, name, hidden, backup,
    # opaque, unreadable, link, special, many.
    kind: str = field(default="", metadata={"json": "kind"})

    # 
    text: str = field(default="", metadata={"json": "text"})


@dataclass
class ShareFinding:
    """An object of the API."""

    # 
    file: str = field(default="", metadata={"json": "file"})

    # One of location, person, device, thumbnail, comment, time, software.
    kind: str = field(default="", metadata={"json": "kind"})

    # Whether a copy can be made without it.
    removable: bool = field(default=False, metadata={"json": "removable"})

    # 
    value: str = field(default="", metadata={"json": "value"})

    # What it is called in the file.
    what: str = field(default="", metadata={"json": "what"})


@dataclass
class SharePatch:
    """An object of the API."""

    # 
    description: Optional[str] = field(default=None, metadata={"json": "description"})

    # Whether files can be had over HTTP,
    direct: Optional[bool] = field(default=None, metadata={"json": "direct"})

    # up to so many bytes each; 0 is 100 MiB.
    direct_limit: Optional[int] = field(default=None, metadata={"json": "direct_limit"})

    # When the private link ends, as in RFC 3339; empty for never.
    expires: Optional[str] = field(default=None, metadata={"json": "expires"})

    # 
    licence: Optional[Licence] = field(default=None, metadata={"json": "licence"})

    # What is needed to redeem it; empty for nothing.
    passphrase: Optional[str] = field(default=None, metadata={"json": "passphrase"})

    # 
    provenance: Optional[Provenance] = field(default=None, metadata={"json": "provenance"})

    # 
    tags: Optional[List[str]] = field(default=None, metadata={"json": "tags"})

    # 
    title: Optional[str] = field(default=None, metadata={"json": "title"})

    # How often the link can be redeemed from now on; 0 for any number.
    uses: Optional[int] = field(default=None, metadata={"json": "uses"})


@dataclass
class SharedFile:
    """An object of the API."""

    # 
    path: str = field(default="", metadata={"json": "path"})

    # Bytes.
    size: int = field(default=0, metadata={"json": "size"})


@dataclass
class Shares:
    """An object of the API."""

    # The oldest first.
    shares: List[Share] = field(default_factory=list, metadata={"json": "shares"})


@dataclass
class SpeedLimits:
    """An object of the API."""

    # Bytes a second that are received, 0 for no limit.
    down: int = field(default=0, metadata={"json": "down"})

    # Bytes a second that are sent, 0 for no limit.
    up: int = field(default=0, metadata={"json": "up"})


@dataclass
class Statistics:
    """An object of the API."""

    # When the first step begins that may be there.
    from_: str = field(default="", metadata={"json": "from"})

    # Bytes of content in all of it.
    received: int = field(default=0, metadata={"json": "received"})

    # Bytes of content in all of it.
    sent: int = field(default=0, metadata={"json": "sent"})

    # How far back it goes. One of hour, day, month, year, all.
    span: str = field(default="", metadata={"json": "span"})

    # Seconds that each step lasts.
    step: int = field(default=0, metadata={"json": "step"})

    # The oldest first. The last goes on; where one is missing the node did not run.
    steps: List[StatisticsStep] = field(default_factory=list, metadata={"json": "steps"})


@dataclass
class StatisticsStep:
    """An object of the API."""

    # When the step begins.
    at: str = field(default="", metadata={"json": "at"})

    # Bytes of content.
    received: int = field(default=0, metadata={"json": "received"})

    # Bytes of content.
    sent: int = field(default=0, metadata={"json": "sent"})


@dataclass
class Status:
    """An object of the API."""

    # Nodes of the DHT that are known; 0 if the node takes no part.
    dht_nodes: int = field(default=0, metadata={"json": "dht_nodes"})

    # Where peers connect.
    listen: List[str] = field(default_factory=list, metadata={"json": "listen"})

    # Settings that were changed and wait for a restart.
    restart: List[str] = field(default_factory=list, metadata={"json": "restart"})

    # Number of the newest change.
    revision: int = field(default=0, metadata={"json": "revision"})

    # When the node was started.
    started: str = field(default="", metadata={"json": "started"})

    # All torrents together.
    totals: Optional[Totals] = field(default=None, metadata={"json": "totals"})

    # Of the program.
    version: str = field(default="", metadata={"json": "version"})


@dataclass
class Stream:
    """An object of the API."""

    # Number of the file in the torrent.
    index: int = field(default=0, metadata={"json": "index"})

    # Where it is below the folder of the torrent, with slashes.
    path: str = field(default="", metadata={"json": "path"})

    # For players. It is a secret: who can reach the node and has it can read the file.
    url: str = field(default="", metadata={"json": "url"})


@dataclass
class Streams:
    """An object of the API."""

    # When the URLs are good for nothing any more; a node that is started anew ends them as
    # well.
    expires: str = field(default="", metadata={"json": "expires"})

    # The main file first, then all others that can be played; or the one that was asked
    # for.
    files: List[Stream] = field(default_factory=list, metadata={"json": "files"})

    # Index of the file that a player is meant to get: the longest film or sound file, or
    # the longest of all.
    main: int = field(default=0, metadata={"json": "main"})

    # URL of a list of all that can be played (M3U).
    playlist: str = field(default="", metadata={"json": "playlist"})


@dataclass
class Swarm:
    """An object of the API."""

    # How many peers have become complete since the swarm is known.
    completed: int = field(default=0, metadata={"json": "completed"})

    # Of the torrent.
    key: str = field(default="", metadata={"json": "key"})

    # All others.
    leechers: int = field(default=0, metadata={"json": "leechers"})

    # What it is called here.
    name: str = field(default="", metadata={"json": "name"})

    # Peers that have everything, the node itself among them.
    seeders: int = field(default=0, metadata={"json": "seeders"})


@dataclass
class Swarms:
    """An object of the API."""

    # Those with most peers first.
    swarms: List[Swarm] = field(default_factory=list, metadata={"json": "swarms"})

    # How many torrents have peers.
    total: int = field(default=0, metadata={"json": "total"})


@dataclass
class Switch:
    """An object of the API."""

    # Whether they hold.
    on: bool = field(default=False, metadata={"json": "on"})


@dataclass
class TiersBody:
    """An object of the API."""

    # Addresses of trackers, those of the first tier first.
    tiers: List[List[str]] = field(default_factory=list, metadata={"json": "tiers"})


@dataclass
class Token:
    """An object of the API."""

    # When it was made.
    created: str = field(default="", metadata={"json": "created"})

    # When it stops being good; absent for never.
    expires: str = field(default="", metadata={"json": "expires"})

    # Its number.
    id: int = field(default=0, metadata={"json": "id"})

    # Which program it is for.
    name: str = field(default="", metadata={"json": "name"})

    # What may be done with it. Each has read with it, admin has all.
    scopes: List[str] = field(default_factory=list, metadata={"json": "scopes"})

    # When it was used last, to within the hour.
    used: str = field(default="", metadata={"json": "used"})


@dataclass
class Tokens:
    """An object of the API."""

    # In the order in which they were made.
    tokens: List[Token] = field(default_factory=list, metadata={"json": "tokens"})


@dataclass
class Torrent:
    """An object of the API."""

    # Seconds of seeding and fetching.
    active_time: int = field(default=0, metadata={"json": "active_time"})

    # When it was added.
    added: str = field(default="", metadata={"json": "added"})

    # Its category.
    category: str = field(default="", metadata={"json": "category"})

    # What the torrent says of itself.
    comment: str = field(default="", metadata={"json": "comment"})

    # When it was complete for the first time.
    completed: str = field(default="", metadata={"json": "completed"})

    # Bytes that were thrown away because they were wrong.
    corrupt: int = field(default=0, metadata={"json": "corrupt"})

    # When it was made.
    created: str = field(default="", metadata={"json": "created"})

    # What made it.
    created_by: str = field(default="", metadata={"json": "created_by"})

    # Folder that the content lies in.
    dir: str = field(default="", metadata={"json": "dir"})

    # Bytes of content that are there and verified.
    done: int = field(default=0, metadata={"json": "done"})

    # Bytes a second, 0 for no limit.
    down_limit: int = field(default=0, metadata={"json": "down_limit"})

    # Bytes a second.
    down_rate: int = field(default=0, metadata={"json": "down_rate"})

    # Seconds until it is complete at this rate; absent if nothing moves.
    eta: int = field(default=0, metadata={"json": "eta"})

    # How many files it has.
    files: int = field(default=0, metadata={"json": "files"})

    # Whether the first and last pieces of files come first.
    first_last: bool = field(default=False, metadata={"json": "first_last"})

    # Whether it is active whatever the queue says.
    forced: bool = field(default=False, metadata={"json": "forced"})

    # When it has given enough, the defaults included.
    goal: Optional[Goal] = field(default=None, metadata={"json": "goal"})

    # Number of the torrent at this node, from 1, for as long as it is there.
    id: int = field(default=0, metadata={"json": "id"})

    # By this it is named in paths: its info-hash of version 1 in hexadecimal, or that of
    # version 2 cut to 20 bytes.
    key: str = field(default="", metadata={"json": "key"})

    # Its labels, in order.
    labels: List[str] = field(default_factory=list, metadata={"json": "labels"})

    # When content was last sent or received.
    last_active: str = field(default="", metadata={"json": "last_active"})

    # Bytes that are wanted and missing.
    left: int = field(default=0, metadata={"json": "left"})

    # Connections, 0 for the default.
    max_peers: int = field(default=0, metadata={"json": "max_peers"})

    # What it is called here.
    name: str = field(default="", metadata={"json": "name"})

    # The user's own words.
    note: str = field(default="", metadata={"json": "note"})

    # Whether the user has stopped it.
    paused: bool = field(default=False, metadata={"json": "paused"})

    # Connected peers.
    peers: int = field(default=0, metadata={"json": "peers"})

    # Bytes of a piece.
    piece_length: int = field(default=0, metadata={"json": "piece_length"})

    # How many pieces it has.
    pieces: int = field(default=0, metadata={"json": "pieces"})

    # How many of them are there and verified.
    pieces_done: int = field(default=0, metadata={"json": "pieces_done"})

    # How many stand before it in the queue.
    position: int = field(default=0, metadata={"json": "position"})

    # Whether only its trackers may be asked for peers (BEP 27).
    private: bool = field(default=False, metadata={"json": "private"})

    # How much of what is wanted is there and verified, 0 to 1; while checking, how much is
    # checked.
    progress: float = field(default=0.0, metadata={"json": "progress"})

    # Bytes sent for each byte of the content.
    ratio: float = field(default=0.0, metadata={"json": "ratio"})

    # Why it is waiting, queued or failed.
    reason: str = field(default="", metadata={"json": "reason"})

    # Bytes of content received since it was added.
    received: int = field(default=0, metadata={"json": "received"})

    # Number of the last change.
    revision: int = field(default=0, metadata={"json": "revision"})

    # Seconds of seeding.
    seed_time: int = field(default=0, metadata={"json": "seed_time"})

    # Those that have everything.
    seeds: int = field(default=0, metadata={"json": "seeds"})

    # Bytes of content sent since it was added.
    sent: int = field(default=0, metadata={"json": "sent"})

    # Whether it is fetched from the front to the end.
    sequential: bool = field(default=False, metadata={"json": "sequential"})

    # Bytes of content; 0 as long as that is not known.
    size: int = field(default=0, metadata={"json": "size"})

    # What it does: metadata is a magnet link of which peers are asked what it consists of;
    # waiting goes on by itself, as soon as the disk takes data again; failed needs the
    # user. One of starting, checking, metadata, downloading, seeding, paused, waiting,
    # queued, failed.
    state: str = field(default="", metadata={"json": "state"})

    # Whether pieces are shown to peers one by one (BEP 16).
    super_seed: bool = field(default=False, metadata={"json": "super_seed"})

    # Whether peers are spoken to over TLS. One of off, prefer, require.
    tls: str = field(default="", metadata={"json": "tls"})

    # Those over TLS.
    tls_peers: int = field(default=0, metadata={"json": "tls_peers"})

    # Bytes a second, 0 for no limit.
    up_limit: int = field(default=0, metadata={"json": "up_limit"})

    # Bytes a second.
    up_rate: int = field(default=0, metadata={"json": "up_rate"})

    # Info-hash of version 1 (BEP 3), in hexadecimal.
    v1: str = field(default="", metadata={"json": "v1"})

    # Info-hash of version 2 (BEP 52), in hexadecimal.
    v2: str = field(default="", metadata={"json": "v2"})

    # Bytes of the files that are wanted.
    wanted: int = field(default=0, metadata={"json": "wanted"})

    # Web servers that content is fetched from.
    web_seeds: int = field(default=0, metadata={"json": "web_seeds"})


@dataclass
class Totals:
    """An object of the API."""

    # Bytes a second.
    down_rate: int = field(default=0, metadata={"json": "down_rate"})

    # The same of all time, of torrents that are there.
    ever_received: int = field(default=0, metadata={"json": "ever_received"})

    # The same of all time, of torrents that are there.
    ever_sent: int = field(default=0, metadata={"json": "ever_sent"})

    # Bytes that are wanted and missing.
    left: int = field(default=0, metadata={"json": "left"})

    # Connected peers.
    peers: int = field(default=0, metadata={"json": "peers"})

    # Bytes of content since the node was started.
    received: int = field(default=0, metadata={"json": "received"})

    # Bytes of content since the node was started.
    sent: int = field(default=0, metadata={"json": "sent"})

    # Bytes of content.
    size: int = field(default=0, metadata={"json": "size"})

    # How many there are in each state.
    states: Dict[str, int] = field(default_factory=dict, metadata={"json": "states"})

    # How many there are.
    torrents: int = field(default=0, metadata={"json": "torrents"})

    # Bytes a second.
    up_rate: int = field(default=0, metadata={"json": "up_rate"})


@dataclass
class Tracker:
    """An object of the API."""

    # Why it is of no use now.
    error: str = field(default="", metadata={"json": "error"})

    # How many other peers it tells of, -1 if it does not.
    leechers: int = field(default=0, metadata={"json": "leechers"})

    # Whether the user has named it, rather than the torrent.
    own: bool = field(default=False, metadata={"json": "own"})

    # How many peers with everything it tells of, -1 if it does not.
    seeders: int = field(default=0, metadata={"json": "seeders"})

    # How it is with it. One of idle, asking, working, failing.
    state: str = field(default="", metadata={"json": "state"})

    # Those of a lower tier are asked first (BEP 12).
    tier: int = field(default=0, metadata={"json": "tier"})

    # Its address; the host alone, unless torrents or settings may be changed: a key of the
    # user's may be in it.
    url: str = field(default="", metadata={"json": "url"})


@dataclass
class TrackerHistory:
    """An object of the API."""

    # The oldest first.
    minutes: List[TrackerMinute] = field(default_factory=list, metadata={"json": "minutes"})


@dataclass
class TrackerMinute:
    """An object of the API."""

    # Announces that could be read.
    announces: int = field(default=0, metadata={"json": "announces"})

    # The end of it.
    at: str = field(default="", metadata={"json": "at"})

    # Peers that were known, then.
    peers: int = field(default=0, metadata={"json": "peers"})

    # Requests that were refused.
    refused: int = field(default=0, metadata={"json": "refused"})

    # Scrapes that could be read.
    scrapes: int = field(default=0, metadata={"json": "scrapes"})

    # Swarms with peers, then.
    swarms: int = field(default=0, metadata={"json": "swarms"})


@dataclass
class TrackerRefused:
    """An object of the API."""

    # There was no room.
    full: int = field(default=0, metadata={"json": "full"})

    # It could not be meant.
    malformed: int = field(default=0, metadata={"json": "malformed"})

    # Too many came from one address.
    throttled: int = field(default=0, metadata={"json": "throttled"})

    # The node does not serve the torrent.
    unlisted: int = field(default=0, metadata={"json": "unlisted"})


@dataclass
class TrackerStatus:
    """An object of the API."""

    # Announces that could be read, those of the node itself left out.
    announces: int = field(default=0, metadata={"json": "announces"})

    # Those of them with an address of IPv6.
    ipv6: int = field(default=0, metadata={"json": "ipv6"})

    # Whether the node is a tracker; if not, all else is empty.
    on: bool = field(default=False, metadata={"json": "on"})

    # Peers that are known.
    peers: int = field(default=0, metadata={"json": "peers"})

    # Requests that were refused.
    refused: Optional[TrackerRefused] = field(default=None, metadata={"json": "refused"})

    # Scrapes that could be read.
    scrapes: int = field(default=0, metadata={"json": "scrapes"})

    # When it was started.
    since: str = field(default="", metadata={"json": "since"})

    # Swarms with peers. A torrent of both versions of BitTorrent is two.
    swarms: int = field(default=0, metadata={"json": "swarms"})

    # Where others announce to it, with its key; empty until it is known where others reach
    # the node. Torrents that are made here list it.
    url: str = field(default="", metadata={"json": "url"})


@dataclass
class Trackers:
    """An object of the API."""

    # Nodes of the DHT that are known; 0 if it is not used for the torrent.
    dht_nodes: int = field(default=0, metadata={"json": "dht_nodes"})

    # When the next of them is asked.
    next: str = field(default="", metadata={"json": "next"})

    # In the order in which they are asked.
    trackers: List[Tracker] = field(default_factory=list, metadata={"json": "trackers"})


@dataclass
class UnlockingBody:
    """An object of the API."""

    # Its passphrase.
    passphrase: str = field(default="", metadata={"json": "passphrase"})


@dataclass
class Wanted:
    """An object of the API."""

    # Its category.
    category: Optional[str] = field(default=None, metadata={"json": "category"})

    # Full path of the folder where it would land; that of the category, or the default.
    dir: Optional[str] = field(default=None, metadata={"json": "dir"})

    # The whole link, with what follows #.
    link: str = field(default="", metadata={"json": "link"})

    # To redeem it with.
    passphrase: Optional[str] = field(default=None, metadata={"json": "passphrase"})

    # Whether the link is redeemed if it has to be, which counts as a use of it. The node
    # remembers that for a day: to add it afterwards uses up nothing more.
    redeem: Optional[bool] = field(default=None, metadata={"json": "redeem"})


@dataclass
class WatchFolder:
    """An object of the API."""

    # Category of its torrents.
    category: Optional[str] = field(default=None, metadata={"json": "category"})

    # Full path of the folder that content goes to; empty for the default.
    dir: Optional[str] = field(default=None, metadata={"json": "dir"})

    # Labels of its torrents.
    labels: Optional[List[str]] = field(default=None, metadata={"json": "labels"})

    # Its full path.
    path: str = field(default="", metadata={"json": "path"})

    # Whether torrents wait for being resumed; as queue.add-paused says if this is left
    # out.
    paused: Optional[bool] = field(default=None, metadata={"json": "paused"})

    # What becomes of a file whose torrent was added: it gets the ending .added if nothing
    # is said. One of rename, move, delete.
    then: Optional[str] = field(default=None, metadata={"json": "then"})

    # Full path of the folder to which move moves it.
    to: Optional[str] = field(default=None, metadata={"json": "to"})


@dataclass
class WatchList:
    """An object of the API."""

    # In the order in which they are looked into.
    folders: List[WatchStatus] = field(default_factory=list, metadata={"json": "folders"})

    # Of the last files, the newest first; of this run alone.
    results: List[WatchResult] = field(default_factory=list, metadata={"json": "results"})


@dataclass
class WatchResult:
    """An object of the API."""

    # When.
    at: str = field(default="", metadata={"json": "at"})

    # Its full path.
    file: str = field(default="", metadata={"json": "file"})

    # What is wrong with it, if something is.
    problem: str = field(default="", metadata={"json": "problem"})

    # Number of the torrent, 0 if none was added.
    torrent: int = field(default=0, metadata={"json": "torrent"})


@dataclass
class WatchStatus:
    """An object of the API."""

    # What was said of it.
    folder: Optional[WatchFolder] = field(default=None, metadata={"json": "folder"})

    # Why it cannot be looked into, if it cannot.
    problem: str = field(default="", metadata={"json": "problem"})


@dataclass
class Way:
    """An object of the API."""

    # How it leaves. One of direct, proxy, off.
    by: str = field(default="", metadata={"json": "by"})

    # What the traffic is for. One of peers, trackers, web-seeds, dht, feeds, web, names.
    kind: str = field(default="", metadata={"json": "kind"})

    # URL of the proxy, without user and password.
    proxy: str = field(default="", metadata={"json": "proxy"})


class Client:
    """Asks one node; base is such as http://127.0.0.1:9471."""

    def __init__(self, base: str, token: str, timeout: float = 60):
        self._base = base.rstrip("/")
        self._token = token
        self._timeout = timeout

    def _ask(self, method: str, path: str, query: Dict[str, Any], body: Any = None, kind: str = "application/json"):
        given = {}
        for name, value in query.items():
            if value is None:
                continue
            if isinstance(value, bool):
                value = "true" if value else "false"
            given[name] = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        url = self._base + path + ("?" + urllib.parse.urlencode(given) if given else "")
        data = None
        headers = {"Authorization": "Bearer " + self._token}
        if body is not None:
            data = body if kind != "application/json" else json.dumps(_write(body)).encode()
            headers["Content-Type"] = kind
        request = urllib.request.Request(url, data=data, headers=headers, method=method)
        try:
            return urllib.request.urlopen(request, timeout=self._timeout)
        except urllib.error.HTTPError as e:
            with e:
                text = e.read()
            try:
                document = json.loads(text)
            except ValueError:
                document = {"title": str(e.reason)}
            raise Problem(e.code, document) from None

    def _do(self, method: str, path: str, query: Dict[str, Any], result: Any, body: Any = None, kind: str = "application/json") -> Any:
        with self._ask(method, path, query, body, kind) as answer:
            text = answer.read()
        if result is None:
            return None
        return text if result is bytes else _read(result, json.loads(text))

    def _stream(self, path: str, query: Dict[str, Any], result: Any) -> Iterator[Any]:
        """Yields the events of an answer; each is read as an object that has the name of
        the event as its one property."""
        with self._ask("GET", path, query) as answer:
            name, data = "", ""
            for line in answer:
                key, _, value = line.decode().rstrip("\r\n").partition(":")
                value = value[1:] if value.startswith(" ") else value
                if key == "event":
                    name = value
                elif key == "data":
                    data += value
                elif key == "" and data and not value:
                    yield _read(result, {name: json.loads(data)})
                    name, data = "", ""

    def list_audit(self, *, before: Optional[int] = None, limit: Optional[int] = None) -> Audit:
        """Show who has changed what.

        The newest ten thousand entries are kept.

        before: Only entries with a lower number; 0 for the newest.
        limit: How many are returned at most.
        """
        query: Dict[str, Any] = { "before": before, "limit": limit, }
        return self._do("GET", "/api/v1/audit", query, Audit)

    def backup_node(self, body: AskingBody) -> bytes:
        """Get a backup of the whole node.

        What warren restore takes: identities and the owner's key are in it. An answer that
        is broken off is none. This is for the owner alone, by the key or in the browser: no
        token opens it.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/backup", query, bytes, body, "application/json")

    def remove_block_list(self, *, location: Optional[str] = None) -> None:
        """Heed a list no more.

        location: As list-block-lists has it.
        """
        query: Dict[str, Any] = { "location": location, }
        return self._do("DELETE", "/api/v1/block-lists", query, None)

    def list_block_lists(self) -> BlockLists:
        """List lists of addresses that are not spoken to.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/block-lists", query, BlockLists)

    def add_block_list(self, body: NewBlockList) -> BlockLists:
        """Heed a list of addresses that are not spoken to.

        It is kept as the setting peers.block, which then counts instead of the list in the
        configuration file. What is behind a URL is fetched soon; list-block-lists tells what
        came of it.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/block-lists", query, BlockLists, body, "application/json")

    def refresh_block_lists(self) -> None:
        """Read all lists now.

        The answer does not wait for it; list-block-lists tells what came of it.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/block-lists/refresh", query, None)

    def list_categories(self) -> Categories:
        """List categories.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/categories", query, Categories)

    def remove_category(self, name: str) -> None:
        """Remove a category.

        Its torrents stay, and have none then.
        """
        query: Dict[str, Any] = { }
        return self._do("DELETE", "/api/v1/categories/" + _escape(name), query, None)

    def set_category(self, name: str, body: CategorySettings) -> Categories:
        """Make a category, or change one.
        """
        query: Dict[str, Any] = { }
        return self._do("PUT", "/api/v1/categories/" + _escape(name), query, Categories, body, "application/json")

    def list_changes(self, *, since: Optional[int] = None, fields: Optional[List[str]] = None) -> Delta:
        """Show what has changed since a revision.

        Nothing but the revision if nothing has. If the revision is not known any more, full
        is true and everything is in changed; better list the torrents page by page first,
        and ask from the revision of the first page.

        since: The revision that was seen last; 0 asks for everything.
        fields: Which properties of torrents; all if none is named.
        """
        query: Dict[str, Any] = { "since": since, "fields": fields, }
        return self._do("GET", "/api/v1/changes", query, Delta)

    def stream_events(self, *, since: Optional[int] = None, fields: Optional[List[str]] = None, torrent: Optional[List[int]] = None, totals: Optional[bool] = None) -> Iterator[Event]:
        """Follow what changes.

        A stream of Server-Sent Events. Without since: snapshot events until all torrents
        were sent, then ready. After that, and with a since that is still known, delta
        events, one a second at most. The ids of ready and delta are revisions: since takes
        them. Who reads too slowly is cut off and may come back.

        since: The revision that was seen last; 0 asks for everything.
        fields: Which properties of torrents; all if none is named.
        torrent: Numbers of the torrents to hear of; all if none is named. No torrent has the
        number 0.
        totals: Whether to hear of totals, and that categories or labels have changed, also
        when none of those torrents has.
        """
        query: Dict[str, Any] = { "since": since, "fields": fields, "torrent": torrent, "totals": totals, }
        return self._stream("/api/v1/events", query, Event)

    def list_feed_items(self, *, feed: Optional[int] = None, limit: Optional[int] = None) -> FeedItems:
        """List what is in feeds, and what became of it.

        feed: Number of the feed; 0 for all of them.
        limit: At most so many.
        """
        query: Dict[str, Any] = { "feed": feed, "limit": limit, }
        return self._do("GET", "/api/v1/feed-items", query, FeedItems)

    def mark_feed_item(self, id: int, body: FeedItemPatch) -> None:
        """Mark an item as read, or not.
        """
        query: Dict[str, Any] = { }
        return self._do("PATCH", "/api/v1/feed-items/" + _escape(id), query, None, body, "application/json")

    def fetch_feed_item(self, id: int, body: FetchOptions) -> None:
        """Add the torrent of an item, whatever rules say.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/feed-items/" + _escape(id) + "/fetch", query, None, body, "application/json")

    def list_feed_rules(self) -> FeedRules:
        """List rules by which items of feeds are fetched.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/feed-rules", query, FeedRules)

    def try_feed_rule(self, body: FeedTrial) -> FeedVerdicts:
        """Try what a rule would fetch.

        Of the items that lie here. Nothing is fetched, and nothing is kept; each item is
        looked at as if it were the next.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/feed-rules/try", query, FeedVerdicts, body, "application/json")

    def remove_feed_rule(self, name: str) -> None:
        """Remove a rule.
        """
        query: Dict[str, Any] = { }
        return self._do("DELETE", "/api/v1/feed-rules/" + _escape(name), query, None)

    def set_feed_rule(self, name: str, body: FeedRuleSettings) -> FeedRules:
        """Make a rule, or change one.

        It counts for what is in the feeds already: see try-feed-rule.
        """
        query: Dict[str, Any] = { }
        return self._do("PUT", "/api/v1/feed-rules/" + _escape(name), query, FeedRules, body, "application/json")

    def rename_feed_rule(self, name: str, body: FeedRuleName) -> FeedRules:
        """Give a rule another name.

        What was fetched by it stays known.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/feed-rules/" + _escape(name) + "/rename", query, FeedRules, body, "application/json")

    def list_feeds(self) -> FeedList:
        """List feeds, and how they stand.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/feeds", query, FeedList)

    def add_feed(self, body: NewFeed) -> Feed:
        """Add a feed.

        It is fetched soon; list-feeds tells what came of it.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/feeds", query, Feed, body, "application/json")

    def refresh_feeds(self) -> None:
        """Fetch all feeds now.

        The answer does not wait for them; list-feeds tells what came of it.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/feeds/refresh", query, None)

    def remove_feed(self, id: int) -> None:
        """Remove a feed.

        Torrents that came from it stay, and are not fetched again if it is added once more.
        """
        query: Dict[str, Any] = { }
        return self._do("DELETE", "/api/v1/feeds/" + _escape(id), query, None)

    def change_feed(self, id: int, body: FeedPatch) -> Feed:
        """Change a feed.
        """
        query: Dict[str, Any] = { }
        return self._do("PATCH", "/api/v1/feeds/" + _escape(id), query, Feed, body, "application/json")

    def mark_feed_read(self, id: int) -> None:
        """Mark all items of a feed as read.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/feeds/" + _escape(id) + "/read", query, None)

    def refresh_feed(self, id: int) -> None:
        """Fetch a feed now.

        The answer does not wait for it; list-feeds tells what came of it.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/feeds/" + _escape(id) + "/refresh", query, None)

    def browse_folder(self, *, path: Optional[str] = None, hidden: Optional[bool] = None) -> Folder:
        """List a folder of the machine that the node runs on.

        path: A full path; if absent, that of the folder where the user keeps files.
        hidden: Whether files that begin with a dot are listed.
        """
        query: Dict[str, Any] = { "path": path, "hidden": hidden, }
        return self._do("GET", "/api/v1/folder", query, Folder)

    def list_hooks(self) -> HookList:
        """List programs and servers that are told what happened, and what came of it.

        They are set in the configuration file alone (hooks.complete and the like): an API
        that could set them could run anything as the user of the node, and so could whoever
        gets hold of a token, or of the owner's browser. No operation changes that.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/hooks", query, HookList)

    def list_identities(self) -> Identities:
        """List the identities of the node.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/identities", query, Identities)

    def make_identity(self, body: NewIdentity) -> Identity:
        """Make another identity.

        It has nothing in common with those that are there.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/identities", query, Identity, body, "application/json")

    def import_identity(self, body: ImportingBody) -> Identity:
        """Take in a copy of an identity.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/identities/import", query, Identity, body, "application/json")

    def show_identity(self, identity: str) -> Identity:
        """Show an identity.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/identities/" + _escape(identity), query, Identity)

    def change_identity(self, identity: str, body: IdentityPatch) -> Identity:
        """Rename an identity, or make it the default.
        """
        query: Dict[str, Any] = { }
        return self._do("PATCH", "/api/v1/identities/" + _escape(identity), query, Identity, body, "application/json")

    def export_identity(self, identity: str, body: ExportingBody) -> Sealed:
        """Get a copy of an identity, to be kept elsewhere.

        This is for the owner alone, by the key or in the browser: no token opens it.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/identities/" + _escape(identity) + "/export", query, Sealed, body, "application/json")

    def lock_identity(self, identity: str) -> Identity:
        """Lock an identity.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/identities/" + _escape(identity) + "/lock", query, Identity)

    def set_passphrase(self, identity: str, body: ResealingBody) -> Identity:
        """Set, change or remove the passphrase of an identity.

        Whether it is locked stays as it was, unless it needs no passphrase any more.
        """
        query: Dict[str, Any] = { }
        return self._do("PUT", "/api/v1/identities/" + _escape(identity) + "/passphrase", query, Identity, body, "application/json")

    def unlock_identity(self, identity: str, body: UnlockingBody) -> Identity:
        """Unlock an identity until it is locked, or the node ends.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/identities/" + _escape(identity) + "/unlock", query, Identity, body, "application/json")

    def list_labels(self) -> Labels:
        """List labels.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/labels", query, Labels)

    def remove_label(self, name: str) -> None:
        """Take a label off all torrents, and forget it.
        """
        query: Dict[str, Any] = { }
        return self._do("DELETE", "/api/v1/labels/" + _escape(name), query, None)

    def set_label(self, name: str, body: LabelSettings) -> Labels:
        """Make a label, or change the limits of one.
        """
        query: Dict[str, Any] = { }
        return self._do("PUT", "/api/v1/labels/" + _escape(name), query, Labels, body, "application/json")

    def open_link(self, body: Wanted) -> Preview:
        """See what a link leads to.

        The node goes there, and adds nothing. Whoever answers there has to show the key that
        the link names; otherwise nothing is sent.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/links", query, Preview, body, "application/json")

    def get_log(self, *, level: Optional[str] = None) -> Log:
        """Show the newest lines of the log.

        level: Lines that matter at least so much. One of debug, info, warn, error.
        """
        query: Dict[str, Any] = { "level": level, }
        return self._do("GET", "/api/v1/log", query, Log)

    def stream_log(self, *, level: Optional[str] = None) -> Iterator[LogEvent]:
        """Follow the log.

        A stream of Server-Sent Events called line, which begins with the newest lines there
        are.

        level: Lines that matter at least so much. One of debug, info, warn, error.
        """
        query: Dict[str, Any] = { "level": level, }
        return self._stream("/api/v1/log/events", query, LogEvent)

    def get_network(self) -> Network:
        """Show by which way traffic leaves, and what does not.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/network", query, Network)

    def replace_owner_key(self) -> OwnerKey:
        """Make a new owner's key.

        The one before, and all cookies, open nothing from then on, and what the owner
        follows with them ends. Tokens stay good. This is for the owner alone, by the key or
        in the browser: no token opens it.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/owner-key", query, OwnerKey)

    def get_reachability(self) -> Reachability:
        """Show whether others can connect, and where.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/reachability", query, Reachability)

    def get_schedule(self) -> Schedule:
        """Show which limits hold now, and until when.

        Rules and limits are settings: change-settings changes them, under the names that are
        given here.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/schedule", query, Schedule)

    def switch_alternative(self, body: Switch) -> Schedule:
        """Let the alternative limits hold, or not.

        That counts until the schedule changes between the alternative limits and others, and
        outlives a restart.
        """
        query: Dict[str, Any] = { }
        return self._do("PUT", "/api/v1/schedule/alternative", query, Schedule, body, "application/json")

    def get_session(self) -> Session:
        """Show who asks, and what he may do.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/session", query, Session)

    def get_settings(self) -> Settings:
        """Show what can be set, and what it is set to.

        Secrets are left out; of URLs the host alone is shown, unless settings may be
        changed.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/settings", query, Settings)

    def change_settings(self, body: Dict[str, Any]) -> Settings:
        """Change settings.

        All that are given, or none. What was set by the environment or a flag cannot be
        changed.
        """
        query: Dict[str, Any] = { }
        return self._do("PATCH", "/api/v1/settings", query, Settings, body, "application/json")

    def list_shares(self) -> Shares:
        """List what is shared.

        With the links: who reads this can pass everything on.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/shares", query, Shares)

    def draft_share(self, body: NewDraft) -> Draft:
        """Look through a file or folder that is to be shared.

        The answer does not wait for it: show-draft tells how far it is. Nothing is shared
        before share-draft.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/shares/drafts", query, Draft, body, "application/json")

    def drop_draft(self, id: str) -> None:
        """Drop a draft, whatever it is at.

        What has become a share stays one.
        """
        query: Dict[str, Any] = { }
        return self._do("DELETE", "/api/v1/shares/drafts/" + _escape(id), query, None)

    def show_draft(self, id: str) -> Draft:
        """Show how far a draft is, and what was found.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/shares/drafts/" + _escape(id), query, Draft)

    def share_draft(self, id: str, body: NewShare) -> Draft:
        """Share a draft under a private link.

        The answer does not wait until it is hashed: show-draft tells how far it is, and
        which share it has become.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/shares/drafts/" + _escape(id) + "/share", query, Draft, body, "application/json")

    def make_torrent(self, id: str, body: MakeTorrent) -> Draft:
        """Make a torrent of a draft, and no share.

        For versions 1 and 2 (hybrid). The answer does not wait until it is hashed:
        show-draft tells how far it is, drop-draft ends it, and download-draft has the
        torrent.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/shares/drafts/" + _escape(id) + "/torrent", query, Draft, body, "application/json")

    def download_draft(self, id: str) -> bytes:
        """Get the torrent file that was made of a draft.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/shares/drafts/" + _escape(id) + "/torrent/file", query, bytes)

    def list_public_shares(self) -> PublicShares:
        """List what is shared with everybody, and where.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/shares/public", query, PublicShares)

    def revoke_share(self, id: str, *, content: Optional[bool] = None) -> None:
        """End a share: the links, the torrents, and those who are connected.

        Of a share that is revoked already, what is left is forgotten. What others have
        fetched, they have.

        content: Whether what is shared is removed from the disk.
        """
        query: Dict[str, Any] = { "content": content, }
        return self._do("DELETE", "/api/v1/shares/" + _escape(id), query, None)

    def show_share(self, id: str) -> Share:
        """Show a share.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/shares/" + _escape(id), query, Share)

    def change_share(self, id: str, body: SharePatch) -> Share:
        """Change what is said of a share, or what its link demands.

        Who has redeemed the link goes on, whatever it demands now.
        """
        query: Dict[str, Any] = { }
        return self._do("PATCH", "/api/v1/shares/" + _escape(id), query, Share, body, "application/json")

    def publish_share(self, id: str, body: Publication) -> Share:
        """Share something with everybody as well.

        It is listed under the public link of the node, and seeded as a public torrent. The
        private link stays.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/shares/" + _escape(id) + "/publish", query, Share, body, "application/json")

    def draw_share_link(self, id: str, which: str) -> str:
        """Get a link as a QR code.

        A picture in SVG: black on white, with room around it.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/shares/" + _escape(id) + "/qr/" + _escape(which), query, str)

    def unpublish_share(self, id: str) -> Share:
        """Share something no longer with everybody.

        What others have fetched, they have.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/shares/" + _escape(id) + "/unpublish", query, Share)

    def get_statistics(self, *, span: Optional[str] = None) -> Statistics:
        """Show what was received and sent over time.

        Of all torrents, also those that are gone. The hour begins with the node; the rest
        outlasts it.

        span: How far back: an hour in steps of 10 seconds, a day in steps of 10 minutes, 31
        days in hours, 366 days or all, which is two years, in days of UTC. One of hour, day,
        month, year, all.
        """
        query: Dict[str, Any] = { "span": span, }
        return self._do("GET", "/api/v1/statistics", query, Statistics)

    def get_status(self) -> Status:
        """Show how the node stands.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/status", query, Status)

    def list_tokens(self) -> Tokens:
        """List tokens.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/tokens", query, Tokens)

    def make_token(self, body: NewToken) -> Made:
        """Make a token for a program.

        Its text is told this once.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/tokens", query, Made, body, "application/json")

    def revoke_token(self, id: int) -> None:
        """Take a token away.
        """
        query: Dict[str, Any] = { }
        return self._do("DELETE", "/api/v1/tokens/" + _escape(id), query, None)

    def list_torrents(self, *, state: Optional[List[str]] = None, category: Optional[str] = None, label: Optional[List[str]] = None, tracker: Optional[str] = None, search: Optional[str] = None, sort: Optional[str] = None, reverse: Optional[bool] = None, offset: Optional[int] = None, limit: Optional[int] = None, fields: Optional[List[str]] = None) -> Page:
        """List torrents.

        A page of those that are asked for, filtered and sorted by the node. total is how
        many there are in all pages.

        state: Only those in one of these states; active is those that send or receive at
        this moment.
        category: Only those of this category; none is those without one.
        label: Only those that have all of these labels.
        tracker: Only those that one of whose trackers has this in its host; none is those
        without one.
        search: Only those whose name has all of these words, whatever their case.
        sort: By what they are sorted. One of id, name, state, progress, size, added,
        completed, last_active, down_rate, up_rate, eta, ratio, sent, received, peers, seeds,
        category, position.
        reverse: The other way round.
        offset: How many of those are passed over.
        limit: How many are returned at most.
        fields: Which properties of them; all if none is named.
        """
        query: Dict[str, Any] = { "state": state, "category": category, "label": label, "tracker": tracker, "search": search, "sort": sort, "reverse": reverse, "offset": offset, "limit": limit, "fields": fields, }
        return self._do("GET", "/api/v1/torrents", query, Page)

    def add_torrent(self, body: NewTorrent) -> Torrent:
        """Add a torrent.

        By one of magnet, url, file and link. If it is there already, the problem is
        duplicate, and the value of its first error is the torrent's key.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents", query, Torrent, body, "application/json")

    def do_with_torrents(self, body: Bulk) -> Done:
        """Do the same with many torrents.

        Where it fails with one of them, it is done with the others all the same.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents/bulk", query, Done, body, "application/json")

    def count_torrents(self) -> Counts:
        """Count torrents by state, category, label and tracker.

        Each name is what list-torrents can be asked for; the empty one of categories and
        trackers is none there.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/torrents/counts", query, Counts)

    def upload_torrent(self, body: bytes, *, dir: Optional[str] = None, category: Optional[str] = None, label: Optional[List[str]] = None, paused: Optional[bool] = None) -> Torrent:
        """Add a torrent by its file.

        The body is the file as it is. Everything else is as with add-torrent.

        dir: Full path of the folder that content goes to.
        category: Its category; made if it is not there.
        label: Its labels.
        paused: Whether it waits for being resumed.
        """
        query: Dict[str, Any] = { "dir": dir, "category": category, "label": label, "paused": paused, }
        return self._do("POST", "/api/v1/torrents/file", query, Torrent, body, "application/x-bittorrent")

    def remove_torrent(self, key: str, *, content: Optional[bool] = None) -> None:
        """Remove a torrent.

        Its files stay unless content is true.

        content: Whether its files are deleted as well.
        """
        query: Dict[str, Any] = { "content": content, }
        return self._do("DELETE", "/api/v1/torrents/" + _escape(key), query, None)

    def get_torrent(self, key: str) -> Torrent:
        """Show a torrent.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/torrents/" + _escape(key), query, Torrent)

    def change_torrent(self, key: str, body: Patch) -> Torrent:
        """Change a torrent.

        All that is given is changed, or nothing.
        """
        query: Dict[str, Any] = { }
        return self._do("PATCH", "/api/v1/torrents/" + _escape(key), query, Torrent, body, "application/json")

    def download_torrent(self, key: str) -> bytes:
        """Get the torrent file of a torrent.

        Without its trackers, in whose addresses may be keys, for who may not change torrents
        or settings.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/torrents/" + _escape(key) + "/file", query, bytes)

    def list_files(self, key: str) -> Files:
        """List the files of a torrent.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/torrents/" + _escape(key) + "/files", query, Files)

    def prioritize_files(self, key: str, body: PrioritizingBody) -> Files:
        """Say how much files of a torrent are wanted.
        """
        query: Dict[str, Any] = { }
        return self._do("PATCH", "/api/v1/torrents/" + _escape(key) + "/files", query, Files, body, "application/json")

    def move_torrent(self, key: str, body: MovingBody) -> MovedBody:
        """Move the content of a torrent to another folder.

        What takes longer than ten seconds is answered with 202, and goes on; if it fails,
        the log of the node has why, and the content is where it was.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents/" + _escape(key) + "/move", query, MovedBody, body, "application/json")

    def pause_torrent(self, key: str) -> None:
        """Pause a torrent.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents/" + _escape(key) + "/pause", query, None)

    def list_peers(self, key: str) -> Peers:
        """List the connected peers of a torrent.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/torrents/" + _escape(key) + "/peers", query, Peers)

    def add_peers(self, key: str, body: PeeringBody) -> None:
        """Name peers of a torrent, to be dialled.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents/" + _escape(key) + "/peers", query, None, body, "application/json")

    def show_pieces(self, key: str) -> Pieces:
        """Show which pieces of a torrent there are.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/torrents/" + _escape(key) + "/pieces", query, Pieces)

    def place_torrent(self, key: str, body: PlacingBody) -> None:
        """Give a torrent another place in the queue.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents/" + _escape(key) + "/position", query, None, body, "application/json")

    def reannounce_torrent(self, key: str) -> None:
        """Ask trackers and the DHT for peers, as soon as they allow it.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents/" + _escape(key) + "/reannounce", query, None)

    def recheck_torrent(self, key: str) -> None:
        """Check all content of a torrent once more, in the background.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents/" + _escape(key) + "/recheck", query, None)

    def rename_file(self, key: str, body: RenamingBody) -> None:
        """Rename a file or a folder of a torrent.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents/" + _escape(key) + "/rename", query, None, body, "application/json")

    def resume_torrent(self, key: str) -> None:
        """Resume a torrent.
        """
        query: Dict[str, Any] = { }
        return self._do("POST", "/api/v1/torrents/" + _escape(key) + "/resume", query, None)

    def list_streams(self, key: str, *, file: Optional[int] = None, seconds: Optional[int] = None) -> Streams:
        """Say where players can read the files of a torrent while they are fetched.

        What is read is fetched before all else. Ranges and HEAD work as with any file on the
        web.

        file: Index of the one file that is wanted, whatever it is; -1 for those that can be
        played.
        seconds: How long the URLs are good for.
        """
        query: Dict[str, Any] = { "file": file, "seconds": seconds, }
        return self._do("GET", "/api/v1/torrents/" + _escape(key) + "/streams", query, Streams)

    def list_trackers(self, key: str) -> Trackers:
        """List the trackers of a torrent.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/torrents/" + _escape(key) + "/trackers", query, Trackers)

    def set_trackers(self, key: str, body: TiersBody) -> Trackers:
        """Replace the trackers of a torrent.
        """
        query: Dict[str, Any] = { }
        return self._do("PUT", "/api/v1/torrents/" + _escape(key) + "/trackers", query, Trackers, body, "application/json")

    def get_tracker(self) -> TrackerStatus:
        """Show what the tracker of the node does.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/tracker", query, TrackerStatus)

    def get_tracker_history(self, *, minutes: Optional[int] = None) -> TrackerHistory:
        """Show what the tracker of the node did, minute by minute.

        Of the last day at most, and not before it was started.

        minutes: How far back.
        """
        query: Dict[str, Any] = { "minutes": minutes, }
        return self._do("GET", "/api/v1/tracker/history", query, TrackerHistory)

    def list_swarms(self, *, limit: Optional[int] = None) -> Swarms:
        """List the torrents with most peers at the tracker of the node.

        limit: How many are shown.
        """
        query: Dict[str, Any] = { "limit": limit, }
        return self._do("GET", "/api/v1/tracker/swarms", query, Swarms)

    def remove_watch_folder(self, *, path: Optional[str] = None) -> None:
        """Watch a folder no more.

        Nothing happens to the folder.

        path: Full path of the folder.
        """
        query: Dict[str, Any] = { "path": path, }
        return self._do("DELETE", "/api/v1/watch-folders", query, None)

    def list_watch_folders(self) -> WatchList:
        """List folders that are watched for torrent files, and what became of these.
        """
        query: Dict[str, Any] = { }
        return self._do("GET", "/api/v1/watch-folders", query, WatchList)

    def set_watch_folder(self, body: WatchFolder) -> WatchList:
        """Watch a folder, or change how it is watched.

        It is kept as the setting paths.watch, which then counts instead of the list in the
        configuration file.
        """
        query: Dict[str, Any] = { }
        return self._do("PUT", "/api/v1/watch-folders", query, WatchList, body, "application/json")

