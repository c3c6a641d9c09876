-- The oldest are forgotten whenever something was fetched: without this all were sorted.
CREATE INDEX feed_done_at ON feed_done (at);
