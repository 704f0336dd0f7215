-- Tables of governance/. Principals in grants: '#ID' (a user or role by the id of its row), 'ACCOUNT', 'ACCOUNT:IAMPrincipals',
-- 'saml:ID:user/NAME' and 'saml:ID:group/NAME' (of a SAML provider by the id of its row), 'IAM_ALLOWED_PRINCIPALS', 'o:ORGANIZATION',
-- 'ou:UNIT'. What hangs on a thing goes with it, so that a namesake inherits nothing.
-- settings: the service's structure DataLakeSettings, without the administrators. A catalog without a row here is as AWS makes it.
CREATE TABLE lf_settings (account TEXT NOT NULL, region TEXT NOT NULL, settings TEXT NOT NULL, PRIMARY KEY (account, region));
-- role: 'admin' or 'reader'.
CREATE TABLE lf_admins (
  account TEXT NOT NULL, region TEXT NOT NULL, role TEXT NOT NULL,
  principal_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, PRIMARY KEY (account, region, principal_id, role));
CREATE TABLE lf_tags (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, region TEXT NOT NULL, tag_key TEXT NOT NULL);
CREATE UNIQUE INDEX lf_tags_by_key ON lf_tags (account, region, tag_key);
CREATE TABLE lf_tag_values (
  tag_id BIGINT NOT NULL REFERENCES lf_tags (id) ON DELETE CASCADE, tag_value TEXT NOT NULL, PRIMARY KEY (tag_id, tag_value));
-- What databases, tables and (column_name not '') columns carry.
CREATE TABLE lf_assignments (
  thing_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, column_name TEXT NOT NULL,
  tag_id BIGINT NOT NULL REFERENCES lf_tags (id) ON DELETE CASCADE, tag_value TEXT NOT NULL, PRIMARY KEY (thing_id, column_name, tag_id));
CREATE INDEX lf_assignments_by_tag ON lf_assignments (tag_id, tag_value);
-- expression: as policy/lake_tags.h writes it.
CREATE TABLE lf_expressions (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
  description TEXT NOT NULL, expression TEXT NOT NULL);
CREATE UNIQUE INDEX lf_expressions_by_name ON lf_expressions (account, region, name);
-- account: who made it, the table's owner or a consumer for its own principals. row_expression '': all rows. list: 'only' or
-- 'all_but' the columns, a line each.
CREATE TABLE lf_filters (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, table_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE,
  account TEXT NOT NULL, name TEXT NOT NULL, row_expression TEXT NOT NULL, list TEXT NOT NULL, columns TEXT NOT NULL,
  version BIGINT NOT NULL);
CREATE UNIQUE INDEX lf_filters_by_name ON lf_filters (table_id, account, name);
-- path: 'bucket/' or 'bucket/prefix/'. role_id NULL: the role is gone, nobody reads there.
CREATE TABLE lf_locations (
  id BIGINT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, arn TEXT NOT NULL, path TEXT NOT NULL,
  role_id BIGINT REFERENCES things (id) ON DELETE SET NULL, federation BIGINT NOT NULL, hybrid BIGINT NOT NULL, privileged BIGINT NOT NULL,
  owner_account TEXT NOT NULL, modified_ms BIGINT NOT NULL);
CREATE UNIQUE INDEX lf_locations_by_path ON lf_locations (path, region, account);
CREATE INDEX lf_locations_by_account ON lf_locations (account, region, id);
-- kind: 'lake' (made by a grant) or 'own' (made by hand). status: 'ACTIVE' or 'DELETED'.
CREATE TABLE ram_shares (
  id BIGINT PRIMARY KEY, arn TEXT NOT NULL, owner TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
  external BIGINT NOT NULL, status TEXT NOT NULL, created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL);
CREATE UNIQUE INDEX ram_shares_by_arn ON ram_shares (arn);
CREATE INDEX ram_shares_by_owner ON ram_shares (owner, region, id);
-- open: 1 where the share reaches this principal: inside the organisation at once, outside once its invitation is accepted.
CREATE TABLE ram_principals (
  share_id BIGINT NOT NULL REFERENCES ram_shares (id) ON DELETE CASCADE, principal TEXT NOT NULL, shown TEXT NOT NULL,
  account TEXT NOT NULL, status TEXT NOT NULL, open BIGINT NOT NULL, external BIGINT NOT NULL, created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL, PRIMARY KEY (share_id, principal));
CREATE INDEX ram_principals_by_principal ON ram_principals (principal, share_id);
CREATE INDEX ram_principals_by_account ON ram_principals (account, share_id);
-- Of shares made by hand; those of grants follow from the grants.
CREATE TABLE ram_resources (
  share_id BIGINT NOT NULL REFERENCES ram_shares (id) ON DELETE CASCADE, arn TEXT NOT NULL, status TEXT NOT NULL,
  created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL, PRIMARY KEY (share_id, arn));
CREATE TABLE ram_tags (
  share_id BIGINT NOT NULL REFERENCES ram_shares (id) ON DELETE CASCADE, tag_key TEXT NOT NULL, tag_value TEXT NOT NULL,
  PRIMARY KEY (share_id, tag_key));
CREATE TABLE ram_invitations (
  id BIGINT PRIMARY KEY, arn TEXT NOT NULL, share_id BIGINT NOT NULL REFERENCES ram_shares (id) ON DELETE CASCADE,
  principal TEXT NOT NULL, receiver TEXT NOT NULL, status TEXT NOT NULL, invited_ms BIGINT NOT NULL);
CREATE UNIQUE INDEX ram_invitations_by_arn ON ram_invitations (arn);
CREATE INDEX ram_invitations_by_receiver ON ram_invitations (receiver, id);
-- keeper: the account whose grant it is; owner: whose catalog the resource is in. They differ where a consumer passes on.
-- object: the database, table, tag or expression, 0 for none; thing_id says the same and takes the row along. resource_key: one text
-- for one resource. detail: columns, the tag's value, the path or the tag expression, as kind says.
CREATE TABLE lf_grants (
  id BIGINT PRIMARY KEY, keeper TEXT NOT NULL, owner TEXT NOT NULL, region TEXT NOT NULL, principal TEXT NOT NULL,
  principal_id BIGINT REFERENCES things (id) ON DELETE CASCADE, shown TEXT NOT NULL, kind TEXT NOT NULL, resource_key TEXT NOT NULL,
  object BIGINT NOT NULL, thing_id BIGINT REFERENCES things (id) ON DELETE CASCADE,
  filter_id BIGINT REFERENCES lf_filters (id) ON DELETE CASCADE, expression_id BIGINT REFERENCES lf_expressions (id) ON DELETE CASCADE,
  detail TEXT NOT NULL, condition TEXT NOT NULL, permissions BIGINT NOT NULL, grantable BIGINT NOT NULL,
  share_id BIGINT REFERENCES ram_shares (id), updated_ms BIGINT NOT NULL, updated_by TEXT NOT NULL);
CREATE UNIQUE INDEX lf_grants_by_key ON lf_grants (principal, owner, region, resource_key, keeper, condition);
CREATE INDEX lf_grants_by_object ON lf_grants (principal, owner, region, object);
CREATE INDEX lf_grants_by_owner ON lf_grants (owner, region, id);
CREATE INDEX lf_grants_by_thing ON lf_grants (thing_id);
CREATE INDEX lf_grants_by_principal_id ON lf_grants (principal_id);
CREATE INDEX lf_grants_by_filter ON lf_grants (filter_id);
CREATE INDEX lf_grants_by_expression ON lf_grants (expression_id);
CREATE INDEX lf_grants_by_share ON lf_grants (share_id);
