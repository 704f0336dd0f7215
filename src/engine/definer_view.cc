#include "engine/definer_view.h"

#include <fmt/format.h>

#include "duckdb/catalog/catalog_entry/table_catalog_entry.hpp"
#include "duckdb/common/serializer/deserializer.hpp"
#include "duckdb/common/serializer/serializer.hpp"
#include "duckdb/main/pending_query_result.hpp"
#include "duckdb/main/stream_query_result.hpp"
#include "duckdb/parser/parsed_data/create_table_info.hpp"
#include "duckdb/planner/planner.hpp"
#include "duckdb/storage/statistics/base_statistics.hpp"
#include "duckdb/storage/statistics/node_statistics.hpp"
#include "duckdb/storage/table_storage_info.hpp"

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

class DefinerEntry final : public duckdb::TableCatalogEntry {
 public:
  DefinerEntry(duckdb::Catalog& catalog, duckdb::SchemaCatalogEntry& schema, duckdb::CreateTableInfo& info,
               duckdb::shared_ptr<const DefinerView> view)
      : TableCatalogEntry(catalog, schema, info), view_(std::move(view)) {}

  duckdb::TableFunction GetScanFunction(duckdb::ClientContext& context, duckdb::unique_ptr<duckdb::FunctionData>& data) override {
    auto session = Session::Of(context);
    session->CountView();
    auto bind = duckdb::make_uniq<DefinerBind>();
    bind->view = view_;
    bind->registry = session->registry;
    data = std::move(bind);
    return DefinerFunction();
  }
  duckdb::unique_ptr<duckdb::BaseStatistics> GetStatistics(duckdb::ClientContext&, duckdb::column_t) override { return nullptr; }
  duckdb::TableStorageInfo GetStorageInfo(duckdb::ClientContext&) override { return duckdb::TableStorageInfo(); }
  duckdb::virtual_column_map_t GetVirtualColumns() const override {
    duckdb::virtual_column_map_t columns;
    columns.insert(std::make_pair(duckdb::COLUMN_IDENTIFIER_EMPTY, duckdb::TableColumn("", duckdb::LogicalType::BOOLEAN)));
    return columns;
  }

 private:
  duckdb::shared_ptr<const DefinerView> view_;
};

struct DefinerGlobal final : duckdb::GlobalTableFunctionState {
  std::unique_ptr<Inner> inner;
  duckdb::unique_ptr<duckdb::QueryResult> rows;  // Of `inner`: gone before it.
  duckdb::unique_ptr<duckdb::DataChunk> chunk;
  duckdb::vector<duckdb::ColumnIndex> columns;
};

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> BeginView(duckdb::ClientContext& context,
                                                               duckdb::TableFunctionInitInput& input) {
  const DefinerView& view = *input.bind_data->Cast<DefinerBind>().view;
  auto session = Session::Of(context);
  if (!session) throw duckdb::InvalidInputException("no session");
  auto global = duckdb::make_uniq<DefinerGlobal>();
  global->columns = input.column_indexes;
  try {
    global->inner = std::make_unique<Inner>(*session, context, view);
    auto pending = global->inner->connection().PendingQuery(view.body->Copy(), true);
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
  for (duckdb::idx_t i = 0; i < global.columns.size(); ++i) {
    if (global.columns[i].IsVirtualColumn()) {
      output.data[i].Reference(duckdb::Value(output.data[i].GetType()));
    } else {
      output.data[i].Reference(global.chunk->data[global.columns[i].GetPrimaryIndex()]);
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
  // Which columns are handed on, not which are computed: an error in one that nobody asks for would tell of it by its absence.
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
