-- How much the queries of a workgroup may scan in the last so many minutes, and what they have scanned, by minutes since 1970.
CREATE TABLE data_usage_controls (
  account TEXT NOT NULL, region TEXT NOT NULL, workgroup TEXT NOT NULL, period_minutes BIGINT NOT NULL, bytes_max BIGINT NOT NULL,
  PRIMARY KEY (account, region, workgroup, period_minutes));
CREATE TABLE data_usage (
  account TEXT NOT NULL, region TEXT NOT NULL, workgroup TEXT NOT NULL, minute BIGINT NOT NULL, bytes BIGINT NOT NULL,
  PRIMARY KEY (account, region, workgroup, minute));
