-- What services remember of themselves, as JSON.
CREATE TABLE automation (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
