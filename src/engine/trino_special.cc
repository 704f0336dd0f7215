#include "engine/trino_special.h"

#include <array>
#include <initializer_list>
#include <map>
#include <utility>

#include "base/text.h"
#include "duckdb/parser/expression/list.hpp"
#include "duckdb/parser/parsed_expression_iterator.hpp"

namespace hanse::engine {

namespace {

using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using duckdb::FunctionExpression;
using Parsed = duckdb::unique_ptr<duckdb::ParsedExpression>;
using ParsedList = duckdb::vector<Parsed>;

template <class... Arguments>
Parsed Apply(const std::string& name, Arguments... arguments) {
  ParsedList list;
  (list.push_back(std::move(arguments)), ...);
  return duckdb::make_uniq<FunctionExpression>(name, std::move(list));
}

Parsed ApplyAll(const std::string& name, ParsedList arguments) {
  return duckdb::make_uniq<FunctionExpression>(name, std::move(arguments));
}

Parsed Literal(duckdb::Value value) { return duckdb::make_uniq<duckdb::ConstantExpression>(std::move(value)); }

Parsed Named(const std::string& name) { return duckdb::make_uniq<duckdb::ColumnRefExpression>(name); }

[[noreturn]] void NotSupported(const std::string& what) {
  throw duckdb::InvalidInputException("NOT_SUPPORTED: %s is not supported", what);
}

// ---- Lambdas

using Meanings = std::map<std::string, const duckdb::ParsedExpression*>;

// The names on the left of an arrow, in lower case.
std::vector<std::string> ParametersOf(const duckdb::ParsedExpression& left) {
  std::vector<std::string> names;
  if (left.GetExpressionClass() == ExpressionClass::COLUMN_REF) {
    names.push_back(Lower(left.Cast<duckdb::ColumnRefExpression>().GetColumnName()));
  } else if (left.GetExpressionClass() == ExpressionClass::FUNCTION) {
    for (const Parsed& child : left.Cast<FunctionExpression>().children) {
      if (child->GetExpressionClass() != ExpressionClass::COLUMN_REF) return {};
      names.push_back(Lower(child->Cast<duckdb::ColumnRefExpression>().GetColumnName()));
    }
  }
  return names;
}

// Puts what a parameter means where it stands; a lambda inside hides its own parameters.
void Substitute(Parsed& body, const Meanings& meanings) {
  if (body->GetExpressionClass() == ExpressionClass::COLUMN_REF) {
    const auto names = body->Cast<duckdb::ColumnRefExpression>().column_names;
    auto known = meanings.find(Lower(names[0]));
    if (known == meanings.end()) return;
    Parsed meant = known->second->Copy();
    for (std::size_t i = 1; i < names.size(); ++i)
      meant = Apply("struct_extract", std::move(meant), Literal(duckdb::Value(names[i])));
    body = std::move(meant);
  } else if (body->GetExpressionClass() == ExpressionClass::LAMBDA) {
    auto& lambda = body->Cast<duckdb::LambdaExpression>();
    Meanings outer = meanings;
    for (const std::string& name : ParametersOf(*lambda.lhs)) outer.erase(name);
    Substitute(lambda.expr, outer);
  } else {
    duckdb::ParsedExpressionIterator::EnumerateChildren(*body, [&](Parsed& child) { Substitute(child, meanings); });
  }
}

// The lambda of one parameter, called `entry`, whose body is that of `lambda` with its parameters meaning `meant`.
Parsed LambdaOf(Parsed lambda, const std::string& entry, ParsedList meant, const std::string& function) {
  if (lambda->GetExpressionClass() != ExpressionClass::LAMBDA) NotSupported(function + " without a lambda");
  auto& arrow = lambda->Cast<duckdb::LambdaExpression>();
  auto parameters = ParametersOf(*arrow.lhs);
  if (parameters.size() != meant.size()) NotSupported(function + " of a lambda with so many parameters");
  Meanings meanings;
  for (std::size_t i = 0; i < meant.size(); ++i) meanings[parameters[i]] = meant[i].get();
  Substitute(arrow.expr, meanings);
  return duckdb::make_uniq<duckdb::LambdaExpression>(duckdb::vector<std::string>{entry}, std::move(arrow.expr));
}

// Fields of an entry by their places.
ParsedList PairOf(const std::string& entry) {
  ParsedList pair;
  for (int place : {1, 2}) pair.push_back(Apply("struct_extract_at", Named(entry), Literal(duckdb::Value::BIGINT(place))));
  return pair;
}

// Keeps in `lambda`'s place a row of its answer and the other field of the entry.
Parsed WithOther(Parsed lambda, const std::string& entry, bool keys) {
  auto& body = lambda->Cast<duckdb::LambdaExpression>().expr;
  ParsedList pair = PairOf(entry);
  body = keys ? Apply("row", std::move(body), std::move(pair[1])) : Apply("row", std::move(pair[0]), std::move(body));
  return lambda;
}

Parsed MapZip(ParsedList& arguments, const std::string& key) {
  ParsedList meant;
  meant.push_back(Named(key));
  meant.push_back(Apply("map_extract_value", arguments[0]->Copy(), Named(key)));
  meant.push_back(Apply("map_extract_value", arguments[1]->Copy(), Named(key)));
  Parsed lambda = LambdaOf(std::move(arguments[2]), key, std::move(meant), "map_zip_with");
  auto& body = lambda->Cast<duckdb::LambdaExpression>().expr;
  body = Apply("row", Named(key), std::move(body));
  Parsed keys = Apply("hanse_array_distinct",
                      Apply("list_concat", Apply("map_keys", std::move(arguments[0])), Apply("map_keys", std::move(arguments[1]))));
  return Apply("map_from_entries", Apply("list_transform", std::move(keys), std::move(lambda)));
}

// Functions that are a list function over pairs.
bool RewritePairs(Parsed& call, const std::string& name, ParsedList& arguments, int& lambdas) {
  std::string entry = "\x01" + std::to_string(++lambdas);
  if (name == "zip_with" && arguments.size() == 3) {
    Parsed zipped = Apply("list_zip", std::move(arguments[0]), std::move(arguments[1]));
    call = Apply("list_transform", std::move(zipped), LambdaOf(std::move(arguments[2]), entry, PairOf(entry), name));
  } else if (name == "map_filter" && arguments.size() == 2) {
    Parsed lambda = LambdaOf(std::move(arguments[1]), entry, PairOf(entry), name);
    call = Apply("map_from_entries", Apply("list_filter", Apply("map_entries", std::move(arguments[0])), std::move(lambda)));
  } else if ((name == "transform_values" || name == "transform_keys") && arguments.size() == 2) {
    Parsed lambda = WithOther(LambdaOf(std::move(arguments[1]), entry, PairOf(entry), name), entry, name == "transform_keys");
    call = Apply("map_from_entries", Apply("list_transform", Apply("map_entries", std::move(arguments[0])), std::move(lambda)));
  } else if (name == "map_zip_with" && arguments.size() == 3) {
    call = MapZip(arguments, entry);
  } else {
    return false;
  }
  return true;
}

// ---- Aggregates that are made of others

// `call`, a function or a window with all that belongs to it, as another aggregate of other arguments.
template <class... Arguments>
Parsed Aggregate(const duckdb::ParsedExpression& call, const std::string& name, Arguments... arguments) {
  Parsed copy = call.Copy();
  copy->ClearAlias();
  ParsedList list;
  (list.push_back(std::move(arguments)), ...);
  if (copy->GetExpressionClass() == ExpressionClass::WINDOW) {
    auto& window = copy->Cast<duckdb::WindowExpression>();
    window.function_name = name;
    window.children = std::move(list);
    window.schema.clear();
    window.catalog.clear();
  } else {
    auto& function = copy->Cast<FunctionExpression>();
    function.function_name = name;
    function.children = std::move(list);
  }
  return copy;
}

void NotDistinct(const duckdb::ParsedExpression& call, const std::string& name) {
  bool distinct = call.GetExpressionClass() == ExpressionClass::WINDOW ? call.Cast<duckdb::WindowExpression>().distinct
                                                                       : call.Cast<FunctionExpression>().distinct;
  if (distinct) NotSupported("DISTINCT in " + name);
}

Parsed Lists(const duckdb::ParsedExpression& call, const std::string& name, const std::string& combined, ParsedList& of) {
  NotDistinct(call, name);
  return Apply(combined, Aggregate(call, "list", std::move(of[0])), Aggregate(call, "list", std::move(of[1])));
}

// reduce_agg(x, start, (s, x) -> …, (s, t) -> …) folds the values that are not NULL.
Parsed ReduceAggregate(const duckdb::ParsedExpression& call, ParsedList& of) {
  Parsed there = duckdb::make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_IS_NOT_NULL, of[0]->Copy());
  Parsed list = Aggregate(call, "list", std::move(of[0]));
  Parsed& filter = list->GetExpressionClass() == ExpressionClass::WINDOW ? list->Cast<duckdb::WindowExpression>().filter_expr
                                                                         : list->Cast<FunctionExpression>().filter;
  filter = filter ? Parsed(duckdb::make_uniq<duckdb::ConjunctionExpression>(ExpressionType::CONJUNCTION_AND, std::move(filter),
                                                                            std::move(there)))
                  : std::move(there);
  return Apply("list_reduce", std::move(list), std::move(of[2]), std::move(of[1]));
}

bool RewriteAggregate(Parsed& call, const std::string& name, ParsedList& arguments) {
  // Its parts are copies of the call with other arguments.
  ParsedList of;
  for (const Parsed& argument : arguments) of.push_back(argument->Copy());
  if (name == "avg" && of.size() == 1) {
    call = Apply("hanse_average", Aggregate(*call, "sum", of[0]->Copy()), Aggregate(*call, "count", of[0]->Copy()));
  } else if (name == "skewness" && of.size() == 1) {
    call = Apply("hanse_skewness", Aggregate(*call, "skewness", of[0]->Copy()), Aggregate(*call, "count", of[0]->Copy()));
  } else if (name == "entropy" && of.size() == 1) {
    Parsed weighted = Aggregate(*call, "sum", Apply("hanse_times_log2", of[0]->Copy()));
    call = Apply("hanse_entropy", Aggregate(*call, "sum", of[0]->Copy()), std::move(weighted));
  } else if (name == "map_agg" && of.size() == 2) {
    call = Lists(*call, name, "hanse_map_of", of);
  } else if (name == "multimap_agg" && of.size() == 2) {
    call = Lists(*call, name, "hanse_multimap_of", of);
  } else if (name == "map_union" && of.size() == 1) {
    NotDistinct(*call, name);
    call = Apply("hanse_map_union", Aggregate(*call, "list", of[0]->Copy()));
  } else if (name == "approx_most_frequent" && of.size() == 3) {
    call = Apply("hanse_top", Aggregate(*call, "histogram", of[1]->Copy()), of[0]->Copy());
  } else if (name == "approx_distinct" && of.size() == 2) {
    call = Aggregate(*call, "approx_count_distinct", std::move(of[0]));
  } else if (name == "reduce_agg" && of.size() == 4) {
    NotDistinct(*call, name);
    call = ReduceAggregate(*call, of);
  } else {
    return false;
  }
  return true;
}

// ---- The others

Parsed AnyNull(const ParsedList& arguments) {
  Parsed any;
  for (const Parsed& argument : arguments) {
    Parsed null = duckdb::make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_IS_NULL, argument->Copy());
    any = any ? Parsed(duckdb::make_uniq<duckdb::ConjunctionExpression>(ExpressionType::CONJUNCTION_OR, std::move(any),
                                                                        std::move(null)))
              : std::move(null);
  }
  return any;
}

// NULL where any argument is, which the engine's own passes over.
Parsed Extreme(const std::string& name, ParsedList arguments) {
  auto choice = duckdb::make_uniq<duckdb::CaseExpression>();
  duckdb::CaseCheck check;
  check.when_expr = AnyNull(arguments);
  check.then_expr = Literal(duckdb::Value());
  choice->case_checks.push_back(std::move(check));
  choice->else_expr = ApplyAll(name, std::move(arguments));
  return choice;
}

Parsed Reduced(ParsedList& arguments) {
  Parsed reduced = Apply("list_reduce", std::move(arguments[0]), std::move(arguments[2]), std::move(arguments[1]));
  Parsed mapped = Apply("list_transform", Apply("list_value", std::move(reduced)), std::move(arguments[3]));
  return Apply("array_extract", std::move(mapped), Literal(duckdb::Value::INTEGER(1)));
}

// EXTRACT(field FROM x), which the parser has made date_part('field', x).
Parsed Extracted(ParsedList& arguments) {
  static const std::map<std::string, std::string> kFields = {{"year", "year"},
                                                             {"quarter", "quarter"},
                                                             {"month", "month"},
                                                             {"week", "week"},
                                                             {"day", "day"},
                                                             {"day_of_month", "day"},
                                                             {"day_of_week", "isodow"},
                                                             {"dow", "isodow"},
                                                             {"day_of_year", "dayofyear"},
                                                             {"doy", "dayofyear"},
                                                             {"year_of_week", "isoyear"},
                                                             {"yow", "isoyear"},
                                                             {"hour", "hour"},
                                                             {"minute", "minute"},
                                                             {"second", "second"},
                                                             {"timezone_hour", "timezone_hour"},
                                                             {"timezone_minute", "timezone_minute"}};
  bool literal = arguments[0]->GetExpressionClass() == ExpressionClass::CONSTANT;
  std::string field = literal ? Lower(arguments[0]->Cast<duckdb::ConstantExpression>().value.ToString()) : "";
  auto known = kFields.find(field);
  if (known == kFields.end()) throw duckdb::InvalidInputException("SYNTAX_ERROR: '%s' is not a valid EXTRACT field", field);
  return Apply(known->second, std::move(arguments[1]));
}

bool RewriteFunction(Parsed& call, const std::string& name, ParsedList& arguments) {
  static const std::map<std::string, std::string> kMatches = {
      {"any_match", "hanse_any"}, {"all_match", "hanse_all"}, {"none_match", "hanse_none"}};
  if ((name == "+" || name == "-") && arguments.size() == 2) {
    call = ApplyAll(name == "+" ? "hanse_plus" : "hanse_minus", std::move(arguments));
  } else if (name == "concat" && arguments.size() >= 2) {
    Parsed joined = std::move(arguments[0]);
    for (std::size_t i = 1; i < arguments.size(); ++i) joined = Apply("||", std::move(joined), std::move(arguments[i]));
    call = std::move(joined);
  } else if ((name == "greatest" || name == "least") && !arguments.empty()) {
    call = Extreme(name, std::move(arguments));
  } else if (kMatches.contains(name) && arguments.size() == 2) {
    call = Apply(kMatches.at(name), ApplyAll("list_transform", std::move(arguments)));
  } else if (name == "reduce" && arguments.size() == 4) {
    call = Reduced(arguments);
  } else if (name == "date_part" && arguments.size() == 2) {
    call = Extracted(arguments);
  } else if (name == "timezone" && arguments.size() == 2) {
    call = Apply("hanse_at_timezone", std::move(arguments[1]), std::move(arguments[0]));
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool RewriteSpecial(Parsed& call, const std::string& name, int& lambdas) {
  if (call->GetExpressionClass() == ExpressionClass::WINDOW) {
    return RewriteAggregate(call, name, call->Cast<duckdb::WindowExpression>().children);
  }
  auto& arguments = call->Cast<FunctionExpression>().children;
  return RewriteFunction(call, name, arguments) || RewritePairs(call, name, arguments, lambdas) ||
         RewriteAggregate(call, name, arguments);
}

}  // namespace hanse::engine
