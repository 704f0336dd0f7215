#include <charconv>
#include <map>
#include <string>

#include "duckdb/common/types/string_type.hpp"
#include "duckdb/common/vector_operations/binary_executor.hpp"
#include "duckdb/common/vector_operations/unary_executor.hpp"
#include "duckdb/function/scalar_function.hpp"
#include "engine/trino_functions.h"

namespace hanse::engine {

namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

// MySQL's format of date_format and date_parse as strftime's.
std::string TimeFormat(std::string_view mysql) {
  static const std::map<char, std::string_view> kSame = {
      {'a', "%a"}, {'b', "%b"}, {'c', "%-m"},         {'d', "%d"}, {'e', "%-d"}, {'f', "%f"},       {'H', "%H"},
      {'h', "%I"}, {'I', "%I"}, {'i', "%M"},          {'j', "%j"}, {'k', "%-H"}, {'l', "%-I"},      {'M', "%B"},
      {'m', "%m"}, {'p', "%p"}, {'r', "%I:%M:%S %p"}, {'S', "%S"}, {'s', "%S"},  {'T', "%H:%M:%S"}, {'v', "%V"},
      {'W', "%A"}, {'Y', "%Y"}, {'y', "%y"},          {'%', "%%"}};
  std::string format;
  for (std::size_t i = 0; i < mysql.size(); ++i) {
    if (mysql[i] != '%' || i + 1 == mysql.size()) {
      format += mysql[i];
      continue;
    }
    auto known = kSame.find(mysql[++i]);
    if (known == kSame.end())
      throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: %%%s not supported in date format string",
                                          std::string(1, mysql[i]));
    format += known->second;
  }
  return format;
}

// Java's replacement text ($1, \$) as RE2's (\1).
std::string Replacement(std::string_view java) {
  std::string re2;
  for (std::size_t i = 0; i < java.size(); ++i) {
    if (java[i] == '\\' && i + 1 < java.size()) {
      if (java[++i] == '\\') re2 += '\\';
      re2 += java[i];
    } else if (java[i] == '$' && i + 1 < java.size() && java[i + 1] >= '0' && java[i + 1] <= '9') {
      re2 += '\\';
    } else {
      re2 += java[i];
    }
  }
  return re2;
}

template <std::string (*kConvert)(std::string_view)>
duckdb::ScalarFunctionSet Text(const std::string& name) {
  duckdb::ScalarFunctionSet set(name);
  LogicalType text(LogicalTypeId::VARCHAR);
  set.AddFunction(duckdb::ScalarFunction({text}, text, [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
    duckdb::UnaryExecutor::Execute<duckdb::string_t, duckdb::string_t>(in.data[0], out, in.size(), [&](duckdb::string_t value) {
      return duckdb::StringVector::AddString(out, kConvert({value.GetData(), value.GetSize()}));
    });
  }));
  for (auto& function : set.functions) function.SetErrorMode(duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR);
  return set;
}

int64_t FromBase(duckdb::string_t text, int64_t radix) {
  int64_t value = 0;
  const char* begin = text.GetData();
  const char* end = begin + text.GetSize();
  if (radix < 2 || radix > 36) throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: Radix must be between 2 and 36");
  auto [stop, error] = std::from_chars(begin, end, value, static_cast<int>(radix));
  if (error != std::errc() || stop != end) {
    throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: Not a valid base-%d number", static_cast<int>(radix));
  }
  return value;
}

}  // namespace

void RegisterText(duckdb::ClientContext& context) {
  Register(context, Text<TimeFormat>("hanse_time_format"));
  Register(context, Text<Replacement>("hanse_replacement"));
  duckdb::ScalarFunctionSet from_base("hanse_from_base");
  from_base.AddFunction(duckdb::ScalarFunction(
      {LogicalType(LogicalTypeId::VARCHAR), LogicalType(LogicalTypeId::BIGINT)}, LogicalType(LogicalTypeId::BIGINT),
      [](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
        duckdb::BinaryExecutor::Execute<duckdb::string_t, int64_t, int64_t>(in.data[0], in.data[1], out, in.size(), FromBase);
      }));
  Register(context, std::move(from_base));
}

}  // namespace hanse::engine
