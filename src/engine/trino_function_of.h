#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "duckdb/common/types/string_type.hpp"
#include "duckdb/common/types/value.hpp"
#include "duckdb/common/types/vector.hpp"
#include "duckdb/function/function_set.hpp"
#include "duckdb/function/scalar_function.hpp"

// Makes a scalar function of the engine of a C++ function of plain values: FunctionOf<SplitPart>(). A NULL argument is a NULL
// answer, and so is std::nullopt. Errors are thrown as the engine's exceptions, which begin with Trino's name for them.
namespace hanse::engine {

// varbinary, in and out.
struct BytesView {
  std::string_view bytes;
};
struct ByteString {
  std::string bytes;
};

template <class T>
struct SqlValue;

template <class T, duckdb::LogicalTypeId kId>
struct PlainSqlValue {
  static duckdb::LogicalType Type() { return duckdb::LogicalType(kId); }
  static T Read(const duckdb::UnifiedVectorFormat& from, duckdb::idx_t at) {
    return duckdb::UnifiedVectorFormat::GetData<T>(from)[at];
  }
  static void Write(duckdb::Vector& out, duckdb::idx_t row, T value) { duckdb::FlatVector::GetData<T>(out)[row] = value; }
};
template <>
struct SqlValue<std::int8_t> : PlainSqlValue<std::int8_t, duckdb::LogicalTypeId::TINYINT> {};
template <>
struct SqlValue<std::int16_t> : PlainSqlValue<std::int16_t, duckdb::LogicalTypeId::SMALLINT> {};
template <>
struct SqlValue<std::int32_t> : PlainSqlValue<std::int32_t, duckdb::LogicalTypeId::INTEGER> {};
template <>
struct SqlValue<std::int64_t> : PlainSqlValue<std::int64_t, duckdb::LogicalTypeId::BIGINT> {};
template <>
struct SqlValue<float> : PlainSqlValue<float, duckdb::LogicalTypeId::FLOAT> {};
template <>
struct SqlValue<double> : PlainSqlValue<double, duckdb::LogicalTypeId::DOUBLE> {};
template <>
struct SqlValue<bool> : PlainSqlValue<bool, duckdb::LogicalTypeId::BOOLEAN> {};
template <>
struct SqlValue<duckdb::interval_t> : PlainSqlValue<duckdb::interval_t, duckdb::LogicalTypeId::INTERVAL> {};

template <>
struct SqlValue<std::string_view> {
  static duckdb::LogicalType Type() { return duckdb::LogicalType(duckdb::LogicalTypeId::VARCHAR); }
  static std::string_view Read(const duckdb::UnifiedVectorFormat& from, duckdb::idx_t at) {
    const duckdb::string_t& text = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(from)[at];
    return {text.GetData(), text.GetSize()};
  }
};
template <>
struct SqlValue<std::string> {
  static duckdb::LogicalType Type() { return SqlValue<std::string_view>::Type(); }
  static void Write(duckdb::Vector& out, duckdb::idx_t row, const std::string& value) {
    duckdb::FlatVector::GetData<duckdb::string_t>(out)[row] = duckdb::StringVector::AddString(out, value);
  }
};
template <>
struct SqlValue<BytesView> {
  static duckdb::LogicalType Type() { return duckdb::LogicalType(duckdb::LogicalTypeId::BLOB); }
  static BytesView Read(const duckdb::UnifiedVectorFormat& from, duckdb::idx_t at) {
    return {SqlValue<std::string_view>::Read(from, at)};
  }
};
template <>
struct SqlValue<ByteString> {
  static duckdb::LogicalType Type() { return SqlValue<BytesView>::Type(); }
  static void Write(duckdb::Vector& out, duckdb::idx_t row, const ByteString& value) {
    duckdb::FlatVector::GetData<duckdb::string_t>(out)[row] = duckdb::StringVector::AddStringOrBlob(out, value.bytes);
  }
};
template <>
struct SqlValue<duckdb::date_t> : PlainSqlValue<duckdb::date_t, duckdb::LogicalTypeId::DATE> {};
template <>
struct SqlValue<duckdb::timestamp_t> : PlainSqlValue<duckdb::timestamp_t, duckdb::LogicalTypeId::TIMESTAMP> {};
template <class T>
struct SqlValue<std::vector<T>> {
  static duckdb::LogicalType Type() { return duckdb::LogicalType::LIST(SqlValue<T>::Type()); }
  static void Write(duckdb::Vector& out, duckdb::idx_t row, const std::vector<T>& values) {
    duckdb::vector<duckdb::Value> list;
    for (const T& value : values) list.push_back(duckdb::Value::CreateValue(value));
    out.SetValue(row, duckdb::Value::LIST(SqlValue<T>::Type(), std::move(list)));
  }
};
template <class T>
struct SqlValue<std::optional<T>> {
  static duckdb::LogicalType Type() { return SqlValue<T>::Type(); }
  static void Write(duckdb::Vector& out, duckdb::idx_t row, const std::optional<T>& value) {
    if (value) {
      SqlValue<T>::Write(out, row, *value);
    } else {
      duckdb::FlatVector::SetNull(out, row, true);
    }
  }
};

template <auto kFunction, class Answer, class... Arguments, std::size_t... I>
void RunRows(duckdb::DataChunk& in, duckdb::Vector& out, Answer (*)(Arguments...), std::index_sequence<I...>) {
  duckdb::UnifiedVectorFormat from[sizeof...(Arguments)];
  (in.data[I].ToUnifiedFormat(in.size(), from[I]), ...);
  out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  for (duckdb::idx_t row = 0; row < in.size(); ++row) {
    const duckdb::idx_t at[] = {from[I].sel->get_index(row)...};
    if ((from[I].validity.RowIsValid(at[I]) && ...)) {
      SqlValue<Answer>::Write(out, row, kFunction(SqlValue<Arguments>::Read(from[I], at[I])...));
    } else {
      duckdb::FlatVector::SetNull(out, row, true);
    }
  }
}

template <auto kFunction, class Answer, class... Arguments>
duckdb::ScalarFunction FunctionOf(Answer (*signature)(Arguments...)) {
  duckdb::ScalarFunction function({SqlValue<Arguments>::Type()...}, SqlValue<Answer>::Type(),
                                  [signature](duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
                                    RunRows<kFunction>(in, out, signature, std::index_sequence_for<Arguments...>());
                                  });
  function.SetErrorMode(duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR);
  return function;
}

template <auto kFunction>
duckdb::ScalarFunction FunctionOf() {
  return FunctionOf<kFunction>(kFunction);
}

// One name with an overload for each.
template <auto... kFunctions>
duckdb::ScalarFunctionSet OverloadsOf(const std::string& name) {
  duckdb::ScalarFunctionSet set(name);
  (set.AddFunction(FunctionOf<kFunctions>()), ...);
  return set;
}

}  // namespace hanse::engine
