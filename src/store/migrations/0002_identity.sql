-- Tables of identity/.
-- Managed policies; default_version and next_version are numbers ("v1" is 1), a number is not used twice. tags: JSON.
CREATE TABLE iam_policies (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, name TEXT NOT NULL, name_lower TEXT NOT NULL,
  path TEXT NOT NULL, arn TEXT NOT NULL, unique_id TEXT NOT NULL, description TEXT NOT NULL, default_version BIGINT NOT NULL,
  next_version BIGINT NOT NULL, created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL, tags TEXT NOT NULL);
CREATE UNIQUE INDEX iam_policies_by_name ON iam_policies (account, name_lower);
CREATE UNIQUE INDEX iam_policies_by_arn ON iam_policies (arn);
CREATE TABLE iam_policy_versions (
  policy BIGINT NOT NULL REFERENCES iam_policies (id) ON DELETE CASCADE, version BIGINT NOT NULL, document TEXT NOT NULL,
  created_ms BIGINT NOT NULL, PRIMARY KEY (policy, version));
CREATE TABLE iam_inline_policies (
  principal BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, name TEXT NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY (principal, name));
-- usage: 'attached' or 'boundary'. The ARN may be of a policy that the program brings along (arn:aws:iam::aws:policy/…).
CREATE TABLE iam_attachments (
  principal BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, usage TEXT NOT NULL, policy_arn TEXT NOT NULL,
  PRIMARY KEY (principal, usage, policy_arn));
CREATE INDEX iam_attachments_by_policy ON iam_attachments (policy_arn);
CREATE TABLE iam_group_members (
  group_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, user_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, user_id));
CREATE INDEX iam_group_members_by_user ON iam_group_members (user_id);
-- secret: sealed under the server's key. status: 'Active' or 'Inactive'.
CREATE TABLE iam_access_keys (
  access_key TEXT PRIMARY KEY, principal BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, secret TEXT NOT NULL,
  status TEXT NOT NULL, created_ms BIGINT NOT NULL);
CREATE INDEX iam_access_keys_by_principal ON iam_access_keys (principal);
CREATE TABLE iam_account_aliases (account TEXT PRIMARY KEY, alias TEXT NOT NULL);
CREATE UNIQUE INDEX iam_account_aliases_by_alias ON iam_account_aliases (alias);
