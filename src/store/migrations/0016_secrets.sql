-- Tables of secrets/. definition: the service's structure SecretListEntry. policy: principals by their unique ids; '' is none.
-- deletion_ms: when a secret that was deleted goes for good; 0: it was not deleted.
CREATE TABLE secrets (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
  arn TEXT NOT NULL, policy TEXT NOT NULL, created_ms BIGINT NOT NULL, deletion_ms BIGINT NOT NULL,
  definition TEXT NOT NULL, UNIQUE (account, region, name));
CREATE UNIQUE INDEX secrets_by_arn ON secrets (arn);
CREATE INDEX secrets_by_deletion ON secrets (deletion_ms);
-- A value: sealed under a data key that lies wrapped under the KMS key key_arn. stages: JSON
-- list.
CREATE TABLE secret_versions (
  number BIGINT PRIMARY KEY, secret_id BIGINT NOT NULL REFERENCES secrets (id) ON DELETE CASCADE, version TEXT NOT NULL,
  key_arn TEXT NOT NULL, wrapped_key TEXT NOT NULL, sealed TEXT NOT NULL, stages TEXT NOT NULL,
  created_ms BIGINT NOT NULL, UNIQUE (secret_id, version));
