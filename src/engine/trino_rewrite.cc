#include "engine/trino_rewrite.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>

#include "base/text.h"
#include "duckdb/parser/expression/list.hpp"
#include "duckdb/parser/parsed_expression_iterator.hpp"
#include "duckdb/parser/parser.hpp"
#include "duckdb/parser/query_node/list.hpp"
#include "duckdb/parser/tableref/list.hpp"
#include "engine/errors.h"
#include "engine/session.h"
#include "engine/trino_lexer.h"
#include "engine/trino_names.h"
#include "engine/trino_special.h"
#include "engine/trino_unnest.h"

namespace hanse::engine {

using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using duckdb::FunctionExpression;
using duckdb::ParsedExpression;
using Parsed = duckdb::unique_ptr<ParsedExpression>;

namespace {

constexpr const char* kUnnamedMark = "\x01_col";
constexpr std::size_t kSqlBytesMax = 262144;  // Athena's limit.
constexpr int kDepthMax = 400;

Parsed Call(const std::string& name, duckdb::vector<Parsed> arguments) {
  return duckdb::make_uniq<FunctionExpression>(name, std::move(arguments));
}

// A literal: what a parameter may be.
bool IsLiteral(const ParsedExpression& expression) {
  switch (expression.GetExpressionClass()) {
    case ExpressionClass::CONSTANT: return true;
    case ExpressionClass::CAST: return IsLiteral(*expression.Cast<duckdb::CastExpression>().child);
    case ExpressionClass::FUNCTION: {
      const auto& function = expression.Cast<FunctionExpression>();
      return function.function_name == "-" && function.children.size() == 1 && IsLiteral(*function.children[0]);
    }
    default: return false;
  }
}

class Rewriter {
 public:
  Rewriter(const std::string& sql, const std::vector<std::string>& parameters, const CatalogNames& catalogs)
      : sql_(sql), parameters_(parameters), catalogs_(catalogs) {}

  void Node(duckdb::QueryNode& node) {
    MarkUnnamed(node);
    switch (node.type) {
      case duckdb::QueryNodeType::SELECT_NODE: Select(node.Cast<duckdb::SelectNode>()); break;
      case duckdb::QueryNodeType::SET_OPERATION_NODE:
        for (auto& child : node.Cast<duckdb::SetOperationNode>().children) Node(*child);
        break;
      case duckdb::QueryNodeType::RECURSIVE_CTE_NODE:
        Node(*node.Cast<duckdb::RecursiveCTENode>().left);
        Node(*node.Cast<duckdb::RecursiveCTENode>().right);
        break;
      default: Refuse("SYNTAX_ERROR", "this kind of query is not supported", {});
    }
    duckdb::ParsedExpressionIterator::EnumerateQueryNodeModifiers(node, [&](Parsed& expression) { Expression(expression); });
    for (auto& with : node.cte_map.map) Node(*with.second->query->node);
  }

 private:
  [[noreturn]] void Refuse(const char* type, const std::string& what, duckdb::optional_idx at) const {
    throw duckdb::InvalidInputException("%s: %s%s", type, at.IsValid() ? PlaceIn(sql_, at.GetIndex()) : "", what);
  }

  static void MarkUnnamed(duckdb::QueryNode& node) {
    if (node.type != duckdb::QueryNodeType::SELECT_NODE) return;
    int number = 0;
    for (auto& column : node.Cast<duckdb::SelectNode>().select_list) {
      bool named = column->HasAlias() || column->GetExpressionClass() == ExpressionClass::COLUMN_REF ||
                   column->GetExpressionClass() == ExpressionClass::STAR;
      if (!named && column->GetExpressionType() == ExpressionType::STRUCT_EXTRACT) continue;
      if (!named) column->SetAlias(NameOfUnnamed(number));
      ++number;
    }
  }

  // The engine's one catalog is named outright: its own, and its idea of where information_schema is, are out of reach.
  void Named(duckdb::BaseTableRef& ref) {
    if (ref.at_clause) Expression(ref.at_clause->ExpressionMutable());
    if (ref.schema_name.empty() && ref.catalog_name.empty()) return;
    if (ref.alias.empty()) qualified_.emplace(Lower(ref.schema_name), Lower(ref.table_name));
    auto database = catalogs_.EnginesName(ref.catalog_name, ref.schema_name);
    if (!database) {
      Refuse("CATALOG_NOT_FOUND", fmt::format("Catalog '{}' not found", Lower(ref.catalog_name)), ref.query_location);
    }
    ref.catalog_name = kCatalog;
    ref.schema_name = *std::move(database);
  }

  void Select(duckdb::SelectNode& node) {
    Relation(node.from_table);  // First: what its tables are called is known to all that follows.
    for (Parsed& column : node.select_list) Expression(column);
    for (Parsed& group : node.groups.group_expressions) Expression(group);
    for (Parsed* condition : {&node.where_clause, &node.having, &node.qualify}) {
      if (*condition) Expression(*condition);
    }
  }

  void Relation(duckdb::unique_ptr<duckdb::TableRef>& ref) {
    switch (ref->type) {
      case duckdb::TableReferenceType::SUBQUERY: return Node(*ref->Cast<duckdb::SubqueryRef>().subquery->node);
      case duckdb::TableReferenceType::BASE_TABLE: return Named(ref->Cast<duckdb::BaseTableRef>());
      case duckdb::TableReferenceType::EMPTY_FROM: return;
      case duckdb::TableReferenceType::EXPRESSION_LIST:
        for (auto& row : ref->Cast<duckdb::ExpressionListRef>().values) {
          for (Parsed& value : row) Expression(value);
        }
        return;
      case duckdb::TableReferenceType::JOIN: {
        auto& join = ref->Cast<duckdb::JoinRef>();
        Relation(join.left);
        Relation(join.right);
        if (join.condition) Expression(join.condition);
        return;
      }
      case duckdb::TableReferenceType::TABLE_FUNCTION: {
        auto& call = ref->Cast<duckdb::TableFunctionRef>();
        if (call.function->GetExpressionClass() != ExpressionClass::FUNCTION ||
            Lower(call.function->Cast<FunctionExpression>().function_name) != "unnest") {
          Refuse("FUNCTION_NOT_FOUND", "Table function not registered", ref->query_location);
        }
        for (Parsed& argument : call.function->Cast<FunctionExpression>().children) Expression(argument);
        ref = UnnestLikeTrino(call);
        return;
      }
      default: Refuse("SYNTAX_ERROR", "this kind of relation is not supported", ref->query_location);
    }
  }

  void Expression(Parsed& expression) {
    if (++depth_ > kDepthMax) Refuse("STACK_OVERFLOW", "the query is nested too deeply", expression->GetQueryLocation());
    switch (expression->GetExpressionClass()) {
      case ExpressionClass::PARAMETER: Parameter(expression); break;
      case ExpressionClass::POSITIONAL_REFERENCE:
      case ExpressionClass::COLLATE:
      case ExpressionClass::DEFAULT: Refuse("SYNTAX_ERROR", "not an expression of this dialect", expression->GetQueryLocation());
      case ExpressionClass::STAR:
        if (expression->Cast<duckdb::StarExpression>().columns) {
          Refuse("FUNCTION_NOT_FOUND", "Function 'columns' not registered", expression->GetQueryLocation());
        }
        break;
      default: break;
    }
    duckdb::ParsedExpressionIterator::EnumerateChildren(*expression, [&](Parsed& child) { Expression(child); });
    std::string alias = expression->GetAlias();
    if (expression->GetExpressionClass() == ExpressionClass::SUBQUERY) {
      Node(*expression->Cast<duckdb::SubqueryExpression>().subquery->node);
    } else if (expression->GetExpressionClass() == ExpressionClass::FUNCTION) {
      Function(expression);
    } else if (expression->GetExpressionClass() == ExpressionClass::WINDOW) {
      Window(expression);
    } else if (expression->GetExpressionClass() == ExpressionClass::CAST) {
      Cast(expression);
    } else if (expression->GetExpressionClass() == ExpressionClass::COLUMN_REF) {
      WithoutDatabase(expression->Cast<duckdb::ColumnRefExpression>());
      SessionValue(expression);
    } else if (expression->GetExpressionType() == ExpressionType::ARRAY_EXTRACT) {
      expression = Call("hanse_subscript", std::move(expression->Cast<duckdb::OperatorExpression>().children));
    } else if (expression->GetExpressionType() == ExpressionType::ARRAY_SLICE) {
      Refuse("SYNTAX_ERROR", "slices are not of this dialect", expression->GetQueryLocation());
    }
    if (!alias.empty()) expression->SetAlias(alias);
    --depth_;
  }

  void Parameter(Parsed& expression) {
    const std::string& name = expression->Cast<duckdb::ParameterExpression>().identifier;
    std::size_t number = 0;
    std::from_chars(name.data(), name.data() + name.size(), number);
    if (number == 0 || number > parameters_.size()) {
      Refuse("INVALID_PARAMETER_USAGE", "Incorrect number of parameters for the query's question marks",
             expression->GetQueryLocation());
    }
    auto literals = duckdb::Parser::ParseExpressionList(parameters_[number - 1]);
    if (literals.size() != 1 || !IsLiteral(*literals[0])) {
      Refuse("INVALID_PARAMETER_USAGE", "a parameter must be one literal", expression->GetQueryLocation());
    }
    std::string alias = expression->GetAlias();
    expression = std::move(literals[0]);
    expression->SetAlias(alias);
  }

  std::string Implementation(const std::string& name, duckdb::optional_idx at) const {
    auto known = ImplementationOf(Lower(name));
    if (!known) Refuse("FUNCTION_NOT_FOUND", fmt::format("Function '{}' not registered", Lower(name)), at);
    return *known;
  }

  // Texts and JSON are made in Trino's way, whatever they are made of.
  static void Cast(Parsed& expression) {
    auto& cast = expression->Cast<duckdb::CastExpression>();
    std::string type = Lower(cast.cast_type.ToString());
    if (type == "\"json\"" || cast.cast_type.GetAlias() == "JSON") type = "json";
    static const std::map<std::string, std::string> kMade = {
        {"varchar", "hanse_to_varchar"}, {"json", "hanse_to_json"}, {"timestamp with time zone", "hanse_to_zoned"}};
    auto known = kMade.find(type);
    if (known == kMade.end()) return;
    duckdb::vector<Parsed> value;
    value.push_back(std::move(cast.child));
    Parsed made = Call(known->second, std::move(value));
    if (cast.try_cast) {
      made = duckdb::make_uniq<duckdb::OperatorExpression>(ExpressionType::OPERATOR_TRY, std::move(made));
    }
    expression = std::move(made);
  }

  // "shop"."orders"."id" of FROM "shop"."orders" is orders.id.
  void WithoutDatabase(duckdb::ColumnRefExpression& column) const {
    auto& names = column.column_names;
    if (names.size() > 3 && catalogs_.EnginesName(names[0], names[1]) && qualified_.contains({Lower(names[1]), Lower(names[2])})) {
      names.erase(names.begin());
    }
    if (names.size() > 2 && qualified_.contains({Lower(names[0]), Lower(names[1])})) names.erase(names.begin());
  }

  // The words that Trino keeps for what a session is.
  void SessionValue(Parsed& expression) const {
    const auto& column = expression->Cast<duckdb::ColumnRefExpression>();
    if (column.IsQualified()) return;
    const std::string name = Lower(column.GetColumnName());
    if (name == "current_catalog") {
      expression = duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(kCatalog));
    } else if (name == "current_user" || name == "current_schema" || name == "current_time" || name == "current_path") {
      Refuse("FUNCTION_NOT_FOUND", fmt::format("Function '{}' not registered", name), expression->GetQueryLocation());
    }
  }

  void Window(Parsed& expression) {
    auto& window = expression->Cast<duckdb::WindowExpression>();
    if (RewriteSpecial(expression, Lower(window.function_name), lambdas_)) return;
    window.function_name = Implementation(window.function_name, window.GetQueryLocation());
    window.catalog.clear();
    window.schema.clear();
  }

  void Function(Parsed& expression) {
    auto& function = expression->Cast<FunctionExpression>();
    // The parser qualifies what it makes of special forms (EXTRACT, TRIM); whatever is written before a name, the name alone
    // decides.
    function.catalog.clear();
    function.schema.clear();
    std::string name = Lower(function.function_name);
    if (RewriteSpecial(expression, name, lambdas_)) return;
    function.function_name = Implementation(name, function.GetQueryLocation());
  }

  const std::string& sql_;
  const std::vector<std::string>& parameters_;
  const CatalogNames& catalogs_;
  std::set<std::pair<std::string, std::string>> qualified_;  // Tables that are named with their database and by no other name.
  int depth_ = 0;
  int lambdas_ = 0;
};

duckdb::unique_ptr<duckdb::SelectStatement> ParseOne(const std::string& sql, const std::vector<std::string>& parameters,
                                                     const CatalogNames& catalogs) {
  if (sql.size() > kSqlBytesMax) throw duckdb::InvalidInputException("QUERY_TEXT_TOO_LARGE: the query is too long");
  std::string spelt = RespellTrino(sql);
  duckdb::Parser parser;
  parser.ParseQuery(spelt);
  if (parser.statements.size() != 1) throw duckdb::InvalidInputException("SYNTAX_ERROR: exactly one statement is allowed");
  if (parser.statements[0]->type != duckdb::StatementType::SELECT_STATEMENT) {
    throw duckdb::InvalidInputException("NOT_SUPPORTED: this statement is not supported");
  }
  auto select = duckdb::unique_ptr_cast<duckdb::SQLStatement, duckdb::SelectStatement>(std::move(parser.statements[0]));
  Rewriter(spelt, parameters, catalogs).Node(*select->node);
  return select;
}

}  // namespace

duckdb::unique_ptr<duckdb::SelectStatement> ParseTrino(const std::string& sql, const std::vector<std::string>& parameters,
                                                       const CatalogNames& catalogs) {
  auto select = ParseOne(sql, parameters, catalogs);
  select->named_param_map.clear();
  return select;
}

duckdb::unique_ptr<duckdb::SelectStatement> ParseViewBody(const std::string& sql, const CatalogNames& catalogs) {
  return ParseOne(sql, {}, catalogs);
}

std::string NameOfUnnamed(int place) { return kUnnamedMark + std::to_string(place); }

bool IsUnnamed(const std::string& column_name) { return column_name.starts_with(kUnnamedMark); }

}  // namespace hanse::engine
