-- A share with the organisation opens for callers with a role over all of it. Those made before opened for everyone who
-- signs in, and keep doing so until they are narrowed.
ALTER TABLE shares ADD COLUMN everyone_signed_in BIGINT NOT NULL DEFAULT 0;
UPDATE shares SET everyone_signed_in = 1 WHERE visibility = 'org';
