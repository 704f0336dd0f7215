#include "engine/trino_names.h"

namespace hanse::engine {

namespace {

// Trino's functions as SQL of the engine. A parameter stands for its expression, so what is written twice is asked twice.
constexpr const char* kMacros[] = {
    "CREATE MACRO hanse_nan() AS CAST('NaN' AS DOUBLE)",
    "CREATE MACRO hanse_infinity() AS CAST('Infinity' AS DOUBLE)",
    "CREATE MACRO hanse_e() AS exp(1.0)",
    "CREATE MACRO hanse_interval(unit, n) AS CASE lower(unit) WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' "
    "THEN to_seconds(n) WHEN 'minute' THEN to_minutes(n) WHEN 'hour' THEN to_hours(n) WHEN 'day' THEN to_days(CAST(n AS "
    "INTEGER)) WHEN 'week' THEN to_weeks(CAST(n AS INTEGER)) WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN "
    "'quarter' THEN to_quarters(CAST(n AS INTEGER)) WHEN 'year' THEN to_years(CAST(n AS INTEGER)) ELSE "
    "error('INVALID_FUNCTION_ARGUMENT: not a valid unit of date_add') END",
    "CREATE MACRO hanse_date_add(unit, n, x) AS hanse_plus(x, hanse_interval(unit, n))",
    "CREATE MACRO hanse_date_parse(text, format) AS strptime(text, hanse_time_format(format))",
    "CREATE MACRO hanse_date_format(x, format) AS strftime(x, hanse_time_format(format))",
    "CREATE MACRO hanse_from_iso8601_date(text) AS CAST(text AS DATE)",
    "CREATE MACRO hanse_from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMP WITH TIME ZONE)",
    "CREATE MACRO hanse_date(x) AS CAST(x AS DATE)",
    "CREATE MACRO hanse_regexp_extract(text, pattern) AS CASE WHEN regexp_matches(text, pattern) THEN regexp_extract(text, "
    "pattern, 0) END, (text, pattern, part) AS CASE WHEN regexp_matches(text, pattern) THEN regexp_extract(text, pattern, "
    "CAST(part AS INTEGER)) END",
    "CREATE MACRO hanse_regexp_replace(text, pattern) AS regexp_replace(text, pattern, '', 'g'), (text, pattern, "
    "replacement) AS regexp_replace(text, pattern, hanse_replacement(replacement), 'g')",
    "CREATE MACRO hanse_regexp_count(text, pattern) AS len(regexp_extract_all(text, pattern))",
    "CREATE MACRO hanse_array_position(x, element) AS CASE WHEN x IS NULL OR element IS NULL THEN NULL ELSE "
    "coalesce(list_position(x, element), 0) END",
    "CREATE MACRO hanse_array_except(x, y) AS list_filter(hanse_array_distinct(x), lambda e: list_position(y, e) IS NULL)",
    "CREATE MACRO hanse_array_intersect(x, y) AS list_filter(hanse_array_distinct(x), lambda e: list_position(y, e) IS NOT "
    "NULL)",
    "CREATE MACRO hanse_array_union(x, y) AS hanse_array_distinct(list_concat(x, y))",
    "CREATE MACRO hanse_from_unixtime(n) AS hanse_as_utc(make_timestamp(CAST(CAST(n AS DOUBLE) * 1000000 AS BIGINT))), (n, "
    "zone) AS hanse_at_timezone(make_timestamp(CAST(CAST(n AS DOUBLE) * 1000000 AS BIGINT)), zone)",
    "CREATE MACRO hanse_from_unixtime_nanos(n) AS hanse_as_utc(make_timestamp(CAST(n AS BIGINT) // 1000))",
    "CREATE MACRO hanse_to_iso8601(x) AS CASE typeof(x) WHEN 'DATE' THEN strftime(x, '%Y-%m-%d') WHEN 'TIMESTAMP WITH TIME "
    "ZONE' THEN strftime(x, '%Y-%m-%dT%H:%M:%S.%gZ') ELSE strftime(x, '%Y-%m-%dT%H:%M:%S.%g') END",
    "CREATE MACRO hanse_format_datetime(x, pattern) AS strftime(x, hanse_joda_format(pattern))",
    "CREATE MACRO hanse_parse_datetime(text, pattern) AS hanse_as_utc(strptime(text, hanse_joda_format(pattern)))",
    "CREATE MACRO hanse_current_timezone() AS 'UTC'",
    "CREATE MACRO hanse_timezone(x) AS CASE WHEN x IS NULL THEN NULL ELSE 'UTC' END",
    "CREATE MACRO hanse_millisecond(x) AS millisecond(x) % 1000",
    "CREATE MACRO hanse_to_milliseconds(x) AS CAST(epoch_ms(x) AS BIGINT)",
    "CREATE MACRO hanse_random() AS random(), (n) AS CAST(floor(random() * n) AS BIGINT), (m, n) AS m + "
    "CAST(floor(random() * (n - m)) AS BIGINT)",
    "CREATE MACRO hanse_truncate(x) AS trunc(x), (x, n) AS trunc(x, n)",
    "CREATE MACRO hanse_hamming_distance(x, y) AS CASE WHEN length(x) = length(y) THEN hamming(x, y) WHEN length(x) IS "
    "NULL OR length(y) IS NULL THEN NULL ELSE error('INVALID_FUNCTION_ARGUMENT: The input strings to hamming_distance "
    "function must have the same length') END",
    "CREATE MACRO hanse_regexp_extract_all(text, pattern) AS regexp_extract_all(text, pattern), (text, pattern, part) AS "
    "regexp_extract_all(text, pattern, CAST(part AS INTEGER))",
    "CREATE MACRO hanse_regexp_position(text, pattern) AS CASE WHEN regexp_matches(text, pattern) THEN "
    "length(regexp_extract(text, '^((?s:.*?))(?:' || pattern || ')', 1)) + 1 WHEN text IS NULL OR pattern IS NULL THEN "
    "NULL ELSE -1 END",
    "CREATE MACRO hanse_json_extract(x, path) AS CASE WHEN json_valid(x) THEN json_extract(x, path) END",
    "CREATE MACRO hanse_json_extract_scalar(x, path) AS CASE WHEN json_valid(x) THEN CASE WHEN json_type(x, path) IN "
    "('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(x, path) END END",
    "CREATE MACRO hanse_json_format(x) AS CAST(json(x) AS VARCHAR)",
    "CREATE MACRO hanse_json_parse(x) AS CASE WHEN json_valid(x) THEN json(x) WHEN x IS NULL THEN NULL ELSE "
    "error('INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON') END",
    "CREATE MACRO hanse_json_size(x, path) AS CASE WHEN json_valid(x) THEN CASE json_type(x, path) WHEN 'OBJECT' THEN "
    "len(json_keys(x, path)) WHEN 'ARRAY' THEN json_array_length(x, path) WHEN NULL THEN NULL ELSE 0 END END",
    "CREATE MACRO hanse_json_array_length(x) AS CASE WHEN json_valid(x) THEN CASE json_type(x) WHEN 'ARRAY' THEN "
    "CAST(json_array_length(x) AS BIGINT) END END",
    "CREATE MACRO hanse_json_array_get(x, i) AS CASE WHEN json_valid(x) THEN CASE json_type(x) WHEN 'ARRAY' THEN "
    "json_extract(x, '$[' || CASE WHEN i < 0 THEN '#' ELSE '' END || CAST(i AS VARCHAR) || ']') END END",
    "CREATE MACRO hanse_json_array_contains(x, v) AS CASE WHEN json_valid(x) AND v IS NOT NULL THEN CASE json_type(x) WHEN "
    "'ARRAY' THEN list_contains(json_extract(x, '$[*]'), CAST(to_json(v) AS JSON)) END END",
    "CREATE MACRO hanse_is_json_scalar(x) AS json_type(x) NOT IN ('OBJECT', 'ARRAY')",
    "CREATE MACRO hanse_array_join(x, separator) AS array_to_string(x, separator), (x, separator, nothing) AS "
    "array_to_string(list_transform(x, lambda e: coalesce(CAST(e AS VARCHAR), nothing)), separator)",
    "CREATE MACRO hanse_array_remove(x, element) AS CASE WHEN element IS NOT NULL THEN list_filter(x, lambda e: e IS "
    "DISTINCT FROM element) END",
    "CREATE MACRO hanse_array_first(x) AS list_extract(x, 1)",
    "CREATE MACRO hanse_array_last(x) AS list_extract(x, -1)",
    "CREATE MACRO hanse_array_histogram(x) AS list_histogram(x)",
    "CREATE MACRO hanse_array_max(x) AS CASE WHEN len(x) = list_count(x) THEN list_max(x) END",
    "CREATE MACRO hanse_array_min(x) AS CASE WHEN len(x) = list_count(x) THEN list_min(x) END",
    "CREATE MACRO hanse_arrays_overlap(x, y) AS CASE WHEN list_has_any(list_filter(x, lambda e: e IS NOT NULL), "
    "list_filter(y, lambda e: e IS NOT NULL)) THEN true WHEN len(x) != list_count(x) OR len(y) != list_count(y) THEN NULL "
    "WHEN x IS NULL OR y IS NULL THEN NULL ELSE false END",
    "CREATE MACRO hanse_contains(x, element) AS CASE WHEN x IS NULL OR element IS NULL THEN NULL WHEN list_contains(x, "
    "element) THEN true WHEN len(x) != list_count(x) THEN NULL ELSE false END",
    "CREATE MACRO hanse_contains_sequence(x, y) AS CASE WHEN x IS NULL OR y IS NULL THEN NULL ELSE len(y) = 0 OR "
    "coalesce(list_bool_or(list_transform(generate_series(1, len(x) - len(y) + 1), lambda i: list_slice(x, i, i + len(y) - "
    "1) = y)), false) END",
    "CREATE MACRO hanse_any(x) AS CASE WHEN x IS NULL THEN NULL WHEN list_bool_or(x) THEN true WHEN len(x) != "
    "list_count(x) THEN NULL ELSE false END",
    "CREATE MACRO hanse_all(x) AS CASE WHEN x IS NULL THEN NULL WHEN NOT list_bool_and(x) THEN false WHEN len(x) != "
    "list_count(x) THEN NULL ELSE true END",
    "CREATE MACRO hanse_none(x) AS NOT hanse_any(x)",
    "CREATE MACRO hanse_slice(x, first, size) AS CASE WHEN first > 0 AND size >= 0 THEN list_slice(x, first, first + size "
    "- 1) WHEN first < 0 AND size >= 0 THEN CASE WHEN -first > len(x) THEN list_slice(x, 1, 0) ELSE list_slice(x, len(x) + "
    "first + 1, len(x) + first + size) END WHEN first = 0 THEN error('INVALID_FUNCTION_ARGUMENT: SQL array indices start "
    "at 1') WHEN size < 0 THEN error('INVALID_FUNCTION_ARGUMENT: length must be greater than or equal to 0') END",
    "CREATE MACRO hanse_trim_array(x, n) AS CASE WHEN n >= 0 AND n <= len(x) THEN list_slice(x, 1, len(x) - n) WHEN x IS "
    "NULL OR n IS NULL THEN NULL ELSE error('INVALID_FUNCTION_ARGUMENT: size must not exceed array cardinality') END",
    "CREATE MACRO hanse_repeat(element, n) AS CASE WHEN n <= 10000 THEN list_transform(generate_series(1, n), lambda i: "
    "element) WHEN n IS NULL THEN NULL ELSE error('INVALID_FUNCTION_ARGUMENT: count of repeat function must be less than "
    "or equal to 10000') END",
    "CREATE MACRO hanse_map_entries(m) AS list_transform(map_entries(m), lambda e: row(struct_extract_at(e, 1), "
    "struct_extract_at(e, 2)))",
    "CREATE MACRO hanse_multimap_from_entries(x) AS hanse_multimap_of(list_transform(x, lambda e: struct_extract_at(e, "
    "1)), list_transform(x, lambda e: struct_extract_at(e, 2)))",
    "CREATE MACRO hanse_key_value(entry, separator) AS CASE WHEN len(string_split(entry, separator)) = 2 THEN "
    "string_split(entry, separator) ELSE error('INVALID_FUNCTION_ARGUMENT: Key-value delimiter must appear exactly once in "
    "each entry') END",
    "CREATE MACRO hanse_split_to_map(text, entries, separator) AS map_from_entries(list_transform(string_split(text, "
    "entries), lambda e: row(hanse_key_value(e, separator)[1], hanse_key_value(e, separator)[2])))",
    "CREATE MACRO hanse_split_to_multimap(text, entries, separator) AS hanse_multimap_of(list_transform(string_split(text, "
    "entries), lambda e: hanse_key_value(e, separator)[1]), list_transform(string_split(text, entries), lambda e: "
    "hanse_key_value(e, separator)[2]))"};

}  // namespace

std::vector<std::string> TrinoMacros() { return {std::begin(kMacros), std::end(kMacros)}; }

}  // namespace hanse::engine
