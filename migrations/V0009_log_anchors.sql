-- Which file a service's log was when a deployment began, and the digest of the bytes before its end, by which it is found
-- again after somebody rotated it.

ALTER TABLE log_position ADD COLUMN file TEXT;
ALTER TABLE log_position ADD COLUMN anchor TEXT;
