-- SAML identity providers of accounts (identity/). metadata: the document as it was given; of it, entity_id: who its assertions are
-- from; certificates: of the keys that it signs with, Base64 of DER, a line each; valid_until_ms: when it ends and its keys prove
-- nothing any more. tags: JSON.
CREATE TABLE saml_providers (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, name TEXT NOT NULL, arn TEXT NOT NULL,
  unique_id TEXT NOT NULL, created_ms BIGINT NOT NULL, valid_until_ms BIGINT NOT NULL, metadata TEXT NOT NULL,
  entity_id TEXT NOT NULL, certificates TEXT NOT NULL, tags TEXT NOT NULL);
CREATE UNIQUE INDEX saml_providers_by_arn ON saml_providers (arn);
CREATE UNIQUE INDEX saml_providers_by_unique_id ON saml_providers (unique_id);
CREATE INDEX saml_providers_by_account ON saml_providers (account, name);
