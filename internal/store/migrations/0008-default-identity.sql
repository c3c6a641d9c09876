-- The identity that is meant unless another is named; without a row it is the oldest.
CREATE TABLE identity_default (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    permid BLOB NOT NULL                -- of a row in identity
) STRICT;
