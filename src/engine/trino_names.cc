#include "engine/trino_names.h"

#include <algorithm>
#include <unordered_map>

#include "base/text.h"

namespace hanse::engine {

namespace {

// The engine's functions that mean what Trino's of the same name do.
constexpr std::string_view kSame =
    "abs any_value array_agg atan atan2 bool_and bool_or chr coalesce corr cosh count count_if covar_pop covar_samp cume_dist "
    "current_date current_timestamp day degrees dense_rank exp first_value flatten grouping histogram hour kurtosis lag last_value "
    "lead listagg lower lpad ltrim map map_concat map_from_entries map_keys map_values max max_by min min_by minute month now "
    "nth_value ntile nullif percent_rank pi position quarter radians rank regr_intercept regr_slope row row_number rpad rtrim "
    "second sinh starts_with stddev stddev_pop stddev_samp sum tanh timezone_hour timezone_minute translate trim upper uuid "
    "var_pop var_samp variance week year";

// What the parser makes of operators and special forms (INTERVAL, LIKE … ESCAPE, ARRAY[…], x.y).
constexpr std::string_view kSyntax =
    "+ - * || ~~ !~~ count_star list_value unnest struct_extract to_years to_months to_days to_hours to_minutes to_seconds "
    "to_weeks "
    "to_quarters like_escape not_like_escape get_current_timestamp current_localtimestamp struct_pack trunc";

// Those that trino_special.h makes other expressions of.
constexpr std::string_view kSpecial =
    "all_match any_match approx_most_frequent avg concat entropy greatest least map_agg map_filter map_union map_zip_with "
    "multimap_agg none_match reduce reduce_agg skewness transform_keys transform_values zip_with";

// Trino's name, ours.
constexpr std::string_view kRenamed[][2] = {{"/", "hanse_quotient"},
                                            {"%", "hanse_remainder"},
                                            {"mod", "hanse_remainder"},
                                            {"power", "pow"},
                                            {"pow", "pow"},
                                            {"ceiling", "hanse_ceil"},
                                            {"rand", "hanse_random"},
                                            {"substring", "hanse_substr"},
                                            {"bitwise_and", "&"},
                                            {"bitwise_or", "|"},
                                            {"bitwise_xor", "xor"},
                                            {"bitwise_not", "~"},
                                            {"is_nan", "isnan"},
                                            {"is_finite", "isfinite"},
                                            {"is_infinite", "isinf"},
                                            {"codepoint", "unicode"},
                                            {"levenshtein_distance", "levenshtein"},
                                            {"to_utf8", "encode"},
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
                                            {"array_sort", "list_sort"},
                                            {"filter", "list_filter"},
                                            {"transform", "list_transform"},
                                            {"zip", "list_zip"},
                                            {"arbitrary", "any_value"},
                                            {"approx_distinct", "approx_count_distinct"},
                                            {"approx_percentile", "approx_quantile"},
                                            {"every", "bool_and"},
                                            {"bitwise_and_agg", "bit_and"},
                                            {"bitwise_or_agg", "bit_or"},
                                            {"bitwise_xor_agg", "bit_xor"},
                                            {"geometric_mean", "geomean"},
                                            {"\001cut", "hanse_cut"},
                                            {"\001padded_cut", "hanse_padded_cut"}};

// Names that are ours with "hanse_" before them: macros of trino_macros.cc and functions of trino_functions.h.
constexpr std::string_view kOurs =
    "acos array_distinct array_except array_first array_histogram array_intersect array_join array_last array_max array_min "
    "array_position array_remove array_union arrays_overlap asin at_timezone bit_count bitwise_left_shift bitwise_right_shift "
    "bitwise_right_shift_arithmetic cardinality cbrt ceil combinations concat_ws contains contains_sequence cos crc32 "
    "current_timezone date date_add "
    "date_format date_parse date_trunc e element_at ends_with floor format format_datetime from_base from_base32 from_base64url "
    "from_big_endian_32 from_big_endian_64 from_ieee754_32 from_ieee754_64 from_iso8601_date from_iso8601_timestamp from_unixtime "
    "from_unixtime_nanos from_utf8 hamming_distance hmac_md5 hmac_sha1 hmac_sha256 hmac_sha512 human_readable_seconds infinity "
    "is_json_scalar json_array_contains json_array_get json_array_length json_extract json_extract_scalar json_format json_parse "
    "json_size length ln log log10 log2 luhn_check map_entries md5 millisecond multimap_from_entries nan ngrams normal_cdf "
    "parse_datetime parse_duration random regexp_count regexp_extract regexp_extract_all regexp_position regexp_replace repeat "
    "replace reverse round sequence sha1 sha256 sha512 sign sin slice soundex split split_part split_to_map split_to_multimap sqrt "
    "strpos substr tan timezone to_base to_base32 to_base64url to_big_endian_32 to_big_endian_64 to_ieee754_32 to_ieee754_64 "
    "to_iso8601 to_milliseconds trim_array truncate typeof url_decode url_encode url_extract_fragment url_extract_host "
    "url_extract_parameter url_extract_path url_extract_port url_extract_protocol url_extract_query width_bucket "
    "wilson_interval_lower wilson_interval_upper with_timezone xxhash64";

}  // namespace

std::optional<std::string> ImplementationOf(std::string_view trino_name) {
  static const auto* kNames = [] {
    auto* names = new std::unordered_map<std::string, std::string>;
    for (std::string_view list : {kSame, kSyntax}) {
      for (const std::string& name : Split(list, ' ')) (*names)[name] = name;
    }
    for (const std::string& name : Split(kOurs, ' ')) (*names)[name] = "hanse_" + name;
    for (const auto& [trino, ours] : kRenamed) (*names)[std::string(trino)] = ours;
    return names;
  }();
  auto found = kNames->find(std::string(trino_name));
  if (found == kNames->end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> TrinoFunctionNames() {
  std::vector<std::string> names;
  for (std::string_view list : {kSame, kSpecial, kOurs}) {
    for (std::string& name : Split(list, ' ')) names.push_back(std::move(name));
  }
  for (const auto& [trino, ours] : kRenamed) {
    if (std::isalpha(static_cast<unsigned char>(trino[0])) != 0) names.emplace_back(trino);  // No operators.
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace hanse::engine
