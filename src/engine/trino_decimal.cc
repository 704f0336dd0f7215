#include <optional>

#include "duckdb/common/types/decimal.hpp"
#include "duckdb/common/types/hugeint.hpp"
#include "duckdb/common/vector_operations/binary_executor.hpp"
#include "duckdb/function/function_binder.hpp"
#include "duckdb/planner/expression/bound_cast_expression.hpp"
#include "engine/trino_functions.h"

// Division of decimals, which Trino rounds to a scale that it knows beforehand (Trino: "Decimal functions and operators"), and the
// average, which is such a division.
namespace hanse::engine {

namespace {

using duckdb::hugeint_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
__extension__ using Wide = __int128;
using BoundPart = duckdb::unique_ptr<duckdb::Expression>;

constexpr int kDigitsMax = 38;

Wide WideOf(hugeint_t value) { return static_cast<Wide>(value.upper) << 64 | value.lower; }
hugeint_t HugeOf(Wide value) { return {static_cast<std::int64_t>(value >> 64), static_cast<std::uint64_t>(value)}; }

[[noreturn]] void DecimalOverflow() { throw duckdb::OutOfRangeException("NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow"); }

Wide Scaled(Wide value, int digits) {
  for (; digits > 0; --digits) {
    if (__builtin_mul_overflow(value, Wide{10}, &value)) DecimalOverflow();
  }
  return value;
}

Wide Quotient(Wide a, Wide b) {
  Wide quotient = a / b, rest = a % b;
  Wide size = rest < 0 ? -rest : rest, divisor = b < 0 ? -b : b;
  if (size >= divisor - size) quotient += (a < 0) == (b < 0) ? 1 : -1;
  return quotient;
}

// Both are of 38 digits; so is the answer, of the larger scale.
template <bool kRemainder>
void DivideDecimals(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  int a_scale = duckdb::DecimalType::GetScale(in.data[0].GetType()), b_scale = duckdb::DecimalType::GetScale(in.data[1].GetType());
  int scale = std::max(a_scale, b_scale);
  duckdb::BinaryExecutor::Execute<hugeint_t, hugeint_t, hugeint_t>(
      in.data[0], in.data[1], out, in.size(), [&](hugeint_t a, hugeint_t b) {
        if (WideOf(b) == 0) throw duckdb::InvalidInputException("DIVISION_BY_ZERO: Division by zero");
        if (kRemainder) return HugeOf(Scaled(WideOf(a), scale - a_scale) % Scaled(WideOf(b), scale - b_scale));
        return HugeOf(Quotient(Scaled(WideOf(a), scale - a_scale + b_scale), WideOf(b)));
      });
}

duckdb::unique_ptr<duckdb::FunctionData> LargerScale(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                     duckdb::vector<BoundPart>& arguments) {
  for (std::size_t i = 0; i < 2; ++i) function.arguments[i] = arguments[i]->return_type;
  function.SetReturnType(LogicalType::DECIMAL(kDigitsMax, std::max(duckdb::DecimalType::GetScale(function.arguments[0]),
                                                                   duckdb::DecimalType::GetScale(function.arguments[1]))));
  return nullptr;
}

struct Digits {
  int width, scale;
};

// Of a decimal or of an integer, which is a decimal of so many digits.
std::optional<Digits> DigitsOf(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::DECIMAL: return Digits{duckdb::DecimalType::GetWidth(type), duckdb::DecimalType::GetScale(type)};
    case LogicalTypeId::TINYINT: return Digits{3, 0};
    case LogicalTypeId::SMALLINT: return Digits{5, 0};
    case LogicalTypeId::INTEGER: return Digits{10, 0};
    case LogicalTypeId::BIGINT: return Digits{19, 0};
    case LogicalTypeId::HUGEINT: return Digits{kDigitsMax, 0};
    default: return std::nullopt;
  }
}

LogicalType Decimal(int width, int scale) {
  return LogicalType::DECIMAL(static_cast<std::uint8_t>(std::min(width, kDigitsMax)), static_cast<std::uint8_t>(scale));
}

BoundPart Divided(duckdb::FunctionBindExpressionInput& input, const char* name, duckdb::vector<BoundPart> arguments) {
  duckdb::ErrorData error;
  auto bound = duckdb::FunctionBinder(input.context).BindScalarFunction(DEFAULT_SCHEMA, name, std::move(arguments), error);
  if (!bound) error.Throw();
  return bound;
}

template <bool kRemainder>
BoundPart BindDivision(duckdb::FunctionBindExpressionInput& input) {
  const LogicalType &a = input.children[0]->return_type, &b = input.children[1]->return_type;
  auto left = DigitsOf(a), right = DigitsOf(b);
  duckdb::vector<BoundPart> arguments;
  for (const auto& child : input.children) arguments.push_back(child->Copy());
  bool decimal = a.id() == LogicalTypeId::DECIMAL || b.id() == LogicalTypeId::DECIMAL;
  if (!decimal || !left || !right) return Divided(input, kRemainder ? "hanse_mod" : "hanse_divide", std::move(arguments));
  using duckdb::BoundCastExpression;
  arguments[0] = BoundCastExpression::AddCastToType(input.context, std::move(arguments[0]), Decimal(kDigitsMax, left->scale));
  arguments[1] = BoundCastExpression::AddCastToType(input.context, std::move(arguments[1]), Decimal(kDigitsMax, right->scale));
  int scale = std::max(left->scale, right->scale);
  int width = kRemainder ? std::min(left->width - left->scale, right->width - right->scale) + scale
                         : left->width + right->scale + std::max(right->scale - left->scale, 0);
  BoundPart divided = Divided(input, kRemainder ? "hanse_decimal_mod" : "hanse_decimal_divide", std::move(arguments));
  return BoundCastExpression::AddCastToType(input.context, std::move(divided), Decimal(std::max(width, 1), scale));
}

// Of a sum and a count: a decimal of the sum's scale, else a double. Of nothing it is NULL, as the sum is.
BoundPart BindAverage(duckdb::FunctionBindExpressionInput& input) {
  LogicalType sum = input.children[0]->return_type;
  bool decimal = sum.id() == LogicalTypeId::DECIMAL;
  LogicalType number(LogicalTypeId::DOUBLE);
  if (!decimal && !sum.IsNumeric()) throw duckdb::BinderException("avg is of numbers");
  duckdb::vector<BoundPart> arguments;
  using duckdb::BoundCastExpression;
  arguments.push_back(BoundCastExpression::AddCastToType(input.context, input.children[0]->Copy(), decimal ? sum : number));
  arguments.push_back(
      BoundCastExpression::AddCastToType(input.context, input.children[1]->Copy(), decimal ? Decimal(kDigitsMax, 0) : number));
  return Divided(input, decimal ? "hanse_decimal_divide" : "hanse_divide", std::move(arguments));
}

template <bool kRemainder>
duckdb::ScalarFunctionSet DecimalDivision(const std::string& name) {
  duckdb::ScalarFunction function({LogicalType(LogicalTypeId::ANY), LogicalType(LogicalTypeId::ANY)},
                                  LogicalType(LogicalTypeId::ANY), DivideDecimals<kRemainder>, LargerScale);
  function.SetErrorMode(duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR);
  duckdb::ScalarFunctionSet set(name);
  set.AddFunction(std::move(function));
  return set;
}

}  // namespace

void RegisterDecimal(duckdb::ClientContext& context) {
  Register(context, DecimalDivision<false>("hanse_decimal_divide"));
  Register(context, DecimalDivision<true>("hanse_decimal_mod"));
  RegisterReplaced(context, "hanse_quotient", 2, BindDivision<false>);
  RegisterReplaced(context, "hanse_remainder", 2, BindDivision<true>);
  RegisterReplaced(context, "hanse_average", 2, BindAverage);
}

}  // namespace hanse::engine
