#include "engine/trino_names.h"

#include <unordered_map>

#include "base/text.h"

namespace hanse::engine {

namespace {

// The engine's functions that mean what Trino's of the same name do. The last lines are what the parser makes of operators and
// special forms (EXTRACT, SUBSTRING … FROM, INTERVAL, AT TIME ZONE, LIKE … ESCAPE).
constexpr std::string_view kSame =
    "abs acos asin atan atan2 cbrt ceil ceiling cos cosh degrees exp floor ln log log10 log2 pi radians random round sign sin sinh "
    "sqrt tan tanh chr concat_ws length lower lpad ltrim replace reverse rpad rtrim split_part starts_with strpos substr substring "
    "translate trim upper url_decode url_encode uuid day hour minute month quarter second week year millisecond now "
    "current_date current_timestamp timezone_hour timezone_minute json_array_length flatten map "
    "map_concat map_entries map_from_entries map_keys map_values arbitrary any_value array_agg avg bool_and bool_or corr count "
    "count_if "
    "covar_pop covar_samp histogram kurtosis listagg max max_by min min_by regr_intercept regr_slope skewness stddev stddev_pop "
    "stddev_samp sum var_pop var_samp variance entropy regexp_extract_all nullif "
    "cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number grouping "
    "+ - * || ~~ !~~ count_star list_value row unnest struct_extract date_part to_years to_months to_days to_hours "
    "to_minutes to_seconds to_weeks to_quarters like_escape not_like_escape timezone get_current_timestamp position trunc "
    "current_localtimestamp struct_pack coalesce";

// Trino's name, ours.
constexpr std::string_view kRenamed[][2] = {{"/", "hanse_divide"},
                                            {"%", "hanse_mod"},
                                            {"mod", "hanse_mod"},
                                            {"power", "pow"},
                                            {"pow", "pow"},
                                            {"truncate", "trunc"},
                                            {"rand", "random"},
                                            {"bitwise_and", "&"},
                                            {"bitwise_or", "|"},
                                            {"bitwise_xor", "xor"},
                                            {"bitwise_not", "~"},
                                            {"bitwise_left_shift", "<<"},
                                            {"bitwise_right_shift", ">>"},
                                            {"is_nan", "isnan"},
                                            {"is_finite", "isfinite"},
                                            {"is_infinite", "isinf"},
                                            {"split", "string_split"},
                                            {"codepoint", "unicode"},
                                            {"levenshtein_distance", "levenshtein"},
                                            {"hamming_distance", "hamming"},
                                            {"format", "printf"},
                                            {"to_utf8", "encode"},
                                            {"from_utf8", "decode"},
                                            {"to_hex", "hex"},
                                            {"from_hex", "unhex"},
                                            {"to_base64", "base64"},
                                            {"from_base64", "from_base64"},
                                            {"regexp_like", "regexp_matches"},
                                            {"regexp_split", "string_split_regex"},
                                            {"day_of_month", "day"},
                                            {"day_of_week", "isodow"},
                                            {"dow", "isodow"},
                                            {"day_of_year", "dayofyear"},
                                            {"doy", "dayofyear"},
                                            {"week_of_year", "week"},
                                            {"year_of_week", "isoyear"},
                                            {"yow", "isoyear"},
                                            {"date_diff", "date_sub"},
                                            {"last_day_of_month", "last_day"},
                                            {"to_unixtime", "epoch"},
                                            {"contains", "list_contains"},
                                            {"array_sort", "list_sort"},
                                            {"array_max", "list_max"},
                                            {"array_min", "list_min"},
                                            {"sequence", "generate_series"},
                                            {"arrays_overlap", "list_has_any"},
                                            {"filter", "list_filter"},
                                            {"transform", "list_transform"},
                                            {"zip", "list_zip"},
                                            {"array_extract", "hanse_subscript"},
                                            {"approx_distinct", "approx_count_distinct"},
                                            {"approx_percentile", "approx_quantile"},
                                            {"every", "bool_and"},
                                            {"bitwise_and_agg", "bit_and"},
                                            {"bitwise_or_agg", "bit_or"},
                                            {"geometric_mean", "geomean"},
                                            {"strftime", "strftime"},
                                            {"json_extract", "json_extract"}};

// Names that are ours with "hanse_" before them: macros below and functions of trino_functions.cc.
constexpr std::string_view kOurs =
    "typeof cardinality element_at date_trunc nan infinity e from_base to_base date_add date_parse date_format from_unixtime "
    "from_iso8601_date "
    "from_iso8601_timestamp date to_iso8601 regexp_extract regexp_replace regexp_count json_extract_scalar json_format json_parse "
    "json_size "
    "array_join array_position array_distinct array_intersect slice array_except array_union array_remove md5 sha1 sha256 "
    "url_extract_host url_extract_path "
    "url_extract_protocol url_extract_query url_extract_port url_extract_fragment url_extract_parameter map_agg day_name";

}  // namespace

std::optional<std::string> ImplementationOf(std::string_view trino_name) {
  static const auto* kNames = [] {
    auto* names = new std::unordered_map<std::string, std::string>;
    for (const std::string& name : Split(kSame, ' ')) (*names)[name] = name;
    for (const std::string& name : Split(kOurs, ' ')) (*names)[name] = "hanse_" + name;
    for (const auto& [trino, ours] : kRenamed) (*names)[std::string(trino)] = ours;
    return names;
  }();
  auto found = kNames->find(std::string(trino_name));
  if (found == kNames->end()) return std::nullopt;
  return found->second;
}

const std::vector<std::string>& TrinoMacros() {
  static const std::vector<std::string> kMacros = {
      "CREATE MACRO hanse_nan() AS CAST('NaN' AS DOUBLE)",
      "CREATE MACRO hanse_infinity() AS CAST('Infinity' AS DOUBLE)",
      "CREATE MACRO hanse_e() AS exp(1.0)",
      "CREATE MACRO hanse_to_base(n, radix) AS lower(to_base(n, radix))",
      "CREATE MACRO hanse_interval(unit, n) AS CASE lower(unit) WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' THEN "
      "to_seconds(n) WHEN 'minute' THEN to_minutes(n) WHEN 'hour' THEN to_hours(n) WHEN 'day' THEN to_days(CAST(n AS INTEGER)) "
      "WHEN 'week' THEN to_weeks(CAST(n AS INTEGER)) WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'quarter' THEN "
      "to_quarters(CAST(n AS INTEGER)) WHEN 'year' THEN to_years(CAST(n AS INTEGER)) ELSE error('INVALID_FUNCTION_ARGUMENT: not a "
      "valid unit of date_add') END",
      "CREATE MACRO hanse_date_add(unit, n, x) AS hanse_plus(x, hanse_interval(unit, n))",
      "CREATE MACRO hanse_date_parse(text, format) AS strptime(text, hanse_time_format(format))",
      "CREATE MACRO hanse_date_format(x, format) AS strftime(x, hanse_time_format(format))",
      "CREATE MACRO hanse_from_unixtime(n) AS make_timestamp(CAST(CAST(n AS DOUBLE) * 1000000 AS BIGINT))",
      "CREATE MACRO hanse_from_iso8601_date(text) AS CAST(text AS DATE)",
      "CREATE MACRO hanse_from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMP WITH TIME ZONE)",
      "CREATE MACRO hanse_to_iso8601(x) AS CASE typeof(x) WHEN 'DATE' THEN strftime(x, '%Y-%m-%d') ELSE strftime(x, "
      "'%Y-%m-%dT%H:%M:%S.%g') END",
      "CREATE MACRO hanse_date(x) AS CAST(x AS DATE)",
      "CREATE MACRO hanse_day_name(x) AS dayname(x)",
      "CREATE MACRO hanse_regexp_extract(text, pattern) AS CASE WHEN regexp_matches(text, pattern) THEN regexp_extract(text, "
      "pattern, 0) END, (text, pattern, part) AS CASE WHEN regexp_matches(text, pattern) THEN regexp_extract(text, pattern, "
      "CAST(part AS INTEGER)) END",
      "CREATE MACRO hanse_regexp_replace(text, pattern) AS regexp_replace(text, pattern, '', 'g'), (text, pattern, replacement) AS "
      "regexp_replace(text, pattern, hanse_replacement(replacement), 'g')",
      "CREATE MACRO hanse_regexp_count(text, pattern) AS len(regexp_extract_all(text, pattern))",
      "CREATE MACRO hanse_json_extract_scalar(x, path) AS CASE WHEN json_type(x, path) IN ('OBJECT', 'ARRAY') THEN NULL ELSE "
      "json_extract_string(x, path) END",
      "CREATE MACRO hanse_json_format(x) AS CAST(json(x) AS VARCHAR)",
      "CREATE MACRO hanse_json_parse(x) AS json(x)",
      "CREATE MACRO hanse_json_size(x, path) AS CASE json_type(x, path) WHEN 'OBJECT' THEN len(json_keys(x, path)) WHEN 'ARRAY' "
      "THEN json_array_length(x, path) WHEN NULL THEN NULL ELSE 0 END",
      "CREATE MACRO hanse_array_join(x, separator) AS array_to_string(x, separator)",
      "CREATE MACRO hanse_array_position(x, element) AS CASE WHEN x IS NULL OR element IS NULL THEN NULL ELSE "
      "coalesce(list_position(x, element), 0) END",
      "CREATE MACRO hanse_slice(x, first, size) AS list_slice(x, first, first + size - 1)",
      "CREATE MACRO hanse_array_except(x, y) AS list_filter(hanse_array_distinct(x), lambda e: list_position(y, e) IS NULL)",
      "CREATE MACRO hanse_array_intersect(x, y) AS list_filter(hanse_array_distinct(x), lambda e: list_position(y, e) IS NOT NULL)",
      "CREATE MACRO hanse_array_union(x, y) AS hanse_array_distinct(list_concat(x, y))",
      "CREATE MACRO hanse_array_remove(x, element) AS list_filter(x, lambda e: e IS DISTINCT FROM element)",
      "CREATE MACRO hanse_md5(x) AS unhex(md5(x))",
      "CREATE MACRO hanse_sha1(x) AS unhex(sha1(x))",
      "CREATE MACRO hanse_sha256(x) AS unhex(sha256(x))",
      "CREATE MACRO hanse_url_part(url, part) AS regexp_extract(url, "
      "'^(?:([^:/?#]+):)?(?://([^/?#:]*)(?::([0-9]+))?)?([^?#]*)(?:[?]"
      "([^#]*))?(?:#(.*))?', part)",
      "CREATE MACRO hanse_url_extract_protocol(url) AS hanse_url_part(url, 1)",
      "CREATE MACRO hanse_url_extract_host(url) AS nullif(hanse_url_part(url, 2), '')",
      "CREATE MACRO hanse_url_extract_port(url) AS CAST(nullif(hanse_url_part(url, 3), '') AS BIGINT)",
      "CREATE MACRO hanse_url_extract_path(url) AS hanse_url_part(url, 4)",
      "CREATE MACRO hanse_url_extract_query(url) AS hanse_url_part(url, 5)",
      "CREATE MACRO hanse_url_extract_fragment(url) AS hanse_url_part(url, 6)",
      "CREATE MACRO hanse_url_extract_parameter(url, parameter) AS url_decode(nullif(regexp_extract('&' || hanse_url_part(url, 5), "
      "'[&]' "
      "|| regexp_escape(parameter) || '=([^&]*)', 1), ''))",
      "CREATE MACRO hanse_map_agg(k, v) AS map(list(k), list(v))"};
  return kMacros;
}

}  // namespace hanse::engine
