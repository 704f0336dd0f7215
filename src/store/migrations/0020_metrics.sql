-- Tables of insight/: CloudWatch's metrics.
-- dimensions: JSON of names and values, sorted by name. last_ms: of its newest point, to the minute.
CREATE TABLE metric_series (
  id BIGINT PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
  dimensions TEXT NOT NULL, last_ms BIGINT NOT NULL);
CREATE UNIQUE INDEX metric_series_by_name ON metric_series (account, region, namespace, name, dimensions);
CREATE INDEX metric_series_by_account ON metric_series (account, region, id);
CREATE INDEX metric_series_by_age ON metric_series (last_ms);
-- The same values once for each length of time that they are kept for: period 1, 60, 300 and 3600 seconds.
CREATE TABLE metric_points (
  series_id BIGINT NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE, period BIGINT NOT NULL, at_s BIGINT NOT NULL,
  unit TEXT NOT NULL, samples DOUBLE PRECISION NOT NULL, total DOUBLE PRECISION NOT NULL, lowest DOUBLE PRECISION NOT NULL,
  highest DOUBLE PRECISION NOT NULL, PRIMARY KEY (series_id, period, at_s, unit));
CREATE INDEX metric_points_by_age ON metric_points (period, at_s);
INSERT INTO counters (name, value) VALUES ('metrics_swept_hour', 0);
