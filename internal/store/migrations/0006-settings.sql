-- What was changed while the node ran. Values are JSON, keys those of config.toml.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
