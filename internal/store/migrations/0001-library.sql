-- The torrents a node keeps, and what is wanted of them. Times are Unix seconds, 0 for
-- never; durations are seconds; limits are bytes a second, 0 for none.
CREATE TABLE torrent (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    v1            BLOB UNIQUE,          -- 20 bytes, NULL without
    v2            BLOB UNIQUE,          -- 32 bytes, NULL without
    name          TEXT    NOT NULL,
    dir           TEXT    NOT NULL,     -- where the content lies, absolute
    magnet        TEXT    NOT NULL,     -- the link it was added by, as long as nothing else is known
    added         INTEGER NOT NULL,
    completed     INTEGER NOT NULL,
    active        INTEGER NOT NULL,     -- when content was last sent or received
    category      TEXT    NOT NULL,
    labels        TEXT    NOT NULL,     -- JSON list
    paused        INTEGER NOT NULL,
    sent          INTEGER NOT NULL,     -- bytes of content, of all sessions
    received      INTEGER NOT NULL,
    seeding       INTEGER NOT NULL,     -- duration
    running       INTEGER NOT NULL,     -- duration
    place         INTEGER NOT NULL,     -- in the queue
    wishes        TEXT    NOT NULL      -- JSON: what else is wanted of it
) STRICT;

-- Torrent files, as they were received. The piece hashes in them are read when they
-- are needed.
CREATE TABLE metainfo (
    torrent INTEGER PRIMARY KEY REFERENCES torrent (id) ON DELETE CASCADE,
    bytes   BLOB NOT NULL
) STRICT;

CREATE TABLE category (
    name       TEXT PRIMARY KEY,
    dir        TEXT    NOT NULL,        -- where content lands, '' for the default
    up_limit   INTEGER NOT NULL,
    down_limit INTEGER NOT NULL
) STRICT;

CREATE TABLE label (
    name       TEXT PRIMARY KEY,
    up_limit   INTEGER NOT NULL,
    down_limit INTEGER NOT NULL
) STRICT;
