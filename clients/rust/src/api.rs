// Code generated from docs/openapi.json by internal/house/clientgen. DO NOT EDIT.

use std::collections::BTreeMap;

use crate::http::escape;
use crate::json::{object, property, Bytes, Json, Value};
use crate::{Client, Error, Events};

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AskingBody {
    /// What the backup is encrypted under; not at all if absent.
    pub passphrase: Option<String>,
}

impl Value for AskingBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(AskingBody {
            passphrase: property(from, "passphrase")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("passphrase", self.passphrase.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attr {
    /// What it is about.
    pub key: String,
    /// What it says.
    pub value: String,
}

impl Value for Attr {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Attr {
            key: property(from, "key")?,
            value: property(from, "value")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("key", self.key.write()),
            ("value", self.value.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Audit {
    /// The newest first.
    pub entries: Vec<Entry>,
}

impl Value for Audit {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Audit {
            entries: property(from, "entries")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("entries", self.entries.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BlockList {
    /// When it was read last; left out if it never was.
    pub loaded: String,
    /// Full path of a file, or a URL; of that the host alone, unless settings may be
    /// changed.
    pub location: String,
    /// Why that has failed since, if it has: what was read before counts on.
    pub problem: String,
    /// How many ranges of addresses it has.
    pub ranges: i64,
    /// How many lines were not understood.
    pub skipped: i64,
}

impl Value for BlockList {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(BlockList {
            loaded: property(from, "loaded")?,
            location: property(from, "location")?,
            problem: property(from, "problem")?,
            ranges: property(from, "ranges")?,
            skipped: property(from, "skipped")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("loaded", self.loaded.write()),
            ("location", self.location.write()),
            ("problem", self.problem.write()),
            ("ranges", self.ranges.write()),
            ("skipped", self.skipped.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BlockLists {
    /// In the order in which they were added.
    pub lists: Vec<BlockList>,
}

impl Value for BlockLists {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(BlockLists {
            lists: property(from, "lists")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("lists", self.lists.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Blocked {
    /// Such as local network, or a kind of traffic; everything if the interface is away.
    pub what: String,
    /// In a sentence.
    pub why: String,
}

impl Value for Blocked {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Blocked {
            what: property(from, "what")?,
            why: property(from, "why")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("what", self.what.write()),
            ("why", self.why.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bulk {
    /// What is done with each of them, as by the operation of that name. One of pause,
    /// resume, recheck, reannounce, remove, change.
    pub action: String,
    /// With change: what is to be different.
    pub change: Option<Patch>,
    /// With remove: whether the files are deleted as well.
    pub content: Option<bool>,
    /// Info-hashes or ids of the torrents.
    pub keys: Vec<String>,
}

impl Value for Bulk {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Bulk {
            action: property(from, "action")?,
            change: property(from, "change")?,
            content: property(from, "content")?,
            keys: property(from, "keys")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("action", self.action.write()),
            ("change", self.change.write()),
            ("content", self.content.write()),
            ("keys", self.keys.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Categories {
    /// In the order of their names.
    pub categories: Vec<Category>,
}

impl Value for Categories {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Categories {
            categories: property(from, "categories")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("categories", self.categories.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Category {
    /// Folder that content of its torrents goes to; empty for the default.
    pub dir: String,
    /// Bytes a second for all of them together, 0 for no limit.
    pub down_limit: i64,
    /// What it is called.
    pub name: String,
    /// Bytes a second for all of them together, 0 for no limit.
    pub up_limit: i64,
}

impl Value for Category {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Category {
            dir: property(from, "dir")?,
            down_limit: property(from, "down_limit")?,
            name: property(from, "name")?,
            up_limit: property(from, "up_limit")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("dir", self.dir.write()),
            ("down_limit", self.down_limit.write()),
            ("name", self.name.write()),
            ("up_limit", self.up_limit.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CategorySettings {
    /// Full path of the folder that content of its torrents goes to; empty for the default.
    pub dir: Option<String>,
    /// Bytes a second for all of them together, 0 for no limit.
    pub down_limit: Option<i64>,
    /// Bytes a second for all of them together, 0 for no limit.
    pub up_limit: Option<i64>,
}

impl Value for CategorySettings {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(CategorySettings {
            dir: property(from, "dir")?,
            down_limit: property(from, "down_limit")?,
            up_limit: property(from, "up_limit")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("dir", self.dir.write()),
            ("down_limit", self.down_limit.write()),
            ("up_limit", self.up_limit.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Counts {
    /// How many send or receive at this moment.
    pub active: i64,
    /// How many are of each category; those without one under the empty name.
    pub categories: BTreeMap<String, i64>,
    /// How many have each label.
    pub labels: BTreeMap<String, i64>,
    /// How many are in each state; none is left out.
    pub states: BTreeMap<String, i64>,
    /// How many there are.
    pub total: i64,
    /// How many have each tracker, by its host; those without one under the empty name.
    pub trackers: BTreeMap<String, i64>,
}

impl Value for Counts {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Counts {
            active: property(from, "active")?,
            categories: property(from, "categories")?,
            labels: property(from, "labels")?,
            states: property(from, "states")?,
            total: property(from, "total")?,
            trackers: property(from, "trackers")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("active", self.active.write()),
            ("categories", self.categories.write()),
            ("labels", self.labels.write()),
            ("states", self.states.write()),
            ("total", self.total.write()),
            ("trackers", self.trackers.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Delta {
    /// Torrents that are new or stand differently, as they stand now.
    pub changed: Vec<Torrent>,
    /// Whether what was asked from is not known any more: then all torrents are in changed,
    /// and others are gone.
    pub full: bool,
    /// Whether categories or labels have changed.
    pub groups: bool,
    /// Ids of torrents that are gone.
    pub removed: Vec<i64>,
    /// To ask from next time.
    pub revision: i64,
    /// All torrents together, if something has changed.
    pub totals: Option<Totals>,
}

impl Value for Delta {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Delta {
            changed: property(from, "changed")?,
            full: property(from, "full")?,
            groups: property(from, "groups")?,
            removed: property(from, "removed")?,
            revision: property(from, "revision")?,
            totals: property(from, "totals")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("changed", self.changed.write()),
            ("full", self.full.write()),
            ("groups", self.groups.write()),
            ("removed", self.removed.write()),
            ("revision", self.revision.write()),
            ("totals", self.totals.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Done {
    /// How many torrents it was done with.
    pub done: i64,
    /// Those where it failed.
    pub failed: Vec<Failed>,
}

impl Value for Done {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Done {
            done: property(from, "done")?,
            failed: property(from, "failed")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("done", self.done.write()),
            ("failed", self.failed.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// The most urgent first, 100 at most.
    pub cautions: Vec<ShareCaution>,
    /// Bytes of the present step that are done,
    pub done: i64,
    /// Why it has failed, or is not public.
    pub error: String,
    /// 
    pub files: i64,
    /// The first 200 of what files tell.
    pub findings: Vec<ShareFinding>,
    /// All of it.
    pub found: i64,
    /// 
    pub id: String,
    /// 
    pub name: String,
    /// 
    pub path: String,
    /// How much of that can be taken out.
    pub removable: i64,
    /// What has become of it.
    pub share: String,
    /// Bytes.
    pub size: i64,
    /// One of looking, ready, stripping, hashing, done, failed.
    pub state: String,
    /// Key of the torrent that was made of it instead: download-draft has it.
    pub torrent: String,
    /// of so many; 0 until that is known, or while another draft has its turn.
    pub total: i64,
}

impl Value for Draft {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Draft {
            cautions: property(from, "cautions")?,
            done: property(from, "done")?,
            error: property(from, "error")?,
            files: property(from, "files")?,
            findings: property(from, "findings")?,
            found: property(from, "found")?,
            id: property(from, "id")?,
            name: property(from, "name")?,
            path: property(from, "path")?,
            removable: property(from, "removable")?,
            share: property(from, "share")?,
            size: property(from, "size")?,
            state: property(from, "state")?,
            torrent: property(from, "torrent")?,
            total: property(from, "total")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("cautions", self.cautions.write()),
            ("done", self.done.write()),
            ("error", self.error.write()),
            ("files", self.files.write()),
            ("findings", self.findings.write()),
            ("found", self.found.write()),
            ("id", self.id.write()),
            ("name", self.name.write()),
            ("path", self.path.write()),
            ("removable", self.removable.write()),
            ("share", self.share.write()),
            ("size", self.size.write()),
            ("state", self.state.write()),
            ("torrent", self.torrent.write()),
            ("total", self.total.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entry {
    /// When.
    pub at: String,
    /// Why it failed.
    pub failure: String,
    /// Its number, higher than those before.
    pub id: i64,
    /// Status of HTTP that it was answered with.
    pub status: i64,
    /// What it was done to.
    pub target: String,
    /// How that was shown. One of key, cookie, token, none.
    pub way: String,
    /// The operation.
    pub what: String,
    /// Name of the token, or owner.
    pub who: String,
}

impl Value for Entry {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Entry {
            at: property(from, "at")?,
            failure: property(from, "failure")?,
            id: property(from, "id")?,
            status: property(from, "status")?,
            target: property(from, "target")?,
            way: property(from, "way")?,
            what: property(from, "what")?,
            who: property(from, "who")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("at", self.at.write()),
            ("failure", self.failure.write()),
            ("id", self.id.write()),
            ("status", self.status.write()),
            ("target", self.target.write()),
            ("way", self.way.write()),
            ("what", self.what.write()),
            ("who", self.who.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ErrorDetail {
    /// Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id'
    pub location: String,
    /// Error message text
    pub message: String,
    /// The value at the given location
    pub value: Json,
}

impl Value for ErrorDetail {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(ErrorDetail {
            location: property(from, "location")?,
            message: property(from, "message")?,
            value: property(from, "value")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("location", self.location.write()),
            ("message", self.message.write()),
            ("value", self.value.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProblemDocument {
    /// A human-readable explanation specific to this occurrence of the problem.
    pub detail: String,
    /// Optional list of individual error details
    pub errors: Vec<ErrorDetail>,
    /// A URI reference that identifies the specific occurrence of the problem.
    pub instance: String,
    /// HTTP status code
    pub status: i64,
    /// A short, human-readable summary of the problem type. This value should not change
    /// between occurrences of the error.
    pub title: String,
    /// A URI reference to human-readable documentation for the error.
    pub type_: String,
}

impl Value for ProblemDocument {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(ProblemDocument {
            detail: property(from, "detail")?,
            errors: property(from, "errors")?,
            instance: property(from, "instance")?,
            status: property(from, "status")?,
            title: property(from, "title")?,
            type_: property(from, "type")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("detail", self.detail.write()),
            ("errors", self.errors.write()),
            ("instance", self.instance.write()),
            ("status", self.status.write()),
            ("title", self.title.write()),
            ("type", self.type_.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Event {
    /// Data of the event delta.
    pub delta: Option<Delta>,
    /// Data of the event ready.
    pub ready: Option<Ready>,
    /// Data of the event snapshot.
    pub snapshot: Option<Page>,
}

impl Value for Event {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Event {
            delta: property(from, "delta")?,
            ready: property(from, "ready")?,
            snapshot: property(from, "snapshot")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("delta", self.delta.write()),
            ("ready", self.ready.write()),
            ("snapshot", self.snapshot.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExportingBody {
    /// What the copy lies under; none if absent.
    pub passphrase: Option<String>,
}

impl Value for ExportingBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(ExportingBody {
            passphrase: property(from, "passphrase")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("passphrase", self.passphrase.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Failed {
    /// As it was given.
    pub key: String,
    /// Type of the problem.
    pub type_: String,
    /// Why, for people.
    pub why: String,
}

impl Value for Failed {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Failed {
            key: property(from, "key")?,
            type_: property(from, "type")?,
            why: property(from, "why")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("key", self.key.write()),
            ("type", self.type_.write()),
            ("why", self.why.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Family {
    /// When somebody connected last.
    pub arrived: String,
    /// Why that is so: asking, closed, offline, connected, own-address, mapped, firewall,
    /// refused, not-asked, carrier, no-router or two-routers.
    pub cause: String,
    /// Why the router has not passed on all ports.
    pub error: String,
    /// Where others reach us, as far as is known.
    pub external: String,
    /// Address of this machine by which packets leave.
    pub local: String,
    /// By which the router was asked for the port: PCP, NAT-PMP or UPnP.
    pub method: String,
    /// The next hop.
    pub router: String,
    /// As whom others see us.
    pub seen: String,
    /// Whether others can connect: yes if somebody on the Internet has. One of unknown,
    /// unproven, probably, yes.
    pub state: String,
}

impl Value for Family {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Family {
            arrived: property(from, "arrived")?,
            cause: property(from, "cause")?,
            error: property(from, "error")?,
            external: property(from, "external")?,
            local: property(from, "local")?,
            method: property(from, "method")?,
            router: property(from, "router")?,
            seen: property(from, "seen")?,
            state: property(from, "state")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("arrived", self.arrived.write()),
            ("cause", self.cause.write()),
            ("error", self.error.write()),
            ("external", self.external.write()),
            ("local", self.local.write()),
            ("method", self.method.write()),
            ("router", self.router.write()),
            ("seen", self.seen.write()),
            ("state", self.state.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Feed {
    /// When it was fetched last, or that was tried.
    pub checked: String,
    /// When it is fetched next; left out if that is as soon as can be.
    pub due: String,
    /// Seconds between two looks, 0 for what feeds.interval says.
    pub every: i64,
    /// How often that has failed in a row.
    pub failures: i64,
    /// Its number.
    pub id: i64,
    /// How many items of it lie here.
    pub items: i64,
    /// As the user calls it.
    pub name: String,
    /// Why it has failed the last time, if it has.
    pub problem: String,
    /// As it calls itself.
    pub title: String,
    /// How many of them nobody has marked as read.
    pub unread: i64,
    /// Where it is; the host alone, unless settings may be changed.
    pub url: String,
}

impl Value for Feed {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Feed {
            checked: property(from, "checked")?,
            due: property(from, "due")?,
            every: property(from, "every")?,
            failures: property(from, "failures")?,
            id: property(from, "id")?,
            items: property(from, "items")?,
            name: property(from, "name")?,
            problem: property(from, "problem")?,
            title: property(from, "title")?,
            unread: property(from, "unread")?,
            url: property(from, "url")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("checked", self.checked.write()),
            ("due", self.due.write()),
            ("every", self.every.write()),
            ("failures", self.failures.write()),
            ("id", self.id.write()),
            ("items", self.items.write()),
            ("name", self.name.write()),
            ("problem", self.problem.write()),
            ("title", self.title.write()),
            ("unread", self.unread.write()),
            ("url", self.url.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedItem {
    /// Whether the feed has it still.
    pub current: bool,
    /// Number of the feed.
    pub feed: i64,
    /// Its number.
    pub id: i64,
    /// Where its torrent is, if it says so; left out unless settings may be changed.
    pub link: String,
    /// Where people read about it; left out likewise.
    pub page: String,
    /// Why it was not added, or not by us.
    pub problem: String,
    /// As the feed says.
    pub published: String,
    /// Whether it was marked as read.
    pub read: bool,
    /// When it is tried again at the earliest.
    pub retry: String,
    /// By which rule it was added; empty if that was done by hand.
    pub rule: String,
    /// When it was seen first.
    pub seen: String,
    /// Bytes of its content, 0 if that is not known.
    pub size: i64,
    /// What became of it: nothing, its torrent was added, or that was given up. One of new,
    /// added, failed.
    pub state: String,
    /// What it is called.
    pub title: String,
    /// How often that was tried.
    pub tries: i64,
}

impl Value for FeedItem {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedItem {
            current: property(from, "current")?,
            feed: property(from, "feed")?,
            id: property(from, "id")?,
            link: property(from, "link")?,
            page: property(from, "page")?,
            problem: property(from, "problem")?,
            published: property(from, "published")?,
            read: property(from, "read")?,
            retry: property(from, "retry")?,
            rule: property(from, "rule")?,
            seen: property(from, "seen")?,
            size: property(from, "size")?,
            state: property(from, "state")?,
            title: property(from, "title")?,
            tries: property(from, "tries")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("current", self.current.write()),
            ("feed", self.feed.write()),
            ("id", self.id.write()),
            ("link", self.link.write()),
            ("page", self.page.write()),
            ("problem", self.problem.write()),
            ("published", self.published.write()),
            ("read", self.read.write()),
            ("retry", self.retry.write()),
            ("rule", self.rule.write()),
            ("seen", self.seen.write()),
            ("size", self.size.write()),
            ("state", self.state.write()),
            ("title", self.title.write()),
            ("tries", self.tries.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedItemPatch {
    /// Whether it counts as read.
    pub read: bool,
}

impl Value for FeedItemPatch {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedItemPatch {
            read: property(from, "read")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("read", self.read.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedItems {
    /// The newest first.
    pub items: Vec<FeedItem>,
}

impl Value for FeedItems {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedItems {
            items: property(from, "items")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("items", self.items.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedList {
    /// In the order in which they were added.
    pub feeds: Vec<Feed>,
    /// Whether feeds are read at all: feeds.on.
    pub on: bool,
}

impl Value for FeedList {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedList {
            feeds: property(from, "feeds")?,
            on: property(from, "on")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("feeds", self.feeds.write()),
            ("on", self.on.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedPatch {
    /// Seconds between two looks, at least 300; 0 for what feeds.interval says.
    pub every: Option<i64>,
    /// What to call it.
    pub name: Option<String>,
    /// Where it is.
    pub url: Option<String>,
}

impl Value for FeedPatch {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedPatch {
            every: property(from, "every")?,
            name: property(from, "name")?,
            url: property(from, "url")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("every", self.every.write()),
            ("name", self.name.write()),
            ("url", self.url.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedRule {
    /// When something was fetched by it last.
    pub last: String,
    /// What it is called. Rules are asked in the order of their names.
    pub name: String,
    /// What it wants.
    pub rule: FeedRuleSettings,
}

impl Value for FeedRule {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedRule {
            last: property(from, "last")?,
            name: property(from, "name")?,
            rule: property(from, "rule")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("last", self.last.write()),
            ("name", self.name.write()),
            ("rule", self.rule.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedRuleName {
    /// What it is called.
    pub name: String,
}

impl Value for FeedRuleName {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedRuleName {
            name: property(from, "name")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("name", self.name.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedRuleSettings {
    /// Category of what it fetches.
    pub category: Option<String>,
    /// Full path of the folder that content goes to; empty for the default.
    pub dir: Option<String>,
    /// Which episodes are wanted, as S01, S01E05-E10, S01E05- or 1x2;8-15;30-; empty for
    /// all.
    pub episodes: Option<String>,
    /// Words that it must not have, in the same way.
    pub exclude: Option<String>,
    /// URLs of the feeds it is for; none are all.
    pub feeds: Option<Vec<String>>,
    /// For how many days nothing else is fetched once something was.
    pub ignore_days: Option<i64>,
    /// Words that a title must have: spaces mean and, | means or, * and ? stand for any
    /// characters.
    pub include: Option<String>,
    /// Labels of what it fetches.
    pub labels: Option<Vec<String>>,
    /// Bytes; what is larger is not wanted. 0 for no bound.
    pub max_size: Option<i64>,
    /// Bytes; what is smaller is not wanted.
    pub min_size: Option<i64>,
    /// Whether it is kept without being asked.
    pub off: Option<bool>,
    /// Whether each episode is fetched once, and once more if it was repaired.
    pub once: Option<bool>,
    /// Whether it waits for being resumed; as queue.add-paused says if this is left out.
    pub paused: Option<bool>,
    /// Whether both are regular expressions (RE2) instead.
    pub regexp: Option<bool>,
}

impl Value for FeedRuleSettings {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedRuleSettings {
            category: property(from, "category")?,
            dir: property(from, "dir")?,
            episodes: property(from, "episodes")?,
            exclude: property(from, "exclude")?,
            feeds: property(from, "feeds")?,
            ignore_days: property(from, "ignore_days")?,
            include: property(from, "include")?,
            labels: property(from, "labels")?,
            max_size: property(from, "max_size")?,
            min_size: property(from, "min_size")?,
            off: property(from, "off")?,
            once: property(from, "once")?,
            paused: property(from, "paused")?,
            regexp: property(from, "regexp")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("category", self.category.write()),
            ("dir", self.dir.write()),
            ("episodes", self.episodes.write()),
            ("exclude", self.exclude.write()),
            ("feeds", self.feeds.write()),
            ("ignore_days", self.ignore_days.write()),
            ("include", self.include.write()),
            ("labels", self.labels.write()),
            ("max_size", self.max_size.write()),
            ("min_size", self.min_size.write()),
            ("off", self.off.write()),
            ("once", self.once.write()),
            ("paused", self.paused.write()),
            ("regexp", self.regexp.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedRules {
    /// In the order of their names, in which they are asked.
    pub rules: Vec<FeedRule>,
}

impl Value for FeedRules {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedRules {
            rules: property(from, "rules")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("rules", self.rules.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedTrial {
    /// At most so many items are looked at, the newest.
    pub limit: Option<i64>,
    /// Of a rule that is kept: it is tried if rule is left out, and otherwise what was
    /// fetched by it counts.
    pub name: Option<String>,
    /// A rule that need not be kept.
    pub rule: Option<FeedRuleSettings>,
}

impl Value for FeedTrial {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedTrial {
            limit: property(from, "limit")?,
            name: property(from, "name")?,
            rule: property(from, "rule")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("limit", self.limit.write()),
            ("name", self.name.write()),
            ("rule", self.rule.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedVerdict {
    /// The item.
    pub item: FeedItem,
    /// Whether the rule would fetch it.
    pub wanted: bool,
    /// Why not, if it would not.
    pub why: String,
}

impl Value for FeedVerdict {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedVerdict {
            item: property(from, "item")?,
            wanted: property(from, "wanted")?,
            why: property(from, "why")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("item", self.item.write()),
            ("wanted", self.wanted.write()),
            ("why", self.why.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FeedVerdicts {
    /// Of the items in feeds that it is for, the newest first.
    pub verdicts: Vec<FeedVerdict>,
}

impl Value for FeedVerdicts {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FeedVerdicts {
            verdicts: property(from, "verdicts")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("verdicts", self.verdicts.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FetchOptions {
    /// Its category.
    pub category: Option<String>,
    /// Full path of the folder that its content goes to; empty for the default.
    pub dir: Option<String>,
    /// Its labels.
    pub labels: Option<Vec<String>>,
    /// Whether it waits for being resumed; as queue.add-paused says if this is left out.
    pub paused: Option<bool>,
}

impl Value for FetchOptions {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FetchOptions {
            category: property(from, "category")?,
            dir: property(from, "dir")?,
            labels: property(from, "labels")?,
            paused: property(from, "paused")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("category", self.category.write()),
            ("dir", self.dir.write()),
            ("labels", self.labels.write()),
            ("paused", self.paused.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// Bytes that are there and verified.
    pub done: i64,
    /// The piece after the last one.
    pub end: i64,
    /// The first piece that has some of it.
    pub first: i64,
    /// Number of the file in the torrent, from 0.
    pub index: i64,
    /// Where its first byte is in the torrent.
    pub offset: i64,
    /// Where it is below the folder of the torrent, with slashes.
    pub path: String,
    /// Whether it is a film or sound by its name: list-streams says where players read it.
    pub playable: bool,
    /// How much it is wanted; skip is not fetched. One of skip, low, normal, high.
    pub priority: String,
    /// Bytes.
    pub size: i64,
}

impl Value for File {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(File {
            done: property(from, "done")?,
            end: property(from, "end")?,
            first: property(from, "first")?,
            index: property(from, "index")?,
            offset: property(from, "offset")?,
            path: property(from, "path")?,
            playable: property(from, "playable")?,
            priority: property(from, "priority")?,
            size: property(from, "size")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("done", self.done.write()),
            ("end", self.end.write()),
            ("first", self.first.write()),
            ("index", self.index.write()),
            ("offset", self.offset.write()),
            ("path", self.path.write()),
            ("playable", self.playable.write()),
            ("priority", self.priority.write()),
            ("size", self.size.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Files {
    /// Padding left out.
    pub files: Vec<File>,
}

impl Value for Files {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Files {
            files: property(from, "files")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("files", self.files.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Folder {
    /// Folders first, by name.
    pub entries: Vec<FolderEntry>,
    /// Absent at the root of the disk.
    pub parent: String,
    /// 
    pub path: String,
    /// There are more than the 5,000 that are listed.
    pub truncated: bool,
}

impl Value for Folder {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Folder {
            entries: property(from, "entries")?,
            parent: property(from, "parent")?,
            path: property(from, "path")?,
            truncated: property(from, "truncated")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("entries", self.entries.write()),
            ("parent", self.parent.write()),
            ("path", self.path.write()),
            ("truncated", self.truncated.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FolderEntry {
    /// 
    pub folder: bool,
    /// 
    pub modified: String,
    /// 
    pub name: String,
    /// 
    pub path: String,
    /// Bytes of a file.
    pub size: i64,
}

impl Value for FolderEntry {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(FolderEntry {
            folder: property(from, "folder")?,
            modified: property(from, "modified")?,
            name: property(from, "name")?,
            path: property(from, "path")?,
            size: property(from, "size")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("folder", self.folder.write()),
            ("modified", self.modified.write()),
            ("name", self.name.write()),
            ("path", self.path.write()),
            ("size", self.size.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Goal {
    /// Seconds of seeding without sending anything; 0 is the default, less is no goal.
    pub idle_time: Option<i64>,
    /// Bytes sent for each byte of the content; 0 is the default, less is no goal.
    pub ratio: Option<f64>,
    /// Seconds of seeding; 0 is the default, less is no goal.
    pub seed_time: Option<i64>,
    /// What happens then. One of pause, remove, remove-content.
    pub then: Option<String>,
}

impl Value for Goal {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Goal {
            idle_time: property(from, "idle_time")?,
            ratio: property(from, "ratio")?,
            seed_time: property(from, "seed_time")?,
            then: property(from, "then")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("idle_time", self.idle_time.write()),
            ("ratio", self.ratio.write()),
            ("seed_time", self.seed_time.write()),
            ("then", self.then.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hook {
    /// Of the setting, as complete for hooks.complete.
    pub name: String,
    /// What it is told of: added, completed, failed, removed.
    pub on: Vec<String>,
    /// Full path of the program, unless it is a server.
    pub program: String,
    /// Host of the server, unless it is a program.
    pub server: String,
    /// Seconds it may take.
    pub timeout: i64,
}

impl Value for Hook {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Hook {
            name: property(from, "name")?,
            on: property(from, "on")?,
            program: property(from, "program")?,
            server: property(from, "server")?,
            timeout: property(from, "timeout")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("name", self.name.write()),
            ("on", self.on.write()),
            ("program", self.program.write()),
            ("server", self.server.write()),
            ("timeout", self.timeout.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HookList {
    /// In the order in which they are told.
    pub hooks: Vec<Hook>,
    /// Of the last events, the newest first; of this run alone.
    pub results: Vec<HookResult>,
}

impl Value for HookList {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(HookList {
            hooks: property(from, "hooks")?,
            results: property(from, "results")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("hooks", self.hooks.write()),
            ("results", self.results.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HookResult {
    /// When it was told.
    pub at: String,
    /// What happened.
    pub event: String,
    /// Its name.
    pub hook: String,
    /// The beginning of what the program said; left out unless settings may be changed.
    pub output: String,
    /// Why it has failed, if it has.
    pub problem: String,
    /// Seconds.
    pub took: f64,
    /// Name of the torrent.
    pub torrent: String,
}

impl Value for HookResult {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(HookResult {
            at: property(from, "at")?,
            event: property(from, "event")?,
            hook: property(from, "hook")?,
            output: property(from, "output")?,
            problem: property(from, "problem")?,
            took: property(from, "took")?,
            torrent: property(from, "torrent")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("at", self.at.write()),
            ("event", self.event.write()),
            ("hook", self.hook.write()),
            ("output", self.output.write()),
            ("problem", self.problem.write()),
            ("took", self.took.write()),
            ("torrent", self.torrent.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Identities {
    /// The oldest first.
    pub identities: Vec<Identity>,
}

impl Value for Identities {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Identities {
            identities: property(from, "identities")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("identities", self.identities.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Identity {
    /// When it came to this node.
    pub created: String,
    /// Whether it is meant unless another is named.
    pub default: bool,
    /// Its text, which begins with wr1: others know it by this.
    pub id: String,
    /// Whether the passphrase has to be given before anything is done in its name.
    pub locked: bool,
    /// What its owner calls it. Nobody else sees that.
    pub name: String,
    /// Whether it lies under a passphrase.
    pub passphrase: bool,
}

impl Value for Identity {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Identity {
            created: property(from, "created")?,
            default: property(from, "default")?,
            id: property(from, "id")?,
            locked: property(from, "locked")?,
            name: property(from, "name")?,
            passphrase: property(from, "passphrase")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("created", self.created.write()),
            ("default", self.default.write()),
            ("id", self.id.write()),
            ("locked", self.locked.write()),
            ("name", self.name.write()),
            ("passphrase", self.passphrase.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IdentityPatch {
    /// True makes it the one that is meant unless another is named.
    pub default: Option<bool>,
    /// What to call it.
    pub name: Option<String>,
}

impl Value for IdentityPatch {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(IdentityPatch {
            default: property(from, "default")?,
            name: property(from, "name")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("default", self.default.write()),
            ("name", self.name.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportingBody {
    /// What export-identity has given, as base64. The passphrase is that of the file, and
    /// stays.
    pub file: Bytes,
    /// What to call it: 1 to 64 characters.
    pub name: String,
    /// What it lies under; none if absent.
    pub passphrase: Option<String>,
}

impl Value for ImportingBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(ImportingBody {
            file: property(from, "file")?,
            name: property(from, "name")?,
            passphrase: property(from, "passphrase")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("file", self.file.write()),
            ("name", self.name.write()),
            ("passphrase", self.passphrase.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Interface {
    /// From which packets leave.
    pub addresses: Vec<String>,
    /// Whether sockets are bound to its addresses only, as the system has nothing better:
    /// other routes can send packets elsewhere then.
    pub by_address: bool,
    /// As it was given: its name, or an address of it.
    pub name: String,
    /// Whether packets leave by it.
    pub up: bool,
    /// Why not.
    pub why: String,
}

impl Value for Interface {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Interface {
            addresses: property(from, "addresses")?,
            by_address: property(from, "by_address")?,
            name: property(from, "name")?,
            up: property(from, "up")?,
            why: property(from, "why")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("addresses", self.addresses.write()),
            ("by_address", self.by_address.write()),
            ("name", self.name.write()),
            ("up", self.up.write()),
            ("why", self.why.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Label {
    /// How many torrents have it.
    pub count: i64,
    /// Bytes a second for all of them together, 0 for no limit.
    pub down_limit: i64,
    /// The word.
    pub name: String,
    /// Bytes a second for all of them together, 0 for no limit.
    pub up_limit: i64,
}

impl Value for Label {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Label {
            count: property(from, "count")?,
            down_limit: property(from, "down_limit")?,
            name: property(from, "name")?,
            up_limit: property(from, "up_limit")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("count", self.count.write()),
            ("down_limit", self.down_limit.write()),
            ("name", self.name.write()),
            ("up_limit", self.up_limit.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LabelSettings {
    /// Bytes a second for all of them together, 0 for no limit.
    pub down_limit: Option<i64>,
    /// Bytes a second for all of them together, 0 for no limit.
    pub up_limit: Option<i64>,
}

impl Value for LabelSettings {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(LabelSettings {
            down_limit: property(from, "down_limit")?,
            up_limit: property(from, "up_limit")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("down_limit", self.down_limit.write()),
            ("up_limit", self.up_limit.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Labels {
    /// In their order.
    pub labels: Vec<Label>,
}

impl Value for Labels {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Labels {
            labels: property(from, "labels")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("labels", self.labels.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Licence {
    /// Of SPDX, such as CC-BY-4.0.
    pub id: Option<String>,
    /// In words.
    pub text: Option<String>,
}

impl Value for Licence {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Licence {
            id: property(from, "id")?,
            text: property(from, "text")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("id", self.id.write()),
            ("text", self.text.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// What else it says.
    pub attrs: Vec<Attr>,
    /// How much it matters. One of debug, info, warn, error.
    pub level: String,
    /// Lines before this one that a reader was too slow for.
    pub lost: i64,
    /// What happened.
    pub message: String,
    /// Part of the program.
    pub part: String,
    /// When.
    pub time: String,
}

impl Value for Line {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Line {
            attrs: property(from, "attrs")?,
            level: property(from, "level")?,
            lost: property(from, "lost")?,
            message: property(from, "message")?,
            part: property(from, "part")?,
            time: property(from, "time")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("attrs", self.attrs.write()),
            ("level", self.level.write()),
            ("lost", self.lost.write()),
            ("message", self.message.write()),
            ("part", self.part.write()),
            ("time", self.time.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Log {
    /// The oldest first.
    pub lines: Vec<Line>,
}

impl Value for Log {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Log {
            lines: property(from, "lines")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("lines", self.lines.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogEvent {
    /// Data of the event line.
    pub line: Option<Line>,
}

impl Value for LogEvent {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(LogEvent {
            line: property(from, "line")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("line", self.line.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Made {
    /// The token. It is told this once and kept nowhere.
    pub text: String,
    /// What is known of it.
    pub token: Token,
}

impl Value for Made {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Made {
            text: property(from, "text")?,
            token: property(from, "token")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("text", self.text.write()),
            ("token", self.token.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MakeTorrent {
    /// That everybody reads.
    pub comment: Option<String>,
    /// Whether its trackers alone say who has it (BEP 27).
    pub private: Option<bool>,
    /// Add it to the node as well, which names its own tracker then, and gives it to others.
    pub seed: Option<bool>,
    /// URLs, each asked if those before it fail.
    pub trackers: Option<Vec<String>>,
}

impl Value for MakeTorrent {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(MakeTorrent {
            comment: property(from, "comment")?,
            private: property(from, "private")?,
            seed: property(from, "seed")?,
            trackers: property(from, "trackers")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("comment", self.comment.write()),
            ("private", self.private.write()),
            ("seed", self.seed.write()),
            ("trackers", self.trackers.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MovedBody {
    /// Whether that is done; otherwise it goes on.
    pub done: bool,
}

impl Value for MovedBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(MovedBody {
            done: property(from, "done")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("done", self.done.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MovingBody {
    /// Full path of a folder; made if it is not there.
    pub dir: String,
}

impl Value for MovingBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(MovingBody {
            dir: property(from, "dir")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("dir", self.dir.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Network {
    /// What does not go at all, and why.
    pub blocked: Vec<Blocked>,
    /// That by which everything leaves; absent if it leaves as the routes of the machine
    /// say.
    pub interface: Option<Interface>,
    /// Whether nothing leaves while that interface is away: so wherever one is named.
    pub kill_switch: bool,
    /// Those in use. If one is away nothing goes beside it.
    pub proxies: Vec<Proxy>,
    /// By which way each kind of traffic leaves.
    pub ways: Vec<Way>,
}

impl Value for Network {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Network {
            blocked: property(from, "blocked")?,
            interface: property(from, "interface")?,
            kill_switch: property(from, "kill_switch")?,
            proxies: property(from, "proxies")?,
            ways: property(from, "ways")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("blocked", self.blocked.write()),
            ("interface", self.interface.write()),
            ("kill_switch", self.kill_switch.write()),
            ("proxies", self.proxies.write()),
            ("ways", self.ways.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewBlockList {
    /// Full path of a file, or a URL: ipfilter.dat, P2P text, or addresses, ranges and CIDR
    /// prefixes, gzipped or not.
    pub location: String,
}

impl Value for NewBlockList {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(NewBlockList {
            location: property(from, "location")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("location", self.location.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewDraft {
    /// The full path of a file or folder of the node.
    pub path: String,
}

impl Value for NewDraft {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(NewDraft {
            path: property(from, "path")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("path", self.path.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewFeed {
    /// Seconds between two looks, at least 300; 0 for what feeds.interval says.
    pub every: Option<i64>,
    /// What to call it.
    pub name: Option<String>,
    /// Where it is on the web. It may be on this machine or beside it.
    pub url: String,
}

impl Value for NewFeed {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(NewFeed {
            every: property(from, "every")?,
            name: property(from, "name")?,
            url: property(from, "url")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("every", self.every.write()),
            ("name", self.name.write()),
            ("url", self.url.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewIdentity {
    /// What to call it: 1 to 64 characters.
    pub name: String,
    /// What it lies under; none if absent.
    pub passphrase: Option<String>,
}

impl Value for NewIdentity {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(NewIdentity {
            name: property(from, "name")?,
            passphrase: property(from, "passphrase")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("name", self.name.write()),
            ("passphrase", self.passphrase.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewShare {
    /// True says that the owner has read what the draft tells.
    pub confirmed: bool,
    /// 
    pub description: Option<String>,
    /// Whether files can be had over HTTP,
    pub direct: Option<bool>,
    /// up to so many bytes each; 0 is 100 MiB.
    pub direct_limit: Option<i64>,
    /// When the private link ends, as in RFC 3339; never if absent.
    pub expires: Option<String>,
    /// Which signs: its name or text; the default one if absent.
    pub identity: Option<String>,
    /// 
    pub licence: Option<Licence>,
    /// What is needed to redeem it.
    pub passphrase: Option<String>,
    /// 
    pub provenance: Option<Provenance>,
    /// Share it with everybody at once: that needs a licence.
    pub publish: Option<bool>,
    /// Share a copy, from which is taken out what can be.
    pub strip: Option<bool>,
    /// 
    pub tags: Option<Vec<String>>,
    /// 
    pub title: String,
    /// How often the link can be redeemed; 0 for any number.
    pub uses: Option<i64>,
}

impl Value for NewShare {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(NewShare {
            confirmed: property(from, "confirmed")?,
            description: property(from, "description")?,
            direct: property(from, "direct")?,
            direct_limit: property(from, "direct_limit")?,
            expires: property(from, "expires")?,
            identity: property(from, "identity")?,
            licence: property(from, "licence")?,
            passphrase: property(from, "passphrase")?,
            provenance: property(from, "provenance")?,
            publish: property(from, "publish")?,
            strip: property(from, "strip")?,
            tags: property(from, "tags")?,
            title: property(from, "title")?,
            uses: property(from, "uses")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("confirmed", self.confirmed.write()),
            ("description", self.description.write()),
            ("direct", self.direct.write()),
            ("direct_limit", self.direct_limit.write()),
            ("expires", self.expires.write()),
            ("identity", self.identity.write()),
            ("licence", self.licence.write()),
            ("passphrase", self.passphrase.write()),
            ("provenance", self.provenance.write()),
            ("publish", self.publish.write()),
            ("strip", self.strip.write()),
            ("tags", self.tags.write()),
            ("title", self.title.write()),
            ("uses", self.uses.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewToken {
    /// When it stops being good; absent for never.
    pub expires: Option<String>,
    /// Which program it is for.
    pub name: String,
    /// What may be done with it.
    pub scopes: Vec<String>,
}

impl Value for NewToken {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(NewToken {
            expires: property(from, "expires")?,
            name: property(from, "name")?,
            scopes: property(from, "scopes")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("expires", self.expires.write()),
            ("name", self.name.write()),
            ("scopes", self.scopes.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewTorrent {
    /// Its category; made if it is not there.
    pub category: Option<String>,
    /// Full path of the folder that content goes to; that of the category, or the default.
    pub dir: Option<String>,
    /// Bytes a second, 0 for no limit.
    pub down_limit: Option<i64>,
    /// A torrent file, as base64.
    pub file: Option<Bytes>,
    /// Whether the first and last pieces of files come first.
    pub first_last: Option<bool>,
    /// Whether it is active whatever the queue says.
    pub forced: Option<bool>,
    /// When it has given enough.
    pub goal: Option<Goal>,
    /// Its labels.
    pub labels: Option<Vec<String>>,
    /// The whole link of a share, with what follows #.
    pub link: Option<String>,
    /// A magnet link.
    pub magnet: Option<String>,
    /// Connections, 0 for the default.
    pub max_peers: Option<i64>,
    /// What it is called here.
    pub name: Option<String>,
    /// Whether it was made here: the tracker of the node becomes one of its, unless it
    /// demands TLS or is a private one of others.
    pub ours: Option<bool>,
    /// To redeem the link with.
    pub passphrase: Option<String>,
    /// Whether it waits for being resumed; as the settings say.
    pub paused: Option<bool>,
    /// Addresses of peers, IP:PORT.
    pub peers: Option<Vec<String>>,
    /// Whether the link is redeemed if it has to be, which counts as a use of it unless
    /// open-link has done so.
    pub redeem: Option<bool>,
    /// Whether it is fetched from the front to the end.
    pub sequential: Option<bool>,
    /// Files that are not wanted, by their index.
    pub skip: Option<Vec<i64>>,
    /// By who has hashed the content that lies in dir just now: SHA-256 in hexadecimal over
    /// path NUL size NUL time of last change in nanoseconds since 1970 LF for each file but
    /// padding. If the node finds the same, it does not hash it again. For the owner alone.
    pub stamp: Option<String>,
    /// Whether pieces are shown to peers one by one (BEP 16).
    pub super_seed: Option<bool>,
    /// Whether peers are spoken to over TLS; as the settings say. One of off, prefer,
    /// require.
    pub tls: Option<String>,
    /// Trackers that are asked before its own; they may be on this machine or in its
    /// network.
    pub trackers: Option<Vec<String>>,
    /// Bytes a second, 0 for no limit.
    pub up_limit: Option<i64>,
    /// Where a torrent file is on the web: http or https, on the Internet alone; or a magnet
    /// link, or the link of a share.
    pub url: Option<String>,
}

impl Value for NewTorrent {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(NewTorrent {
            category: property(from, "category")?,
            dir: property(from, "dir")?,
            down_limit: property(from, "down_limit")?,
            file: property(from, "file")?,
            first_last: property(from, "first_last")?,
            forced: property(from, "forced")?,
            goal: property(from, "goal")?,
            labels: property(from, "labels")?,
            link: property(from, "link")?,
            magnet: property(from, "magnet")?,
            max_peers: property(from, "max_peers")?,
            name: property(from, "name")?,
            ours: property(from, "ours")?,
            passphrase: property(from, "passphrase")?,
            paused: property(from, "paused")?,
            peers: property(from, "peers")?,
            redeem: property(from, "redeem")?,
            sequential: property(from, "sequential")?,
            skip: property(from, "skip")?,
            stamp: property(from, "stamp")?,
            super_seed: property(from, "super_seed")?,
            tls: property(from, "tls")?,
            trackers: property(from, "trackers")?,
            up_limit: property(from, "up_limit")?,
            url: property(from, "url")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("category", self.category.write()),
            ("dir", self.dir.write()),
            ("down_limit", self.down_limit.write()),
            ("file", self.file.write()),
            ("first_last", self.first_last.write()),
            ("forced", self.forced.write()),
            ("goal", self.goal.write()),
            ("labels", self.labels.write()),
            ("link", self.link.write()),
            ("magnet", self.magnet.write()),
            ("max_peers", self.max_peers.write()),
            ("name", self.name.write()),
            ("ours", self.ours.write()),
            ("passphrase", self.passphrase.write()),
            ("paused", self.paused.write()),
            ("peers", self.peers.write()),
            ("redeem", self.redeem.write()),
            ("sequential", self.sequential.write()),
            ("skip", self.skip.write()),
            ("stamp", self.stamp.write()),
            ("super_seed", self.super_seed.write()),
            ("tls", self.tls.write()),
            ("trackers", self.trackers.write()),
            ("up_limit", self.up_limit.write()),
            ("url", self.url.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OwnerKey {
    /// The key. It lies in HOME/management-token as well.
    pub key: String,
    /// Where a browser gets its cookie with it, from the root of the node's address on.
    pub path: String,
}

impl Value for OwnerKey {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(OwnerKey {
            key: property(from, "key")?,
            path: property(from, "path")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("key", self.key.write()),
            ("path", self.path.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// How many were in the pages before.
    pub offset: i64,
    /// When the snapshot was begun.
    pub revision: i64,
    /// The torrents, in the order of their ids.
    pub torrents: Vec<Torrent>,
    /// Torrents in all pages together.
    pub total: i64,
}

impl Value for Page {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Page {
            offset: property(from, "offset")?,
            revision: property(from, "revision")?,
            torrents: property(from, "torrents")?,
            total: property(from, "total")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("offset", self.offset.write()),
            ("revision", self.revision.write()),
            ("torrents", self.torrents.write()),
            ("total", self.total.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Patch {
    /// Labels that it gets as well.
    pub add_labels: Option<Vec<String>>,
    /// Its category; made if it is not there. Empty for none.
    pub category: Option<String>,
    /// Bytes a second, 0 for no limit.
    pub down_limit: Option<i64>,
    /// Whether the first and last pieces of files come first.
    pub first_last: Option<bool>,
    /// Whether it is active whatever the queue says.
    pub forced: Option<bool>,
    /// When it has given enough.
    pub goal: Option<Goal>,
    /// Its labels.
    pub labels: Option<Vec<String>>,
    /// Connections, 0 for the default.
    pub max_peers: Option<i64>,
    /// What it is called here.
    pub name: Option<String>,
    /// The user's own words.
    pub note: Option<String>,
    /// Labels that are taken off it.
    pub remove_labels: Option<Vec<String>>,
    /// Whether it is fetched from the front to the end.
    pub sequential: Option<bool>,
    /// Whether pieces are shown to peers one by one (BEP 16), from the next start on.
    pub super_seed: Option<bool>,
    /// Whether peers are spoken to over TLS. One of off, prefer, require.
    pub tls: Option<String>,
    /// Bytes a second, 0 for no limit.
    pub up_limit: Option<i64>,
}

impl Value for Patch {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Patch {
            add_labels: property(from, "add_labels")?,
            category: property(from, "category")?,
            down_limit: property(from, "down_limit")?,
            first_last: property(from, "first_last")?,
            forced: property(from, "forced")?,
            goal: property(from, "goal")?,
            labels: property(from, "labels")?,
            max_peers: property(from, "max_peers")?,
            name: property(from, "name")?,
            note: property(from, "note")?,
            remove_labels: property(from, "remove_labels")?,
            sequential: property(from, "sequential")?,
            super_seed: property(from, "super_seed")?,
            tls: property(from, "tls")?,
            up_limit: property(from, "up_limit")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("add_labels", self.add_labels.write()),
            ("category", self.category.write()),
            ("down_limit", self.down_limit.write()),
            ("first_last", self.first_last.write()),
            ("forced", self.forced.write()),
            ("goal", self.goal.write()),
            ("labels", self.labels.write()),
            ("max_peers", self.max_peers.write()),
            ("name", self.name.write()),
            ("note", self.note.write()),
            ("remove_labels", self.remove_labels.write()),
            ("sequential", self.sequential.write()),
            ("super_seed", self.super_seed.write()),
            ("tls", self.tls.write()),
            ("up_limit", self.up_limit.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Peer {
    /// IP:PORT.
    pub address: String,
    /// Whether we serve it not.
    pub am_choking: bool,
    /// Whether we want something of it.
    pub am_interested: bool,
    /// Whether it serves us not.
    pub choking: bool,
    /// What it says it is, "" if it does not.
    pub client: String,
    /// Bytes a second, from it.
    pub down_rate: i64,
    /// Whether it has called us.
    pub incoming: bool,
    /// Whether it wants something of us.
    pub interested: bool,
    /// By which way. One of tcp, utp.
    pub over: String,
    /// How much it has, 0 to 1.
    pub progress: f64,
    /// How the connection is protected. One of tls, mse, plain.
    pub protection: String,
    /// Bytes of content from it.
    pub received: i64,
    /// Whether it has everything.
    pub seed: bool,
    /// Bytes of content to it.
    pub sent: i64,
    /// When it was connected.
    pub since: String,
    /// Bytes a second, to it.
    pub up_rate: i64,
}

impl Value for Peer {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Peer {
            address: property(from, "address")?,
            am_choking: property(from, "am_choking")?,
            am_interested: property(from, "am_interested")?,
            choking: property(from, "choking")?,
            client: property(from, "client")?,
            down_rate: property(from, "down_rate")?,
            incoming: property(from, "incoming")?,
            interested: property(from, "interested")?,
            over: property(from, "over")?,
            progress: property(from, "progress")?,
            protection: property(from, "protection")?,
            received: property(from, "received")?,
            seed: property(from, "seed")?,
            sent: property(from, "sent")?,
            since: property(from, "since")?,
            up_rate: property(from, "up_rate")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("address", self.address.write()),
            ("am_choking", self.am_choking.write()),
            ("am_interested", self.am_interested.write()),
            ("choking", self.choking.write()),
            ("client", self.client.write()),
            ("down_rate", self.down_rate.write()),
            ("incoming", self.incoming.write()),
            ("interested", self.interested.write()),
            ("over", self.over.write()),
            ("progress", self.progress.write()),
            ("protection", self.protection.write()),
            ("received", self.received.write()),
            ("seed", self.seed.write()),
            ("sent", self.sent.write()),
            ("since", self.since.write()),
            ("up_rate", self.up_rate.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PeeringBody {
    /// Addresses, IP:PORT.
    pub peers: Vec<String>,
}

impl Value for PeeringBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(PeeringBody {
            peers: property(from, "peers")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("peers", self.peers.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Peers {
    /// In no order.
    pub peers: Vec<Peer>,
}

impl Value for Peers {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Peers {
            peers: property(from, "peers")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("peers", self.peers.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pieces {
    /// How many connected peers have each piece; empty if nothing moves.
    pub availability: Vec<i64>,
    /// How many pieces the torrent has.
    pub count: i64,
    /// How many of them are there and verified.
    pub done: i64,
    /// One bit for each piece, the first one in the highest bit of the first byte (BEP 3),
    /// as base64.
    pub have: Bytes,
    /// Bytes of a piece; the last may be shorter.
    pub length: i64,
}

impl Value for Pieces {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Pieces {
            availability: property(from, "availability")?,
            count: property(from, "count")?,
            done: property(from, "done")?,
            have: property(from, "have")?,
            length: property(from, "length")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("availability", self.availability.write()),
            ("count", self.count.write()),
            ("done", self.done.write()),
            ("have", self.have.write()),
            ("length", self.length.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlacingBody {
    /// How many are to stand before it in the queue.
    pub position: i64,
}

impl Value for PlacingBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(PlacingBody {
            position: property(from, "position")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("position", self.position.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preview {
    /// 
    pub description: String,
    /// When the link ends.
    pub expires: String,
    /// 
    pub files: i64,
    /// The first 100.
    pub first_files: Vec<SharedFile>,
    /// and whether they suffice.
    pub fits: bool,
    /// Bytes on the disk where it would land, -1 if that is not known,
    pub free: i64,
    /// The key of the torrent, if the node has it already.
    pub here: String,
    /// Of who has signed it, in hexadecimal.
    pub key: String,
    /// One of private, public.
    pub kind: String,
    /// 
    pub licence: Licence,
    /// It is shown to those alone who redeem the link with a passphrase; nothing below is
    /// known.
    pub needs_passphrase: bool,
    /// It is shown to those alone who redeem the link, which uses it up in part; nothing
    /// below is known.
    pub needs_redeem: bool,
    /// 
    pub provenance: Provenance,
    /// Bytes of all files.
    pub size: i64,
    /// 
    pub tags: Vec<String>,
    /// 
    pub title: String,
}

impl Value for Preview {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Preview {
            description: property(from, "description")?,
            expires: property(from, "expires")?,
            files: property(from, "files")?,
            first_files: property(from, "first_files")?,
            fits: property(from, "fits")?,
            free: property(from, "free")?,
            here: property(from, "here")?,
            key: property(from, "key")?,
            kind: property(from, "kind")?,
            licence: property(from, "licence")?,
            needs_passphrase: property(from, "needs_passphrase")?,
            needs_redeem: property(from, "needs_redeem")?,
            provenance: property(from, "provenance")?,
            size: property(from, "size")?,
            tags: property(from, "tags")?,
            title: property(from, "title")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("description", self.description.write()),
            ("expires", self.expires.write()),
            ("files", self.files.write()),
            ("first_files", self.first_files.write()),
            ("fits", self.fits.write()),
            ("free", self.free.write()),
            ("here", self.here.write()),
            ("key", self.key.write()),
            ("kind", self.kind.write()),
            ("licence", self.licence.write()),
            ("needs_passphrase", self.needs_passphrase.write()),
            ("needs_redeem", self.needs_redeem.write()),
            ("provenance", self.provenance.write()),
            ("size", self.size.write()),
            ("tags", self.tags.write()),
            ("title", self.title.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrioritizingBody {
    /// By the index of the file: skip, low, normal or high.
    pub priorities: BTreeMap<String, String>,
}

impl Value for PrioritizingBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(PrioritizingBody {
            priorities: property(from, "priorities")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("priorities", self.priorities.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provenance {
    /// Who made it.
    pub author: Option<String>,
    /// When it was made: a date such as 2024-05-01, or a time as in RFC 3339.
    pub created: Option<String>,
    /// What it was made of.
    pub derived: Option<String>,
    /// An address where more is to be found.
    pub source: Option<String>,
}

impl Value for Provenance {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Provenance {
            author: property(from, "author")?,
            created: property(from, "created")?,
            derived: property(from, "derived")?,
            source: property(from, "source")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("author", self.author.write()),
            ("created", self.created.write()),
            ("derived", self.derived.write()),
            ("source", self.source.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Proxy {
    /// Its URL, without user and password.
    pub proxy: String,
    /// Why the last attempt to reach it came to nothing.
    pub trouble: String,
}

impl Value for Proxy {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Proxy {
            proxy: property(from, "proxy")?,
            trouble: property(from, "trouble")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("proxy", self.proxy.write()),
            ("trouble", self.trouble.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PublicShares {
    /// Where they are listed; absent if there are none, or it is not known where others
    /// reach the node.
    pub link: String,
    /// 
    pub shares: Vec<Share>,
}

impl Value for PublicShares {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(PublicShares {
            link: property(from, "link")?,
            shares: property(from, "shares")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("link", self.link.write()),
            ("shares", self.shares.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Publication {
    /// True says that the owner has read what becomes public.
    pub confirmed: bool,
    /// Instead of the licence that it has: what is public needs one.
    pub licence: Option<Licence>,
    /// Instead of the title that it has.
    pub title: Option<String>,
}

impl Value for Publication {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Publication {
            confirmed: property(from, "confirmed")?,
            licence: property(from, "licence")?,
            title: property(from, "title")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("confirmed", self.confirmed.write()),
            ("licence", self.licence.write()),
            ("title", self.title.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reachability {
    /// What can be done, if anything has to be.
    pub advice: String,
    /// By IPv4.
    pub ipv4: Family,
    /// By IPv6.
    pub ipv6: Family,
    /// The node listens on; 0 without.
    pub port: i64,
    /// In a sentence.
    pub summary: String,
}

impl Value for Reachability {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Reachability {
            advice: property(from, "advice")?,
            ipv4: property(from, "ipv4")?,
            ipv6: property(from, "ipv6")?,
            port: property(from, "port")?,
            summary: property(from, "summary")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("advice", self.advice.write()),
            ("ipv4", self.ipv4.write()),
            ("ipv6", self.ipv6.write()),
            ("port", self.port.write()),
            ("summary", self.summary.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ready {
    /// When the snapshot was begun.
    pub revision: i64,
    /// All torrents together, if they are wanted.
    pub totals: Option<Totals>,
}

impl Value for Ready {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Ready {
            revision: property(from, "revision")?,
            totals: property(from, "totals")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("revision", self.revision.write()),
            ("totals", self.totals.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RenamingBody {
    /// Path of a file or folder of the torrent, with slashes.
    pub from: String,
    /// Path that it gets.
    pub to: String,
}

impl Value for RenamingBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(RenamingBody {
            from: property(from, "from")?,
            to: property(from, "to")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("from", self.from.write()),
            ("to", self.to.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ResealingBody {
    /// The passphrase that it lies under now, if there is one.
    pub old: Option<String>,
    /// The new one; empty for none.
    pub passphrase: String,
}

impl Value for ResealingBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(ResealingBody {
            old: property(from, "old")?,
            passphrase: property(from, "passphrase")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("old", self.old.write()),
            ("passphrase", self.passphrase.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schedule {
    /// The other limits: limits.alternative.up and limits.alternative.down.
    pub alternative: SpeedLimits,
    /// Whether that was said by hand, against the rules.
    pub by_hand: bool,
    /// Whether the limits that hold now are the alternative ones.
    pub is_alternative: bool,
    /// What holds now.
    pub limits: SpeedLimits,
    /// Whether rules are kept: schedule.on.
    pub on: bool,
    /// Whether the schedule has stopped everything.
    pub paused: bool,
    /// What holds when, as in schedule.rules; the last one that names a limit decides on it.
    pub rules: Vec<String>,
    /// When something else holds; left out if that never happens by itself.
    pub until: String,
    /// What holds when no rule says anything: limits.up and limits.down.
    pub usual: SpeedLimits,
}

impl Value for Schedule {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Schedule {
            alternative: property(from, "alternative")?,
            by_hand: property(from, "by_hand")?,
            is_alternative: property(from, "is_alternative")?,
            limits: property(from, "limits")?,
            on: property(from, "on")?,
            paused: property(from, "paused")?,
            rules: property(from, "rules")?,
            until: property(from, "until")?,
            usual: property(from, "usual")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("alternative", self.alternative.write()),
            ("by_hand", self.by_hand.write()),
            ("is_alternative", self.is_alternative.write()),
            ("limits", self.limits.write()),
            ("on", self.on.write()),
            ("paused", self.paused.write()),
            ("rules", self.rules.write()),
            ("until", self.until.write()),
            ("usual", self.usual.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sealed {
    /// As docs/protocols/permid.md has it, as base64. Who has it, and its passphrase if
    /// there is one, is this identity to others.
    pub file: Bytes,
}

impl Value for Sealed {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Sealed {
            file: property(from, "file")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("file", self.file.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Session {
    /// With a cookie: what a change must send as the header X-CSRF-Token.
    pub csrf: String,
    /// Name of the token, or owner.
    pub name: String,
    /// What may be done.
    pub scopes: Vec<String>,
    /// How that was shown. One of key, cookie, token.
    pub way: String,
}

impl Value for Session {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Session {
            csrf: property(from, "csrf")?,
            name: property(from, "name")?,
            scopes: property(from, "scopes")?,
            way: property(from, "way")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("csrf", self.csrf.write()),
            ("name", self.name.write()),
            ("scopes", self.scopes.write()),
            ("way", self.way.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Setting {
    /// The words it can be, if it is one of some.
    pub choices: Vec<String>,
    /// What it is unless something else is said, as it is typed.
    pub default: String,
    /// Whether programs may not change it: it is set in the configuration file alone.
    pub fixed: bool,
    /// What it is, for people.
    pub help: String,
    /// Its name, with dots, as limits.up.
    pub key: String,
    /// What it looks like, in words.
    pub kind: String,
    /// Whether it takes effect without a restart.
    pub live: bool,
    /// Where the value came from; store is a change through the API. One of default, file,
    /// store, env, flag.
    pub origin: String,
    /// What it is set to: text, true or false, a number, or a list of texts.
    pub value: Json,
}

impl Value for Setting {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Setting {
            choices: property(from, "choices")?,
            default: property(from, "default")?,
            fixed: property(from, "fixed")?,
            help: property(from, "help")?,
            key: property(from, "key")?,
            kind: property(from, "kind")?,
            live: property(from, "live")?,
            origin: property(from, "origin")?,
            value: property(from, "value")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("choices", self.choices.write()),
            ("default", self.default.write()),
            ("fixed", self.fixed.write()),
            ("help", self.help.write()),
            ("key", self.key.write()),
            ("kind", self.kind.write()),
            ("live", self.live.write()),
            ("origin", self.origin.write()),
            ("value", self.value.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings {
    /// Those that were changed and wait for a restart.
    pub restart: Vec<String>,
    /// In the order of the configuration file.
    pub settings: Vec<Setting>,
}

impl Value for Settings {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Settings {
            restart: property(from, "restart")?,
            settings: property(from, "settings")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("restart", self.restart.write()),
            ("settings", self.settings.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Share {
    /// 
    pub created: String,
    /// 
    pub description: String,
    /// Whether files can be had over HTTP.
    pub direct: bool,
    /// Up to how many bytes each.
    pub direct_limit: i64,
    /// Files that were had over HTTP.
    pub downloads: i64,
    /// When the private link ends; never if absent.
    pub expires: String,
    /// 
    pub files: i64,
    /// 
    pub id: String,
    /// The name of the identity that signs, its text if it is gone.
    pub identity: String,
    /// By which others know who has signed, in hex; it does not tell the identity.
    pub key: String,
    /// 
    pub licence: Licence,
    /// The private link: who has it has all of the share. Absent if it is not known where
    /// others reach the node, or the share is revoked.
    pub link: String,
    /// The address of its page, without what opens the torrent.
    pub page: String,
    /// Whether one is needed.
    pub passphrase: bool,
    /// 
    pub provenance: Provenance,
    /// The link for everybody, if it is public.
    pub public_link: String,
    /// That of the public one.
    pub public_torrent: String,
    /// Whether others can follow the links, as far as that is known.
    pub reachable: bool,
    /// Of the record that was signed last.
    pub sequence: i64,
    /// Bytes.
    pub size: i64,
    /// One of active, expired, used-up, revoked.
    pub state: String,
    /// 
    pub tags: Vec<String>,
    /// 
    pub title: String,
    /// Key of the private torrent in the library.
    pub torrent: String,
    /// How often it was.
    pub used: i64,
    /// How often the link can still be redeemed; -1 for any number.
    pub uses_left: i64,
    /// 
    pub visits: i64,
}

impl Value for Share {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Share {
            created: property(from, "created")?,
            description: property(from, "description")?,
            direct: property(from, "direct")?,
            direct_limit: property(from, "direct_limit")?,
            downloads: property(from, "downloads")?,
            expires: property(from, "expires")?,
            files: property(from, "files")?,
            id: property(from, "id")?,
            identity: property(from, "identity")?,
            key: property(from, "key")?,
            licence: property(from, "licence")?,
            link: property(from, "link")?,
            page: property(from, "page")?,
            passphrase: property(from, "passphrase")?,
            provenance: property(from, "provenance")?,
            public_link: property(from, "public_link")?,
            public_torrent: property(from, "public_torrent")?,
            reachable: property(from, "reachable")?,
            sequence: property(from, "sequence")?,
            size: property(from, "size")?,
            state: property(from, "state")?,
            tags: property(from, "tags")?,
            title: property(from, "title")?,
            torrent: property(from, "torrent")?,
            used: property(from, "used")?,
            uses_left: property(from, "uses_left")?,
            visits: property(from, "visits")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("created", self.created.write()),
            ("description", self.description.write()),
            ("direct", self.direct.write()),
            ("direct_limit", self.direct_limit.write()),
            ("downloads", self.downloads.write()),
            ("expires", self.expires.write()),
            ("files", self.files.write()),
            ("id", self.id.write()),
            ("identity", self.identity.write()),
            ("key", self.key.write()),
            ("licence", self.licence.write()),
            ("link", self.link.write()),
            ("page", self.page.write()),
            ("passphrase", self.passphrase.write()),
            ("provenance", self.provenance.write()),
            ("public_link", self.public_link.write()),
            ("public_torrent", self.public_torrent.write()),
            ("reachable", self.reachable.write()),
            ("sequence", self.sequence.write()),
            ("size", self.size.write()),
            ("state", self.state.write()),
            ("tags", self.tags.write()),
            ("title", self.title.write()),
            ("torrent", self.torrent.write()),
            ("used", self.used.write()),
            ("uses_left", self.uses_left.write()),
            ("visits", self.visits.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ShareCaution {
    /// 
    pub file: String,
    /// Links and what is special are not shared. One of secret, name, hidden, backup,
    /// opaque, unreadable, link, special, many.
    pub kind: String,
    /// 
    pub text: String,
}

impl Value for ShareCaution {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(ShareCaution {
            file: property(from, "file")?,
            kind: property(from, "kind")?,
            text: property(from, "text")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("file", self.file.write()),
            ("kind", self.kind.write()),
            ("text", self.text.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ShareFinding {
    /// 
    pub file: String,
    /// One of location, person, device, thumbnail, comment, time, software.
    pub kind: String,
    /// Whether a copy can be made without it.
    pub removable: bool,
    /// 
    pub value: String,
    /// What it is called in the file.
    pub what: String,
}

impl Value for ShareFinding {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(ShareFinding {
            file: property(from, "file")?,
            kind: property(from, "kind")?,
            removable: property(from, "removable")?,
            value: property(from, "value")?,
            what: property(from, "what")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("file", self.file.write()),
            ("kind", self.kind.write()),
            ("removable", self.removable.write()),
            ("value", self.value.write()),
            ("what", self.what.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SharePatch {
    /// 
    pub description: Option<String>,
    /// Whether files can be had over HTTP,
    pub direct: Option<bool>,
    /// up to so many bytes each; 0 is 100 MiB.
    pub direct_limit: Option<i64>,
    /// When the private link ends, as in RFC 3339; empty for never.
    pub expires: Option<String>,
    /// 
    pub licence: Option<Licence>,
    /// What is needed to redeem it; empty for nothing.
    pub passphrase: Option<String>,
    /// 
    pub provenance: Option<Provenance>,
    /// 
    pub tags: Option<Vec<String>>,
    /// 
    pub title: Option<String>,
    /// How often the link can be redeemed from now on; 0 for any number.
    pub uses: Option<i64>,
}

impl Value for SharePatch {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(SharePatch {
            description: property(from, "description")?,
            direct: property(from, "direct")?,
            direct_limit: property(from, "direct_limit")?,
            expires: property(from, "expires")?,
            licence: property(from, "licence")?,
            passphrase: property(from, "passphrase")?,
            provenance: property(from, "provenance")?,
            tags: property(from, "tags")?,
            title: property(from, "title")?,
            uses: property(from, "uses")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("description", self.description.write()),
            ("direct", self.direct.write()),
            ("direct_limit", self.direct_limit.write()),
            ("expires", self.expires.write()),
            ("licence", self.licence.write()),
            ("passphrase", self.passphrase.write()),
            ("provenance", self.provenance.write()),
            ("tags", self.tags.write()),
            ("title", self.title.write()),
            ("uses", self.uses.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SharedFile {
    /// 
    pub path: String,
    /// Bytes.
    pub size: i64,
}

impl Value for SharedFile {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(SharedFile {
            path: property(from, "path")?,
            size: property(from, "size")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("path", self.path.write()),
            ("size", self.size.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shares {
    /// The oldest first.
    pub shares: Vec<Share>,
}

impl Value for Shares {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Shares {
            shares: property(from, "shares")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("shares", self.shares.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SpeedLimits {
    /// Bytes a second that are received, 0 for no limit.
    pub down: i64,
    /// Bytes a second that are sent, 0 for no limit.
    pub up: i64,
}

impl Value for SpeedLimits {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(SpeedLimits {
            down: property(from, "down")?,
            up: property(from, "up")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("down", self.down.write()),
            ("up", self.up.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Statistics {
    /// When the first step begins that may be there.
    pub from: String,
    /// Bytes of content in all of it.
    pub received: i64,
    /// Bytes of content in all of it.
    pub sent: i64,
    /// How far back it goes. One of hour, day, month, year, all.
    pub span: String,
    /// Seconds that each step lasts.
    pub step: i64,
    /// The oldest first. The last goes on; where one is missing the node did not run.
    pub steps: Vec<StatisticsStep>,
}

impl Value for Statistics {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Statistics {
            from: property(from, "from")?,
            received: property(from, "received")?,
            sent: property(from, "sent")?,
            span: property(from, "span")?,
            step: property(from, "step")?,
            steps: property(from, "steps")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("from", self.from.write()),
            ("received", self.received.write()),
            ("sent", self.sent.write()),
            ("span", self.span.write()),
            ("step", self.step.write()),
            ("steps", self.steps.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatisticsStep {
    /// When the step begins.
    pub at: String,
    /// Bytes of content.
    pub received: i64,
    /// Bytes of content.
    pub sent: i64,
}

impl Value for StatisticsStep {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(StatisticsStep {
            at: property(from, "at")?,
            received: property(from, "received")?,
            sent: property(from, "sent")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("at", self.at.write()),
            ("received", self.received.write()),
            ("sent", self.sent.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Status {
    /// Nodes of the DHT that are known; 0 if the node takes no part.
    pub dht_nodes: i64,
    /// Where peers connect.
    pub listen: Vec<String>,
    /// Settings that were changed and wait for a restart.
    pub restart: Vec<String>,
    /// Number of the newest change.
    pub revision: i64,
    /// When the node was started.
    pub started: String,
    /// All torrents together.
    pub totals: Totals,
    /// Of the program.
    pub version: String,
}

impl Value for Status {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Status {
            dht_nodes: property(from, "dht_nodes")?,
            listen: property(from, "listen")?,
            restart: property(from, "restart")?,
            revision: property(from, "revision")?,
            started: property(from, "started")?,
            totals: property(from, "totals")?,
            version: property(from, "version")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("dht_nodes", self.dht_nodes.write()),
            ("listen", self.listen.write()),
            ("restart", self.restart.write()),
            ("revision", self.revision.write()),
            ("started", self.started.write()),
            ("totals", self.totals.write()),
            ("version", self.version.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stream {
    /// Number of the file in the torrent.
    pub index: i64,
    /// Where it is below the folder of the torrent, with slashes.
    pub path: String,
    /// For players. It is a secret: who can reach the node and has it can read the file.
    pub url: String,
}

impl Value for Stream {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Stream {
            index: property(from, "index")?,
            path: property(from, "path")?,
            url: property(from, "url")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("index", self.index.write()),
            ("path", self.path.write()),
            ("url", self.url.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Streams {
    /// When the URLs are good for nothing any more; a node that is started anew ends them as
    /// well.
    pub expires: String,
    /// The main file first, then all others that can be played; or the one that was asked
    /// for.
    pub files: Vec<Stream>,
    /// Index of the file that a player is meant to get: the longest film or sound file, or
    /// the longest of all.
    pub main: i64,
    /// URL of a list of all that can be played (M3U).
    pub playlist: String,
}

impl Value for Streams {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Streams {
            expires: property(from, "expires")?,
            files: property(from, "files")?,
            main: property(from, "main")?,
            playlist: property(from, "playlist")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("expires", self.expires.write()),
            ("files", self.files.write()),
            ("main", self.main.write()),
            ("playlist", self.playlist.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Swarm {
    /// How many peers have become complete since the swarm is known.
    pub completed: i64,
    /// Of the torrent.
    pub key: String,
    /// All others.
    pub leechers: i64,
    /// What it is called here.
    pub name: String,
    /// Peers that have everything, the node itself among them.
    pub seeders: i64,
}

impl Value for Swarm {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Swarm {
            completed: property(from, "completed")?,
            key: property(from, "key")?,
            leechers: property(from, "leechers")?,
            name: property(from, "name")?,
            seeders: property(from, "seeders")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("completed", self.completed.write()),
            ("key", self.key.write()),
            ("leechers", self.leechers.write()),
            ("name", self.name.write()),
            ("seeders", self.seeders.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Swarms {
    /// Those with most peers first.
    pub swarms: Vec<Swarm>,
    /// How many torrents have peers.
    pub total: i64,
}

impl Value for Swarms {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Swarms {
            swarms: property(from, "swarms")?,
            total: property(from, "total")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("swarms", self.swarms.write()),
            ("total", self.total.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Switch {
    /// Whether they hold.
    pub on: bool,
}

impl Value for Switch {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Switch {
            on: property(from, "on")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("on", self.on.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TiersBody {
    /// Addresses of trackers, those of the first tier first.
    pub tiers: Vec<Vec<String>>,
}

impl Value for TiersBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(TiersBody {
            tiers: property(from, "tiers")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("tiers", self.tiers.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Token {
    /// When it was made.
    pub created: String,
    /// When it stops being good; absent for never.
    pub expires: String,
    /// Its number.
    pub id: i64,
    /// Which program it is for.
    pub name: String,
    /// What may be done with it. Each has read with it, admin has all.
    pub scopes: Vec<String>,
    /// When it was used last, to within the hour.
    pub used: String,
}

impl Value for Token {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Token {
            created: property(from, "created")?,
            expires: property(from, "expires")?,
            id: property(from, "id")?,
            name: property(from, "name")?,
            scopes: property(from, "scopes")?,
            used: property(from, "used")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("created", self.created.write()),
            ("expires", self.expires.write()),
            ("id", self.id.write()),
            ("name", self.name.write()),
            ("scopes", self.scopes.write()),
            ("used", self.used.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tokens {
    /// In the order in which they were made.
    pub tokens: Vec<Token>,
}

impl Value for Tokens {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Tokens {
            tokens: property(from, "tokens")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("tokens", self.tokens.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Torrent {
    /// Seconds of seeding and fetching.
    pub active_time: i64,
    /// When it was added.
    pub added: String,
    /// Its category.
    pub category: String,
    /// What the torrent says of itself.
    pub comment: String,
    /// When it was complete for the first time.
    pub completed: String,
    /// Bytes that were thrown away because they were wrong.
    pub corrupt: i64,
    /// When it was made.
    pub created: String,
    /// What made it.
    pub created_by: String,
    /// Folder that the content lies in.
    pub dir: String,
    /// Bytes of content that are there and verified.
    pub done: i64,
    /// Bytes a second, 0 for no limit.
    pub down_limit: i64,
    /// Bytes a second.
    pub down_rate: i64,
    /// Seconds until it is complete at this rate; absent if nothing moves.
    pub eta: i64,
    /// How many files it has.
    pub files: i64,
    /// Whether the first and last pieces of files come first.
    pub first_last: bool,
    /// Whether it is active whatever the queue says.
    pub forced: bool,
    /// When it has given enough, the defaults included.
    pub goal: Option<Goal>,
    /// Number of the torrent at this node, from 1, for as long as it is there.
    pub id: i64,
    /// By this it is named in paths: its info-hash of version 1 in hexadecimal, or that of
    /// version 2 cut to 20 bytes.
    pub key: String,
    /// Its labels, in order.
    pub labels: Vec<String>,
    /// When content was last sent or received.
    pub last_active: String,
    /// Bytes that are wanted and missing.
    pub left: i64,
    /// Connections, 0 for the default.
    pub max_peers: i64,
    /// What it is called here.
    pub name: String,
    /// The user's own words.
    pub note: String,
    /// Whether the user has stopped it.
    pub paused: bool,
    /// Connected peers.
    pub peers: i64,
    /// Bytes of a piece.
    pub piece_length: i64,
    /// How many pieces it has.
    pub pieces: i64,
    /// How many of them are there and verified.
    pub pieces_done: i64,
    /// How many stand before it in the queue.
    pub position: i64,
    /// Whether only its trackers may be asked for peers (BEP 27).
    pub private: bool,
    /// How much of what is wanted is there and verified, 0 to 1; while checking, how much is
    /// checked.
    pub progress: f64,
    /// Bytes sent for each byte of the content.
    pub ratio: f64,
    /// Why it is waiting, queued or failed.
    pub reason: String,
    /// Bytes of content received since it was added.
    pub received: i64,
    /// Number of the last change.
    pub revision: i64,
    /// Seconds of seeding.
    pub seed_time: i64,
    /// Those that have everything.
    pub seeds: i64,
    /// Bytes of content sent since it was added.
    pub sent: i64,
    /// Whether it is fetched from the front to the end.
    pub sequential: bool,
    /// Bytes of content; 0 as long as that is not known.
    pub size: i64,
    /// What it does: metadata is a magnet link of which peers are asked what it consists of;
    /// waiting goes on by itself, as soon as the disk takes data again; failed needs the
    /// user. One of starting, checking, metadata, downloading, seeding, paused, waiting,
    /// queued, failed.
    pub state: String,
    /// Whether pieces are shown to peers one by one (BEP 16).
    pub super_seed: bool,
    /// Whether peers are spoken to over TLS. One of off, prefer, require.
    pub tls: String,
    /// Those over TLS.
    pub tls_peers: i64,
    /// Bytes a second, 0 for no limit.
    pub up_limit: i64,
    /// Bytes a second.
    pub up_rate: i64,
    /// Info-hash of version 1 (BEP 3), in hexadecimal.
    pub v1: String,
    /// Info-hash of version 2 (BEP 52), in hexadecimal.
    pub v2: String,
    /// Bytes of the files that are wanted.
    pub wanted: i64,
    /// Web servers that content is fetched from.
    pub web_seeds: i64,
}

impl Value for Torrent {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Torrent {
            active_time: property(from, "active_time")?,
            added: property(from, "added")?,
            category: property(from, "category")?,
            comment: property(from, "comment")?,
            completed: property(from, "completed")?,
            corrupt: property(from, "corrupt")?,
            created: property(from, "created")?,
            created_by: property(from, "created_by")?,
            dir: property(from, "dir")?,
            done: property(from, "done")?,
            down_limit: property(from, "down_limit")?,
            down_rate: property(from, "down_rate")?,
            eta: property(from, "eta")?,
            files: property(from, "files")?,
            first_last: property(from, "first_last")?,
            forced: property(from, "forced")?,
            goal: property(from, "goal")?,
            id: property(from, "id")?,
            key: property(from, "key")?,
            labels: property(from, "labels")?,
            last_active: property(from, "last_active")?,
            left: property(from, "left")?,
            max_peers: property(from, "max_peers")?,
            name: property(from, "name")?,
            note: property(from, "note")?,
            paused: property(from, "paused")?,
            peers: property(from, "peers")?,
            piece_length: property(from, "piece_length")?,
            pieces: property(from, "pieces")?,
            pieces_done: property(from, "pieces_done")?,
            position: property(from, "position")?,
            private: property(from, "private")?,
            progress: property(from, "progress")?,
            ratio: property(from, "ratio")?,
            reason: property(from, "reason")?,
            received: property(from, "received")?,
            revision: property(from, "revision")?,
            seed_time: property(from, "seed_time")?,
            seeds: property(from, "seeds")?,
            sent: property(from, "sent")?,
            sequential: property(from, "sequential")?,
            size: property(from, "size")?,
            state: property(from, "state")?,
            super_seed: property(from, "super_seed")?,
            tls: property(from, "tls")?,
            tls_peers: property(from, "tls_peers")?,
            up_limit: property(from, "up_limit")?,
            up_rate: property(from, "up_rate")?,
            v1: property(from, "v1")?,
            v2: property(from, "v2")?,
            wanted: property(from, "wanted")?,
            web_seeds: property(from, "web_seeds")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("active_time", self.active_time.write()),
            ("added", self.added.write()),
            ("category", self.category.write()),
            ("comment", self.comment.write()),
            ("completed", self.completed.write()),
            ("corrupt", self.corrupt.write()),
            ("created", self.created.write()),
            ("created_by", self.created_by.write()),
            ("dir", self.dir.write()),
            ("done", self.done.write()),
            ("down_limit", self.down_limit.write()),
            ("down_rate", self.down_rate.write()),
            ("eta", self.eta.write()),
            ("files", self.files.write()),
            ("first_last", self.first_last.write()),
            ("forced", self.forced.write()),
            ("goal", self.goal.write()),
            ("id", self.id.write()),
            ("key", self.key.write()),
            ("labels", self.labels.write()),
            ("last_active", self.last_active.write()),
            ("left", self.left.write()),
            ("max_peers", self.max_peers.write()),
            ("name", self.name.write()),
            ("note", self.note.write()),
            ("paused", self.paused.write()),
            ("peers", self.peers.write()),
            ("piece_length", self.piece_length.write()),
            ("pieces", self.pieces.write()),
            ("pieces_done", self.pieces_done.write()),
            ("position", self.position.write()),
            ("private", self.private.write()),
            ("progress", self.progress.write()),
            ("ratio", self.ratio.write()),
            ("reason", self.reason.write()),
            ("received", self.received.write()),
            ("revision", self.revision.write()),
            ("seed_time", self.seed_time.write()),
            ("seeds", self.seeds.write()),
            ("sent", self.sent.write()),
            ("sequential", self.sequential.write()),
            ("size", self.size.write()),
            ("state", self.state.write()),
            ("super_seed", self.super_seed.write()),
            ("tls", self.tls.write()),
            ("tls_peers", self.tls_peers.write()),
            ("up_limit", self.up_limit.write()),
            ("up_rate", self.up_rate.write()),
            ("v1", self.v1.write()),
            ("v2", self.v2.write()),
            ("wanted", self.wanted.write()),
            ("web_seeds", self.web_seeds.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Totals {
    /// Bytes a second.
    pub down_rate: i64,
    /// The same of all time, of torrents that are there.
    pub ever_received: i64,
    /// The same of all time, of torrents that are there.
    pub ever_sent: i64,
    /// Bytes that are wanted and missing.
    pub left: i64,
    /// Connected peers.
    pub peers: i64,
    /// Bytes of content since the node was started.
    pub received: i64,
    /// Bytes of content since the node was started.
    pub sent: i64,
    /// Bytes of content.
    pub size: i64,
    /// How many there are in each state.
    pub states: BTreeMap<String, i64>,
    /// How many there are.
    pub torrents: i64,
    /// Bytes a second.
    pub up_rate: i64,
}

impl Value for Totals {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Totals {
            down_rate: property(from, "down_rate")?,
            ever_received: property(from, "ever_received")?,
            ever_sent: property(from, "ever_sent")?,
            left: property(from, "left")?,
            peers: property(from, "peers")?,
            received: property(from, "received")?,
            sent: property(from, "sent")?,
            size: property(from, "size")?,
            states: property(from, "states")?,
            torrents: property(from, "torrents")?,
            up_rate: property(from, "up_rate")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("down_rate", self.down_rate.write()),
            ("ever_received", self.ever_received.write()),
            ("ever_sent", self.ever_sent.write()),
            ("left", self.left.write()),
            ("peers", self.peers.write()),
            ("received", self.received.write()),
            ("sent", self.sent.write()),
            ("size", self.size.write()),
            ("states", self.states.write()),
            ("torrents", self.torrents.write()),
            ("up_rate", self.up_rate.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tracker {
    /// Why it is of no use now.
    pub error: String,
    /// How many other peers it tells of, -1 if it does not.
    pub leechers: i64,
    /// Whether the user has named it, rather than the torrent.
    pub own: bool,
    /// How many peers with everything it tells of, -1 if it does not.
    pub seeders: i64,
    /// How it is with it. One of idle, asking, working, failing.
    pub state: String,
    /// Those of a lower tier are asked first (BEP 12).
    pub tier: i64,
    /// Its address; the host alone, unless torrents or settings may be changed: a key of the
    /// user's may be in it.
    pub url: String,
}

impl Value for Tracker {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Tracker {
            error: property(from, "error")?,
            leechers: property(from, "leechers")?,
            own: property(from, "own")?,
            seeders: property(from, "seeders")?,
            state: property(from, "state")?,
            tier: property(from, "tier")?,
            url: property(from, "url")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("error", self.error.write()),
            ("leechers", self.leechers.write()),
            ("own", self.own.write()),
            ("seeders", self.seeders.write()),
            ("state", self.state.write()),
            ("tier", self.tier.write()),
            ("url", self.url.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrackerHistory {
    /// The oldest first.
    pub minutes: Vec<TrackerMinute>,
}

impl Value for TrackerHistory {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(TrackerHistory {
            minutes: property(from, "minutes")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("minutes", self.minutes.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrackerMinute {
    /// Announces that could be read.
    pub announces: i64,
    /// The end of it.
    pub at: String,
    /// Peers that were known, then.
    pub peers: i64,
    /// Requests that were refused.
    pub refused: i64,
    /// Scrapes that could be read.
    pub scrapes: i64,
    /// Swarms with peers, then.
    pub swarms: i64,
}

impl Value for TrackerMinute {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(TrackerMinute {
            announces: property(from, "announces")?,
            at: property(from, "at")?,
            peers: property(from, "peers")?,
            refused: property(from, "refused")?,
            scrapes: property(from, "scrapes")?,
            swarms: property(from, "swarms")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("announces", self.announces.write()),
            ("at", self.at.write()),
            ("peers", self.peers.write()),
            ("refused", self.refused.write()),
            ("scrapes", self.scrapes.write()),
            ("swarms", self.swarms.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrackerRefused {
    /// There was no room.
    pub full: i64,
    /// It could not be meant.
    pub malformed: i64,
    /// Too many came from one address.
    pub throttled: i64,
    /// The node does not serve the torrent.
    pub unlisted: i64,
}

impl Value for TrackerRefused {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(TrackerRefused {
            full: property(from, "full")?,
            malformed: property(from, "malformed")?,
            throttled: property(from, "throttled")?,
            unlisted: property(from, "unlisted")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("full", self.full.write()),
            ("malformed", self.malformed.write()),
            ("throttled", self.throttled.write()),
            ("unlisted", self.unlisted.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TrackerStatus {
    /// Announces that could be read, those of the node itself left out.
    pub announces: i64,
    /// Those of them with an address of IPv6.
    pub ipv6: i64,
    /// Whether the node is a tracker; if not, all else is empty.
    pub on: bool,
    /// Peers that are known.
    pub peers: i64,
    /// Requests that were refused.
    pub refused: TrackerRefused,
    /// Scrapes that could be read.
    pub scrapes: i64,
    /// When it was started.
    pub since: String,
    /// Swarms with peers. A torrent of both versions of BitTorrent is two.
    pub swarms: i64,
    /// Where others announce to it, with its key; empty until it is known where others reach
    /// the node. Torrents that are made here list it.
    pub url: String,
}

impl Value for TrackerStatus {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(TrackerStatus {
            announces: property(from, "announces")?,
            ipv6: property(from, "ipv6")?,
            on: property(from, "on")?,
            peers: property(from, "peers")?,
            refused: property(from, "refused")?,
            scrapes: property(from, "scrapes")?,
            since: property(from, "since")?,
            swarms: property(from, "swarms")?,
            url: property(from, "url")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("announces", self.announces.write()),
            ("ipv6", self.ipv6.write()),
            ("on", self.on.write()),
            ("peers", self.peers.write()),
            ("refused", self.refused.write()),
            ("scrapes", self.scrapes.write()),
            ("since", self.since.write()),
            ("swarms", self.swarms.write()),
            ("url", self.url.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trackers {
    /// Nodes of the DHT that are known; 0 if it is not used for the torrent.
    pub dht_nodes: i64,
    /// When the next of them is asked.
    pub next: String,
    /// In the order in which they are asked.
    pub trackers: Vec<Tracker>,
}

impl Value for Trackers {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Trackers {
            dht_nodes: property(from, "dht_nodes")?,
            next: property(from, "next")?,
            trackers: property(from, "trackers")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("dht_nodes", self.dht_nodes.write()),
            ("next", self.next.write()),
            ("trackers", self.trackers.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnlockingBody {
    /// Its passphrase.
    pub passphrase: String,
}

impl Value for UnlockingBody {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(UnlockingBody {
            passphrase: property(from, "passphrase")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("passphrase", self.passphrase.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wanted {
    /// Its category.
    pub category: Option<String>,
    /// Full path of the folder where it would land; that of the category, or the default.
    pub dir: Option<String>,
    /// The whole link, with what follows #.
    pub link: String,
    /// To redeem it with.
    pub passphrase: Option<String>,
    /// Whether the link is redeemed if it has to be, which counts as a use of it. The node
    /// remembers that for a day: to add it afterwards uses up nothing more.
    pub redeem: Option<bool>,
}

impl Value for Wanted {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Wanted {
            category: property(from, "category")?,
            dir: property(from, "dir")?,
            link: property(from, "link")?,
            passphrase: property(from, "passphrase")?,
            redeem: property(from, "redeem")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("category", self.category.write()),
            ("dir", self.dir.write()),
            ("link", self.link.write()),
            ("passphrase", self.passphrase.write()),
            ("redeem", self.redeem.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WatchFolder {
    /// Category of its torrents.
    pub category: Option<String>,
    /// Full path of the folder that content goes to; empty for the default.
    pub dir: Option<String>,
    /// Labels of its torrents.
    pub labels: Option<Vec<String>>,
    /// Its full path.
    pub path: String,
    /// Whether torrents wait for being resumed; as queue.add-paused says if this is left
    /// out.
    pub paused: Option<bool>,
    /// What becomes of a file whose torrent was added: it gets the ending .added if nothing
    /// is said. One of rename, move, delete.
    pub then: Option<String>,
    /// Full path of the folder to which move moves it.
    pub to: Option<String>,
}

impl Value for WatchFolder {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(WatchFolder {
            category: property(from, "category")?,
            dir: property(from, "dir")?,
            labels: property(from, "labels")?,
            path: property(from, "path")?,
            paused: property(from, "paused")?,
            then: property(from, "then")?,
            to: property(from, "to")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("category", self.category.write()),
            ("dir", self.dir.write()),
            ("labels", self.labels.write()),
            ("path", self.path.write()),
            ("paused", self.paused.write()),
            ("then", self.then.write()),
            ("to", self.to.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WatchList {
    /// In the order in which they are looked into.
    pub folders: Vec<WatchStatus>,
    /// Of the last files, the newest first; of this run alone.
    pub results: Vec<WatchResult>,
}

impl Value for WatchList {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(WatchList {
            folders: property(from, "folders")?,
            results: property(from, "results")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("folders", self.folders.write()),
            ("results", self.results.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WatchResult {
    /// When.
    pub at: String,
    /// Its full path.
    pub file: String,
    /// What is wrong with it, if something is.
    pub problem: String,
    /// Number of the torrent, 0 if none was added.
    pub torrent: i64,
}

impl Value for WatchResult {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(WatchResult {
            at: property(from, "at")?,
            file: property(from, "file")?,
            problem: property(from, "problem")?,
            torrent: property(from, "torrent")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("at", self.at.write()),
            ("file", self.file.write()),
            ("problem", self.problem.write()),
            ("torrent", self.torrent.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WatchStatus {
    /// What was said of it.
    pub folder: WatchFolder,
    /// Why it cannot be looked into, if it cannot.
    pub problem: String,
}

impl Value for WatchStatus {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(WatchStatus {
            folder: property(from, "folder")?,
            problem: property(from, "problem")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("folder", self.folder.write()),
            ("problem", self.problem.write()),
        ])
    }
}

/// An object of the API.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Way {
    /// How it leaves. One of direct, proxy, off.
    pub by: String,
    /// What the traffic is for. One of peers, trackers, web-seeds, dht, feeds, web, names.
    pub kind: String,
    /// URL of the proxy, without user and password.
    pub proxy: String,
}

impl Value for Way {
    fn read(from: &Json) -> Result<Self, Error> {
        Ok(Way {
            by: property(from, "by")?,
            kind: property(from, "kind")?,
            proxy: property(from, "proxy")?,
        })
    }
    fn write(&self) -> Json {
        object(vec![
            ("by", self.by.write()),
            ("kind", self.kind.write()),
            ("proxy", self.proxy.write()),
        ])
    }
}


/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListAuditQuery {
    /// Only entries with a lower number; 0 for the newest.
    pub before: Option<i64>,
    /// How many are returned at most.
    pub limit: Option<i64>,
}

impl ListAuditQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.before {
            list.push(("before", v.to_string()));
        }
        if let Some(v) = &self.limit {
            list.push(("limit", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoveBlockListQuery {
    /// As list-block-lists has it.
    pub location: Option<String>,
}

impl RemoveBlockListQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.location {
            list.push(("location", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListChangesQuery {
    /// The revision that was seen last; 0 asks for everything.
    pub since: Option<i64>,
    /// Which properties of torrents; all if none is named.
    pub fields: Option<Vec<String>>,
}

impl ListChangesQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.since {
            list.push(("since", v.to_string()));
        }
        if let Some(v) = &self.fields {
            list.push(("fields", v.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(",")));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StreamEventsQuery {
    /// The revision that was seen last; 0 asks for everything.
    pub since: Option<i64>,
    /// Which properties of torrents; all if none is named.
    pub fields: Option<Vec<String>>,
    /// Numbers of the torrents to hear of; all if none is named. No torrent has the number
    /// 0.
    pub torrent: Option<Vec<i64>>,
    /// Whether to hear of totals, and that categories or labels have changed, also when none
    /// of those torrents has.
    pub totals: Option<bool>,
}

impl StreamEventsQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.since {
            list.push(("since", v.to_string()));
        }
        if let Some(v) = &self.fields {
            list.push(("fields", v.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(",")));
        }
        if let Some(v) = &self.torrent {
            list.push(("torrent", v.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(",")));
        }
        if let Some(v) = &self.totals {
            list.push(("totals", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListFeedItemsQuery {
    /// Number of the feed; 0 for all of them.
    pub feed: Option<i64>,
    /// At most so many.
    pub limit: Option<i64>,
}

impl ListFeedItemsQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.feed {
            list.push(("feed", v.to_string()));
        }
        if let Some(v) = &self.limit {
            list.push(("limit", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BrowseFolderQuery {
    /// A full path; if absent, that of the folder where the user keeps files.
    pub path: Option<String>,
    /// Whether files that begin with a dot are listed.
    pub hidden: Option<bool>,
}

impl BrowseFolderQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.path {
            list.push(("path", v.to_string()));
        }
        if let Some(v) = &self.hidden {
            list.push(("hidden", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GetLogQuery {
    /// Lines that matter at least so much. One of debug, info, warn, error.
    pub level: Option<String>,
}

impl GetLogQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.level {
            list.push(("level", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StreamLogQuery {
    /// Lines that matter at least so much. One of debug, info, warn, error.
    pub level: Option<String>,
}

impl StreamLogQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.level {
            list.push(("level", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RevokeShareQuery {
    /// Whether what is shared is removed from the disk.
    pub content: Option<bool>,
}

impl RevokeShareQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.content {
            list.push(("content", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GetStatisticsQuery {
    /// How far back: an hour in steps of 10 seconds, a day in steps of 10 minutes, 31 days
    /// in hours, 366 days or all, which is two years, in days of UTC. One of hour, day,
    /// month, year, all.
    pub span: Option<String>,
}

impl GetStatisticsQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.span {
            list.push(("span", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListTorrentsQuery {
    /// Only those in one of these states; active is those that send or receive at this
    /// moment.
    pub state: Option<Vec<String>>,
    /// Only those of this category; none is those without one.
    pub category: Option<String>,
    /// Only those that have all of these labels.
    pub label: Option<Vec<String>>,
    /// Only those that one of whose trackers has this in its host; none is those without
    /// one.
    pub tracker: Option<String>,
    /// Only those whose name has all of these words, whatever their case.
    pub search: Option<String>,
    /// By what they are sorted. One of id, name, state, progress, size, added, completed,
    /// last_active, down_rate, up_rate, eta, ratio, sent, received, peers, seeds, category,
    /// position.
    pub sort: Option<String>,
    /// The other way round.
    pub reverse: Option<bool>,
    /// How many of those are passed over.
    pub offset: Option<i64>,
    /// How many are returned at most.
    pub limit: Option<i64>,
    /// Which properties of them; all if none is named.
    pub fields: Option<Vec<String>>,
}

impl ListTorrentsQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.state {
            list.push(("state", v.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(",")));
        }
        if let Some(v) = &self.category {
            list.push(("category", v.to_string()));
        }
        if let Some(v) = &self.label {
            list.push(("label", v.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(",")));
        }
        if let Some(v) = &self.tracker {
            list.push(("tracker", v.to_string()));
        }
        if let Some(v) = &self.search {
            list.push(("search", v.to_string()));
        }
        if let Some(v) = &self.sort {
            list.push(("sort", v.to_string()));
        }
        if let Some(v) = &self.reverse {
            list.push(("reverse", v.to_string()));
        }
        if let Some(v) = &self.offset {
            list.push(("offset", v.to_string()));
        }
        if let Some(v) = &self.limit {
            list.push(("limit", v.to_string()));
        }
        if let Some(v) = &self.fields {
            list.push(("fields", v.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(",")));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UploadTorrentQuery {
    /// Full path of the folder that content goes to.
    pub dir: Option<String>,
    /// Its category; made if it is not there.
    pub category: Option<String>,
    /// Its labels.
    pub label: Option<Vec<String>>,
    /// Whether it waits for being resumed.
    pub paused: Option<bool>,
}

impl UploadTorrentQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.dir {
            list.push(("dir", v.to_string()));
        }
        if let Some(v) = &self.category {
            list.push(("category", v.to_string()));
        }
        if let Some(v) = &self.label {
            list.push(("label", v.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(",")));
        }
        if let Some(v) = &self.paused {
            list.push(("paused", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoveTorrentQuery {
    /// Whether its files are deleted as well.
    pub content: Option<bool>,
}

impl RemoveTorrentQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.content {
            list.push(("content", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListStreamsQuery {
    /// Index of the one file that is wanted, whatever it is; -1 for those that can be
    /// played.
    pub file: Option<i64>,
    /// How long the URLs are good for.
    pub seconds: Option<i64>,
}

impl ListStreamsQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.file {
            list.push(("file", v.to_string()));
        }
        if let Some(v) = &self.seconds {
            list.push(("seconds", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GetTrackerHistoryQuery {
    /// How far back.
    pub minutes: Option<i64>,
}

impl GetTrackerHistoryQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.minutes {
            list.push(("minutes", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListSwarmsQuery {
    /// How many are shown.
    pub limit: Option<i64>,
}

impl ListSwarmsQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.limit {
            list.push(("limit", v.to_string()));
        }
        list
    }
}

/// What can be asked for; what is None is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RemoveWatchFolderQuery {
    /// Full path of the folder.
    pub path: Option<String>,
}

impl RemoveWatchFolderQuery {
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut list = Vec::new();
        if let Some(v) = &self.path {
            list.push(("path", v.to_string()));
        }
        list
    }
}

impl Client { 
    /// Show who has changed what. The newest ten thousand entries are kept.
    pub fn list_audit(&self, query: &ListAuditQuery) -> Result<Audit, Error> {
        let path = ["/api/v1/audit".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Get a backup of the whole node. What warren restore takes: identities and the owner's
    /// key are in it. An answer that is broken off is none. This is for the owner alone, by
    /// the key or in the browser: no token opens it.
    pub fn backup_node(&self, body: &AskingBody) -> Result<Vec<u8>, Error> {
        let path = ["/api/v1/backup".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.send("POST", &path, &query, "application/json", body)
    }

    /// Heed a list no more.
    pub fn remove_block_list(&self, query: &RemoveBlockListQuery) -> Result<(), Error> {
        let path = ["/api/v1/block-lists".to_string()].concat();
        let query = query.pairs();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// List lists of addresses that are not spoken to.
    pub fn list_block_lists(&self) -> Result<BlockLists, Error> {
        let path = ["/api/v1/block-lists".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Heed a list of addresses that are not spoken to. It is kept as the setting
    /// peers.block, which then counts instead of the list in the configuration file. What is
    /// behind a URL is fetched soon; list-block-lists tells what came of it.
    pub fn add_block_list(&self, body: &NewBlockList) -> Result<BlockLists, Error> {
        let path = ["/api/v1/block-lists".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Read all lists now. The answer does not wait for it; list-block-lists tells what came
    /// of it.
    pub fn refresh_block_lists(&self) -> Result<(), Error> {
        let path = ["/api/v1/block-lists/refresh".to_string()].concat();
        let query = Vec::new();
        self.send("POST", &path, &query, "", None).map(|_| ())
    }

    /// List categories.
    pub fn list_categories(&self) -> Result<Categories, Error> {
        let path = ["/api/v1/categories".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Remove a category. Its torrents stay, and have none then.
    pub fn remove_category(&self, name: &str) -> Result<(), Error> {
        let path = ["/api/v1/categories/".to_string(), escape(&name.to_string())].concat();
        let query = Vec::new();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// Make a category, or change one.
    pub fn set_category(&self, name: &str, body: &CategorySettings) -> Result<Categories, Error> {
        let path = ["/api/v1/categories/".to_string(), escape(&name.to_string())].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PUT", &path, &query, "application/json", body)
    }

    /// Show what has changed since a revision. Nothing but the revision if nothing has. If
    /// the revision is not known any more, full is true and everything is in changed; better
    /// list the torrents page by page first, and ask from the revision of the first page.
    pub fn list_changes(&self, query: &ListChangesQuery) -> Result<Delta, Error> {
        let path = ["/api/v1/changes".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Follow what changes. A stream of Server-Sent Events. Without since: snapshot events
    /// until all torrents were sent, then ready. After that, and with a since that is still
    /// known, delta events, one a second at most. The ids of ready and delta are revisions:
    /// since takes them. Who reads too slowly is cut off and may come back.
    pub fn stream_events(&self, query: &StreamEventsQuery) -> Result<Events<Event>, Error> {
        let path = ["/api/v1/events".to_string()].concat();
        let query = query.pairs();
        self.stream(&path, &query)
    }

    /// List what is in feeds, and what became of it.
    pub fn list_feed_items(&self, query: &ListFeedItemsQuery) -> Result<FeedItems, Error> {
        let path = ["/api/v1/feed-items".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Mark an item as read, or not.
    pub fn mark_feed_item(&self, id: i64, body: &FeedItemPatch) -> Result<(), Error> {
        let path = ["/api/v1/feed-items/".to_string(), escape(&id.to_string())].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.send("PATCH", &path, &query, "application/json", body).map(|_| ())
    }

    /// Add the torrent of an item, whatever rules say.
    pub fn fetch_feed_item(&self, id: i64, body: &FetchOptions) -> Result<(), Error> {
        let path = ["/api/v1/feed-items/".to_string(), escape(&id.to_string()), "/fetch".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.send("POST", &path, &query, "application/json", body).map(|_| ())
    }

    /// List rules by which items of feeds are fetched.
    pub fn list_feed_rules(&self) -> Result<FeedRules, Error> {
        let path = ["/api/v1/feed-rules".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Try what a rule would fetch. Of the items that lie here. Nothing is fetched, and
    /// nothing is kept; each item is looked at as if it were the next.
    pub fn try_feed_rule(&self, body: &FeedTrial) -> Result<FeedVerdicts, Error> {
        let path = ["/api/v1/feed-rules/try".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Remove a rule.
    pub fn remove_feed_rule(&self, name: &str) -> Result<(), Error> {
        let path = ["/api/v1/feed-rules/".to_string(), escape(&name.to_string())].concat();
        let query = Vec::new();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// Make a rule, or change one. It counts for what is in the feeds already: see
    /// try-feed-rule.
    pub fn set_feed_rule(&self, name: &str, body: &FeedRuleSettings) -> Result<FeedRules, Error> {
        let path = ["/api/v1/feed-rules/".to_string(), escape(&name.to_string())].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PUT", &path, &query, "application/json", body)
    }

    /// Give a rule another name. What was fetched by it stays known.
    pub fn rename_feed_rule(&self, name: &str, body: &FeedRuleName) -> Result<FeedRules, Error> {
        let path = ["/api/v1/feed-rules/".to_string(), escape(&name.to_string()), "/rename".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// List feeds, and how they stand.
    pub fn list_feeds(&self) -> Result<FeedList, Error> {
        let path = ["/api/v1/feeds".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Add a feed. It is fetched soon; list-feeds tells what came of it.
    pub fn add_feed(&self, body: &NewFeed) -> Result<Feed, Error> {
        let path = ["/api/v1/feeds".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Fetch all feeds now. The answer does not wait for them; list-feeds tells what came of
    /// it.
    pub fn refresh_feeds(&self) -> Result<(), Error> {
        let path = ["/api/v1/feeds/refresh".to_string()].concat();
        let query = Vec::new();
        self.send("POST", &path, &query, "", None).map(|_| ())
    }

    /// Remove a feed. Torrents that came from it stay, and are not fetched again if it is
    /// added once more.
    pub fn remove_feed(&self, id: i64) -> Result<(), Error> {
        let path = ["/api/v1/feeds/".to_string(), escape(&id.to_string())].concat();
        let query = Vec::new();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// Change a feed.
    pub fn change_feed(&self, id: i64, body: &FeedPatch) -> Result<Feed, Error> {
        let path = ["/api/v1/feeds/".to_string(), escape(&id.to_string())].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PATCH", &path, &query, "application/json", body)
    }

    /// Mark all items of a feed as read.
    pub fn mark_feed_read(&self, id: i64) -> Result<(), Error> {
        let path = ["/api/v1/feeds/".to_string(), escape(&id.to_string()), "/read".to_string()].concat();
        let query = Vec::new();
        self.send("POST", &path, &query, "", None).map(|_| ())
    }

    /// Fetch a feed now. The answer does not wait for it; list-feeds tells what came of it.
    pub fn refresh_feed(&self, id: i64) -> Result<(), Error> {
        let path = ["/api/v1/feeds/".to_string(), escape(&id.to_string()), "/refresh".to_string()].concat();
        let query = Vec::new();
        self.send("POST", &path, &query, "", None).map(|_| ())
    }

    /// List a folder of the machine that the node runs on.
    pub fn browse_folder(&self, query: &BrowseFolderQuery) -> Result<Folder, Error> {
        let path = ["/api/v1/folder".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// List programs and servers that are told what happened, and what came of it. They are
    /// set in the configuration file alone (hooks.complete and the like): an API that could
    /// set them could run anything as the user of the node, and so could whoever gets hold
    /// of a token, or of the owner's browser. No operation changes that.
    pub fn list_hooks(&self) -> Result<HookList, Error> {
        let path = ["/api/v1/hooks".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// List the identities of the node.
    pub fn list_identities(&self) -> Result<Identities, Error> {
        let path = ["/api/v1/identities".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Make another identity. It has nothing in common with those that are there.
    pub fn make_identity(&self, body: &NewIdentity) -> Result<Identity, Error> {
        let path = ["/api/v1/identities".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Take in a copy of an identity.
    pub fn import_identity(&self, body: &ImportingBody) -> Result<Identity, Error> {
        let path = ["/api/v1/identities/import".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Show an identity.
    pub fn show_identity(&self, identity: &str) -> Result<Identity, Error> {
        let path = ["/api/v1/identities/".to_string(), escape(&identity.to_string())].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Rename an identity, or make it the default.
    pub fn change_identity(&self, identity: &str, body: &IdentityPatch) -> Result<Identity, Error> {
        let path = ["/api/v1/identities/".to_string(), escape(&identity.to_string())].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PATCH", &path, &query, "application/json", body)
    }

    /// Get a copy of an identity, to be kept elsewhere. This is for the owner alone, by the
    /// key or in the browser: no token opens it.
    pub fn export_identity(&self, identity: &str, body: &ExportingBody) -> Result<Sealed, Error> {
        let path = ["/api/v1/identities/".to_string(), escape(&identity.to_string()), "/export".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Lock an identity.
    pub fn lock_identity(&self, identity: &str) -> Result<Identity, Error> {
        let path = ["/api/v1/identities/".to_string(), escape(&identity.to_string()), "/lock".to_string()].concat();
        let query = Vec::new();
        self.fetch("POST", &path, &query, "", None)
    }

    /// Set, change or remove the passphrase of an identity. Whether it is locked stays as it
    /// was, unless it needs no passphrase any more.
    pub fn set_passphrase(&self, identity: &str, body: &ResealingBody) -> Result<Identity, Error> {
        let path = ["/api/v1/identities/".to_string(), escape(&identity.to_string()), "/passphrase".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PUT", &path, &query, "application/json", body)
    }

    /// Unlock an identity until it is locked, or the node ends.
    pub fn unlock_identity(&self, identity: &str, body: &UnlockingBody) -> Result<Identity, Error> {
        let path = ["/api/v1/identities/".to_string(), escape(&identity.to_string()), "/unlock".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// List labels.
    pub fn list_labels(&self) -> Result<Labels, Error> {
        let path = ["/api/v1/labels".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Take a label off all torrents, and forget it.
    pub fn remove_label(&self, name: &str) -> Result<(), Error> {
        let path = ["/api/v1/labels/".to_string(), escape(&name.to_string())].concat();
        let query = Vec::new();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// Make a label, or change the limits of one.
    pub fn set_label(&self, name: &str, body: &LabelSettings) -> Result<Labels, Error> {
        let path = ["/api/v1/labels/".to_string(), escape(&name.to_string())].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PUT", &path, &query, "application/json", body)
    }

    /// See what a link leads to. The node goes there, and adds nothing. Whoever answers
    /// there has to show the key that the link names; otherwise nothing is sent.
    pub fn open_link(&self, body: &Wanted) -> Result<Preview, Error> {
        let path = ["/api/v1/links".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Show the newest lines of the log.
    pub fn get_log(&self, query: &GetLogQuery) -> Result<Log, Error> {
        let path = ["/api/v1/log".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Follow the log. A stream of Server-Sent Events called line, which begins with the
    /// newest lines there are.
    pub fn stream_log(&self, query: &StreamLogQuery) -> Result<Events<LogEvent>, Error> {
        let path = ["/api/v1/log/events".to_string()].concat();
        let query = query.pairs();
        self.stream(&path, &query)
    }

    /// Show by which way traffic leaves, and what does not.
    pub fn get_network(&self) -> Result<Network, Error> {
        let path = ["/api/v1/network".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Make a new owner's key. The one before, and all cookies, open nothing from then on,
    /// and what the owner follows with them ends. Tokens stay good. This is for the owner
    /// alone, by the key or in the browser: no token opens it.
    pub fn replace_owner_key(&self) -> Result<OwnerKey, Error> {
        let path = ["/api/v1/owner-key".to_string()].concat();
        let query = Vec::new();
        self.fetch("POST", &path, &query, "", None)
    }

    /// Show whether others can connect, and where.
    pub fn get_reachability(&self) -> Result<Reachability, Error> {
        let path = ["/api/v1/reachability".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Show which limits hold now, and until when. Rules and limits are settings:
    /// change-settings changes them, under the names that are given here.
    pub fn get_schedule(&self) -> Result<Schedule, Error> {
        let path = ["/api/v1/schedule".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Let the alternative limits hold, or not. That counts until the schedule changes
    /// between the alternative limits and others, and outlives a restart.
    pub fn switch_alternative(&self, body: &Switch) -> Result<Schedule, Error> {
        let path = ["/api/v1/schedule/alternative".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PUT", &path, &query, "application/json", body)
    }

    /// Show who asks, and what he may do.
    pub fn get_session(&self) -> Result<Session, Error> {
        let path = ["/api/v1/session".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Show what can be set, and what it is set to. Secrets are left out; of URLs the host
    /// alone is shown, unless settings may be changed.
    pub fn get_settings(&self) -> Result<Settings, Error> {
        let path = ["/api/v1/settings".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Change settings. All that are given, or none. What was set by the environment or a
    /// flag cannot be changed.
    pub fn change_settings(&self, body: &BTreeMap<String, Json>) -> Result<Settings, Error> {
        let path = ["/api/v1/settings".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PATCH", &path, &query, "application/json", body)
    }

    /// List what is shared. With the links: who reads this can pass everything on.
    pub fn list_shares(&self) -> Result<Shares, Error> {
        let path = ["/api/v1/shares".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Look through a file or folder that is to be shared. The answer does not wait for it:
    /// show-draft tells how far it is. Nothing is shared before share-draft.
    pub fn draft_share(&self, body: &NewDraft) -> Result<Draft, Error> {
        let path = ["/api/v1/shares/drafts".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Drop a draft, whatever it is at. What has become a share stays one.
    pub fn drop_draft(&self, id: &str) -> Result<(), Error> {
        let path = ["/api/v1/shares/drafts/".to_string(), escape(&id.to_string())].concat();
        let query = Vec::new();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// Show how far a draft is, and what was found.
    pub fn show_draft(&self, id: &str) -> Result<Draft, Error> {
        let path = ["/api/v1/shares/drafts/".to_string(), escape(&id.to_string())].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Share a draft under a private link. The answer does not wait until it is hashed:
    /// show-draft tells how far it is, and which share it has become.
    pub fn share_draft(&self, id: &str, body: &NewShare) -> Result<Draft, Error> {
        let path = ["/api/v1/shares/drafts/".to_string(), escape(&id.to_string()), "/share".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Make a torrent of a draft, and no share. For versions 1 and 2 (hybrid). The answer
    /// does not wait until it is hashed: show-draft tells how far it is, drop-draft ends it,
    /// and download-draft has the torrent.
    pub fn make_torrent(&self, id: &str, body: &MakeTorrent) -> Result<Draft, Error> {
        let path = ["/api/v1/shares/drafts/".to_string(), escape(&id.to_string()), "/torrent".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Get the torrent file that was made of a draft.
    pub fn download_draft(&self, id: &str) -> Result<Vec<u8>, Error> {
        let path = ["/api/v1/shares/drafts/".to_string(), escape(&id.to_string()), "/torrent/file".to_string()].concat();
        let query = Vec::new();
        self.send("GET", &path, &query, "", None)
    }

    /// List what is shared with everybody, and where.
    pub fn list_public_shares(&self) -> Result<PublicShares, Error> {
        let path = ["/api/v1/shares/public".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// End a share: the links, the torrents, and those who are connected. Of a share that is
    /// revoked already, what is left is forgotten. What others have fetched, they have.
    pub fn revoke_share(&self, id: &str, query: &RevokeShareQuery) -> Result<(), Error> {
        let path = ["/api/v1/shares/".to_string(), escape(&id.to_string())].concat();
        let query = query.pairs();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// Show a share.
    pub fn show_share(&self, id: &str) -> Result<Share, Error> {
        let path = ["/api/v1/shares/".to_string(), escape(&id.to_string())].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Change what is said of a share, or what its link demands. Who has redeemed the link
    /// goes on, whatever it demands now.
    pub fn change_share(&self, id: &str, body: &SharePatch) -> Result<Share, Error> {
        let path = ["/api/v1/shares/".to_string(), escape(&id.to_string())].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PATCH", &path, &query, "application/json", body)
    }

    /// Share something with everybody as well. It is listed under the public link of the
    /// node, and seeded as a public torrent. The private link stays.
    pub fn publish_share(&self, id: &str, body: &Publication) -> Result<Share, Error> {
        let path = ["/api/v1/shares/".to_string(), escape(&id.to_string()), "/publish".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Get a link as a QR code. A picture in SVG: black on white, with room around it.
    pub fn draw_share_link(&self, id: &str, which: &str) -> Result<Vec<u8>, Error> {
        let path = ["/api/v1/shares/".to_string(), escape(&id.to_string()), "/qr/".to_string(), escape(&which.to_string())].concat();
        let query = Vec::new();
        self.send("GET", &path, &query, "", None)
    }

    /// Share something no longer with everybody. What others have fetched, they have.
    pub fn unpublish_share(&self, id: &str) -> Result<Share, Error> {
        let path = ["/api/v1/shares/".to_string(), escape(&id.to_string()), "/unpublish".to_string()].concat();
        let query = Vec::new();
        self.fetch("POST", &path, &query, "", None)
    }

    /// Show what was received and sent over time. Of all torrents, also those that are gone.
    /// The hour begins with the node; the rest outlasts it.
    pub fn get_statistics(&self, query: &GetStatisticsQuery) -> Result<Statistics, Error> {
        let path = ["/api/v1/statistics".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Show how the node stands.
    pub fn get_status(&self) -> Result<Status, Error> {
        let path = ["/api/v1/status".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// List tokens.
    pub fn list_tokens(&self) -> Result<Tokens, Error> {
        let path = ["/api/v1/tokens".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Make a token for a program. Its text is told this once.
    pub fn make_token(&self, body: &NewToken) -> Result<Made, Error> {
        let path = ["/api/v1/tokens".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Take a token away.
    pub fn revoke_token(&self, id: i64) -> Result<(), Error> {
        let path = ["/api/v1/tokens/".to_string(), escape(&id.to_string())].concat();
        let query = Vec::new();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// List torrents. A page of those that are asked for, filtered and sorted by the node.
    /// total is how many there are in all pages.
    pub fn list_torrents(&self, query: &ListTorrentsQuery) -> Result<Page, Error> {
        let path = ["/api/v1/torrents".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Add a torrent. By one of magnet, url, file and link. If it is there already, the
    /// problem is duplicate, and the value of its first error is the torrent's key.
    pub fn add_torrent(&self, body: &NewTorrent) -> Result<Torrent, Error> {
        let path = ["/api/v1/torrents".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Do the same with many torrents. Where it fails with one of them, it is done with the
    /// others all the same.
    pub fn do_with_torrents(&self, body: &Bulk) -> Result<Done, Error> {
        let path = ["/api/v1/torrents/bulk".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Count torrents by state, category, label and tracker. Each name is what list-torrents
    /// can be asked for; the empty one of categories and trackers is none there.
    pub fn count_torrents(&self) -> Result<Counts, Error> {
        let path = ["/api/v1/torrents/counts".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Add a torrent by its file. The body is the file as it is. Everything else is as with
    /// add-torrent.
    pub fn upload_torrent(&self, query: &UploadTorrentQuery, body: Vec<u8>) -> Result<Torrent, Error> {
        let path = ["/api/v1/torrents/file".to_string()].concat();
        let query = query.pairs();
        let body = Some(body);
        self.fetch("POST", &path, &query, "application/x-bittorrent", body)
    }

    /// Remove a torrent. Its files stay unless content is true.
    pub fn remove_torrent(&self, key: &str, query: &RemoveTorrentQuery) -> Result<(), Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string())].concat();
        let query = query.pairs();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// Show a torrent.
    pub fn get_torrent(&self, key: &str) -> Result<Torrent, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string())].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Change a torrent. All that is given is changed, or nothing.
    pub fn change_torrent(&self, key: &str, body: &Patch) -> Result<Torrent, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string())].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PATCH", &path, &query, "application/json", body)
    }

    /// Get the torrent file of a torrent. Without its trackers, in whose addresses may be
    /// keys, for who may not change torrents or settings.
    pub fn download_torrent(&self, key: &str) -> Result<Vec<u8>, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/file".to_string()].concat();
        let query = Vec::new();
        self.send("GET", &path, &query, "", None)
    }

    /// List the files of a torrent.
    pub fn list_files(&self, key: &str) -> Result<Files, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/files".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Say how much files of a torrent are wanted.
    pub fn prioritize_files(&self, key: &str, body: &PrioritizingBody) -> Result<Files, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/files".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PATCH", &path, &query, "application/json", body)
    }

    /// Move the content of a torrent to another folder. What takes longer than ten seconds
    /// is answered with 202, and goes on; if it fails, the log of the node has why, and the
    /// content is where it was.
    pub fn move_torrent(&self, key: &str, body: &MovingBody) -> Result<MovedBody, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/move".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("POST", &path, &query, "application/json", body)
    }

    /// Pause a torrent.
    pub fn pause_torrent(&self, key: &str) -> Result<(), Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/pause".to_string()].concat();
        let query = Vec::new();
        self.send("POST", &path, &query, "", None).map(|_| ())
    }

    /// List the connected peers of a torrent.
    pub fn list_peers(&self, key: &str) -> Result<Peers, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/peers".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Name peers of a torrent, to be dialled.
    pub fn add_peers(&self, key: &str, body: &PeeringBody) -> Result<(), Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/peers".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.send("POST", &path, &query, "application/json", body).map(|_| ())
    }

    /// Show which pieces of a torrent there are.
    pub fn show_pieces(&self, key: &str) -> Result<Pieces, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/pieces".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Give a torrent another place in the queue.
    pub fn place_torrent(&self, key: &str, body: &PlacingBody) -> Result<(), Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/position".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.send("POST", &path, &query, "application/json", body).map(|_| ())
    }

    /// Ask trackers and the DHT for peers, as soon as they allow it.
    pub fn reannounce_torrent(&self, key: &str) -> Result<(), Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/reannounce".to_string()].concat();
        let query = Vec::new();
        self.send("POST", &path, &query, "", None).map(|_| ())
    }

    /// Check all content of a torrent once more, in the background.
    pub fn recheck_torrent(&self, key: &str) -> Result<(), Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/recheck".to_string()].concat();
        let query = Vec::new();
        self.send("POST", &path, &query, "", None).map(|_| ())
    }

    /// Rename a file or a folder of a torrent.
    pub fn rename_file(&self, key: &str, body: &RenamingBody) -> Result<(), Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/rename".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.send("POST", &path, &query, "application/json", body).map(|_| ())
    }

    /// Resume a torrent.
    pub fn resume_torrent(&self, key: &str) -> Result<(), Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/resume".to_string()].concat();
        let query = Vec::new();
        self.send("POST", &path, &query, "", None).map(|_| ())
    }

    /// Say where players can read the files of a torrent while they are fetched. What is
    /// read is fetched before all else. Ranges and HEAD work as with any file on the web.
    pub fn list_streams(&self, key: &str, query: &ListStreamsQuery) -> Result<Streams, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/streams".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// List the trackers of a torrent.
    pub fn list_trackers(&self, key: &str) -> Result<Trackers, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/trackers".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Replace the trackers of a torrent.
    pub fn set_trackers(&self, key: &str, body: &TiersBody) -> Result<Trackers, Error> {
        let path = ["/api/v1/torrents/".to_string(), escape(&key.to_string()), "/trackers".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PUT", &path, &query, "application/json", body)
    }

    /// Show what the tracker of the node does.
    pub fn get_tracker(&self) -> Result<TrackerStatus, Error> {
        let path = ["/api/v1/tracker".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Show what the tracker of the node did, minute by minute. Of the last day at most, and
    /// not before it was started.
    pub fn get_tracker_history(&self, query: &GetTrackerHistoryQuery) -> Result<TrackerHistory, Error> {
        let path = ["/api/v1/tracker/history".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// List the torrents with most peers at the tracker of the node.
    pub fn list_swarms(&self, query: &ListSwarmsQuery) -> Result<Swarms, Error> {
        let path = ["/api/v1/tracker/swarms".to_string()].concat();
        let query = query.pairs();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Watch a folder no more. Nothing happens to the folder.
    pub fn remove_watch_folder(&self, query: &RemoveWatchFolderQuery) -> Result<(), Error> {
        let path = ["/api/v1/watch-folders".to_string()].concat();
        let query = query.pairs();
        self.send("DELETE", &path, &query, "", None).map(|_| ())
    }

    /// List folders that are watched for torrent files, and what became of these.
    pub fn list_watch_folders(&self) -> Result<WatchList, Error> {
        let path = ["/api/v1/watch-folders".to_string()].concat();
        let query = Vec::new();
        self.fetch("GET", &path, &query, "", None)
    }

    /// Watch a folder, or change how it is watched. It is kept as the setting paths.watch,
    /// which then counts instead of the list in the configuration file.
    pub fn set_watch_folder(&self, body: &WatchFolder) -> Result<WatchList, Error> {
        let path = ["/api/v1/watch-folders".to_string()].concat();
        let query = Vec::new();
        let body = Some(body.write().to_string().into_bytes());
        self.fetch("PUT", &path, &query, "application/json", body)
    }
}
