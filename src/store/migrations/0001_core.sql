CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counters (name, value) VALUES ('id', 1000);
-- Every thing that others hang something on. Deleting its row takes all that hangs on its id, in whatever folder's table
-- (… REFERENCES things (id) ON DELETE CASCADE), in the same transaction.
CREATE TABLE things (id BIGINT PRIMARY KEY, kind TEXT NOT NULL);
CREATE TABLE accounts (
  account TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, arn TEXT NOT NULL, status TEXT NOT NULL,
  joined_ms BIGINT NOT NULL, joined_method TEXT NOT NULL, parent TEXT NOT NULL);
-- Users, roles and groups (kind 'user', 'role', 'group'); names are compared in lower case.
CREATE TABLE principals (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  name_lower TEXT NOT NULL, path TEXT NOT NULL, arn TEXT NOT NULL, unique_id TEXT NOT NULL, created_ms BIGINT NOT NULL,
  trust TEXT NOT NULL, definition TEXT NOT NULL);
CREATE UNIQUE INDEX principals_by_name ON principals (account, kind, name_lower);
CREATE UNIQUE INDEX principals_by_arn ON principals (arn);
CREATE UNIQUE INDEX principals_by_unique_id ON principals (unique_id);
-- The catalog's databases and tables: what governance and queries need of them; the rest is JSON of the service's own structure.
-- target_*: set where it is a resource link.
CREATE TABLE catalog_databases (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
  location TEXT NOT NULL, target_account TEXT NOT NULL, target_database TEXT NOT NULL, target_region TEXT NOT NULL,
  definition TEXT NOT NULL);
CREATE UNIQUE INDEX catalog_databases_by_name ON catalog_databases (account, region, name);
-- columns, keys: the names in lower case, a line each, in the table's order.
CREATE TABLE catalog_tables (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE,
  database_id BIGINT NOT NULL REFERENCES catalog_databases (id) ON DELETE CASCADE, account TEXT NOT NULL, region TEXT NOT NULL,
  database_name TEXT NOT NULL, name TEXT NOT NULL, location TEXT NOT NULL, columns TEXT NOT NULL, keys TEXT NOT NULL,
  target_account TEXT NOT NULL, target_database TEXT NOT NULL, target_table TEXT NOT NULL, target_region TEXT NOT NULL,
  version BIGINT NOT NULL, definition TEXT NOT NULL);
CREATE UNIQUE INDEX catalog_tables_by_name ON catalog_tables (database_id, name);
CREATE INDEX catalog_tables_by_account ON catalog_tables (account, region, database_name, name);
-- Records of committed changes on their way to the journal's segments.
CREATE TABLE outbox (id BIGINT PRIMARY KEY, record TEXT NOT NULL);
