"""What database tools ask a PostgreSQL server when they start, in the form in which they ask it (spec: protocols.md, 6.5).

Each is (statement, parameters or None). A tool works where each of its statements has an answer; ANSWERS names what must be in some.
"""

DBEAVER = [
    ("SET extra_float_digits = 3", None),
    ("SET application_name = 'DBeaver 25.1.5 - Main <shop>'", None),
    ("SELECT current_schema(),session_user", None),
    ("SHOW search_path", None),
    ("SELECT n.oid,n.*,d.description FROM pg_catalog.pg_namespace n\n"
     "LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=n.oid AND d.objsubid=0 AND d.classoid='pg_namespace'::regclass\n"
     " ORDER BY nspname", None),
    ("SELECT n.nspname = ANY(current_schemas(true)), n.nspname, t.typname FROM pg_catalog.pg_type t "
     "JOIN pg_catalog.pg_namespace n ON t.typnamespace = n.oid WHERE t.oid = %s", (1043,)),
    ("SELECT typinput='pg_catalog.array_in'::regproc as is_array, typtype, typname, pg_type.oid   FROM pg_catalog.pg_type   "
     "LEFT JOIN (select ns.oid as nspoid, ns.nspname, r.r           from pg_namespace as ns           "
     "join ( select s.r, (current_schemas(false))[s.r] as nspname                    "
     "from generate_series(1, array_upper(current_schemas(false), 1)) as s(r) ) as r          using ( nspname )        ) as sp     "
     "ON sp.nspoid = typnamespace  WHERE pg_type.oid = %s  ORDER BY sp.r, pg_type.oid DESC", (1043,)),
    ("SELECT db.oid,db.* FROM pg_catalog.pg_database db WHERE datname=%s", ("shop",)),
    ("select * from pg_catalog.pg_settings where name=%s", ("standard_conforming_strings",)),
    ("select string_agg(word, ',') from pg_catalog.pg_get_keywords() where word <> ALL ('{a,abs,absolute,action,zone}'::text[])", None),
    ("SELECT version()", None),
    ("SELECT t.oid,t.*,c.relkind,format_type(nullif(t.typbasetype, 0), t.typtypmod) as base_type_name, d.description\n"
     "FROM pg_catalog.pg_type t\nLEFT OUTER JOIN pg_catalog.pg_type et ON et.oid=t.typelem \n"
     "LEFT OUTER JOIN pg_catalog.pg_class c ON c.oid=t.typrelid\n"
     "LEFT OUTER JOIN pg_catalog.pg_description d ON t.oid=d.objoid\n"
     "WHERE t.typname IS NOT NULL\n"
     "AND (c.relkind IS NULL OR c.relkind = 'c') AND (et.typcategory IS NULL OR et.typcategory <> 'C')", None),
    ("SELECT c.oid,c.*,d.description,pg_catalog.pg_get_expr(c.relpartbound, c.oid) as partition_expr,  "
     "pg_catalog.pg_get_partkeydef(c.oid) as partition_key \nFROM pg_catalog.pg_class c\n"
     "LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=c.oid AND d.objsubid=0 AND d.classoid='pg_class'::regclass\n"
     "WHERE c.relnamespace=(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = %s) AND c.relkind not in ('i','I','c')",
     ("shop",)),
    ("SELECT c.relname,a.*,pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) as def_value,dsc.description,dep.objid\n"
     "FROM pg_catalog.pg_attribute a\nINNER JOIN pg_catalog.pg_class c ON (a.attrelid=c.oid)\n"
     "LEFT OUTER JOIN pg_catalog.pg_attrdef ad ON (a.attrelid=ad.adrelid AND a.attnum = ad.adnum)\n"
     "LEFT OUTER JOIN pg_catalog.pg_description dsc ON (c.oid=dsc.objoid AND a.attnum = dsc.objsubid)\n"
     "LEFT OUTER JOIN pg_depend dep on dep.refobjid = a.attrelid AND dep.deptype = 'i' and dep.refobjsubid = a.attnum "
     "and dep.classid = dep.refclassid\nWHERE NOT a.attisdropped AND c.relname = %s ORDER BY a.attnum", ("orders",)),
    ("SELECT c.oid,c.*,t.relname as tabrelname,rt.relnamespace as refnamespace,d.description, "
     "case when c.contype='c' then \"substring\"(pg_get_constraintdef(c.oid), 7) else null end consrc_copy\n"
     "FROM pg_catalog.pg_constraint c\nINNER JOIN pg_catalog.pg_class t ON t.oid=c.conrelid\n"
     "LEFT OUTER JOIN pg_catalog.pg_class rt ON rt.oid=c.confrelid\n"
     "LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid=c.oid AND d.objsubid=0 AND d.classoid='pg_constraint'::regclass\n"
     "WHERE c.conrelid=%s\nORDER BY c.oid", (16400,)),
    ("SELECT i.*,i.indkey as keys,c.relname,c.relnamespace,c.relam,c.reltablespace,tc.relname as tabrelname,dsc.description,"
     "pg_catalog.pg_get_expr(i.indpred, i.indrelid) as pred_expr,pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) as expr,"
     "pg_catalog.pg_relation_size(i.indexrelid) as index_rel_size,pg_catalog.pg_stat_get_numscans(i.indexrelid) as index_num_scans\n"
     "FROM pg_catalog.pg_index i\nINNER JOIN pg_catalog.pg_class c ON c.oid=i.indexrelid\n"
     "INNER JOIN pg_catalog.pg_class tc ON tc.oid=i.indrelid\n"
     "LEFT OUTER JOIN pg_catalog.pg_description dsc ON i.indexrelid=dsc.objoid\n"
     "WHERE i.indrelid=%s ORDER BY tabrelname, c.relname", (16400,)),
    ("SELECT DISTINCT dep.deptype, dep.classid, dep.objid, cl.relkind, attr.attname,pg_get_expr(ad.adbin, ad.adrelid) adefval,\n"
     "CASE WHEN cl.relkind IS NOT NULL THEN cl.relkind || COALESCE(dep.objsubid::text, '') ELSE '' END AS type,\n"
     "COALESCE(coc.relname, clrw.relname) AS ownertable\nFROM pg_depend dep\nLEFT JOIN pg_class cl ON dep.objid=cl.oid\n"
     "LEFT JOIN pg_attribute attr ON dep.objid=attr.attrelid AND dep.objsubid=attr.attnum\n"
     "LEFT JOIN pg_rewrite rw ON dep.objid=rw.oid LEFT JOIN pg_class clrw ON clrw.oid=rw.ev_class\n"
     "LEFT JOIN pg_class coc ON coc.oid=dep.refobjid LEFT JOIN pg_attrdef ad ON ad.oid=dep.objid\n"
     "WHERE dep.refobjid=%s ORDER BY type", (16400,)),
    ("SELECT * FROM pg_catalog.pg_stat_activity s ORDER BY s.pid", None),
    ("SELECT e.oid, e.* FROM pg_catalog.pg_extension e ORDER BY e.oid", None),
    ("SELECT \"orders\".ctid IS NULL FROM (SELECT NULL AS ctid) AS \"orders\"", None),
]

DATAGRIP = [
    ("select version()", None),
    ("select current_database() as a, current_schemas(false) as b", None),
    ("SHOW TRANSACTION ISOLATION LEVEL", None),
    ("select round(extract(epoch from pg_postmaster_start_time() at time zone 'UTC')) as startup_time", None),
    ("select L.transactionid::varchar::bigint as transaction_id\nfrom pg_catalog.pg_locks L\n"
     "where L.transactionid is not null\norder by pg_catalog.age(L.transactionid) desc\nlimit 1", None),
    ("select case\n  when pg_catalog.pg_is_in_recovery()\n    then null\n  else\n    "
     "(pg_catalog.txid_current() % 4294967296)::varchar::bigint\n  end as current_txid", None),
    ("select N.oid::bigint as id,\n       datname as name,\n       D.description,\n       datistemplate as is_template,\n"
     "       datallowconn as allow_connections,\n       pg_catalog.pg_get_userbyid(N.datdba) as \"owner\"\n"
     "from pg_catalog.pg_database N\n  left join pg_catalog.pg_shdescription D on N.oid = D.objoid\n"
     "order by case when datname = pg_catalog.current_database() then -1::bigint else N.oid::bigint end", None),
    ("select N.oid::bigint as id,\n       N.xmin as state_number,\n       nspname as name,\n       D.description,\n"
     "       pg_catalog.pg_get_userbyid(N.nspowner) as \"owner\"\nfrom pg_catalog.pg_namespace N\n"
     "  left join pg_catalog.pg_description D on N.oid = D.objoid\n"
     "order by case when nspname = pg_catalog.current_schema() then -1::bigint else N.oid::bigint end", None),
    ("select T.relkind as table_kind,\n       T.relname as table_name,\n       T.oid as table_id,\n       T.xmin as table_state_number,\n"
     "       false /* T.relhasoids */ as table_with_oids,\n       T.reltablespace as tablespace_id,\n       T.reloptions as options,\n"
     "       T.relpersistence as persistence,\n"
     "       (select pg_catalog.array_agg(inhparent::bigint order by inhseqno)::varchar from pg_catalog.pg_inherits "
     "where T.oid = inhrelid) as ancestors,\n       T.relispartition as is_partition\n"
     "from pg_catalog.pg_class T\nwhere relnamespace = %s::oid\n  and relkind in ('r', 'm', 'v', 'f', 'p')\n"
     "order by table_kind, table_id", (2200,)),
]

METABASE = [
    ("SET extra_float_digits = 2", None),
    ("SET application_name = 'Metabase v0.55.1 [f8f63fdf-d8f8-4573-86ea-4fe4a9548041]'", None),
    ("SELECT 1", None),
    ("SHOW TRANSACTION ISOLATION LEVEL", None),
    ("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", None),
    ("SELECT nspname AS \"TABLE_SCHEM\", current_database() AS \"TABLE_CATALOG\" FROM pg_catalog.pg_namespace  "
     "WHERE nspname <> 'pg_toast' AND (nspname !~ '^pg_temp_'  OR nspname = (pg_catalog.current_schemas(true))[1]) "
     "AND (nspname !~ '^pg_toast_temp_'  OR nspname = replace((pg_catalog.current_schemas(true))[1], 'pg_temp_', 'pg_toast_temp_'))  "
     "ORDER BY \"TABLE_SCHEM\"", None),
    ("with table_privileges as (\n select\n   NULL as role,\n   t.schemaname as schema,\n   t.objectname as table,\n" + ",\n".join(
        f"   pg_catalog.has_{what}_privilege(current_user, '\"' || replace(t.schemaname, '\"', '\"\"') || '\"' || '.' || '\"' || "
        f"replace(t.objectname, '\"', '\"\"') || '\"',  '{right}') as {right}"
        for what, right in (("any_column", "update"), ("any_column", "select"), ("any_column", "insert"), ("table", "delete"))) +
     "\n from (\n   select schemaname, tablename as objectname from pg_catalog.pg_tables\n   union\n"
     "   select schemaname, viewname as objectname from pg_views\n   union\n"
     "   select schemaname, matviewname as objectname from pg_matviews\n ) t\n"
     " where t.schemaname !~ '^pg_'\n   and t.schemaname <> 'information_schema'\n"
     "   and pg_catalog.has_schema_privilege(current_user, t.schemaname, 'usage')\n)\nselect t.*\nfrom table_privileges t", None),
    ("SELECT \"n\".\"nspname\" AS \"schema\", \"c\".\"relname\" AS \"name\", CASE \"c\".\"relkind\" WHEN 'r' THEN 'TABLE' "
     "WHEN 'p' THEN 'PARTITIONED TABLE' WHEN 'v' THEN 'VIEW' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'm' THEN 'MATERIALIZED VIEW' "
     "ELSE NULL END AS \"type\", \"d\".\"description\" AS \"description\", NULLIF(\"stat\".\"n_live_tup\", 0) AS \"estimated_row_count\" "
     "FROM \"pg_catalog\".\"pg_class\" AS \"c\" INNER JOIN \"pg_catalog\".\"pg_namespace\" AS \"n\" ON \"c\".\"relnamespace\" = \"n\".\"oid\" "
     "LEFT JOIN \"pg_catalog\".\"pg_description\" AS \"d\" ON (\"c\".\"oid\" = \"d\".\"objoid\") AND (\"d\".\"objsubid\" = 0) "
     "AND (\"d\".\"classoid\" = 'pg_class'::regclass) LEFT JOIN \"pg_stat_user_tables\" AS \"stat\" "
     "ON (\"n\".\"nspname\" = \"stat\".\"schemaname\") AND (\"c\".\"relname\" = \"stat\".\"relname\") "
     "WHERE (\"c\".\"relnamespace\" = \"n\".\"oid\") AND (\"n\".\"nspname\" !~ '^information_schema|catalog_history|pg_') "
     "AND (\"c\".\"relkind\" IN ('r', 'p', 'v', 'f', 'm')) AND (\"n\".\"nspname\" IN ('shop')) ORDER BY \"type\" ASC, \"schema\" ASC, "
     "\"name\" ASC", None),
    ("SELECT \"c\".\"column_name\" AS \"name\", CASE WHEN \"c\".\"udt_schema\" IN ('public', 'pg_catalog') THEN FORMAT('%%s', "
     "\"c\".\"udt_name\") ELSE FORMAT('\"%%s\".\"%%s\"', \"c\".\"udt_schema\", \"c\".\"udt_name\") END AS \"database-type\", "
     "\"c\".\"ordinal_position\" - 1 AS \"database-position\", \"c\".\"table_schema\" AS \"table-schema\", "
     "\"c\".\"table_name\" AS \"table-name\", \"pk\".\"column_name\" IS NOT NULL AS \"pk?\", "
     "COL_DESCRIPTION(CAST(CAST(FORMAT('%%I.%%I', CAST(\"c\".\"table_schema\" AS TEXT), CAST(\"c\".\"table_name\" AS TEXT)) AS REGCLASS) "
     "AS OID), \"c\".\"ordinal_position\") AS \"field-comment\", ((\"column_default\" IS NULL) OR (LOWER(\"column_default\") = 'null')) "
     "AND (\"is_nullable\" = 'NO') AND NOT (((\"column_default\" IS NOT NULL) AND (\"column_default\" LIKE '%%nextval(%%')) "
     "OR (\"is_identity\" <> 'NO')) AS \"database-required\", ((\"column_default\" IS NOT NULL) AND (\"column_default\" LIKE "
     "'%%nextval(%%')) OR (\"is_identity\" <> 'NO') AS \"database-is-auto-increment\" FROM \"information_schema\".\"columns\" AS \"c\" "
     "LEFT JOIN (SELECT \"tc\".\"table_schema\", \"tc\".\"table_name\", \"kc\".\"column_name\" "
     "FROM \"information_schema\".\"table_constraints\" AS \"tc\" INNER JOIN \"information_schema\".\"key_column_usage\" AS \"kc\" "
     "ON (\"tc\".\"constraint_name\" = \"kc\".\"constraint_name\") AND (\"tc\".\"table_schema\" = \"kc\".\"table_schema\") "
     "AND (\"tc\".\"table_name\" = \"kc\".\"table_name\") WHERE \"tc\".\"constraint_type\" = 'PRIMARY KEY') AS \"pk\" "
     "ON (\"c\".\"table_schema\" = \"pk\".\"table_schema\") AND (\"c\".\"table_name\" = \"pk\".\"table_name\") "
     "AND (\"c\".\"column_name\" = \"pk\".\"column_name\") WHERE c.table_schema !~ '^information_schema|catalog_history|pg_' "
     "AND (\"c\".\"table_schema\" IN ('shop')) ORDER BY \"table-schema\" ASC, \"table-name\" ASC, \"database-position\" ASC", None),
    ("SELECT \"fk_ns\".\"nspname\" AS \"fk-table-schema\", \"fk_table\".\"relname\" AS \"fk-table-name\", \"fk_column\".\"attname\" AS "
     "\"fk-column-name\", \"pk_ns\".\"nspname\" AS \"pk-table-schema\", \"pk_table\".\"relname\" AS \"pk-table-name\", "
     "\"pk_column\".\"attname\" AS \"pk-column-name\" FROM \"pg_constraint\" AS \"c\" INNER JOIN \"pg_class\" AS \"fk_table\" "
     "ON \"c\".\"conrelid\" = \"fk_table\".\"oid\" INNER JOIN \"pg_namespace\" AS \"fk_ns\" ON \"c\".\"connamespace\" = \"fk_ns\".\"oid\" "
     "INNER JOIN \"pg_attribute\" AS \"fk_column\" ON \"c\".\"conrelid\" = \"fk_column\".\"attrelid\" "
     "INNER JOIN \"pg_class\" AS \"pk_table\" ON \"c\".\"confrelid\" = \"pk_table\".\"oid\" INNER JOIN \"pg_namespace\" AS \"pk_ns\" "
     "ON \"pk_table\".\"relnamespace\" = \"pk_ns\".\"oid\" INNER JOIN \"pg_attribute\" AS \"pk_column\" "
     "ON \"c\".\"confrelid\" = \"pk_column\".\"attrelid\" WHERE fk_ns.nspname !~ '^information_schema|catalog_history|pg_' "
     "AND (\"c\".\"contype\" = 'f'::char) AND (\"fk_column\".\"attnum\" = ANY(c.conkey)) AND (\"pk_column\".\"attnum\" = ANY(c.confkey)) "
     "ORDER BY \"fk-table-schema\" ASC, \"fk-table-name\" ASC", None),
    ("SELECT nspname, typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace "
     "WHERE t.oid IN (SELECT DISTINCT e.enumtypid FROM pg_enum e)", None),
    ("SELECT \"shop\".\"orders\".\"id\" AS \"id\", \"shop\".\"orders\".\"country\" AS \"country\" FROM \"shop\".\"orders\" LIMIT 2000", None),
    ("SELECT \"source\".\"country\" AS \"country\", COUNT(*) AS \"count\" FROM (SELECT \"shop\".\"orders\".\"country\" AS \"country\" "
     "FROM \"shop\".\"orders\" WHERE \"shop\".\"orders\".\"id\" > 0) AS \"source\" GROUP BY \"source\".\"country\" "
     "ORDER BY \"source\".\"country\" ASC", None),
    ("SELECT DATE_TRUNC('month', \"shop\".\"orders\".\"day\") AS \"day\", SUM(\"shop\".\"orders\".\"id\") AS \"sum\" FROM \"shop\".\"orders\" "
     "GROUP BY DATE_TRUNC('month', \"shop\".\"orders\".\"day\") ORDER BY DATE_TRUNC('month', \"shop\".\"orders\".\"day\") ASC", None),
]

GRAFANA = [
    ("SELECT 1", None),
    ("SELECT current_setting('server_version_num')::int/100 as version", None),
    ("SELECT CASE WHEN quote_ident(table_schema) IN ( SELECT CASE WHEN trim(s[i]) = '\"$user\"' THEN user ELSE trim(s[i]) END\n"
     " FROM generate_series( array_lower(string_to_array(current_setting('search_path'),','),1),\n"
     " array_upper(string_to_array(current_setting('search_path'),','),1) ) as i,\n"
     " string_to_array(current_setting('search_path'),',') s )\n"
     " THEN quote_ident(table_name) ELSE quote_ident(table_schema) || '.' || quote_ident(table_name) END AS \"table\"\n"
     "FROM information_schema.tables WHERE quote_ident(table_schema) NOT IN ('information_schema', 'pg_catalog', "
     "'_timescaledb_cache', '_timescaledb_catalog')\n"
     "ORDER BY CASE WHEN quote_ident(table_schema) IN ( SELECT CASE WHEN trim(s[i]) = '\"$user\"' THEN user ELSE trim(s[i]) END\n"
     " FROM generate_series( array_lower(string_to_array(current_setting('search_path'),','),1),\n"
     " array_upper(string_to_array(current_setting('search_path'),','),1) ) as i,\n"
     " string_to_array(current_setting('search_path'),',') s ) THEN 0 ELSE 1 END, 1", None),
    ("SELECT quote_ident(column_name) AS \"column\", data_type AS \"type\"\nFROM information_schema.columns\n"
     "WHERE CASE WHEN array_length(parse_ident('shop.orders'),1) = 2\n"
     " THEN quote_ident(table_schema) = (parse_ident('shop.orders'))[1] AND quote_ident(table_name) = (parse_ident('shop.orders'))[2]\n"
     " ELSE quote_ident(table_name) = 'shop.orders' AND quote_ident(table_schema) IN ( SELECT CASE WHEN trim(s[i]) = '\"$user\"' "
     "THEN user ELSE trim(s[i]) END\n FROM generate_series( array_lower(string_to_array(current_setting('search_path'),','),1),\n"
     " array_upper(string_to_array(current_setting('search_path'),','),1) ) as i,\n"
     " string_to_array(current_setting('search_path'),',') s ) END", None),
    ("SELECT quote_ident(column_name) FROM information_schema.columns WHERE quote_ident(table_name) = 'orders' AND "
     "data_type IN ('text','character','character varying')", None),
    ("SELECT day AS \"time\", sum(id) AS \"value\" FROM shop.orders WHERE day BETWEEN DATE '1970-01-01' AND DATE '2030-01-01' "
     "GROUP BY 1 ORDER BY 1", None),
]

SUPERSET = [
    ("select pg_catalog.version()", None),
    ("select current_schema()", None),
    ("show standard_conforming_strings", None),
    ("show transaction isolation level", None),
    ("SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_%%' ORDER BY nspname", None),
    ("SELECT pg_catalog.pg_class.relname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace "
     "ON pg_catalog.pg_namespace.oid = pg_catalog.pg_class.relnamespace WHERE pg_catalog.pg_class.relkind = ANY (ARRAY['r', 'p', 'f']) "
     "AND pg_catalog.pg_class.relpersistence != %s AND pg_catalog.pg_namespace.nspname = %s", ("t", "shop")),
    ("SELECT datname FROM pg_database WHERE datistemplate = false", None),
    ("SELECT COUNT(*) AS \"count\" FROM shop.orders WHERE country IN ('DE', 'FR') LIMIT 1001", None),
]

POWER_BI = [
    ("\n/*** Load all supported types ***/\nSELECT ns.nspname, a.typname, a.oid, a.typrelid, a.typbasetype,\n"
     "CASE WHEN pg_proc.proname='array_recv' THEN 'a' ELSE a.typtype END AS type,\nCASE\n"
     "  WHEN pg_proc.proname='array_recv' THEN a.typelem\n  WHEN a.typtype='r' THEN rngsubtype\n  ELSE 0\nEND AS elemoid,\nCASE\n"
     "  WHEN pg_proc.proname IN ('array_recv','oidvectorrecv') THEN 3    /* Arrays last */\n"
     "  WHEN a.typtype='r' THEN 2                                        /* Ranges before */\n"
     "  WHEN a.typtype='d' THEN 1                                        /* Domains before */\n"
     "  ELSE 0                                                           /* Base types first */\nEND AS ord\nFROM pg_type AS a\n"
     "JOIN pg_namespace AS ns ON (ns.oid = a.typnamespace)\nJOIN pg_proc ON pg_proc.oid = a.typreceive\n"
     "LEFT OUTER JOIN pg_class AS cls ON (cls.oid = a.typrelid)\nLEFT OUTER JOIN pg_type AS b ON (b.oid = a.typelem)\n"
     "LEFT OUTER JOIN pg_class AS elemcls ON (elemcls.oid = b.typrelid)\nLEFT OUTER JOIN pg_range ON (pg_range.rngtypid = a.oid)\n"
     "WHERE\n  a.typtype IN ('b', 'r', 'e', 'd') OR         /* Base, range, enum, domain */\n"
     "  (a.typtype = 'c' AND cls.relkind='c') OR /* User-defined free-standing composites (not table composites) by default */\n"
     "  (pg_proc.proname='array_recv' AND (\n    b.typtype IN ('b', 'r', 'e', 'd') OR       /* Array of base, range, enum, domain */\n"
     "    (b.typtype = 'p' AND b.typname IN ('record', 'void')) OR /* Arrays of special supported pseudo-types */\n"
     "    (b.typtype = 'c' AND elemcls.relkind='c')  /* Array of user-defined free-standing composites */\n  )) OR\n"
     "  (a.typtype = 'p' AND a.typname IN ('record', 'void'))  /* Some special supported pseudo-types */\nORDER BY ord", None),
    ("/*** Load field definitions for (free-standing) composite types ***/\nSELECT typ.oid, att.attname, att.atttypid\n"
     "FROM pg_type AS typ\nJOIN pg_namespace AS ns ON (ns.oid = typ.typnamespace)\nJOIN pg_class AS cls ON (cls.oid = typ.typrelid)\n"
     "JOIN pg_attribute AS att ON (att.attrelid = typ.typrelid)\nWHERE\n  (typ.typtype = 'c' AND cls.relkind='c') AND\n"
     "  attnum > 0 AND     /* Don't load system attributes */\n  NOT attisdropped\nORDER BY typ.oid, att.attnum", None),
    ("/*** Load enum fields ***/\nSELECT pg_type.oid, enumlabel\nFROM pg_enum\nJOIN pg_type ON pg_type.oid=enumtypid\n"
     "ORDER BY oid, enumsortorder", None),
    ("DISCARD ALL", None),
    ("select character_set_name from INFORMATION_SCHEMA.character_sets", None),
    ("select TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE\nfrom INFORMATION_SCHEMA.tables\n"
     "where TABLE_SCHEMA not in ('information_schema', 'pg_catalog')\norder by TABLE_SCHEMA, TABLE_NAME", None),
    ("select COLUMN_NAME, ORDINAL_POSITION, IS_NULLABLE, case when (data_type like '%%unsigned%%') then DATA_TYPE || ' unsigned' "
     "else DATA_TYPE end as DATA_TYPE\nfrom INFORMATION_SCHEMA.columns\nwhere TABLE_SCHEMA = 'shop' and TABLE_NAME = 'orders'\n"
     "order by TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION", None),
    ("select\n    pkcol.COLUMN_NAME as PK_COLUMN_NAME,\n    fkcol.TABLE_SCHEMA AS FK_TABLE_SCHEMA,\n"
     "    fkcol.TABLE_NAME AS FK_TABLE_NAME,\n    fkcol.COLUMN_NAME as FK_COLUMN_NAME,\n    fkcol.ORDINAL_POSITION as ORDINAL,\n"
     "    fkcon.CONSTRAINT_SCHEMA || '_' || fkcol.TABLE_NAME || '_' || 'orders' || '_' || fkcon.CONSTRAINT_NAME as FK_NAME\nfrom\n"
     "    (select distinct constraint_catalog, constraint_schema, unique_constraint_schema, constraint_name, unique_constraint_name\n"
     "        from INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS) fkcon\n        inner join\n    INFORMATION_SCHEMA.KEY_COLUMN_USAGE fkcol\n"
     "        on fkcon.CONSTRAINT_SCHEMA = fkcol.CONSTRAINT_SCHEMA\n        and fkcon.CONSTRAINT_NAME = fkcol.CONSTRAINT_NAME\n"
     "        inner join\n    INFORMATION_SCHEMA.KEY_COLUMN_USAGE pkcol\n"
     "        on fkcon.UNIQUE_CONSTRAINT_SCHEMA = pkcol.CONSTRAINT_SCHEMA\n"
     "        and fkcon.UNIQUE_CONSTRAINT_NAME = pkcol.CONSTRAINT_NAME\nwhere pkcol.TABLE_SCHEMA = 'shop' and pkcol.TABLE_NAME = 'orders'\n"
     "        and pkcol.ORDINAL_POSITION = fkcol.ORDINAL_POSITION\norder by FK_NAME, fkcol.ORDINAL_POSITION", None),
    ("select i.CONSTRAINT_SCHEMA || '_' || i.CONSTRAINT_NAME as INDEX_NAME, ii.COLUMN_NAME, ii.ORDINAL_POSITION, "
     "case when i.CONSTRAINT_TYPE = 'PRIMARY KEY' then 'Y' else 'N' end as PRIMARY_KEY\n"
     "from INFORMATION_SCHEMA.table_constraints i inner join INFORMATION_SCHEMA.key_column_usage ii on i.CONSTRAINT_SCHEMA = "
     "ii.CONSTRAINT_SCHEMA and i.CONSTRAINT_NAME = ii.CONSTRAINT_NAME and i.TABLE_SCHEMA = ii.TABLE_SCHEMA and i.TABLE_NAME = "
     "ii.TABLE_NAME\nwhere i.TABLE_SCHEMA = 'shop' and i.TABLE_NAME = 'orders'\nand i.CONSTRAINT_TYPE in ('PRIMARY KEY', 'UNIQUE')\n"
     "order by i.CONSTRAINT_SCHEMA || '_' || i.CONSTRAINT_NAME, ii.TABLE_SCHEMA, ii.TABLE_NAME, ii.ORDINAL_POSITION", None),
    ("select \"$Table\".\"id\" as \"id\",\n    \"$Table\".\"country\" as \"country\"\nfrom \"shop\".\"orders\" \"$Table\"\nlimit 1000", None),
]

TOOLS = {"DBeaver": DBEAVER, "DataGrip": DATAGRIP, "Metabase": METABASE, "Grafana": GRAFANA, "Superset": SUPERSET, "Power BI": POWER_BI}
