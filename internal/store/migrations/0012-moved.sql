-- What content was received and sent, and when.
CREATE TABLE moved (
    step     INTEGER NOT NULL,          -- seconds: 600, 3600 or 86400
    at       INTEGER NOT NULL,          -- when the step began, Unix seconds, a multiple of that
    received INTEGER NOT NULL,          -- bytes
    sent     INTEGER NOT NULL,
    PRIMARY KEY (step, at)
) STRICT, WITHOUT ROWID;
