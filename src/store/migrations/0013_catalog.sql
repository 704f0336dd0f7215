-- What is kept beside Athena's executions. definition: the service's own structure as JSON; token: of the request that made it.
CREATE TABLE named_queries (
  id TEXT PRIMARY KEY, number BIGINT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, workgroup TEXT NOT NULL,
  caller TEXT NOT NULL, token TEXT NOT NULL, definition TEXT NOT NULL);
CREATE INDEX named_queries_by_workgroup ON named_queries (account, region, workgroup, number);
CREATE INDEX named_queries_by_token ON named_queries (account, region, caller, token);
CREATE TABLE prepared_statements (
  account TEXT NOT NULL, region TEXT NOT NULL, workgroup TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
  PRIMARY KEY (account, region, workgroup, name));
