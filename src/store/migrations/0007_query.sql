-- Athena's workgroups and executions. definition: the service's own structure as JSON.
CREATE TABLE workgroups (
  account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, tags TEXT NOT NULL,
  PRIMARY KEY (account, region, name));
-- columns: the answer's ColumnInfo list as JSON of a ResultSetMetadata; output_rows: -1 until it is known;
-- row_filtered: 1 where a row filter stood over a table of the query, so that counts are not told.
CREATE TABLE executions (
  id TEXT PRIMARY KEY, number BIGINT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, workgroup TEXT NOT NULL, state TEXT NOT NULL,
  token TEXT NOT NULL, caller TEXT NOT NULL, definition TEXT NOT NULL, columns TEXT NOT NULL, output_rows BIGINT NOT NULL,
  output_bytes BIGINT NOT NULL, row_filtered BIGINT NOT NULL);
CREATE INDEX executions_by_workgroup ON executions (account, region, workgroup, number);
CREATE INDEX executions_by_token ON executions (account, region, caller, token);
CREATE INDEX executions_by_state ON executions (state);
