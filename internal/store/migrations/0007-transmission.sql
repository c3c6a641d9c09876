-- What programs for Transmission set and expect to find again, and a node has no use
-- for; as JSON (package internal/compat/transmission/remembered).
CREATE TABLE transmission_torrent (
    torrent INTEGER PRIMARY KEY REFERENCES torrent (id) ON DELETE CASCADE,
    wishes  TEXT NOT NULL
) STRICT;

CREATE TABLE transmission_session (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    wishes TEXT NOT NULL
) STRICT;
