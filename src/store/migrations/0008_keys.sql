-- Keys of accounts, sealed under the root key of the data directory. state: 'Enabled', 'Disabled', 'PendingDeletion'.
CREATE TABLE keys (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, key_id TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
  arn TEXT NOT NULL, state TEXT NOT NULL, created_ms BIGINT NOT NULL, policy TEXT NOT NULL, definition TEXT NOT NULL);
CREATE UNIQUE INDEX keys_by_arn ON keys (arn);
CREATE UNIQUE INDEX keys_by_key_id ON keys (key_id);
CREATE INDEX keys_by_account ON keys (account, region, key_id);
-- The material of a key, a row each time it was rotated; the highest version seals, all open.
CREATE TABLE key_materials (
  key BIGINT NOT NULL REFERENCES keys (id) ON DELETE CASCADE, version BIGINT NOT NULL, sealed TEXT NOT NULL,
  created_ms BIGINT NOT NULL, PRIMARY KEY (key, version));
CREATE TABLE key_aliases (
  account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, key BIGINT NOT NULL REFERENCES keys (id) ON DELETE CASCADE,
  created_ms BIGINT NOT NULL, PRIMARY KEY (account, region, name));
