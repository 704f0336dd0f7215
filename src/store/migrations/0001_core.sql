CREATE TABLE counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO counters (name, value) VALUES ('id', 1000);
CREATE TABLE accounts (
  account TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, arn TEXT NOT NULL, status TEXT NOT NULL,
  joined_ms BIGINT NOT NULL, joined_method TEXT NOT NULL, parent TEXT NOT NULL);
CREATE TABLE outbox (id BIGINT PRIMARY KEY, record TEXT NOT NULL);
