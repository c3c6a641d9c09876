-- The newest record that was seen of what others share, so that nobody shows an older one.
CREATE TABLE share_seen (
    id       BLOB    NOT NULL,          -- 16 bytes, of the share
    v1       BLOB    NOT NULL,          -- 20 bytes, of its torrent: the private one and the public one count apart
    signer   BLOB    NOT NULL,          -- 32 bytes
    sequence INTEGER NOT NULL,
    at       INTEGER NOT NULL,          -- when it was seen last, Unix seconds
    PRIMARY KEY (id, v1)
) STRICT, WITHOUT ROWID;
CREATE INDEX share_seen_at ON share_seen (at);
