-- What computes the statistics of a table's columns. definition: the service's structures ColumnStatisticsTaskSettings and
-- ColumnStatisticsTaskRun. schedule: 'cron(…)' while it is scheduled, else ''.
CREATE TABLE catalog_statistics_settings (
  table_id BIGINT PRIMARY KEY REFERENCES things (id) ON DELETE CASCADE, schedule TEXT NOT NULL, definition TEXT NOT NULL);
-- One row a run. state: STARTING, RUNNING, STOPPING, SUCCEEDED, FAILED, STOPPED.
CREATE TABLE catalog_statistics_runs (
  id BIGINT PRIMARY KEY, table_id BIGINT NOT NULL REFERENCES things (id) ON DELETE CASCADE, account TEXT NOT NULL,
  region TEXT NOT NULL, run_id TEXT NOT NULL, state TEXT NOT NULL, definition TEXT NOT NULL);
CREATE INDEX catalog_statistics_runs_by_table ON catalog_statistics_runs (table_id, id);
CREATE INDEX catalog_statistics_runs_by_account ON catalog_statistics_runs (account, region, id);
CREATE UNIQUE INDEX catalog_statistics_runs_by_run ON catalog_statistics_runs (run_id);
CREATE INDEX catalog_statistics_runs_by_state ON catalog_statistics_runs (state);
