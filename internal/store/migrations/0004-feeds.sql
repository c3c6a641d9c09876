-- Feeds, what is in them, and the rules by which it is fetched. Times are Unix seconds,
-- 0 for never.
CREATE TABLE feed (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    url      TEXT    NOT NULL UNIQUE,
    name     TEXT    NOT NULL,
    title    TEXT    NOT NULL,      -- as it calls itself
    every    INTEGER NOT NULL,      -- seconds, 0 for the default
    etag     TEXT    NOT NULL,
    modified TEXT    NOT NULL,
    checked  INTEGER NOT NULL,
    due      INTEGER NOT NULL,
    failures INTEGER NOT NULL,      -- in a row
    problem  TEXT    NOT NULL
) STRICT;

CREATE TABLE feed_item (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    feed       INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE,
    key        TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    link       TEXT    NOT NULL,
    page       TEXT    NOT NULL,
    size       INTEGER NOT NULL,
    published  INTEGER NOT NULL,
    categories TEXT    NOT NULL,    -- JSON list
    hash       TEXT    NOT NULL,
    seen       INTEGER NOT NULL,    -- first
    current    INTEGER NOT NULL,    -- whether it is in the feed still
    read       INTEGER NOT NULL,
    state      TEXT    NOT NULL,    -- '', added, failed
    rule       TEXT    NOT NULL,    -- by which it was fetched
    problem    TEXT    NOT NULL,
    tries      INTEGER NOT NULL,
    retry      INTEGER NOT NULL,
    UNIQUE (feed, key)
) STRICT;

CREATE TABLE feed_rule (
    name TEXT PRIMARY KEY,
    rule TEXT    NOT NULL,          -- JSON
    last INTEGER NOT NULL           -- when something was fetched by it
) STRICT;

-- What was fetched, by any feed: hashes of its key, its link and its info-hash.
CREATE TABLE feed_done (
    key BLOB PRIMARY KEY,
    at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_episode (
    rule    TEXT NOT NULL REFERENCES feed_rule (name) ON DELETE CASCADE ON UPDATE CASCADE,
    episode TEXT NOT NULL,
    PRIMARY KEY (rule, episode)
) STRICT, WITHOUT ROWID;
