-- When the server itself has something to do with a key: to delete it, or to give it new material. 0: nothing.
ALTER TABLE keys ADD COLUMN due_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX keys_by_due ON keys (due_ms);
ALTER TABLE key_aliases ADD COLUMN updated_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX key_aliases_by_key ON key_aliases (key);
-- Keys that were made before keys had policies are domain keys.
UPDATE keys SET policy =
  '{"Version":"2012-10-17","Id":"auto-domain-1","Statement":[{"Sid":"Enable IAM User Permissions","Effect":"Allow",'
  || '"Principal":{"AWS":"arn:aws:iam::' || account || ':root"},"Action":"kms:*","Resource":"*"},'
  || '{"Sid":"Allow use through services by every principal of the account","Effect":"Allow","Principal":{"AWS":"*"},'
  || '"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:DescribeKey"],"Resource":"*",'
  || '"Condition":{"StringEquals":{"kms:CallerAccount":"' || account || '","kms:ViaService":["s3.' || region
  || '.amazonaws.com","athena.' || region || '.amazonaws.com","secretsmanager.' || region || '.amazonaws.com"]}}}]}'
  WHERE policy = '';
-- Grants of keys. grantee, retiring: as policies keep principals (unique ids; accounts by their numbers).
CREATE TABLE key_grants (
  key BIGINT NOT NULL REFERENCES keys (id) ON DELETE CASCADE, grant_id TEXT NOT NULL, grantee TEXT NOT NULL, retiring TEXT NOT NULL,
  created_ms BIGINT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (key, grant_id));
CREATE INDEX key_grants_by_grantee ON key_grants (key, grantee);
CREATE INDEX key_grants_by_retiring ON key_grants (retiring, grant_id);
