-- The W3C trace of a login's start: what happens to the login later, at whoever's call or at nobody's, continues it.
-- Null for rows that a version before wrote.
ALTER TABLE transaction ADD COLUMN traceparent text;
