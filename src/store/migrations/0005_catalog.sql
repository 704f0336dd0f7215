-- Tables of catalog/.
-- What a table was before each UpdateTable; the newest stands in catalog_tables.
CREATE TABLE catalog_table_versions (
  table_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, version BIGINT NOT NULL, definition TEXT NOT NULL,
  PRIMARY KEY (table_id, version));
-- values_key: the values, percent-encoded, joined by '/'; it sorts and pages the list and is what expressions are tried on.
CREATE TABLE catalog_partitions (
  table_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, values_key TEXT NOT NULL, location TEXT NOT NULL,
  definition TEXT NOT NULL, PRIMARY KEY (table_id, values_key));
CREATE TABLE catalog_tags (
  thing_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (thing_id, name));
-- The resource policy of an account's catalog; principals by their unique ids.
CREATE TABLE catalog_policies (
  account TEXT NOT NULL, region TEXT NOT NULL, policy TEXT NOT NULL, hash TEXT NOT NULL, hybrid BIGINT NOT NULL,
  created_ms BIGINT NOT NULL, updated_ms BIGINT NOT NULL, PRIMARY KEY (account, region));
-- definition: the service's structure Crawler. schedule: 'cron(…)' while it is scheduled, else ''.
CREATE TABLE catalog_crawlers (
  id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
  state TEXT NOT NULL, schedule TEXT NOT NULL, definition TEXT NOT NULL);
CREATE UNIQUE INDEX catalog_crawlers_by_name ON catalog_crawlers (account, region, name);
CREATE INDEX catalog_crawlers_by_state ON catalog_crawlers (state);
-- One row a run. state: RUNNING, COMPLETED, FAILED, STOPPED.
CREATE TABLE catalog_crawls (
  id BIGINT PRIMARY KEY, crawler_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, crawl_id TEXT NOT NULL,
  state TEXT NOT NULL, started_ms BIGINT NOT NULL, ended_ms BIGINT NOT NULL, message TEXT NOT NULL, tables_created BIGINT NOT NULL,
  tables_updated BIGINT NOT NULL, tables_deleted BIGINT NOT NULL);
CREATE INDEX catalog_crawls_by_crawler ON catalog_crawls (crawler_id, id);
