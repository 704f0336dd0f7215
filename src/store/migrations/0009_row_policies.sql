-- Row-level security policies. columns: a line each: name, tabulator, type (which may be empty).
CREATE TABLE lf_row_policies (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
  columns TEXT NOT NULL, row_expression TEXT NOT NULL);
CREATE UNIQUE INDEX lf_row_policies_by_name ON lf_row_policies (account, region, name);
-- What policies are attached to. keeper: whose policy it is; owner: whose catalog the tables are in; they differ where a consumer
-- attaches to its resource link (link_id). kind, resource_key, object, thing_id, expression_id and detail: as in lf_grants.
-- principal '': the default of the resource.
CREATE TABLE lf_row_attachments (
  id BIGINT PRIMARY KEY, policy_id BIGINT NOT NULL REFERENCES lf_row_policies (id) ON DELETE CASCADE, keeper TEXT NOT NULL,
  owner TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, resource_key TEXT NOT NULL, object BIGINT NOT NULL,
  thing_id BIGINT REFERENCES things (id) ON DELETE CASCADE, link_id BIGINT REFERENCES things (id) ON DELETE CASCADE,
  expression_id BIGINT REFERENCES lf_expressions (id) ON DELETE CASCADE, detail TEXT NOT NULL, principal TEXT NOT NULL,
  principal_id BIGINT REFERENCES things (id) ON DELETE CASCADE, shown TEXT NOT NULL, condition TEXT NOT NULL);
CREATE UNIQUE INDEX lf_row_attachments_by_key ON lf_row_attachments (policy_id, resource_key, principal, condition);
CREATE INDEX lf_row_attachments_by_object ON lf_row_attachments (owner, region, object);
CREATE INDEX lf_row_attachments_by_keeper ON lf_row_attachments (keeper, region, id);
CREATE INDEX lf_row_attachments_by_thing ON lf_row_attachments (thing_id);
CREATE INDEX lf_row_attachments_by_link ON lf_row_attachments (link_id);
CREATE INDEX lf_row_attachments_by_expression ON lf_row_attachments (expression_id);
CREATE INDEX lf_row_attachments_by_principal_id ON lf_row_attachments (principal_id);
-- Whom Lake Formation governs although IAM_ALLOWED_PRINCIPALS stands. kind: 'database', 'table' or 'all_tables'.
CREATE TABLE lf_opt_ins (
  id BIGINT PRIMARY KEY, keeper TEXT NOT NULL, owner TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL,
  resource_key TEXT NOT NULL, object BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, principal TEXT NOT NULL,
  principal_id BIGINT REFERENCES things (id) ON DELETE CASCADE, shown TEXT NOT NULL, condition TEXT NOT NULL, updated_ms BIGINT NOT NULL,
  updated_by TEXT NOT NULL);
CREATE UNIQUE INDEX lf_opt_ins_by_key ON lf_opt_ins (principal, owner, region, resource_key, keeper, condition);
CREATE INDEX lf_opt_ins_by_object ON lf_opt_ins (object);
CREATE INDEX lf_opt_ins_by_keeper ON lf_opt_ins (keeper, region, id);
CREATE INDEX lf_opt_ins_by_principal_id ON lf_opt_ins (principal_id);
-- RAM's permissions that customers made (those of AWS stand in governance/managed_permissions.cc). status: 'ATTACHABLE' or 'DEPRECATED'.
CREATE TABLE ram_permissions (
  id BIGINT PRIMARY KEY, arn TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, resource_type TEXT NOT NULL,
  status TEXT NOT NULL, default_version BIGINT NOT NULL, created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL);
CREATE UNIQUE INDEX ram_permissions_by_arn ON ram_permissions (arn);
CREATE INDEX ram_permissions_by_account ON ram_permissions (account, region, id);
CREATE TABLE ram_permission_versions (
  permission_id BIGINT NOT NULL REFERENCES ram_permissions (id) ON DELETE CASCADE, version BIGINT NOT NULL, template TEXT NOT NULL,
  created_ms BIGINT NOT NULL, PRIMARY KEY (permission_id, version));
-- What was chosen for a share by hand; other types of resources have AWS's default.
CREATE TABLE ram_share_permissions (
  share_id BIGINT NOT NULL REFERENCES ram_shares (id) ON DELETE CASCADE, resource_type TEXT NOT NULL, arn TEXT NOT NULL,
  version BIGINT NOT NULL, updated_ms BIGINT NOT NULL, PRIMARY KEY (share_id, resource_type));
CREATE INDEX ram_share_permissions_by_arn ON ram_share_permissions (arn);
CREATE TABLE ram_replacements (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, from_arn TEXT NOT NULL, from_version TEXT NOT NULL,
  to_arn TEXT NOT NULL, to_version TEXT NOT NULL, created_ms BIGINT NOT NULL);
CREATE INDEX ram_replacements_by_account ON ram_replacements (account, region, id);
-- The connection with IAM Identity Center. configuration: the service's structure, as Describe answers it.
CREATE TABLE lf_identity_center (
  account TEXT NOT NULL, region TEXT NOT NULL, configuration TEXT NOT NULL, status TEXT NOT NULL, PRIMARY KEY (account, region));
