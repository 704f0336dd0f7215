-- Tables of organisation/. One row: the organisation itself.
CREATE TABLE organizations (id TEXT PRIMARY KEY, root TEXT NOT NULL, management_account TEXT NOT NULL, created_ms BIGINT NOT NULL);
-- parent: the root's or a unit's id. Names are unique under a parent.
CREATE TABLE organizational_units (id TEXT PRIMARY KEY, name TEXT NOT NULL, parent TEXT NOT NULL, arn TEXT NOT NULL, created_ms BIGINT NOT NULL);
CREATE UNIQUE INDEX organizational_units_by_name ON organizational_units (parent, name);
CREATE TABLE account_creations (
  id TEXT PRIMARY KEY, account_name TEXT NOT NULL, account TEXT NOT NULL, state TEXT NOT NULL, failure TEXT NOT NULL,
  requested_ms BIGINT NOT NULL, completed_ms BIGINT NOT NULL);
CREATE TABLE organization_services (service TEXT PRIMARY KEY, enabled_ms BIGINT NOT NULL);
CREATE TABLE delegated_administrators (
  account TEXT NOT NULL, service TEXT NOT NULL, enabled_ms BIGINT NOT NULL, PRIMARY KEY (account, service));
-- resource: the id of an account, unit, root or policy.
CREATE TABLE organization_tags (resource TEXT NOT NULL, tag_key TEXT NOT NULL, tag_value TEXT NOT NULL, PRIMARY KEY (resource, tag_key));
-- kind: SERVICE_CONTROL_POLICY. Attachments name a root, a unit or an account; p-FullAWSAccess needs no row in organization_policies.
CREATE TABLE organization_policy_types (root TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (root, kind));
CREATE TABLE organization_policies (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL, arn TEXT NOT NULL, content TEXT NOT NULL,
  created_ms BIGINT NOT NULL);
CREATE UNIQUE INDEX organization_policies_by_name ON organization_policies (kind, name);
CREATE TABLE organization_policy_targets (
  target TEXT NOT NULL, policy TEXT NOT NULL, PRIMARY KEY (target, policy));
