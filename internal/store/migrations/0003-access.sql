-- Tokens of programs, and who has changed what. Times are Unix seconds, 0 for never.
CREATE TABLE token (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT    NOT NULL,
    hash    BLOB    NOT NULL UNIQUE,    -- SHA-256 of the token: the token itself is kept nowhere
    scopes  TEXT    NOT NULL,           -- words with spaces between
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    used    INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    way     TEXT    NOT NULL,           -- how they have shown who they are
    what    TEXT    NOT NULL,
    target  TEXT    NOT NULL,
    status  INTEGER NOT NULL,           -- of HTTP
    failure TEXT    NOT NULL
) STRICT;
