-- What is kept beside Athena's executions. definition: the service's own structure as JSON; token: of the request that made it.
CREATE TABLE named_queries (
  id TEXT PRIMARY KEY, number BIGINT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, workgroup TEXT NOT NULL,
  caller TEXT NOT NULL, token TEXT NOT NULL, definition TEXT NOT NULL);
CREATE INDEX named_queries_by_workgroup ON named_queries (account, region, workgroup, number);
CREATE INDEX named_queries_by_token ON named_queries (account, region, caller, token);
CREATE TABLE prepared_statements (
  account TEXT NOT NULL, region TEXT NOT NULL, workgroup TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
  PRIMARY KEY (account, region, workgroup, name));
-- Functions of a database, indexes of a table's partitions, statistics of columns: each goes with what it is about.
CREATE TABLE catalog_functions (
  database_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, name TEXT NOT NULL, definition TEXT NOT NULL,
  PRIMARY KEY (database_id, name));
CREATE TABLE catalog_partition_indexes (
  table_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, name TEXT NOT NULL, keys TEXT NOT NULL,
  PRIMARY KEY (table_id, name));
CREATE TABLE catalog_table_statistics (
  table_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, column_name TEXT NOT NULL, definition TEXT NOT NULL,
  PRIMARY KEY (table_id, column_name));
CREATE TABLE catalog_partition_statistics (
  table_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, values_key TEXT NOT NULL, column_name TEXT NOT NULL,
  definition TEXT NOT NULL, PRIMARY KEY (table_id, values_key, column_name),
  FOREIGN KEY (table_id, values_key) REFERENCES catalog_partitions (table_id, values_key) ON DELETE CASCADE ON UPDATE CASCADE);
-- definition: without passwords. Passwords are JSON sealed under a data key that lies wrapped under the KMS key key_arn; all three are
-- empty where there is none.
CREATE TABLE catalog_connections (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
  definition TEXT NOT NULL, key_arn TEXT NOT NULL, wrapped_key TEXT NOT NULL, passwords TEXT NOT NULL,
  UNIQUE (account, region, name));
CREATE TABLE catalog_encryption_settings (
  account TEXT NOT NULL, region TEXT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (account, region));
CREATE TABLE catalog_classifiers (
  account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (account, region, name));
