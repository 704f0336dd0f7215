#include "duckdb/common/types/value_map.hpp"
#include "duckdb/common/vector_operations/unary_executor.hpp"
#include "duckdb/function/function_binder.hpp"
#include "duckdb/function/scalar_function.hpp"
#include "duckdb/planner/expression/bound_case_expression.hpp"
#include "duckdb/planner/expression/bound_cast_expression.hpp"
#include "duckdb/planner/expression/bound_constant_expression.hpp"
#include "engine/hive_types.h"
#include "engine/trino_function_of.h"
#include "engine/trino_functions.h"
#include "engine/trino_rewrite.h"

namespace hanse::engine {

namespace {

using duckdb::Expression;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Vector;
using Bound = duckdb::unique_ptr<Expression>;

// Elements of an array or entries of a map: both are lists underneath.
void LengthOf(duckdb::DataChunk& in, duckdb::ExpressionState&, Vector& out) {
  duckdb::UnaryExecutor::Execute<duckdb::list_entry_t, int64_t>(
      in.data[0], out, in.size(), [](duckdb::list_entry_t list) { return static_cast<int64_t>(list.length); });
}

// The index itself, if the array has such an element.
void CheckIndex(duckdb::DataChunk& in, duckdb::ExpressionState&, Vector& out) {
  duckdb::BinaryExecutor::Execute<duckdb::list_entry_t, int64_t, int64_t>(
      in.data[0], in.data[1], out, in.size(), [](duckdb::list_entry_t list, int64_t index) {
        if (index == 0) throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1");
        if (index < 0) throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: Array subscript is negative");
        if (static_cast<std::uint64_t>(index) > list.length) {
          throw duckdb::InvalidInputException(
              "INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array length");
        }
        return index;
      });
}

// From the end where it is negative; 0 is none.
int64_t CheckPlace(int64_t index) {
  if (index == 0) throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1");
  return index;
}

bool CheckKey(bool there) {
  if (!there) throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: Key not present in map");
  return there;
}

// Each element where it comes first, NULL too.
void Distinct(duckdb::DataChunk& in, duckdb::ExpressionState&, Vector& out) {
  const LogicalType& element = duckdb::ListType::GetChildType(out.GetType());
  for (duckdb::idx_t row = 0; row < in.size(); ++row) {
    const duckdb::Value list = in.data[0].GetValue(row);
    if (list.IsNull()) {
      out.SetValue(row, duckdb::Value(out.GetType()));
      continue;
    }
    duckdb::value_set_t seen;
    duckdb::vector<duckdb::Value> kept;
    for (const duckdb::Value& value : duckdb::ListValue::GetChildren(list)) {
      if (seen.insert(value).second) kept.push_back(value);
    }
    out.SetValue(row, duckdb::Value::LIST(element, std::move(kept)));
  }
}

duckdb::unique_ptr<duckdb::FunctionData> SameList(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                  duckdb::vector<Bound>& arguments) {
  if (arguments[0]->return_type.id() != LogicalTypeId::LIST) throw duckdb::BinderException("array_distinct is of arrays");
  function.arguments[0] = arguments[0]->return_type;
  function.SetReturnType(arguments[0]->return_type);
  return nullptr;
}

// Each element as a row of one unnamed field.
void Boxed(duckdb::DataChunk& in, duckdb::ExpressionState&, Vector& out) {
  Vector& lists = in.data[0];
  lists.Flatten(in.size());
  const duckdb::idx_t elements = duckdb::ListVector::GetListSize(lists);
  duckdb::ListVector::Reserve(out, elements);
  duckdb::ListVector::SetListSize(out, elements);
  Vector& field = *duckdb::StructVector::GetEntries(duckdb::ListVector::GetEntry(out))[0];
  duckdb::VectorOperations::Copy(duckdb::ListVector::GetEntry(lists), field, elements, 0, 0);
  out.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  const auto* from = duckdb::FlatVector::GetData<duckdb::list_entry_t>(lists);
  std::copy(from, from + in.size(), duckdb::FlatVector::GetData<duckdb::list_entry_t>(out));
  duckdb::FlatVector::Validity(out) = duckdb::FlatVector::Validity(lists);
}

duckdb::unique_ptr<duckdb::FunctionData> BoxedList(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                   duckdb::vector<Bound>& arguments) {
  const LogicalType& list = arguments[0]->return_type;
  duckdb::child_list_t<LogicalType> fields = {{NameOfUnnamed(0), duckdb::ListType::GetChildType(list)}};
  function.arguments[0] = list;
  function.SetReturnType(LogicalType::LIST(LogicalType::STRUCT(std::move(fields))));
  return nullptr;
}

Bound Call(duckdb::ClientContext& context, const std::string& name, duckdb::vector<Bound> arguments) {
  duckdb::ErrorData error;
  auto bound = duckdb::FunctionBinder(context).BindScalarFunction(DEFAULT_SCHEMA, name, std::move(arguments), error);
  if (!bound) error.Throw();
  return bound;
}

// The value of a key that must be there.
Bound PresentValue(duckdb::FunctionBindExpressionInput& input) {
  auto both = [&] {
    duckdb::vector<Bound> arguments;
    for (const auto& child : input.children) arguments.push_back(child->Copy());
    return arguments;
  };
  duckdb::vector<Bound> check;
  check.push_back(Call(input.context, "map_contains", both()));
  Bound value = Call(input.context, "map_extract_value", both());
  Bound there = Call(input.context, "hanse_check_key", std::move(check));
  const LogicalType type = value->return_type;
  Bound nothing = duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value(type));
  return duckdb::make_uniq<duckdb::BoundCaseExpression>(std::move(there), std::move(value), std::move(nothing));
}

// a[i]: an element that must be there, a map's value, a row's field by its place.
Bound BindSubscript(duckdb::FunctionBindExpressionInput& input) {
  auto& context = input.context;
  const LogicalType type = input.children[0]->return_type;
  duckdb::vector<Bound> arguments;
  arguments.push_back(input.children[0]->Copy());
  switch (type.id()) {
    case LogicalTypeId::LIST: {
      duckdb::vector<Bound> check;
      check.push_back(input.children[0]->Copy());
      check.push_back(duckdb::BoundCastExpression::AddCastToType(context, input.children[1]->Copy(), LogicalType::BIGINT));
      arguments.push_back(Call(context, "hanse_check_index", std::move(check)));
      return Call(context, "list_extract", std::move(arguments));
    }
    case LogicalTypeId::MAP: return PresentValue(input);
    case LogicalTypeId::STRUCT:
      arguments.push_back(input.children[1]->Copy());
      return Call(context, "struct_extract_at", std::move(arguments));
    default: throw duckdb::BinderException("a value of type %s has no subscripts", TrinoType(type));
  }
}

// element_at(x, i): NULL where there is no such element.
Bound BindElementAt(duckdb::FunctionBindExpressionInput& input) {
  const LogicalType& type = input.children[0]->return_type;
  duckdb::vector<Bound> arguments;
  arguments.push_back(input.children[0]->Copy());
  if (type.id() == LogicalTypeId::LIST) {
    duckdb::vector<Bound> check;
    check.push_back(input.children[1]->Copy());
    arguments.push_back(Call(input.context, "hanse_check_place", std::move(check)));
    return Call(input.context, "list_extract", std::move(arguments));
  }
  arguments.push_back(input.children[1]->Copy());
  if (type.id() == LogicalTypeId::MAP) return Call(input.context, "map_extract_value", std::move(arguments));
  throw duckdb::BinderException("element_at is of arrays and maps");
}

// What UNNEST makes rows of, as a list of structs.
Bound BindEntries(duckdb::FunctionBindExpressionInput& input) {
  const LogicalType& type = input.children[0]->return_type;
  if (type.id() != LogicalTypeId::LIST && type.id() != LogicalTypeId::MAP) {
    throw duckdb::BinderException("Cannot unnest type: %s", TrinoType(type));
  }
  if (type.id() == LogicalTypeId::LIST && duckdb::ListType::GetChildType(type).id() == LogicalTypeId::STRUCT) {
    return input.children[0]->Copy();
  }
  duckdb::vector<Bound> arguments;
  arguments.push_back(input.children[0]->Copy());
  return Call(input.context, type.id() == LogicalTypeId::MAP ? "map_entries" : "hanse_boxed", std::move(arguments));
}

// A date that is truncated stays a date.
Bound BindDateTrunc(duckdb::FunctionBindExpressionInput& input) {
  LogicalType type = input.children[1]->return_type;
  duckdb::vector<Bound> arguments;
  arguments.push_back(input.children[0]->Copy());
  arguments.push_back(input.children[1]->Copy());
  Bound truncated = Call(input.context, "date_trunc", std::move(arguments));
  if (type.id() != LogicalTypeId::DATE) return truncated;
  return duckdb::BoundCastExpression::AddCastToType(input.context, std::move(truncated), type);
}

Bound BindTypeOf(duckdb::FunctionBindExpressionInput& input) {
  return duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value(TrinoType(input.children[0]->return_type)));
}

void Never(duckdb::DataChunk&, duckdb::ExpressionState&, Vector&) {
  throw duckdb::InternalException("a function that is always replaced");
}

duckdb::unique_ptr<duckdb::FunctionData> ListOrMap(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                   duckdb::vector<Bound>& arguments) {
  LogicalTypeId id = arguments[0]->return_type.id();
  if (id != LogicalTypeId::LIST && id != LogicalTypeId::MAP) throw duckdb::BinderException("cardinality is of arrays and maps");
  function.arguments[0] = arguments[0]->return_type;
  return nullptr;
}

duckdb::ScalarFunctionSet One(const std::string& name, duckdb::ScalarFunction function) {
  function.SetErrorMode(duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR);
  duckdb::ScalarFunctionSet set(name);
  set.AddFunction(std::move(function));
  return set;
}

}  // namespace

void RegisterNested(duckdb::ClientContext& context) {
  LogicalType any(LogicalTypeId::ANY), bigint(LogicalTypeId::BIGINT);
  Register(context, One("hanse_cardinality", duckdb::ScalarFunction({any}, bigint, LengthOf, ListOrMap)));
  Register(context, One("hanse_check_index",
                        duckdb::ScalarFunction({LogicalType::LIST(LogicalType::ANY), bigint}, bigint, CheckIndex, ListOrMap)));
  duckdb::ScalarFunction subscript({any, any}, any, Never);
  subscript.SetBindExpressionCallback(BindSubscript);
  Register(context, One("hanse_subscript", std::move(subscript)));
  Register(context, OverloadsOf<CheckPlace>("hanse_check_place"));
  Register(context, OverloadsOf<CheckKey>("hanse_check_key"));
  LogicalType any_list = LogicalType::LIST(LogicalType::ANY);
  Register(context, One("hanse_array_distinct", duckdb::ScalarFunction({any_list}, any_list, Distinct, SameList)));
  Register(context, One("hanse_boxed", duckdb::ScalarFunction({any_list}, any_list, Boxed, BoxedList)));
  duckdb::ScalarFunction entries({any}, any, Never);
  entries.SetBindExpressionCallback(BindEntries);
  Register(context, One("hanse_entries", std::move(entries)));
  duckdb::ScalarFunction element_at({any, any}, any, Never);
  element_at.SetBindExpressionCallback(BindElementAt);
  Register(context, One("hanse_element_at", std::move(element_at)));
  duckdb::ScalarFunction date_trunc({LogicalType(LogicalTypeId::VARCHAR), any}, any, Never);
  date_trunc.SetBindExpressionCallback(BindDateTrunc);
  Register(context, One("hanse_date_trunc", std::move(date_trunc)));
  duckdb::ScalarFunction type_of({any}, LogicalType(LogicalTypeId::VARCHAR), Never);
  type_of.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  type_of.SetBindExpressionCallback(BindTypeOf);
  Register(context, One("hanse_typeof", std::move(type_of)));
}

}  // namespace hanse::engine
