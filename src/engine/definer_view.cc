#include "engine/definer_view.h"

#include <fmt/format.h>

#include <map>

#include "duckdb/common/serializer/deserializer.hpp"
#include "duckdb/common/serializer/serializer.hpp"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/main/pending_query_result.hpp"
#include "duckdb/main/stream_query_result.hpp"
#include "duckdb/parser/parsed_data/create_table_info.hpp"
#include "duckdb/parser/query_node/select_node.hpp"
#include "duckdb/planner/expression/bound_constant_expression.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "duckdb/planner/logical_operator_visitor.hpp"
#include "duckdb/planner/planner.hpp"
#include "duckdb/storage/statistics/node_statistics.hpp"
#include "engine/file_selection.h"
#include "engine/scanned_entry.h"

namespace hanse::engine {

namespace {

constexpr duckdb::idx_t kRowsGuessed = 65'536;  // Of every view: what is known of its tables is not told.

// What failed beneath is its definer's business; that the view cannot be read is its reader's. Limits and the end of the query are
// told as they are.
[[noreturn]] void ThrowFailed(const DefinerView& view, const duckdb::ErrorData& error, const char* why) {
  switch (error.Type()) {
    case duckdb::ExceptionType::INTERRUPT: throw duckdb::InterruptException();
    case duckdb::ExceptionType::OUT_OF_MEMORY: throw duckdb::OutOfMemoryException("a view needs more memory than the query has");
    case duckdb::ExceptionType::IO: throw duckdb::IOException("an object of a view's tables cannot be read");
    default:
      throw duckdb::InvalidInputException("INVALID_VIEW: View '%s.%s' cannot be read: %s", DatabaseName::Of(view.database).Whole(),
                                          view.name, why);
  }
}

constexpr const char* kChanged = "its tables, or its definer's rights to them, are not what they were";
constexpr const char* kFailed = "its own query failed";

// A connection for the view's own query.
class Inner {
 public:
  Inner(Session& above, duckdb::ClientContext& context, const DefinerView& view)
      : job_{.id = above.job.id, .sql = {}, .database = view.home, .limits = above.job.limits},
        connection_(*context.db),
        session_(duckdb::make_shared_ptr<Session>(above, job_, fmt::format("{}-{}", above.nonce, ++above.inner), view.number)) {
    Session::Start(connection_, session_);
  }
  duckdb::Connection& connection() { return connection_; }

 private:
  QueryJob job_;
  duckdb::Connection connection_;
  duckdb::shared_ptr<Session> session_;
};

class DefinerEntry final : public ScannedEntry {
 public:
  DefinerEntry(duckdb::Catalog& catalog, duckdb::SchemaCatalogEntry& schema, duckdb::CreateTableInfo& info,
               duckdb::shared_ptr<const DefinerView> view)
      : ScannedEntry(catalog, schema, info), view_(std::move(view)) {}

  duckdb::TableFunction GetScanFunction(duckdb::ClientContext& context, duckdb::unique_ptr<duckdb::FunctionData>& data) override {
    auto session = Session::Of(context);
    session->CountView();
    auto bind = duckdb::make_uniq<DefinerBind>();
    bind->view = view_;
    bind->registry = session->registry;
    data = std::move(bind);
    return DefinerFunction();
  }

 private:
  duckdb::shared_ptr<const DefinerView> view_;
};

struct DefinerGlobal final : duckdb::GlobalTableFunctionState {
  std::unique_ptr<Inner> inner;
  duckdb::unique_ptr<duckdb::QueryResult> rows;  // Of `inner`: gone before it.
  duckdb::unique_ptr<duckdb::DataChunk> chunk;
  duckdb::vector<duckdb::optional_idx> places;  // Our column -> that of `rows`; none: a column of nothing, for count(*).
};

// Casts that binding put around constants are done now: they say nothing of any row.
void SettleConstants(duckdb::ClientContext& context, duckdb::unique_ptr<duckdb::Expression>& expression) {
  duckdb::ExpressionIterator::EnumerateChildren(
      *expression, [&](duckdb::unique_ptr<duckdb::Expression>& child) { SettleConstants(context, child); });
  duckdb::Value value;
  const bool cast = expression->GetExpressionClass() == duckdb::ExpressionClass::BOUND_CAST && expression->IsFoldable();
  if (!cast || !duckdb::ExpressionExecutor::TryEvaluateScalar(context, *expression, value)) return;
  expression = duckdb::make_uniq<duckdb::BoundConstantExpression>(std::move(value));
}

// Whether no expression of the view's query can fail, whatever it meets: then it cannot be told which of them are computed.
bool CannotFailAnywhere(duckdb::ClientContext& context, duckdb::LogicalOperator& node) {
  bool safe = true;
  duckdb::LogicalOperatorVisitor::EnumerateExpressions(node, [&](duckdb::unique_ptr<duckdb::Expression>* expression) {
    auto settled = (*expression)->Copy();
    SettleConstants(context, settled);
    safe = safe && CannotFail(*settled);
  });
  for (auto& child : node.children) safe = safe && CannotFailAnywhere(context, *child);
  return safe;
}

// The view's query, of the columns that `columns` hand on where that can be told by nothing; else of all.
duckdb::unique_ptr<duckdb::SQLStatement> BodyFor(const DefinerView& view, const duckdb::vector<duckdb::ColumnIndex>& columns,
                                                 duckdb::vector<duckdb::optional_idx>* places) {
  auto body = view.body->Copy();
  auto& list = body->Cast<duckdb::SelectStatement>().node->Cast<duckdb::SelectNode>().select_list;
  std::map<duckdb::idx_t, duckdb::idx_t> kept;  // Of the view's columns -> its place.
  for (const duckdb::ColumnIndex& column : columns) {
    if (!column.IsVirtualColumn()) kept[column.GetPrimaryIndex()] = 0;
  }
  if (!view.cannot_fail) {
    for (duckdb::idx_t i = 0; i < list.size(); ++i) kept[i] = i;
  } else {
    if (kept.empty()) kept[0] = 0;
    duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>> narrow;
    for (auto& [column, place] : kept) {
      place = narrow.size();
      narrow.push_back(std::move(list[column]));
    }
    list = std::move(narrow);
  }
  for (const duckdb::ColumnIndex& column : columns) {
    places->push_back(column.IsVirtualColumn() ? duckdb::optional_idx() : duckdb::optional_idx(kept.at(column.GetPrimaryIndex())));
  }
  return body;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> BeginView(duckdb::ClientContext& context,
                                                               duckdb::TableFunctionInitInput& input) {
  const DefinerView& view = *input.bind_data->Cast<DefinerBind>().view;
  auto session = Session::Of(context);
  if (!session) throw duckdb::InvalidInputException("no session");
  auto global = duckdb::make_uniq<DefinerGlobal>();
  auto body = BodyFor(view, input.column_indexes, &global->places);
  try {
    global->inner = std::make_unique<Inner>(*session, context, view);
    auto pending = global->inner->connection().PendingQuery(std::move(body), true);
    if (pending->HasError()) pending->ThrowError();
    global->rows = pending->Execute();
    if (global->rows->HasError()) global->rows->ThrowError();
  } catch (const std::exception& error) {
    ThrowFailed(view, duckdb::ErrorData(error), kFailed);
  }
  return global;
}

void ScanView(duckdb::ClientContext& context, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  auto& global = input.global_state->Cast<DefinerGlobal>();
  if (context.interrupted) throw duckdb::InterruptException();
  const DefinerView& view = *input.bind_data->Cast<DefinerBind>().view;
  try {
    global.chunk = global.rows->Fetch();
    if (global.rows->HasError()) global.rows->ThrowError();
  } catch (const std::exception& error) {
    ThrowFailed(view, duckdb::ErrorData(error), kFailed);
  }
  if (!global.chunk || global.chunk->size() == 0) return output.SetCardinality(0);
  for (duckdb::idx_t i = 0; i < global.places.size(); ++i) {
    if (global.places[i].IsValid()) {
      output.data[i].Reference(global.chunk->data[global.places[i].GetIndex()]);
    } else {
      output.data[i].Reference(duckdb::Value(output.data[i].GetType()));
    }
  }
  output.SetCardinality(global.chunk->size());
}

duckdb::unique_ptr<duckdb::NodeStatistics> GuessRows(duckdb::ClientContext&, const duckdb::FunctionData*) {
  return duckdb::make_uniq<duckdb::NodeStatistics>(kRowsGuessed);
}

duckdb::unique_ptr<duckdb::FunctionData> NobodyBindsViews(duckdb::ClientContext&, duckdb::TableFunctionBindInput&,
                                                          duckdb::vector<duckdb::LogicalType>&, duckdb::vector<std::string>&) {
  throw duckdb::BinderException("there is no such function");
}

// As of governed scans: see BindRegistry.
void SerializeView(duckdb::Serializer& serializer, const duckdb::optional_ptr<duckdb::FunctionData> data,
                   const duckdb::TableFunction&) {
  auto registry = data->Cast<DefinerBind>().registry.lock();
  if (!registry) throw duckdb::SerializationException("no session");
  serializer.WriteProperty(100, "number", registry->Keep(data->Copy()));
}

duckdb::unique_ptr<duckdb::FunctionData> DeserializeView(duckdb::Deserializer& deserializer, duckdb::TableFunction& function) {
  auto number = deserializer.ReadProperty<duckdb::idx_t>(100, "number");
  auto session = Session::Of(deserializer.Get<duckdb::ClientContext&>());
  if (!session) throw duckdb::SerializationException("no session");
  auto data = session->registry->Take(number);
  function = DefinerFunction();
  return data;
}

}  // namespace

duckdb::unique_ptr<duckdb::FunctionData> DefinerBind::Copy() const {
  auto copy = duckdb::make_uniq<DefinerBind>();
  copy->view = view;
  copy->registry = registry;
  return copy;
}

bool DefinerBind::Equals(const duckdb::FunctionData& other) const { return view == other.Cast<DefinerBind>().view; }

duckdb::TableFunction DefinerFunction() {
  duckdb::TableFunction function(kDefinerView, {}, ScanView, NobodyBindsViews, BeginView);
  // Which columns are handed on; which are computed says BodyFor: an error in one that nobody asks for would be told by its
  // absence.
  function.projection_pushdown = true;
  function.cardinality = GuessRows;
  function.serialize = SerializeView;
  function.deserialize = DeserializeView;
  return function;
}

duckdb::unique_ptr<duckdb::CatalogEntry> MakeDefinerView(duckdb::ClientContext& context, duckdb::SchemaCatalogEntry& schema,
                                                         const std::string& name, const TableSource& source,
                                                         duckdb::unique_ptr<duckdb::SelectStatement> body) {
  auto view = duckdb::make_shared_ptr<DefinerView>();
  view->database = source.database;
  view->name = source.name;
  view->home = source.view_database.empty() ? source.database : source.view_database;
  view->number = source.definer_view;
  view->body = std::move(body);
  duckdb::CreateTableInfo info(schema, name);
  try {
    Inner inner(*Session::Of(context), context, *view);
    duckdb::ClientContext& own = *inner.connection().context;
    own.RunFunctionInTransaction([&] {
      duckdb::Planner planner(own);
      planner.CreatePlan(view->body->Copy());
      view->cannot_fail = CannotFailAnywhere(own, *planner.plan);
      for (duckdb::idx_t i = 0; i < planner.names.size(); ++i) {
        info.columns.AddColumn(duckdb::ColumnDefinition(planner.names[i], planner.types[i]));
      }
    });
  } catch (const std::exception& error) {
    ThrowFailed(*view, duckdb::ErrorData(error), kChanged);
  }
  return duckdb::make_uniq<DefinerEntry>(schema.catalog, schema, info, std::move(view));
}

}  // namespace hanse::engine
