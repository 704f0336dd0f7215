-- public_access: four of 0 and 1 (BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets), '' where there is no
-- configuration. versioning: '', 'Enabled' or 'Suspended'. key_arn: what seals new objects, '' for the account's alias/domain.
CREATE TABLE buckets (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, name TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
  created_ms BIGINT NOT NULL, versioning TEXT NOT NULL, public_access TEXT NOT NULL, key_arn TEXT NOT NULL, policy TEXT NOT NULL);
CREATE UNIQUE INDEX buckets_by_name ON buckets (name);
CREATE INDEX buckets_by_account ON buckets (account, name);
-- Further configurations of a bucket, JSON of the service's own structures: 'tagging', 'encryption', 'ownership', …
CREATE TABLE bucket_settings (
  bucket BIGINT NOT NULL REFERENCES buckets (id) ON DELETE CASCADE, kind TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (bucket, kind));
-- A version of an object, or a delete marker. The newest of a key has the highest id; it is visible unless it is a marker.
-- data_key: of the blob, wrapped under key_arn, base64. details, tags, parts: JSON of the service's own structures.
CREATE TABLE object_versions (
  id BIGINT PRIMARY KEY, bucket BIGINT NOT NULL REFERENCES buckets (id) ON DELETE CASCADE, key TEXT NOT NULL, version TEXT NOT NULL,
  visible BIGINT NOT NULL, marker BIGINT NOT NULL, size BIGINT NOT NULL, etag TEXT NOT NULL, modified_ms BIGINT NOT NULL,
  blob TEXT NOT NULL, key_arn TEXT NOT NULL, data_key TEXT NOT NULL, details TEXT NOT NULL, tags TEXT NOT NULL, parts TEXT NOT NULL);
CREATE UNIQUE INDEX object_versions_visible ON object_versions (bucket, key) WHERE visible = 1;
CREATE UNIQUE INDEX object_versions_by_version ON object_versions (bucket, key, version);
CREATE INDEX object_versions_by_age ON object_versions (bucket, key, id);
CREATE TABLE multipart_uploads (
  id TEXT PRIMARY KEY, bucket BIGINT NOT NULL REFERENCES buckets (id) ON DELETE CASCADE, key TEXT NOT NULL, begun_ms BIGINT NOT NULL,
  initiator TEXT NOT NULL, key_arn TEXT NOT NULL, checksum TEXT NOT NULL, checksum_type TEXT NOT NULL, details TEXT NOT NULL,
  tags TEXT NOT NULL);
CREATE INDEX multipart_uploads_by_key ON multipart_uploads (bucket, key, id);
CREATE TABLE multipart_parts (
  upload TEXT NOT NULL REFERENCES multipart_uploads (id) ON DELETE CASCADE, number BIGINT NOT NULL, size BIGINT NOT NULL,
  etag TEXT NOT NULL, modified_ms BIGINT NOT NULL, blob TEXT NOT NULL, key_arn TEXT NOT NULL, data_key TEXT NOT NULL,
  checksums TEXT NOT NULL, PRIMARY KEY (upload, number));
-- Blobs that no row names any more; deleted once whoever was reading the row has opened them.
CREATE TABLE blob_trash (blob TEXT PRIMARY KEY, since_ms BIGINT NOT NULL);
CREATE INDEX object_versions_by_blob ON object_versions (blob);
CREATE INDEX multipart_parts_by_blob ON multipart_parts (blob);
