#include <bit>
#include <cmath>
#include <limits>

#include "engine/trino_function_of.h"
#include "engine/trino_functions.h"

// Trino's mathematical functions of doubles and bits: outside of their domain they are not a number or infinite, never an error
// (Trino: "Mathematical functions and operators", "Bitwise functions").
namespace hanse::engine {

namespace {

[[noreturn]] void OutOfDomain(const char* what) { throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: %s", what); }

template <double (*kFunction)(double)>
double Of(double x) {
  return kFunction(x);
}

double LogOfBase(double base, double x) { return std::log(x) / std::log(base); }

template <class T>
T ShiftLeft(T value, std::int64_t by) {
  if (by < 0) OutOfDomain("a shift is not negative");
  return by >= std::numeric_limits<T>::digits + 1 ? T(0)
                                                  : static_cast<T>(static_cast<std::uint64_t>(value) << static_cast<unsigned>(by));
}

template <class T>
T ShiftRight(T value, std::int64_t by) {
  if (by < 0) OutOfDomain("a shift is not negative");
  return by >= std::numeric_limits<T>::digits + 1 ? T(0) : static_cast<T>(std::make_unsigned_t<T>(value) >> by);
}

template <class T>
T ShiftRightArithmetic(T value, std::int64_t by) {
  if (by < 0) OutOfDomain("a shift is not negative");
  return static_cast<T>(value >> std::min<std::int64_t>(by, std::numeric_limits<T>::digits));
}

std::int64_t BitCount(std::int64_t value, std::int64_t bits) {
  if (bits < 2 || bits > 64) OutOfDomain("Bits specified in bit_count must be between 2 and 64, got another");
  std::int64_t low = -(std::int64_t{1} << (bits - 1)), high = (std::int64_t{1} << (bits - 1)) - 1;
  if (bits < 64 && (value < low || value > high)) OutOfDomain("Number must be representable with the bits specified");
  std::uint64_t mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  return std::popcount(static_cast<std::uint64_t>(value) & mask);
}

std::string ToBase(std::int64_t value, std::int64_t radix) {
  if (radix < 2 || radix > 36) OutOfDomain("Radix must be between 2 and 36");
  std::string digits;
  for (std::uint64_t left = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);;) {
    digits.insert(digits.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[left % static_cast<std::uint64_t>(radix)]);
    left /= static_cast<std::uint64_t>(radix);
    if (left == 0) break;
  }
  return value < 0 ? "-" + digits : digits;
}

std::int64_t WidthBucket(double x, double low, double high, std::int64_t buckets) {
  if (buckets <= 0) OutOfDomain("bucketCount must be greater than 0");
  if (std::isnan(x)) OutOfDomain("operand must not be NaN");
  if (!std::isfinite(low) || !std::isfinite(high) || low == high) OutOfDomain("bounds must be finite and not equal each other");
  bool falling = low > high;
  double from = std::min(low, high), to = std::max(low, high);
  std::int64_t bucket = x < from  ? 0
                        : x >= to ? buckets + 1
                                  : static_cast<std::int64_t>(static_cast<double>(buckets) * (x - from) / (to - from)) + 1;
  return falling ? buckets - bucket + 1 : bucket;
}

double NormalCdf(double mean, double deviation, double value) {
  if (!(deviation > 0)) OutOfDomain("standardDeviation must be > 0");
  return 0.5 * (1 + std::erf((value - mean) / (deviation * std::sqrt(2.0))));
}

double Wilson(double successes, double trials, double z, double sign) {
  if (successes < 0 || trials <= 0 || successes > trials || z < 0) OutOfDomain("not the numbers of a Wilson interval");
  double p = successes / trials, spread = z * std::sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials));
  return (p + z * z / (2 * trials) + sign * spread) / (1 + z * z / trials);
}
double WilsonLower(double successes, double trials, double z) { return Wilson(successes, trials, z, -1); }
double WilsonUpper(double successes, double trials, double z) { return Wilson(successes, trials, z, 1); }

// Of a sum of counts and the sum of each times its binary logarithm.
double Entropy(double sum, double weighted) { return sum > 0 ? std::max(0.0, std::log2(sum) - weighted / sum) : 0.0; }
double TimesLog2(double count) {
  if (count < 0) OutOfDomain("Entropy count argument must be non-negative");
  return count == 0 ? 0 : count * std::log2(count);
}

// From the skewness of a sample to that of the values themselves.
std::optional<double> Skewness(double of_sample, std::int64_t count) {
  auto n = static_cast<double>(count);
  return count < 3 ? std::nullopt : std::optional(of_sample * (n - 2) / std::sqrt(n * (n - 1)));
}

}  // namespace

void RegisterMath(duckdb::ClientContext& context) {
  Register(context, OverloadsOf<Of<std::log>>("hanse_ln"));
  Register(context, OverloadsOf<Of<std::log2>>("hanse_log2"));
  Register(context, OverloadsOf<Of<std::log10>>("hanse_log10"));
  Register(context, OverloadsOf<LogOfBase>("hanse_log"));
  Register(context, OverloadsOf<Of<std::sqrt>>("hanse_sqrt"));
  Register(context, OverloadsOf<Of<std::cbrt>>("hanse_cbrt"));
  Register(context, OverloadsOf<Of<std::acos>>("hanse_acos"));
  Register(context, OverloadsOf<Of<std::asin>>("hanse_asin"));
  Register(context, OverloadsOf<Of<std::sin>>("hanse_sin"));
  Register(context, OverloadsOf<Of<std::cos>>("hanse_cos"));
  Register(context, OverloadsOf<Of<std::tan>>("hanse_tan"));
  Register(context, OverloadsOf<ShiftLeft<std::int8_t>, ShiftLeft<std::int16_t>, ShiftLeft<std::int32_t>, ShiftLeft<std::int64_t>>(
                        "hanse_bitwise_left_shift"));
  Register(context,
           OverloadsOf<ShiftRight<std::int8_t>, ShiftRight<std::int16_t>, ShiftRight<std::int32_t>, ShiftRight<std::int64_t>>(
               "hanse_bitwise_right_shift"));
  Register(context,
           OverloadsOf<ShiftRightArithmetic<std::int8_t>, ShiftRightArithmetic<std::int16_t>, ShiftRightArithmetic<std::int32_t>,
                       ShiftRightArithmetic<std::int64_t>>("hanse_bitwise_right_shift_arithmetic"));
  Register(context, OverloadsOf<BitCount>("hanse_bit_count"));
  Register(context, OverloadsOf<ToBase>("hanse_to_base"));
  Register(context, OverloadsOf<WidthBucket>("hanse_width_bucket"));
  Register(context, OverloadsOf<NormalCdf>("hanse_normal_cdf"));
  Register(context, OverloadsOf<WilsonLower>("hanse_wilson_interval_lower"));
  Register(context, OverloadsOf<WilsonUpper>("hanse_wilson_interval_upper"));
  Register(context, OverloadsOf<Entropy>("hanse_entropy"));
  Register(context, OverloadsOf<TimesLog2>("hanse_times_log2"));
  Register(context, OverloadsOf<Skewness>("hanse_skewness"));
}

}  // namespace hanse::engine
