#include "engine/pg_dialect.h"

#include <array>

#include "base/text.h"
#include "duckdb/parser/expression/list.hpp"
#include "duckdb/parser/expression/type_expression.hpp"
#include "duckdb/parser/parsed_expression_iterator.hpp"
#include "duckdb/parser/parser.hpp"
#include "duckdb/parser/query_node/list.hpp"
#include "duckdb/parser/tableref/list.hpp"

namespace hanse::engine {
namespace {

using duckdb::ExpressionClass;
using duckdb::FunctionExpression;
using PgParsed = duckdb::unique_ptr<duckdb::ParsedExpression>;

constexpr std::size_t kQuestionBytesMax = 262144;
constexpr int kQuestionDepthMax = 400;

template <class... Arguments>
PgParsed CallOf(const std::string& name, Arguments... arguments) {
  duckdb::vector<PgParsed> list;
  (list.push_back(std::move(arguments)), ...);
  return duckdb::make_uniq<FunctionExpression>(name, std::move(list));
}

PgParsed ConstantOf(duckdb::Value value) { return duckdb::make_uniq<duckdb::ConstantExpression>(std::move(value)); }

// The text of a constant, nothing of what else there may be.
const std::string* TextIn(const duckdb::ParsedExpression& expression) {
  if (expression.GetExpressionClass() != ExpressionClass::CONSTANT) return nullptr;
  const duckdb::Value& value = expression.Cast<duckdb::ConstantExpression>().value;
  if (value.IsNull() || value.type().id() != duckdb::LogicalTypeId::VARCHAR) return nullptr;
  return &duckdb::StringValue::Get(value);
}

std::string TypeNamed(const duckdb::LogicalType& type) {
  if (!type.IsUnbound()) return Lower(type.ToString());
  const auto& expression = duckdb::UnboundType::GetTypeExpression(type);
  if (expression->GetExpressionClass() != ExpressionClass::TYPE) return "";
  return Lower(expression->Cast<duckdb::TypeExpression>().GetTypeName());
}

// regclass, regtype…: numbers that are written as names.
bool IsRegType(const std::string& type) {
  static constexpr std::array<std::string_view, 6> kTypes = {"regclass",     "regtype", "regproc",
                                                             "regprocedure", "regrole", "regnamespace"};
  return Contains(kTypes, type);
}

// As PostgreSQL calls a column that has no name.
std::string FigureName(const duckdb::ParsedExpression& expression) {
  switch (expression.GetExpressionClass()) {
    case ExpressionClass::COLUMN_REF: return expression.Cast<duckdb::ColumnRefExpression>().GetColumnName();
    case ExpressionClass::CASE: return "case";
    case ExpressionClass::FUNCTION: {
      const std::string name = Lower(expression.Cast<FunctionExpression>().function_name);
      if (name == "count_star") return "count";
      return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string::npos ? name : "?column?";
    }
    case ExpressionClass::CAST: {
      const auto& cast = expression.Cast<duckdb::CastExpression>();
      const std::string inside = FigureName(*cast.child);
      return inside == "?column?" ? TypeNamed(cast.cast_type) : inside;
    }
    default: return "?column?";
  }
}

class PgMeaning {
 public:
  explicit PgMeaning(const std::map<std::string, std::string>& session) : session_(session) {}

  void Node(duckdb::QueryNode& node) {
    NameColumns(node);
    duckdb::ParsedExpressionIterator::EnumerateQueryNodeChildren(
        node, [this](PgParsed& expression) { Expression(expression); }, [this](duckdb::TableRef& ref) { Relation(ref); });
  }
  bool asks_tables() const { return asks_tables_; }

 private:
  static void NameColumns(duckdb::QueryNode& node) {
    if (node.type == duckdb::QueryNodeType::SET_OPERATION_NODE) {
      return NameColumns(*node.Cast<duckdb::SetOperationNode>().children.front());
    }
    if (node.type != duckdb::QueryNodeType::SELECT_NODE) return;
    for (PgParsed& column : node.Cast<duckdb::SelectNode>().select_list) {
      const bool named = column->HasAlias() || column->GetExpressionClass() == ExpressionClass::STAR ||
                         column->GetExpressionClass() == ExpressionClass::COLUMN_REF;
      if (named) continue;
      column->SetAlias(FigureName(*column));
      if (column->GetExpressionClass() == ExpressionClass::CAST) ShowName(column);
    }
  }

  void Relation(duckdb::TableRef& ref) {
    if (ref.type == duckdb::TableReferenceType::SUBQUERY) return NameColumns(*ref.Cast<duckdb::SubqueryRef>().subquery->node);
    asks_tables_ = asks_tables_ || ref.type == duckdb::TableReferenceType::BASE_TABLE;
    if (ref.type != duckdb::TableReferenceType::TABLE_FUNCTION) return;
    static constexpr std::array<std::string_view, 4> kOfOneColumn = {"generate_series", "unnest", "string_to_array",
                                                                     "generate_subscripts"};
    const auto& call = *ref.Cast<duckdb::TableFunctionRef>().function;
    const bool named = call.GetExpressionClass() == ExpressionClass::FUNCTION;
    const std::string name = named ? Lower(call.Cast<FunctionExpression>().function_name) : std::string();
    const bool one_column = Contains(kOfOneColumn, name);
    // What else the engine has reads files, its own state or SQL from a text.
    if (!one_column && name != "pg_get_keywords") {
      throw duckdb::InvalidInputException("FUNCTION_NOT_FOUND: no such function: %s", name);
    }
    if (one_column && !ref.alias.empty() && ref.column_name_alias.empty()) ref.column_name_alias.push_back(ref.alias);
  }

  void Expression(PgParsed& expression) {
    if (++depth_ > kQuestionDepthMax) throw duckdb::InvalidInputException("STACK_OVERFLOW: the question is nested too deeply");
    const std::string alias = expression->GetAlias();
    switch (expression->GetExpressionClass()) {
      case ExpressionClass::CAST: Cast(expression); break;
      case ExpressionClass::FUNCTION: Function(expression); break;
      case ExpressionClass::SUBQUERY: Subquery(expression); break;
      default: break;
    }
    if (!alias.empty()) expression->SetAlias(alias);
    duckdb::ParsedExpressionIterator::EnumerateChildren(*expression, [this](PgParsed& child) { Expression(child); });
    --depth_;
  }

  // A number that is shown is shown as its name.
  static void ShowName(PgParsed& expression) {
    auto& cast = expression->Cast<duckdb::CastExpression>();
    const std::string type = TypeNamed(cast.cast_type);
    if (!IsRegType(type)) return;
    const std::string alias = expression->GetAlias();
    PgParsed number = TextIn(*cast.child) ? std::move(expression) : std::move(cast.child);
    expression = CallOf("hanse_" + type + "_name", std::move(number));
    expression->SetAlias(alias);
  }

  void Cast(PgParsed& expression) {
    auto& cast = expression->Cast<duckdb::CastExpression>();
    const std::string type = TypeNamed(cast.cast_type);
    const std::string* text = TextIn(*cast.child);
    if (IsRegType(type)) {
      asks_tables_ = true;
      expression = CallOf(text ? "hanse_" + type : "hanse_number_of", std::move(cast.child));
    } else if (cast.child->GetExpressionClass() == ExpressionClass::CAST && (type == "varchar" || type == "text")) {
      ShowName(cast.child);
    } else if (text && text->starts_with('{') && text->ends_with('}') && !type.starts_with("json")) {
      cast.child = ConstantOf("[" + text->substr(1, text->size() - 2) + "]");
    }
  }

  void Function(PgParsed& expression) {
    auto& function = expression->Cast<FunctionExpression>();
    const std::string name = Lower(function.function_name);
    const auto count = function.children.size();
    asks_tables_ = asks_tables_ || name.starts_with("pg_") || name.starts_with("to_reg") || name.starts_with("has_") ||
                   name == "format_type" || name.ends_with("_description");
    const std::string* first = count > 0 ? TextIn(*function.children[0]) : nullptr;
    const std::string* last = count > 1 ? TextIn(*function.children[1]) : nullptr;
    static const std::map<std::string, std::string> kLikes = {
        {"~~", "like_escape"}, {"!~~", "not_like_escape"}, {"~~*", "ilike_escape"}, {"!~~*", "not_ilike_escape"}};
    if (name == "regexp_full_match") {
      function.function_name = "regexp_matches";
    } else if (name == "json_build_object" || name == "jsonb_build_object") {
      function.function_name = "json_object";
    } else if (name == "format") {
      function.function_name = "hanse_format";
    } else if (auto like = kLikes.find(name); like != kLikes.end() && last && last->find('\\') != std::string::npos) {
      expression = CallOf(like->second, std::move(function.children[0]), std::move(function.children[1]), ConstantOf("\\"));
    } else if (name == "current_setting" && first) {
      expression = ConstantOf(Setting(Lower(*first)));
    } else if (name == "current_database" && count == 0) {
      expression = ConstantOf(Setting("hanse.database"));
    } else if (name == "current_schema" && count == 0) {
      expression = ConstantOf(Setting("hanse.schema"));
    } else if (name == "current_schemas" && count == 1) {
      expression = ConstantOf(Schemas(function.children[0]->ToString().find('t') != std::string::npos));
    }
  }

  // NULL where it has none, or an empty one.
  duckdb::Value Setting(const std::string& name) const {
    auto found = session_.find(name);
    const bool none = found == session_.end() || found->second.empty();
    return none ? duckdb::Value(duckdb::LogicalType::VARCHAR) : duckdb::Value(found->second);
  }

  duckdb::Value Schemas(bool implicit) const {
    duckdb::vector<duckdb::Value> names;
    if (implicit) names.emplace_back("pg_catalog");
    if (duckdb::Value schema = Setting("hanse.schema"); !schema.IsNull()) names.push_back(std::move(schema));
    return duckdb::Value::LIST(duckdb::LogicalType::VARCHAR, std::move(names));
  }

  void Subquery(PgParsed& expression) {
    auto& subquery = expression->Cast<duckdb::SubqueryExpression>();
    if (PgParsed list = ListOfAny(subquery)) {
      expression = CallOf("list_contains", std::move(list), std::move(subquery.child));
      return;
    }
    Node(*subquery.subquery->node);
  }

  // The array of `x = ANY(array)`, which the parser makes a query over its elements; nullptr of any other.
  static PgParsed ListOfAny(duckdb::SubqueryExpression& subquery) {
    if (subquery.subquery_type != duckdb::SubqueryType::ANY || !subquery.child ||
        subquery.comparison_type != duckdb::ExpressionType::COMPARE_EQUAL ||
        subquery.subquery->node->type != duckdb::QueryNodeType::SELECT_NODE) {
      return nullptr;
    }
    auto& node = subquery.subquery->node->Cast<duckdb::SelectNode>();
    if (node.select_list.size() != 1 || node.from_table->type != duckdb::TableReferenceType::EMPTY_FROM || node.where_clause ||
        node.select_list[0]->GetExpressionClass() != ExpressionClass::FUNCTION) {
      return nullptr;
    }
    auto& function = node.select_list[0]->Cast<FunctionExpression>();
    if (Lower(function.function_name) != "unnest" || function.children.size() != 1) return nullptr;
    return std::move(function.children[0]);
  }

  const std::map<std::string, std::string>& session_;
  bool asks_tables_ = false;
  int depth_ = 0;
};

}  // namespace

PgQuestion ParsePgQuestion(const std::string& sql, const std::map<std::string, std::string>& session) {
  if (sql.size() > kQuestionBytesMax) throw duckdb::InvalidInputException("QUERY_TEXT_TOO_LARGE: the question is too long");
  duckdb::ParserOptions options;
  options.integer_division = true;
  duckdb::Parser parser(options);
  parser.ParseQuery(sql);
  if (parser.statements.size() != 1 || parser.statements[0]->type != duckdb::StatementType::SELECT_STATEMENT) {
    throw duckdb::NotImplementedException("NOT_SUPPORTED: the catalog answers one SELECT");
  }
  PgQuestion question;
  question.select = duckdb::unique_ptr_cast<duckdb::SQLStatement, duckdb::SelectStatement>(std::move(parser.statements[0]));
  PgMeaning meaning(session);
  meaning.Node(*question.select->node);
  question.asks_tables = meaning.asks_tables();
  return question;
}

}  // namespace hanse::engine
