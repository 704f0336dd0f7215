// PostgreSQL's catalog as SQL over four tables of what a caller may see: hanse_schemas, hanse_tables, hanse_columns, hanse_settings
// (PostgreSQL 15, "System Catalogs"; protocols.md 6.6). What Hanse has none of is there and empty: clients ask for it.
#include "engine/pg_catalog.h"

namespace hanse::engine {

const char* const kPgCatalogTables =
    R"sql(
CREATE TYPE name AS VARCHAR;
CREATE TYPE xid AS BIGINT;
CREATE TABLE hanse_settings(name VARCHAR, value VARCHAR);
CREATE TABLE hanse_schemas(oid BIGINT, name VARCHAR);
CREATE TABLE hanse_tables(oid BIGINT, schema_oid BIGINT, name VARCHAR, kind VARCHAR);
CREATE TABLE hanse_columns(table_oid BIGINT, num SMALLINT, name VARCHAR, type_oid BIGINT, modifier INTEGER, type_size
  SMALLINT);
CREATE TABLE pg_type AS SELECT oid::BIGINT AS oid, typname, 11::BIGINT AS typnamespace, 10::BIGINT AS typowner,
  typlen::SMALLINT AS typlen, typlen > 0 AS typbyval, CASE WHEN typcategory IN ('P', 'X') THEN 'p' ELSE 'b' END AS typtype,
  typcategory, false AS typispreferred, true AS typisdefined, ',' AS typdelim, 0::BIGINT AS typrelid, typelem::BIGINT AS
  typelem, typarray::BIGINT AS typarray, CASE typcategory WHEN 'A' THEN 750 ELSE 100000 + oid END::BIGINT AS typinput,
  CASE typcategory WHEN 'A' THEN 751 ELSE 110000 + oid END::BIGINT AS typoutput, CASE typcategory WHEN 'A' THEN 2400 ELSE
  120000 + oid END::BIGINT AS typreceive, CASE typcategory WHEN 'A' THEN 2401 ELSE 130000 + oid END::BIGINT AS typsend,
  0::BIGINT AS typmodin, 0::BIGINT AS typmodout, 0::BIGINT AS typanalyze, 'i' AS typalign, 'p' AS typstorage, false AS
  typnotnull, 0::BIGINT AS typbasetype, -1 AS typtypmod, 0 AS typndims, 0::BIGINT AS typcollation, NULL::VARCHAR AS
  typdefaultbin, NULL::VARCHAR AS typdefault, NULL::VARCHAR AS typacl, 0::BIGINT AS typsubscript, 1 AS xmin FROM (VALUES
  (16,'bool',1,'B',0,1000),(17,'bytea',-1,'U',0,1001),(18,'char',1,'Z',0,1002),(19,'name',64,'S',0,1003),
  (20,'int8',8,'N',0,1016),(21,'int2',2,'N',0,1005),(23,'int4',4,'N',0,1007),(25,'text',-1,'S',0,1009),(26,'oid',4,'N',0,1028),
  (114,'json',-1,'U',0,199),(700,'float4',4,'N',0,1021),(701,'float8',8,'N',0,1022),(705,'unknown',-2,'X',0,0),
  (1042,'bpchar',-1,'S',0,1014),(1043,'varchar',-1,'S',0,1015),(1082,'date',4,'D',0,1182),(1083,'time',8,'D',0,1183),
  (1114,'timestamp',8,'D',0,1115),(1184,'timestamptz',8,'D',0,1185),(1186,'interval',16,'T',0,1187),
  (1266,'timetz',12,'D',0,1270),(1700,'numeric',-1,'N',0,1231),(2205,'regclass',4,'N',0,2210),(2206,'regtype',4,'N',0,2211),
  (2249,'record',-1,'P',0,2287),(2278,'void',4,'P',0,0),(2950,'uuid',16,'U',0,2951),(3802,'jsonb',-1,'U',0,3807),
  (199,'_json',-1,'A',114,0),(1000,'_bool',-1,'A',16,0),(1001,'_bytea',-1,'A',17,0),(1002,'_char',-1,'A',18,0),
  (1003,'_name',-1,'A',19,0),(1005,'_int2',-1,'A',21,0),(1007,'_int4',-1,'A',23,0),(1009,'_text',-1,'A',25,0),
  (1014,'_bpchar',-1,'A',1042,0),(1015,'_varchar',-1,'A',1043,0),(1016,'_int8',-1,'A',20,0),(1021,'_float4',-1,'A',700,0),
  (1022,'_float8',-1,'A',701,0),(1028,'_oid',-1,'A',26,0),(1115,'_timestamp',-1,'A',1114,0),(1182,'_date',-1,'A',1082,0),
  (1183,'_time',-1,'A',1083,0),(1185,'_timestamptz',-1,'A',1184,0),(1187,'_interval',-1,'A',1186,0),
  (1231,'_numeric',-1,'A',1700,0),(1270,'_timetz',-1,'A',1266,0),(2210,'_regclass',-1,'A',2205,0),
  (2211,'_regtype',-1,'A',2206,0),(2951,'_uuid',-1,'A',2950,0),(3807,'_jsonb',-1,'A',3802,0))
  t(oid, typname, typlen, typcategory, typelem, typarray);
CREATE TABLE pg_proc AS SELECT oid::BIGINT AS oid, proname, 11::BIGINT AS pronamespace, 10::BIGINT AS proowner, 12::BIGINT AS
  prolang, 1::REAL AS procost, 0::REAL AS prorows, 0::BIGINT AS provariadic, 'f' AS prokind, false AS prosecdef, false AS
  proleakproof, true AS proisstrict, false AS proretset, 'i' AS provolatile, 's' AS proparallel, 1::SMALLINT AS pronargs,
  0::SMALLINT AS pronargdefaults, 2281::BIGINT AS prorettype, []::BIGINT[] AS proargtypes, NULL::BIGINT[] AS proallargtypes,
  NULL::VARCHAR[] AS proargmodes, NULL::VARCHAR[] AS proargnames, NULL::VARCHAR AS proargdefaults, proname AS prosrc,
  NULL::VARCHAR AS probin, NULL::VARCHAR[] AS proconfig, NULL::VARCHAR AS proacl, false AS proisagg, 1 AS xmin FROM (
  SELECT 100000 + oid AS oid, typname || 'in' AS proname FROM pg_type WHERE typcategory <> 'A' UNION ALL SELECT 110000 + oid,
  typname || 'out' FROM pg_type WHERE typcategory <> 'A' UNION ALL SELECT 120000 + oid, typname || 'recv' FROM pg_type WHERE
  typcategory <> 'A' UNION ALL SELECT 130000 + oid, typname || 'send' FROM pg_type WHERE typcategory <> 'A' UNION ALL VALUES
  (750, 'array_in'), (751, 'array_out'), (2400, 'array_recv'), (2401, 'array_send'));
CREATE MACRO hanse_setting(n) AS (SELECT value FROM hanse_settings WHERE name = lower(n));
CREATE MACRO version() AS 'PostgreSQL 15.4 (Hanse)';
CREATE MACRO current_database() AS hanse_setting('hanse.database');
CREATE MACRO current_catalog() AS hanse_setting('hanse.database');
CREATE MACRO current_schema() AS nullif(hanse_setting('hanse.schema'), '');
CREATE MACRO current_schemas(implicit) AS list_filter(CASE WHEN implicit THEN ['pg_catalog',
  nullif(hanse_setting('hanse.schema'), '')] ELSE [nullif(hanse_setting('hanse.schema'), '')] END, lambda x: x IS NOT NULL);
CREATE MACRO current_user() AS hanse_setting('hanse.user');
CREATE MACRO session_user() AS hanse_setting('hanse.user');
CREATE MACRO user() AS hanse_setting('hanse.user');
CREATE MACRO current_role() AS hanse_setting('hanse.user');
CREATE MACRO current_setting(n) AS hanse_setting(n), (n, missing) AS hanse_setting(n);
CREATE MACRO set_config(n, v, own) AS v;
CREATE MACRO quote_ident(n) AS CASE WHEN regexp_full_match(n, '[a-z_][a-z0-9_]*') THEN n ELSE '"' || replace(n, '"', '""')
  || '"' END;
CREATE MACRO quote_literal(n) AS '''' || replace(n::VARCHAR, '''', '''''') || '''';
CREATE MACRO hanse_type_name(t, m) AS CASE t WHEN 16 THEN 'boolean' WHEN 20 THEN 'bigint' WHEN 21 THEN 'smallint' WHEN 23
  THEN 'integer' WHEN 700 THEN 'real' WHEN 701 THEN 'double precision' WHEN 1042 THEN 'character' WHEN 1043 THEN
  'character varying' WHEN 1114 THEN 'timestamp without time zone' WHEN 1184 THEN 'timestamp with time zone' WHEN 1083 THEN
  'time without time zone' WHEN 1700 THEN CASE WHEN m IS NULL OR m < 4 THEN 'numeric' ELSE 'numeric(' || ((m - 4) >> 16) || ',' ||
  ((m - 4) & 65535) || ')' END ELSE (SELECT CASE WHEN p.typelem > 0 THEN p.typname[2:] || '[]' ELSE p.typname END FROM
  pg_type p WHERE p.oid = t) END;
CREATE MACRO format_type(t, m) AS hanse_type_name(t, m);
CREATE MACRO pg_table_is_visible(o) AS EXISTS (SELECT 1 FROM hanse_tables t JOIN hanse_schemas s ON s.oid = t.schema_oid
  WHERE t.oid = o AND s.name = hanse_setting('hanse.schema'));
CREATE MACRO pg_type_is_visible(o) AS true;
CREATE MACRO pg_function_is_visible(o) AS true;
CREATE MACRO pg_get_userbyid(o) AS hanse_setting('hanse.user');
CREATE MACRO pg_encoding_to_char(e) AS 'UTF8';
CREATE MACRO pg_char_to_encoding(e) AS 6;
CREATE MACRO pg_backend_pid() AS hanse_setting('hanse.process')::BIGINT;
CREATE MACRO pg_is_in_recovery() AS false;
CREATE MACRO pg_is_other_temp_schema(o) AS false;
CREATE MACRO pg_get_expr(e, r) AS NULL::VARCHAR, (e, r, p) AS NULL::VARCHAR;
CREATE MACRO pg_get_viewdef(o) AS NULL::VARCHAR, (o, p) AS NULL::VARCHAR;
CREATE MACRO pg_get_indexdef(o) AS NULL::VARCHAR, (o, c, p) AS NULL::VARCHAR;
CREATE MACRO pg_get_constraintdef(o) AS NULL::VARCHAR, (o, p) AS NULL::VARCHAR;
CREATE MACRO pg_get_partkeydef(o) AS NULL::VARCHAR;
CREATE MACRO pg_get_ruledef(o) AS NULL::VARCHAR, (o, p) AS NULL::VARCHAR;
CREATE MACRO pg_get_triggerdef(o) AS NULL::VARCHAR, (o, p) AS NULL::VARCHAR;
CREATE MACRO pg_get_statisticsobjdef_columns(o) AS NULL::VARCHAR;
CREATE MACRO pg_get_serial_sequence(t, c) AS NULL::VARCHAR;
CREATE MACRO pg_get_function_result(o) AS NULL::VARCHAR;
CREATE MACRO pg_get_function_arguments(o) AS NULL::VARCHAR;
)sql"
    R"sql(
CREATE MACRO pg_get_function_identity_arguments(o) AS NULL::VARCHAR;
CREATE MACRO pg_relation_is_publishable(o) AS false;
CREATE MACRO pg_relation_size(o) AS NULL::BIGINT, (o, f) AS NULL::BIGINT;
CREATE MACRO pg_total_relation_size(o) AS NULL::BIGINT;
CREATE MACRO pg_table_size(o) AS NULL::BIGINT;
CREATE MACRO pg_database_size(o) AS NULL::BIGINT;
CREATE MACRO pg_size_pretty(b) AS NULL::VARCHAR;
CREATE MACRO pg_my_temp_schema() AS 0;
CREATE MACRO pg_advisory_unlock_all() AS NULL;
CREATE MACRO pg_tablespace_location(o) AS '';
CREATE MACRO pg_postmaster_start_time() AS NULL::TIMESTAMP;
CREATE MACRO pg_stat_get_numscans(o) AS 0;
CREATE MACRO obj_description(o) AS NULL::VARCHAR, (o, c) AS NULL::VARCHAR;
CREATE MACRO col_description(o, n) AS NULL::VARCHAR;
CREATE MACRO shobj_description(o, c) AS NULL::VARCHAR;
CREATE MACRO has_table_privilege(a, b) AS contains(upper(b), 'SELECT'), (a, b, c) AS contains(upper(c), 'SELECT');
CREATE MACRO has_any_column_privilege(a, b) AS contains(upper(b), 'SELECT'), (a, b, c) AS contains(upper(c), 'SELECT');
CREATE MACRO has_column_privilege(a, b, c) AS contains(upper(c), 'SELECT'), (a, b, c, d) AS contains(upper(d), 'SELECT');
CREATE MACRO has_schema_privilege(a, b) AS contains(upper(b), 'USAGE'), (a, b, c) AS contains(upper(c), 'USAGE');
CREATE MACRO has_database_privilege(a, b) AS contains(upper(b), 'CONNECT'), (a, b, c) AS contains(upper(c), 'CONNECT');
CREATE MACRO has_function_privilege(a, b) AS contains(upper(b), 'EXECUTE'), (a, b, c) AS contains(upper(c), 'EXECUTE');
CREATE MACRO has_type_privilege(a, b) AS contains(upper(b), 'USAGE'), (a, b, c) AS contains(upper(c), 'USAGE');
CREATE MACRO has_language_privilege(a, b) AS false, (a, b, c) AS false;
CREATE MACRO has_sequence_privilege(a, b) AS false, (a, b, c) AS false;
CREATE MACRO has_tablespace_privilege(a, b) AS false, (a, b, c) AS false;
CREATE MACRO pg_has_role(a, b) AS true, (a, b, c) AS true;
CREATE MACRO pg_collation_is_visible(o) AS true;
CREATE MACRO pg_operator_is_visible(o) AS true;
CREATE MACRO pg_opclass_is_visible(o) AS true;
CREATE MACRO pg_statistics_obj_is_visible(o) AS true;
CREATE MACRO pg_get_statisticsobjdef(o) AS NULL::VARCHAR;
CREATE MACRO pg_get_functiondef(o) AS NULL::VARCHAR;
CREATE MACRO pg_get_function_sqlbody(o) AS NULL::VARCHAR;
CREATE MACRO pg_indexes_size(o) AS NULL::BIGINT;
CREATE MACRO pg_indexam_has_property(o, p) AS false;
CREATE MACRO pg_partition_ancestors(o) AS NULL::BIGINT;
CREATE MACRO pg_stat_get_live_tuples(o) AS 0;
CREATE MACRO array_upper(a, d) AS nullif(len(a), 0);
CREATE MACRO array_lower(a, d) AS CASE WHEN len(a) > 0 THEN 1 END;
CREATE MACRO inet_server_addr() AS NULL::VARCHAR;
CREATE MACRO inet_server_port() AS NULL::INTEGER;
CREATE MACRO inet_client_addr() AS NULL::VARCHAR;
CREATE MACRO inet_client_port() AS NULL::INTEGER;
CREATE MACRO txid_current() AS 1;
CREATE MACRO age(x) AS 0;
CREATE MACRO parse_ident(n) AS string_split(replace(n, '"', ''), '.');
CREATE VIEW pg_namespace AS SELECT oid, name AS nspname, 10::BIGINT AS nspowner, NULL::VARCHAR AS nspacl, 1 AS xmin FROM
  hanse_schemas;
CREATE VIEW pg_class AS SELECT t.oid, t.name AS relname, t.schema_oid AS relnamespace, 0::BIGINT AS reltype, 0::BIGINT AS
  reloftype, 10::BIGINT AS relowner, 2::BIGINT AS relam, 0::BIGINT AS relfilenode, 0::BIGINT AS reltablespace, 0 AS
  relpages, -1::REAL AS reltuples, 0 AS relallvisible, 0::BIGINT AS reltoastrelid, false AS relhasindex, false AS
  relisshared, 'p' AS relpersistence, t.kind AS relkind, (SELECT count(*) FROM hanse_columns c WHERE c.table_oid =
  t.oid)::SMALLINT AS relnatts, 0::SMALLINT AS relchecks, false AS relhasrules, false AS relhastriggers, false AS
  relhassubclass, false AS relrowsecurity, false AS relforcerowsecurity, true AS relispopulated, 'n' AS relreplident, false
  AS relispartition, 0::BIGINT AS relrewrite, 0 AS relfrozenxid, 0 AS relminmxid, NULL::VARCHAR AS relacl, NULL::VARCHAR[]
  AS reloptions, NULL::VARCHAR AS relpartbound, false AS relhasoids, 1 AS xmin FROM hanse_tables t;
CREATE VIEW pg_attribute AS SELECT table_oid AS attrelid, name AS attname, type_oid AS atttypid, -1 AS attstattarget,
  type_size AS attlen, num AS attnum, 0 AS attndims, -1 AS attcacheoff, modifier AS atttypmod, false AS attbyval, 'p' AS
  attstorage, '' AS attcompression, 'i' AS attalign, false AS attnotnull, false AS atthasdef, false AS atthasmissing, '' AS
  attidentity, '' AS attgenerated, false AS attisdropped, true AS attislocal, 0 AS attinhcount, 0::BIGINT AS attcollation,
  NULL::VARCHAR AS attacl, NULL::VARCHAR[] AS attoptions, NULL::VARCHAR[] AS attfdwoptions, NULL::VARCHAR AS attmissingval
  FROM hanse_columns;
CREATE VIEW pg_database AS SELECT 1::BIGINT AS oid, hanse_setting('hanse.database') AS datname, 10::BIGINT AS datdba, 6 AS
  encoding, 'c'
  AS datlocprovider, false AS datistemplate, true AS datallowconn, -1 AS datconnlimit, 0::BIGINT AS datlastsysoid, 0 AS
  datfrozenxid, 0 AS datminmxid, 1663::BIGINT AS dattablespace, 'C' AS datcollate, 'C' AS datctype, NULL::VARCHAR AS
  daticulocale, NULL::VARCHAR AS datcollversion, NULL::VARCHAR[] AS datacl;
CREATE VIEW pg_roles AS SELECT 10::BIGINT AS oid, hanse_setting('hanse.user') AS rolname, false AS rolsuper, true AS
  rolinherit, false AS rolcreaterole, false AS rolcreatedb, true AS rolcanlogin, false AS rolreplication, -1 AS
  rolconnlimit, NULL::VARCHAR AS rolpassword, NULL::TIMESTAMP AS rolvaliduntil, false AS rolbypassrls, NULL::VARCHAR[] AS
  rolconfig;
CREATE VIEW pg_user AS SELECT rolname AS usename, oid AS usesysid, false AS usecreatedb, false AS usesuper FROM pg_roles;
CREATE TABLE pg_am AS SELECT 2::BIGINT AS oid, 'heap' AS amname, '-' AS amhandler, 't' AS amtype;
CREATE TABLE pg_tablespace AS SELECT 1663::BIGINT AS oid, 'pg_default' AS spcname, 10::BIGINT AS spcowner, NULL::VARCHAR AS
  spcacl, NULL::VARCHAR[] AS spcoptions;
CREATE VIEW pg_settings AS SELECT name, value AS setting, NULL::VARCHAR AS unit, '' AS category, '' AS short_desc, '' AS
  extra_desc, 'user' AS context, 'string' AS vartype, 'default' AS source, NULL::VARCHAR AS min_val, NULL::VARCHAR AS
  max_val, NULL::VARCHAR[] AS enumvals, value AS boot_val, value AS reset_val FROM hanse_settings WHERE NOT
  starts_with(name, 'hanse.');
)sql"
    R"sql(
CREATE VIEW pg_tables AS SELECT s.name AS schemaname, t.name AS tablename, hanse_setting('hanse.user') AS tableowner,
  NULL::VARCHAR AS tablespace, false AS hasindexes, false AS hasrules, false AS hastriggers, false AS rowsecurity FROM
  hanse_tables t JOIN hanse_schemas s ON s.oid = t.schema_oid WHERE t.kind = 'r';
CREATE VIEW pg_views AS SELECT s.name AS schemaname, t.name AS viewname, hanse_setting('hanse.user') AS viewowner,
  NULL::VARCHAR AS definition FROM hanse_tables t JOIN hanse_schemas s ON s.oid = t.schema_oid WHERE t.kind = 'v';
CREATE TABLE pg_matviews(schemaname VARCHAR, matviewname VARCHAR, matviewowner VARCHAR, tablespace VARCHAR, hasindexes
  BOOLEAN, ispopulated BOOLEAN, definition VARCHAR);
CREATE TABLE pg_attrdef(oid BIGINT, adrelid BIGINT, adnum SMALLINT, adbin VARCHAR);
CREATE TABLE pg_description(objoid BIGINT, classoid BIGINT, objsubid INTEGER, description VARCHAR);
CREATE TABLE pg_shdescription(objoid BIGINT, classoid BIGINT, description VARCHAR);
CREATE TABLE pg_constraint(oid BIGINT, conname VARCHAR, connamespace BIGINT, contype VARCHAR, condeferrable BOOLEAN,
  condeferred BOOLEAN, convalidated BOOLEAN, conrelid BIGINT, contypid BIGINT, conindid BIGINT, conparentid BIGINT,
  confrelid BIGINT, confupdtype VARCHAR, confdeltype VARCHAR, confmatchtype VARCHAR, conislocal BOOLEAN, coninhcount
  INTEGER, connoinherit BOOLEAN, conkey SMALLINT[], confkey SMALLINT[], conpfeqop BIGINT[], conexclop BIGINT[], conbin
  VARCHAR, consrc VARCHAR);
CREATE TABLE pg_index(indexrelid BIGINT, indrelid BIGINT, indnatts SMALLINT, indnkeyatts SMALLINT, indisunique BOOLEAN,
  indnullsnotdistinct BOOLEAN, indisprimary BOOLEAN, indisexclusion BOOLEAN, indimmediate BOOLEAN, indisclustered BOOLEAN,
  indisvalid BOOLEAN, indcheckxmin BOOLEAN, indisready BOOLEAN, indislive BOOLEAN, indisreplident BOOLEAN, indkey
  SMALLINT[], indcollation BIGINT[], indclass BIGINT[], indoption SMALLINT[], indexprs VARCHAR, indpred VARCHAR);
CREATE TABLE pg_inherits(inhrelid BIGINT, inhparent BIGINT, inhseqno INTEGER, inhdetachpending BOOLEAN);
CREATE TABLE pg_partitioned_table(partrelid BIGINT, partstrat VARCHAR, partnatts SMALLINT, partdefid BIGINT, partattrs
  SMALLINT[], partexprs VARCHAR);
CREATE TABLE pg_trigger(oid BIGINT, tgrelid BIGINT, tgparentid BIGINT, tgname VARCHAR, tgfoid BIGINT, tgtype SMALLINT,
  tgenabled VARCHAR, tgisinternal BOOLEAN, tgconstrrelid BIGINT, tgconstrindid BIGINT, tgconstraint BIGINT, tgdeferrable
  BOOLEAN, tginitdeferred BOOLEAN);
CREATE TABLE pg_policy(oid BIGINT, polname VARCHAR, polrelid BIGINT, polcmd VARCHAR, polpermissive BOOLEAN, polroles
  BIGINT[], polqual VARCHAR, polwithcheck VARCHAR);
CREATE TABLE pg_publication(oid BIGINT, pubname VARCHAR, pubowner BIGINT, puballtables BOOLEAN, pubinsert BOOLEAN, pubupdate
  BOOLEAN, pubdelete BOOLEAN, pubtruncate BOOLEAN, pubviaroot BOOLEAN);
CREATE TABLE pg_publication_rel(oid BIGINT, prpubid BIGINT, prrelid BIGINT, prqual VARCHAR, prattrs SMALLINT[]);
CREATE TABLE pg_publication_namespace(oid BIGINT, pnpubid BIGINT, pnnspid BIGINT);
CREATE TABLE pg_statistic_ext(oid BIGINT, stxrelid BIGINT, stxname VARCHAR, stxnamespace BIGINT, stxowner BIGINT,
  stxstattarget INTEGER, stxkeys SMALLINT[], stxkind VARCHAR[]);
CREATE TABLE pg_enum(oid BIGINT, enumtypid BIGINT, enumsortorder REAL, enumlabel VARCHAR);
CREATE TABLE pg_range(rngtypid BIGINT, rngsubtype BIGINT, rngmultitypid BIGINT, rngcollation BIGINT, rngsubopc BIGINT);
CREATE TABLE pg_auth_members(roleid BIGINT, member BIGINT, grantor BIGINT, admin_option BOOLEAN);
CREATE TABLE pg_collation(oid BIGINT, collname VARCHAR, collnamespace BIGINT, collprovider VARCHAR, collcollate VARCHAR,
  collctype VARCHAR, collisdeterministic BOOLEAN);
CREATE TABLE pg_extension(oid BIGINT, extname VARCHAR, extowner BIGINT, extnamespace BIGINT, extversion VARCHAR);
CREATE TABLE pg_opclass(oid BIGINT, opcname VARCHAR, opcmethod BIGINT, opcnamespace BIGINT, opcdefault BOOLEAN);
CREATE TABLE pg_depend(classid BIGINT, objid BIGINT, objsubid INTEGER, refclassid BIGINT, refobjid BIGINT, refobjsubid
  INTEGER, deptype VARCHAR);
CREATE TABLE pg_rewrite(oid BIGINT, rulename VARCHAR, ev_class BIGINT, ev_type VARCHAR, ev_enabled VARCHAR, is_instead
  BOOLEAN);
CREATE TABLE pg_sequence(seqrelid BIGINT, seqtypid BIGINT, seqstart BIGINT, seqincrement BIGINT, seqmax BIGINT, seqmin
  BIGINT, seqcache BIGINT, seqcycle BOOLEAN);
CREATE TABLE pg_sequences(schemaname VARCHAR, sequencename VARCHAR, sequenceowner VARCHAR);
CREATE TABLE pg_foreign_table(ftrelid BIGINT, ftserver BIGINT, ftoptions VARCHAR[]);
CREATE TABLE pg_foreign_server(oid BIGINT, srvname VARCHAR, srvowner BIGINT, srvfdw BIGINT, srvoptions VARCHAR[]);
CREATE TABLE pg_language(oid BIGINT, lanname VARCHAR);
CREATE TABLE pg_locks(locktype VARCHAR, database BIGINT, relation BIGINT, page INTEGER, tuple SMALLINT, virtualxid VARCHAR,
  transactionid BIGINT, classid BIGINT, objid BIGINT, objsubid SMALLINT, virtualtransaction VARCHAR, pid INTEGER, mode VARCHAR,
  granted BOOLEAN, fastpath BOOLEAN);
CREATE TABLE pg_stat_activity(datid BIGINT, datname VARCHAR, pid INTEGER, usename VARCHAR, application_name VARCHAR, state
  VARCHAR, query VARCHAR);
CREATE MACRO hanse_regclass(n) AS coalesce((SELECT min(t.oid) FROM hanse_tables t JOIN hanse_schemas s ON s.oid =
  t.schema_oid WHERE t.name = lower(replace(string_split(n, '.')[-1], '"', '')) AND s.name = lower(CASE WHEN contains(n,
  '.') THEN replace(string_split(n, '.')[1], '"', '') ELSE hanse_setting('hanse.schema') END)), CASE lower(string_split(n,
  '.')[-1]) WHEN 'pg_class' THEN 1259 WHEN 'pg_namespace' THEN 2615 WHEN 'pg_database' THEN 1262 WHEN 'pg_proc' THEN 1255
  WHEN 'pg_type' THEN 1247 WHEN 'pg_attrdef' THEN 2604 WHEN 'pg_constraint' THEN 2606 ELSE 0 END);
)sql"
    R"sql(
CREATE TABLE pg_cast(oid BIGINT, castsource BIGINT, casttarget BIGINT, castfunc BIGINT, castcontext VARCHAR, castmethod VARCHAR);
CREATE TABLE pg_conversion(oid BIGINT, conname VARCHAR, connamespace BIGINT, conowner BIGINT, condefault BOOLEAN);
CREATE TABLE pg_operator(oid BIGINT, oprname VARCHAR, oprnamespace BIGINT, oprowner BIGINT, oprleft BIGINT, oprright BIGINT,
  oprresult BIGINT, oprcode BIGINT);
CREATE TABLE pg_aggregate(aggfnoid BIGINT, aggkind VARCHAR);
CREATE TABLE pg_opfamily(oid BIGINT, opfmethod BIGINT, opfname VARCHAR, opfnamespace BIGINT, opfowner BIGINT);
CREATE TABLE pg_event_trigger(oid BIGINT, evtname VARCHAR, evtevent VARCHAR, evtowner BIGINT, evtfoid BIGINT, evtenabled
  VARCHAR, evttags VARCHAR[]);
CREATE TABLE pg_foreign_data_wrapper(oid BIGINT, fdwname VARCHAR, fdwowner BIGINT, fdwhandler BIGINT, fdwvalidator BIGINT,
  fdwacl VARCHAR, fdwoptions VARCHAR[]);
CREATE TABLE pg_user_mapping(oid BIGINT, umuser BIGINT, umserver BIGINT, umoptions VARCHAR[]);
CREATE TABLE pg_default_acl(oid BIGINT, defaclrole BIGINT, defaclnamespace BIGINT, defaclobjtype VARCHAR, defaclacl VARCHAR);
CREATE TABLE pg_db_role_setting(setdatabase BIGINT, setrole BIGINT, setconfig VARCHAR[]);
CREATE TABLE pg_seclabel(objoid BIGINT, classoid BIGINT, objsubid INTEGER, provider VARCHAR, label VARCHAR);
CREATE TABLE pg_subscription(oid BIGINT, subdbid BIGINT, subname VARCHAR, subowner BIGINT, subenabled BOOLEAN);
CREATE TABLE pg_available_extensions(name VARCHAR, default_version VARCHAR, installed_version VARCHAR, comment VARCHAR);
CREATE TABLE pg_indexes(schemaname VARCHAR, tablename VARCHAR, indexname VARCHAR, tablespace VARCHAR, indexdef VARCHAR);
CREATE TABLE pg_rules(schemaname VARCHAR, tablename VARCHAR, rulename VARCHAR, definition VARCHAR);
CREATE TABLE pg_policies(schemaname VARCHAR, tablename VARCHAR, policyname VARCHAR, permissive VARCHAR, roles VARCHAR[], cmd
  VARCHAR, qual VARCHAR, with_check VARCHAR);
CREATE TABLE pg_prepared_xacts(transaction BIGINT, gid VARCHAR, prepared TIMESTAMP, owner VARCHAR, database VARCHAR);
CREATE TABLE pg_replication_slots(slot_name VARCHAR, slot_type VARCHAR, database VARCHAR, active BOOLEAN);
CREATE TABLE pg_stat_replication(pid INTEGER, usename VARCHAR, application_name VARCHAR, state VARCHAR);
CREATE TABLE pg_stat_database(datid BIGINT, datname VARCHAR, numbackends INTEGER, xact_commit BIGINT, xact_rollback BIGINT);
CREATE TABLE pg_timezone_names AS SELECT 'UTC' AS name, 'UTC' AS abbrev, INTERVAL 0 HOUR AS utc_offset, false AS is_dst;
CREATE VIEW pg_stat_user_tables AS SELECT t.oid AS relid, s.name AS schemaname, t.name AS relname, 0::BIGINT AS seq_scan,
  0::BIGINT AS idx_scan, 0::BIGINT AS n_live_tup, 0::BIGINT AS n_dead_tup, NULL::TIMESTAMP AS last_vacuum, NULL::TIMESTAMP AS
  last_autovacuum, NULL::TIMESTAMP AS last_analyze, NULL::TIMESTAMP AS last_autoanalyze FROM hanse_tables t JOIN hanse_schemas
  s ON s.oid = t.schema_oid;
CREATE VIEW pg_stat_all_tables AS SELECT * FROM pg_stat_user_tables;
CREATE MACRO hanse_regtype(n) AS (SELECT p.oid FROM pg_type p WHERE p.typname = lower(string_split(n, '.')[-1]));
CREATE MACRO hanse_regnamespace(n) AS (SELECT oid FROM hanse_schemas WHERE name = n);
CREATE MACRO hanse_regproc(n) AS coalesce((SELECT min(oid) FROM pg_proc WHERE proname = lower(string_split(n, '.')[-1])), 0);
CREATE MACRO hanse_regprocedure(n) AS hanse_regproc(string_split(n, '(')[1]);
CREATE MACRO hanse_regrole(n) AS 10;
CREATE MACRO hanse_number_of(x) AS CASE WHEN typeof(x) = 'VARCHAR' THEN hanse_regclass(x::VARCHAR) ELSE TRY_CAST(x AS BIGINT)
  END;
CREATE MACRO hanse_regclass_name(o) AS coalesce((SELECT min(CASE WHEN s.name = hanse_setting('hanse.schema') THEN
  quote_ident(t.name) ELSE quote_ident(s.name) || '.' || quote_ident(t.name) END) FROM hanse_tables t JOIN hanse_schemas s ON
  s.oid = t.schema_oid WHERE t.oid = o), CASE o WHEN 1259 THEN 'pg_class' WHEN 2615 THEN 'pg_namespace' WHEN 1262 THEN
  'pg_database' WHEN 1255 THEN 'pg_proc' WHEN 1247 THEN 'pg_type' WHEN 0 THEN '-' ELSE o::VARCHAR END);
CREATE MACRO hanse_regtype_name(o) AS hanse_type_name(o, NULL);
CREATE MACRO hanse_regproc_name(o) AS coalesce((SELECT min(proname) FROM pg_proc WHERE oid = o), '-');
CREATE MACRO hanse_regprocedure_name(o) AS hanse_regproc_name(o);
CREATE MACRO hanse_regrole_name(o) AS hanse_setting('hanse.user');
CREATE MACRO hanse_regnamespace_name(o) AS (SELECT min(name) FROM hanse_schemas WHERE oid = o);
CREATE MACRO hanse_filled(f, a) AS regexp_replace(f, '%[0-9$]*[sIL]', replace(coalesce(a::VARCHAR, ''), '\', '\\'));
CREATE MACRO hanse_format(f) AS f, (f, a) AS hanse_filled(f, a), (f, a, b) AS hanse_filled(hanse_filled(f, a), b),
  (f, a, b, c) AS hanse_filled(hanse_filled(hanse_filled(f, a), b), c);
CREATE MACRO "~*"(a, b) AS regexp_matches(a, b, 'i');
CREATE MACRO "!~*"(a, b) AS NOT regexp_matches(a, b, 'i');
CREATE MACRO string_to_array(t, d) AS TABLE SELECT string_split(t, d) AS string_to_array;
CREATE MACRO pg_get_keywords() AS TABLE SELECT keyword_name AS word, CASE keyword_category WHEN 'reserved' THEN 'R' WHEN
  'column_name' THEN 'C' WHEN 'type_function' THEN 'T' ELSE 'U' END AS catcode, keyword_category AS catdesc FROM
  duckdb_keywords();
CREATE MACRO to_regclass(n) AS nullif(hanse_regclass(n), 0);
CREATE MACRO to_regtype(n) AS hanse_regtype(n);
CREATE SCHEMA hanse_information_schema;
CREATE MACRO hanse_information_schema._pg_expandarray(a) AS {'x': a[1], 'n': 1};
CREATE VIEW hanse_information_schema.schemata AS SELECT hanse_setting('hanse.database') AS catalog_name, name AS schema_name,
  hanse_setting('hanse.user') AS schema_owner, NULL::VARCHAR AS default_character_set_catalog, NULL::VARCHAR AS
  default_character_set_schema, NULL::VARCHAR AS default_character_set_name, NULL::VARCHAR AS sql_path FROM hanse_schemas
  WHERE oid > 16383;
CREATE VIEW hanse_information_schema.tables AS SELECT hanse_setting('hanse.database') AS table_catalog, s.name AS table_schema,
  t.name AS
  table_name, CASE t.kind WHEN 'v' THEN 'VIEW' ELSE 'BASE TABLE' END AS table_type, NULL::VARCHAR AS
  self_referencing_column_name, NULL::VARCHAR AS reference_generation, NULL::VARCHAR AS user_defined_type_catalog,
  NULL::VARCHAR AS user_defined_type_schema, NULL::VARCHAR AS user_defined_type_name, 'NO' AS is_insertable_into, 'NO' AS
  is_typed, NULL::VARCHAR AS commit_action FROM hanse_tables t JOIN hanse_schemas s ON s.oid = t.schema_oid;
CREATE VIEW hanse_information_schema.views AS SELECT table_catalog, table_schema, table_name, NULL::VARCHAR AS
  view_definition, 'NONE' AS check_option, 'NO' AS is_updatable, 'NO' AS is_insertable_into FROM
  hanse_information_schema.tables WHERE table_type = 'VIEW';
CREATE VIEW hanse_information_schema.columns AS SELECT hanse_setting('hanse.database') AS table_catalog, s.name AS
  table_schema, t.name AS
  table_name, c.name AS column_name, c.num::INTEGER AS ordinal_position, NULL::VARCHAR AS column_default, 'YES' AS
  is_nullable, hanse_type_name(c.type_oid, NULL) AS data_type, NULL::INTEGER AS character_maximum_length, NULL::INTEGER AS
  character_octet_length, CASE c.type_oid WHEN 21 THEN 16 WHEN 23 THEN 32 WHEN 20 THEN 64 WHEN 700 THEN 24 WHEN 701 THEN 53
  WHEN 1700 THEN (c.modifier - 4) >> 16 END AS numeric_precision, CASE WHEN c.type_oid IN (20, 21, 23) THEN 0 WHEN
  c.type_oid = 1700 THEN (c.modifier - 4) & 65535 END AS numeric_scale, CASE WHEN c.type_oid = 1114 THEN 3 END AS
  datetime_precision, NULL::VARCHAR AS character_set_name, NULL::VARCHAR AS collation_name, NULL::VARCHAR AS domain_name,
  hanse_setting('hanse.database') AS udt_catalog, 'pg_catalog' AS udt_schema, p.typname AS udt_name, c.num::VARCHAR AS
  dtd_identifier, 'NO'
  AS is_identity, NULL::VARCHAR AS identity_generation, 'NEVER' AS is_generated, NULL::VARCHAR AS generation_expression,
  'NO' AS is_updatable FROM hanse_columns c JOIN hanse_tables t ON t.oid = c.table_oid JOIN hanse_schemas s ON s.oid =
  t.schema_oid LEFT JOIN pg_type p ON p.oid = c.type_oid;
CREATE TABLE hanse_information_schema.table_constraints(constraint_catalog VARCHAR, constraint_schema VARCHAR,
  constraint_name VARCHAR, table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, constraint_type VARCHAR);
CREATE TABLE hanse_information_schema.key_column_usage(constraint_catalog VARCHAR, constraint_schema VARCHAR,
  constraint_name VARCHAR, table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, column_name VARCHAR,
  ordinal_position INTEGER, position_in_unique_constraint INTEGER);
CREATE TABLE hanse_information_schema.referential_constraints(constraint_catalog VARCHAR, constraint_schema VARCHAR,
  constraint_name VARCHAR, unique_constraint_catalog VARCHAR, unique_constraint_schema VARCHAR, unique_constraint_name
  VARCHAR, match_option VARCHAR, update_rule VARCHAR, delete_rule VARCHAR);
CREATE TABLE hanse_information_schema.constraint_column_usage(table_catalog VARCHAR, table_schema VARCHAR, table_name
  VARCHAR, column_name VARCHAR, constraint_name VARCHAR);
CREATE TABLE hanse_information_schema.routines(specific_schema VARCHAR, specific_name VARCHAR, routine_schema VARCHAR,
  routine_name VARCHAR, routine_type VARCHAR, data_type VARCHAR);
CREATE VIEW hanse_information_schema.character_sets AS SELECT NULL::VARCHAR AS character_set_catalog, NULL::VARCHAR AS
  character_set_schema, 'UTF8' AS character_set_name, 'UCS' AS character_repertoire, 'UTF8' AS form_of_use,
  hanse_setting('hanse.database') AS
  default_collate_catalog, 'pg_catalog' AS default_collate_schema, 'C' AS default_collate_name;
CREATE TABLE hanse_information_schema.parameters(specific_schema VARCHAR, specific_name VARCHAR, ordinal_position INTEGER,
  parameter_mode VARCHAR, parameter_name VARCHAR, data_type VARCHAR);
CREATE TABLE hanse_information_schema.sequences(sequence_catalog VARCHAR, sequence_schema VARCHAR, sequence_name VARCHAR,
  data_type VARCHAR, start_value VARCHAR, minimum_value VARCHAR, maximum_value VARCHAR, increment VARCHAR);
CREATE TABLE hanse_information_schema.triggers(trigger_catalog VARCHAR, trigger_schema VARCHAR, trigger_name VARCHAR,
  event_manipulation VARCHAR, event_object_schema VARCHAR, event_object_table VARCHAR, action_statement VARCHAR);
CREATE TABLE hanse_information_schema.check_constraints(constraint_catalog VARCHAR, constraint_schema VARCHAR, constraint_name
  VARCHAR, check_clause VARCHAR);
CREATE TABLE hanse_information_schema.constraint_table_usage(table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR,
  constraint_catalog VARCHAR, constraint_schema VARCHAR, constraint_name VARCHAR);
CREATE TABLE hanse_information_schema.domains(domain_catalog VARCHAR, domain_schema VARCHAR, domain_name VARCHAR, data_type
  VARCHAR);
CREATE TABLE hanse_information_schema.view_table_usage(view_catalog VARCHAR, view_schema VARCHAR, view_name VARCHAR,
  table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR);
CREATE VIEW hanse_information_schema.table_privileges AS SELECT hanse_setting('hanse.database') AS grantor,
  hanse_setting('hanse.user') AS
  grantee, table_catalog, table_schema, table_name, 'SELECT' AS privilege_type, 'NO' AS is_grantable, 'YES' AS with_hierarchy
  FROM hanse_information_schema.tables;
CREATE VIEW hanse_information_schema.role_table_grants AS SELECT * FROM hanse_information_schema.table_privileges;
CREATE VIEW hanse_information_schema.column_privileges AS SELECT hanse_setting('hanse.database') AS grantor,
  hanse_setting('hanse.user') AS
  grantee, table_catalog, table_schema, table_name, column_name, 'SELECT' AS privilege_type, 'NO' AS is_grantable FROM
  hanse_information_schema.columns;
CREATE VIEW hanse_information_schema.enabled_roles AS SELECT hanse_setting('hanse.user') AS role_name;
CREATE VIEW hanse_information_schema.applicable_roles AS SELECT hanse_setting('hanse.user') AS grantee,
  hanse_setting('hanse.user') AS role_name, 'NO' AS is_grantable WHERE false;
)sql";

}  // namespace hanse::engine
