-- What the node shares by links. Times are Unix seconds, 0 for never.
CREATE TABLE share (
    id           BLOB PRIMARY KEY,      -- 16 bytes
    permid       BLOB    NOT NULL,      -- of the identity that signs
    signer       BLOB    NOT NULL,      -- 32 bytes, its key for that
    token        BLOB UNIQUE,           -- 16 bytes, of the private link; NULL once it is revoked
    secret       BLOB,                  -- 32 bytes, likewise
    announce     BLOB,                  -- 16 bytes, the key of the tracker; likewise
    said         TEXT    NOT NULL,      -- JSON: title, description, tags, licence, provenance
    files        INTEGER NOT NULL,
    size         INTEGER NOT NULL,
    piece_length INTEGER NOT NULL,
    created      INTEGER NOT NULL,
    expires      INTEGER NOT NULL,
    revoked      INTEGER NOT NULL,
    sequence     INTEGER NOT NULL,      -- of the record that was signed last
    torrent      TEXT    NOT NULL,      -- key in the library
    v1           BLOB    NOT NULL,      -- its info-hashes, 20 bytes
    v2           BLOB    NOT NULL,      -- and 32
    public       TEXT    NOT NULL,      -- key of the public torrent, '' unless it is published
    public_v1    BLOB    NOT NULL,
    public_v2    BLOB    NOT NULL,
    borrowed     INTEGER NOT NULL,      -- the public one was there before, and stays
    uses         INTEGER NOT NULL,      -- how often the link can still be redeemed, -1 for any number
    used         INTEGER NOT NULL,
    passphrase   BLOB,                  -- salt and Argon2id, NULL without
    direct       INTEGER NOT NULL,      -- files are to be had over HTTP,
    direct_limit INTEGER NOT NULL,      -- up to so many bytes each
    visits       INTEGER NOT NULL,
    downloads    INTEGER NOT NULL
) STRICT;

-- The records, as they are signed and served.
CREATE TABLE share_record (
    share  BLOB    NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    public INTEGER NOT NULL,            -- of which torrent: 0 the private, 1 the public one
    bytes  BLOB    NOT NULL,
    PRIMARY KEY (share, public)
) STRICT;

-- Files one by one: a page shows some of many, and one is served without the others.
CREATE TABLE share_file (
    share BLOB    NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    n     INTEGER NOT NULL,             -- from 0, as in the record
    path  TEXT    NOT NULL,
    size  INTEGER NOT NULL,
    root  BLOB    NOT NULL,             -- pieces root, empty for an empty file
    layer BLOB    NOT NULL,             -- piece layer, empty for a file of one piece
    PRIMARY KEY (share, n)
) STRICT, WITHOUT ROWID;

-- Who has redeemed a link.
CREATE TABLE share_ticket (
    hash  BLOB PRIMARY KEY,             -- SHA-256 of the ticket: the ticket itself is kept nowhere
    share BLOB    NOT NULL REFERENCES share (id) ON DELETE CASCADE,
    ends  INTEGER NOT NULL
) STRICT;

-- The one link under which all public shares are.
CREATE TABLE share_public (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    token BLOB NOT NULL                 -- 16 bytes
) STRICT;
