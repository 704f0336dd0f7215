-- What lets a crawl look only at what has changed: objects/ keeps where objects went away, catalog/ what a crawler has seen.
-- The folders (up to the last '/', or '') from which a version of an object was taken away, and the last time: what was put there
-- says so itself, by the id of its row. What is older than two weeks is forgotten; the counter 'object_removals_forgotten' says up
-- to which id.
CREATE TABLE object_removals (
  bucket BIGINT NOT NULL REFERENCES buckets (id) ON DELETE CASCADE, folder TEXT NOT NULL, id BIGINT NOT NULL, since_ms BIGINT NOT NULL,
  PRIMARY KEY (bucket, folder));
-- Up to which moment a crawler has followed the changes of a place; written where its crawl succeeded.
CREATE TABLE catalog_crawl_marks (
  crawler_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, place TEXT NOT NULL, mark BIGINT NOT NULL,
  PRIMARY KEY (crawler_id, place));
-- What a crawler has last found in a folder of the place: JSON of its one summary.
CREATE TABLE catalog_crawl_folders (
  crawler_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, place TEXT NOT NULL, folder TEXT NOT NULL, found TEXT NOT NULL,
  PRIMARY KEY (crawler_id, place, folder));
