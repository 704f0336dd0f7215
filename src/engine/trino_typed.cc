#include <fmt/format.h>

#include <charconv>

#include "duckdb/function/function_binder.hpp"
#include "duckdb/planner/expression/bound_cast_expression.hpp"
#include "duckdb/planner/expression/bound_constant_expression.hpp"
#include "engine/hive_types.h"
#include "engine/render.h"
#include "engine/trino_function_of.h"
#include "engine/trino_functions.h"

// Functions that mean one thing for one type of argument and another for others: which, is known when the query is bound.
namespace hanse::engine {

namespace {

using duckdb::Expression;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using Input = duckdb::FunctionBindExpressionInput;
using BoundCall = duckdb::unique_ptr<Expression>;

BoundCall CallOf(Input& input, const std::string& name, duckdb::vector<BoundCall> arguments) {
  duckdb::ErrorData error;
  auto bound = duckdb::FunctionBinder(input.context).BindScalarFunction(DEFAULT_SCHEMA, name, std::move(arguments), error);
  if (!bound) error.Throw();
  return bound;
}

// `name` of the same arguments.
BoundCall Same(Input& input, const std::string& name) {
  duckdb::vector<BoundCall> arguments;
  for (const auto& child : input.children) arguments.push_back(child->Copy());
  return CallOf(input, name, std::move(arguments));
}

BoundCall CastTo(Input& input, BoundCall value, const LogicalType& type) {
  return duckdb::BoundCastExpression::AddCastToType(input.context, std::move(value), type);
}

[[noreturn]] void NotOf(const char* name, const LogicalType& type) {
  throw duckdb::BinderException("Unexpected parameters (%s) for function %s", TrinoType(type), name);
}

bool IsJson(const LogicalType& type) { return type.id() == LogicalTypeId::VARCHAR && type.GetAlias() == "JSON"; }

BoundCall BindCeil(Input& input) {
  return input.children[0]->return_type.IsIntegral() ? input.children[0]->Copy() : Same(input, "ceil");
}
BoundCall BindFloor(Input& input) {
  return input.children[0]->return_type.IsIntegral() ? input.children[0]->Copy() : Same(input, "floor");
}

// The type of the answer is that of the number.
BoundCall BindSign(Input& input) {
  LogicalType type = input.children[0]->return_type;
  if (type.id() == LogicalTypeId::DECIMAL) type = LogicalType::DECIMAL(1, 0);
  return CastTo(input, Same(input, "sign"), type);
}

// Digits that are rounded away stay as zeros: the scale is the argument's.
BoundCall BindRound(Input& input) {
  LogicalType type = input.children[0]->return_type;
  BoundCall rounded = Same(input, "round");
  if (type.IsIntegral()) return CastTo(input, std::move(rounded), type);
  if (input.children.size() < 2 || type.id() != LogicalTypeId::DECIMAL) return rounded;
  auto width = std::min<int>(duckdb::DecimalType::GetWidth(type) + 1, 38);
  return CastTo(input, std::move(rounded), LogicalType::DECIMAL(static_cast<uint8_t>(width), duckdb::DecimalType::GetScale(type)));
}

BoundCall BindLength(Input& input) {
  const LogicalType& type = input.children[0]->return_type;
  if (type.id() == LogicalTypeId::BLOB) return Same(input, "octet_length");
  if (type.id() == LogicalTypeId::VARCHAR || type.id() == LogicalTypeId::SQLNULL) return Same(input, "length");
  NotOf("length", type);
}

BoundCall BindReverse(Input& input) {
  return Same(input, input.children[0]->return_type.id() == LogicalTypeId::LIST ? "hanse_array_reverse" : "reverse");
}

// As of the session's zone, which is UTC: the same number.
duckdb::timestamp_t SameMoment(duckdb::timestamp_t at) { return at; }

BoundCall BindToZoned(Input& input) {
  const LogicalTypeId id = input.children[0]->return_type.id();
  if (id == LogicalTypeId::TIMESTAMP || id == LogicalTypeId::DATE) {
    duckdb::vector<BoundCall> local;
    local.push_back(input.children[0]->Copy());
    return CallOf(input, "hanse_as_utc", std::move(local));
  }
  return CastTo(input, input.children[0]->Copy(), LogicalType(LogicalTypeId::TIMESTAMP_TZ));
}

// The moment as the clocks of a zone show it.
BoundCall BindAtTimezone(Input& input) {
  LogicalTypeId id = input.children[0]->return_type.id();
  if (id != LogicalTypeId::TIMESTAMP_TZ && id != LogicalTypeId::TIMESTAMP && id != LogicalTypeId::DATE) {
    NotOf("at_timezone", input.children[0]->return_type);
  }
  duckdb::vector<BoundCall> arguments;
  arguments.push_back(input.children[1]->Copy());
  arguments.push_back(BindToZoned(input));
  return CallOf(input, "timezone", std::move(arguments));
}

// The moment at which the clocks of a zone show this.
BoundCall BindWithTimezone(Input& input) {
  duckdb::vector<BoundCall> arguments;
  arguments.push_back(input.children[1]->Copy());
  arguments.push_back(CastTo(input, input.children[0]->Copy(), LogicalType(LogicalTypeId::TIMESTAMP)));
  return CallOf(input, "timezone", std::move(arguments));
}

// Digits and an exponent, as a cast writes doubles; they are printed otherwise (render.h).
template <class T>
std::string Scientific(T value) {
  if (!std::isfinite(value)) return RenderDouble(value);
  if (value == 0) return std::signbit(value) ? "-0E0" : "0E0";
  char text[64];
  auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  std::string_view written(text, static_cast<std::size_t>(end - text));
  std::size_t e = written.find('e');
  std::string digits(written.substr(0, e));
  if (digits.find('.') == std::string::npos) digits += ".0";
  return fmt::format("{}E{}", digits, std::atoi(std::string(written.substr(e + 1)).c_str()));
}

std::string MomentText(duckdb::timestamp_t at) { return Render(duckdb::Value::TIMESTAMP(at)); }
std::string ZonedText(duckdb::timestamp_t at) { return MomentText(at) + " UTC"; }

std::optional<std::string> JsonText(std::string_view json, std::string_view scalar) {
  if (json.starts_with('{') || json.starts_with('[')) {
    throw duckdb::InvalidInputException("INVALID_CAST_ARGUMENT: Cannot cast an object or array of JSON to varchar");
  }
  return std::string(scalar);
}

BoundCall BindToVarchar(Input& input) {
  const LogicalType type = input.children[0]->return_type;
  LogicalType text(LogicalTypeId::VARCHAR);
  if (IsJson(type)) {
    duckdb::vector<BoundCall> root;
    root.push_back(input.children[0]->Copy());
    root.push_back(duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value("$")));
    duckdb::vector<BoundCall> both;
    both.push_back(CastTo(input, input.children[0]->Copy(), text));
    both.push_back(CallOf(input, "json_extract_string", std::move(root)));
    return CallOf(input, "hanse_json_text", std::move(both));
  }
  switch (type.id()) {
    case LogicalTypeId::DOUBLE:
    case LogicalTypeId::FLOAT: return Same(input, "hanse_scientific");
    case LogicalTypeId::TIMESTAMP: return Same(input, "hanse_moment_text");
    case LogicalTypeId::TIMESTAMP_TZ: return Same(input, "hanse_zoned_text");
    case LogicalTypeId::LIST:
    case LogicalTypeId::MAP:
    case LogicalTypeId::STRUCT: throw duckdb::BinderException("Cannot cast %s to varchar", TrinoType(type));
    default: return CastTo(input, input.children[0]->Copy(), text);
  }
}

// A text becomes a string of JSON: json_parse reads JSON.
BoundCall BindToJson(Input& input) {
  if (IsJson(input.children[0]->return_type)) return input.children[0]->Copy();
  return Same(input, "to_json");
}

bool SpecTakesText(std::string_view format, std::size_t* at) {
  std::size_t end = format.find_first_of("sSdxXofeEgGcbBhntT%", *at + 1);
  *at = end;
  return end != std::string_view::npos && (format[end] == 's' || format[end] == 'b');
}

// %s takes anything.
BoundCall BindFormat(Input& input) {
  duckdb::vector<BoundCall> arguments;
  for (const auto& child : input.children) arguments.push_back(child->Copy());
  if (arguments[0]->GetExpressionClass() == duckdb::ExpressionClass::BOUND_CONSTANT) {
    std::string format = arguments[0]->Cast<duckdb::BoundConstantExpression>().value.ToString();
    std::size_t next = 1;
    for (std::size_t at = 0; (at = format.find('%', at)) != std::string::npos && next < arguments.size(); ++at) {
      bool text = SpecTakesText(format, &at);
      if (at == std::string::npos) break;
      if (format[at] == '%' || format[at] == 'n') continue;
      if (text) arguments[next] = CastTo(input, std::move(arguments[next]), LogicalType(LogicalTypeId::VARCHAR));
      ++next;
    }
  }
  return CallOf(input, "printf", std::move(arguments));
}

// An array of texts is joined as several texts are: NULLs are passed over.
BoundCall BindConcatWs(Input& input) {
  bool list = input.children.size() == 2 && input.children[1]->return_type.id() == LogicalTypeId::LIST;
  if (!list) return Same(input, "concat_ws");
  duckdb::vector<BoundCall> arguments;
  arguments.push_back(input.children[1]->Copy());
  arguments.push_back(duckdb::make_uniq<duckdb::BoundConstantExpression>(duckdb::Value("string_agg")));
  arguments.push_back(input.children[0]->Copy());
  return CallOf(input, "list_aggr", std::move(arguments));
}

void NeverRun(duckdb::DataChunk&, duckdb::ExpressionState&, duckdb::Vector&) {
  throw duckdb::InternalException("a function that is always replaced");
}

duckdb::ScalarFunction Replaced(std::size_t arguments, duckdb::function_bind_expression_t bind) {
  LogicalType any(LogicalTypeId::ANY);
  duckdb::ScalarFunction function(duckdb::vector<LogicalType>(arguments, any), any, NeverRun);
  function.SetBindExpressionCallback(bind);
  function.SetErrorMode(duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR);
  return function;
}

}  // namespace

void RegisterReplaced(duckdb::ClientContext& context, const std::string& name, std::size_t arguments,
                      duckdb::function_bind_expression_t bind) {
  duckdb::ScalarFunctionSet set(name);
  set.AddFunction(Replaced(arguments, bind));
  Register(context, std::move(set));
}

void RegisterTyped(duckdb::ClientContext& context) {
  Register(context, OverloadsOf<Scientific<double>, Scientific<float>>("hanse_scientific"));
  Register(context, OverloadsOf<MomentText>("hanse_moment_text"));
  duckdb::ScalarFunctionSet zoned_text = OverloadsOf<ZonedText>("hanse_zoned_text"), utc = OverloadsOf<SameMoment>("hanse_as_utc");
  zoned_text.functions[0].arguments[0] = LogicalType(LogicalTypeId::TIMESTAMP_TZ);
  utc.functions[0].SetReturnType(LogicalType(LogicalTypeId::TIMESTAMP_TZ));
  Register(context, std::move(zoned_text));
  Register(context, std::move(utc));
  Register(context, OverloadsOf<JsonText>("hanse_json_text"));
  RegisterReplaced(context, "hanse_ceil", 1, BindCeil);
  RegisterReplaced(context, "hanse_floor", 1, BindFloor);
  RegisterReplaced(context, "hanse_sign", 1, BindSign);
  RegisterReplaced(context, "hanse_length", 1, BindLength);
  RegisterReplaced(context, "hanse_reverse", 1, BindReverse);
  RegisterReplaced(context, "hanse_at_timezone", 2, BindAtTimezone);
  RegisterReplaced(context, "hanse_with_timezone", 2, BindWithTimezone);
  RegisterReplaced(context, "hanse_to_varchar", 1, BindToVarchar);
  RegisterReplaced(context, "hanse_to_json", 1, BindToJson);
  RegisterReplaced(context, "hanse_to_zoned", 1, BindToZoned);
  duckdb::ScalarFunctionSet round("hanse_round");
  round.AddFunction(Replaced(1, BindRound));
  round.AddFunction(Replaced(2, BindRound));
  Register(context, std::move(round));
  for (auto [name, bind] : {std::pair("hanse_format", &BindFormat), {"hanse_concat_ws", &BindConcatWs}}) {
    duckdb::ScalarFunction function = Replaced(1, bind);
    function.varargs = LogicalType(LogicalTypeId::ANY);
    function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
    duckdb::ScalarFunctionSet set(name);
    set.AddFunction(std::move(function));
    Register(context, std::move(set));
  }
}

}  // namespace hanse::engine
