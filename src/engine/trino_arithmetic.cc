#include <cmath>
#include <limits>

#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/catalog_entry/scalar_function_catalog_entry.hpp"
#include "duckdb/common/types/hugeint.hpp"
#include "duckdb/common/types/interval.hpp"
#include "duckdb/common/vector_operations/binary_executor.hpp"
#include "duckdb/function/scalar_function.hpp"
#include "engine/trino_functions.h"

namespace hanse::engine {

using duckdb::DataChunk;
using duckdb::ExpressionState;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::ScalarFunction;
using duckdb::Vector;

namespace {

[[noreturn]] void DivisionByZero() { throw duckdb::InvalidInputException("DIVISION_BY_ZERO: Division by zero"); }
[[noreturn]] void Overflow() { throw duckdb::OutOfRangeException("NUMERIC_VALUE_OUT_OF_RANGE: overflow in a division"); }

struct Divide {
  template <class T>
  static T Run(T a, T b) {
    if (b == T(0)) DivisionByZero();
    if constexpr (std::is_integral_v<T>) {
      if (a == std::numeric_limits<T>::min() && b == T(-1)) Overflow();
    }
    return static_cast<T>(a / b);
  }
};

struct Remainder {
  template <class T>
  static T Run(T a, T b) {
    if (b == T(0)) DivisionByZero();
    if constexpr (std::is_integral_v<T>) {
      if (b == T(-1)) return T(0);
    }
    return static_cast<T>(a % b);
  }
};

// Trino divides doubles as IEEE does: by zero is infinity or not a number.
double DivideDouble(double a, double b) { return a / b; }
double RemainderDouble(double a, double b) { return std::fmod(a, b); }

template <class T, class Operation>
ScalarFunction Integral(LogicalTypeId type) {
  return ScalarFunction({LogicalType(type), LogicalType(type)}, LogicalType(type),
                        [](DataChunk& in, ExpressionState&, Vector& out) {
                          duckdb::BinaryExecutor::Execute<T, T, T>(in.data[0], in.data[1], out, in.size(),
                                                                   [](T a, T b) { return Operation::template Run<T>(a, b); });
                        });
}

template <double (*kFloating)(double, double)>
ScalarFunction Floating() {
  LogicalType type(LogicalTypeId::DOUBLE);
  return ScalarFunction({type, type}, type, [](DataChunk& in, ExpressionState&, Vector& out) {
    duckdb::BinaryExecutor::Execute<double, double, double>(in.data[0], in.data[1], out, in.size(), kFloating);
  });
}

template <class Operation, double (*kFloating)(double, double)>
duckdb::ScalarFunctionSet Division(const std::string& name) {
  duckdb::ScalarFunctionSet set(name);
  set.AddFunction(Integral<int8_t, Operation>(LogicalTypeId::TINYINT));
  set.AddFunction(Integral<int16_t, Operation>(LogicalTypeId::SMALLINT));
  set.AddFunction(Integral<int32_t, Operation>(LogicalTypeId::INTEGER));
  set.AddFunction(Integral<int64_t, Operation>(LogicalTypeId::BIGINT));
  set.AddFunction(Integral<duckdb::hugeint_t, Operation>(LogicalTypeId::HUGEINT));
  set.AddFunction(Floating<kFloating>());
  for (auto& function : set.functions) function.SetErrorMode(duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR);
  return set;
}

// A day stays a day: a date and an interval of whole days and months is a date.
duckdb::date_t Shift(duckdb::date_t date, duckdb::interval_t by) {
  if (by.micros % duckdb::Interval::MICROS_PER_DAY != 0) {
    throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date");
  }
  return duckdb::Interval::Add(date, by);
}

duckdb::date_t ShiftBack(duckdb::date_t date, duckdb::interval_t by) { return Shift(date, duckdb::Interval::Invert(by)); }

// Once it is bound, the operator has the engine's name again: by that its optimizer knows it (sum(x + 1) is sum(x) + count(x)).
template <char kOperator>
duckdb::unique_ptr<duckdb::FunctionData> BindOperator(duckdb::ClientContext&, ScalarFunction& bound,
                                                      duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>&) {
  bound.name = std::string(1, kOperator);
  return nullptr;
}

// The engine's operator under another name, with dates as Trino has them.
duckdb::ScalarFunctionSet WithDates(duckdb::ClientContext& context, const std::string& op, const std::string& name,
                                    duckdb::bind_scalar_function_t bind,
                                    duckdb::date_t (*shift)(duckdb::date_t, duckdb::interval_t)) {
  auto& entry =
      duckdb::Catalog::GetSystemCatalog(context).GetEntry<duckdb::ScalarFunctionCatalogEntry>(context, DEFAULT_SCHEMA, op);
  duckdb::ScalarFunctionSet set(name);
  LogicalType date(LogicalTypeId::DATE), interval(LogicalTypeId::INTERVAL);
  for (const auto& function : entry.functions.functions) {
    bool days = function.arguments.size() == 2 && (function.arguments[0] == date || function.arguments[1] == date);
    if (days) continue;
    ScalarFunction copy = function;
    copy.name = name;
    if (!copy.HasBindCallback() && !copy.HasBindExtendedCallback()) copy.SetBindCallback(bind);
    set.AddFunction(std::move(copy));
  }
  ScalarFunction forward({date, interval}, date, [shift](DataChunk& in, ExpressionState&, Vector& out) {
    duckdb::BinaryExecutor::Execute<duckdb::date_t, duckdb::interval_t, duckdb::date_t>(in.data[0], in.data[1], out, in.size(),
                                                                                        shift);
  });
  set.AddFunction(forward);
  if (op != "+") return set;
  set.AddFunction(ScalarFunction({interval, date}, date, [shift](DataChunk& in, ExpressionState&, Vector& out) {
    duckdb::BinaryExecutor::Execute<duckdb::interval_t, duckdb::date_t, duckdb::date_t>(
        in.data[0], in.data[1], out, in.size(), [shift](duckdb::interval_t by, duckdb::date_t day) { return shift(day, by); });
  }));
  return set;
}

}  // namespace

void RegisterArithmetic(duckdb::ClientContext& context) {
  Register(context, Division<Divide, DivideDouble>("hanse_divide"));
  Register(context, Division<Remainder, RemainderDouble>("hanse_mod"));
  Register(context, WithDates(context, "+", "hanse_plus", BindOperator<'+'>, Shift));
  Register(context, WithDates(context, "-", "hanse_minus", BindOperator<'-'>, ShiftBack));
}

}  // namespace hanse::engine
