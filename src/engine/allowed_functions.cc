#include "engine/allowed_functions.h"

#include <string>
#include <unordered_set>

#include "base/text.h"

namespace hanse::engine {

namespace {

// Functions of DuckDB 1.5.6, reviewed one by one: none reads the environment, a setting, a file, a catalog or another session,
// none waits, runs text as SQL or writes. Users reach those that trino_names.cc names; the rest is what the binder and the
// optimizer look up. A function that a newer engine brings is not here and is swept away.
constexpr std::string_view kScalarsAndAggregates =
    "!__postfix !~~ !~~* % & && * ** + - ->> / // <-> << <=> <@ >> @ @> ^ ^@ __internal_compress_integral_ubigint "
    "__internal_compress_integral_uinteger __internal_compress_integral_usmallint __internal_compress_integral_utinyint "
    "__internal_compress_string_hugeint __internal_compress_string_ubigint __internal_compress_string_uhugeint "
    "__internal_compress_string_uinteger __internal_compress_string_usmallint __internal_compress_string_utinyint "
    "__internal_decompress_integral_bigint __internal_decompress_integral_hugeint __internal_decompress_integral_integer "
    "__internal_decompress_integral_smallint __internal_decompress_integral_ubigint __internal_decompress_integral_uhugeint "
    "__internal_decompress_integral_uinteger __internal_decompress_integral_usmallint __internal_decompress_string abs acos "
    "acosh add any_value apply approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null "
    "arg_max_nulls_last arg_min arg_min_null arg_min_nulls_last argmax argmin array_agg array_append array_apply array_cat "
    "array_concat array_contains array_cosine_distance array_cosine_similarity array_cross_product array_distance "
    "array_distinct array_dot_product array_extract array_filter array_grade_up array_has array_has_all array_has_any "
    "array_indexof array_inner_product array_intersect array_length array_negative_dot_product array_negative_inner_product "
    "array_pop_back array_pop_front array_position array_prepend array_push_back array_push_front array_reduce array_resize "
    "array_reverse array_reverse_sort array_select array_slice array_sort array_to_json array_to_string "
    "array_to_string_comma_default array_transform array_unique array_value array_where array_zip ascii asin asinh atan "
    "atan2 atanh avg base64 bin bit_and bit_length bit_or bit_xor bool_and bool_or cardinality cbrt ceil ceiling century "
    "char_length character_length chr concat concat_ws constant_or_null contains corr cos cosh cot count count_if "
    "count_star countif covar_pop covar_samp create_sort_key current_date current_localtime current_localtimestamp date_add "
    "date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear "
    "decade decode degrees divide element_at encode ends_with entropy epoch epoch_ms epoch_ns epoch_us era error even exp "
    "factorial fdiv filter first flatten floor fmod format format_type from_base64 from_binary from_hex gamma gcd "
    "gen_random_uuid generate_series generate_subscripts geomean geometric_mean get_current_timestamp grade_up greatest "
    "greatest_common_divisor group_concat hamming hash hex histogram hour ilike_escape instr isfinite isinf isnan isodow "
    "isoyear json json_array_length json_extract json_extract_string json_keys json_type json_valid julian kurtosis "
    "kurtosis_pop last last_day lcase lcm least least_common_multiple left left_grapheme len length length_grapheme "
    "levenshtein lgamma like_escape list list_aggr list_aggregate list_any_value list_append list_apply "
    "list_approx_count_distinct list_avg list_bit_and list_bit_or list_bit_xor list_bool_and list_bool_or list_cat "
    "list_concat list_contains list_cosine_distance list_cosine_similarity list_count list_distance list_distinct "
    "list_dot_product list_element list_entropy list_extract list_filter list_first list_grade_up list_has list_has_all "
    "list_has_any list_histogram list_indexof list_inner_product list_intersect list_kurtosis list_kurtosis_pop list_last "
    "list_mad list_max list_median list_min list_mode list_negative_dot_product list_negative_inner_product list_pack "
    "list_position list_prepend list_product list_reduce list_resize list_reverse list_reverse_sort list_select list_sem "
    "list_skewness list_slice list_sort list_stddev_pop list_stddev_samp list_string_agg list_sum list_transform "
    "list_unique list_value list_var_pop list_var_samp list_where list_zip listagg ln log log10 log2 lower lpad ltrim mad "
    "make_date make_time make_timestamp make_timestamp_ms make_timestamp_ns make_timestamptz map map_concat map_contains "
    "map_contains_entry map_contains_value map_entries map_extract map_extract_value map_from_entries map_keys map_values "
    "max max_by md5 mean median microsecond millennium millisecond min min_by minute mod mode month monthname multiply "
    "nanosecond nextafter not_ilike_escape not_like_escape now nullif octet_length ord pi position pow power prefix printf "
    "product quantile quantile_cont quantile_disc quarter radians random reduce regexp_escape regexp_extract "
    "regexp_extract_all regexp_full_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table "
    "regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace reverse "
    "right right_grapheme round round_even roundbankers row rpad rtrim second sem sha1 sha256 sign signbit sin sinh "
    "skewness split split_part sqrt starts_with stddev stddev_pop stddev_samp str_split str_split_regex strftime string_agg "
    "string_split string_split_regex string_to_array strlen strpos strptime struct_concat struct_contains struct_extract "
    "struct_extract_at struct_pack substr substring substring_grapheme subtract suffix sum sum_no_overflow switch tan tanh "
    "time_bucket timezone timezone_hour timezone_minute to_base to_base64 to_centuries to_days to_decades to_hex to_hours "
    "to_json to_microseconds to_millennia to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks "
    "to_years transaction_timestamp translate trim trunc try_strptime typeof ucase unbin unhex unicode unnest unpivot_list "
    "upper url_decode url_encode uuid uuidv4 uuidv7 var_pop var_samp variance week weekday weekofyear xor year yearweek | "
    "|| ~ ~~ ~~* ~~~";

constexpr std::string_view kTableFunctions = "unnest governed_scan definer_view";

std::unordered_set<std::string> Names(std::string_view list) {
  auto names = Split(list, ' ');
  return {names.begin(), names.end()};
}

}  // namespace

bool IsAllowedFunction(const std::string& name) {
  static const std::unordered_set<std::string> kNames = Names(kScalarsAndAggregates);
  return kNames.contains(name) || name.starts_with("hanse_");
}

bool IsAllowedTableFunction(const std::string& name) {
  static const std::unordered_set<std::string> kNames = Names(kTableFunctions);
  return kNames.contains(name);
}

}  // namespace hanse::engine
