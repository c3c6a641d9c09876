-- Who the person at this node is: one row for each identity.
CREATE TABLE identity (
    permid  BLOB PRIMARY KEY,           -- 32 bytes
    name    TEXT    NOT NULL UNIQUE,    -- what its owner calls it; nobody else sees it
    created INTEGER NOT NULL,           -- Unix seconds
    sealed  BLOB    NOT NULL            -- the seed at rest (docs/protocols/permid.md)
) STRICT;
