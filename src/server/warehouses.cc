#include "server/warehouses.h"

#include <unistd.h>

#include <charconv>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"
#include "engine/row_stream.h"
#include "secrets/operations.h"
#include "warehouse/relations.h"

namespace hanse::server {
namespace {

constexpr std::string_view kGlue = "glue.amazonaws.com";
constexpr std::uint64_t kFirstObject = 1ull << 62;  // Files have smaller numbers.
constexpr std::size_t kTablesMax = 1'000;           // Of one query.
constexpr std::uint64_t kBytesGuessed = 64ull << 20;

// Hands rows on to a worker.
class ToWorker final : public warehouse::RowSink {
 public:
  explicit ToWorker(engine::RowStreamWriter writer) : writer_(std::move(writer)) {}
  Result<void> Types(const std::vector<unsigned>& types) override { return writer_.Types(types); }
  Result<void> Bytes(std::string_view bytes) override { return writer_.Bytes(bytes); }
  void Ended(const Result<void>& how) override { writer_.Ended(how); }

 private:
  engine::RowStreamWriter writer_;
};

// The account itself, for whom Glue acts.
Caller AccountOf(const AccountId& account) {
  Caller caller;
  caller.kind = CallerKind::kRoot;
  caller.account = caller.unique_id = account;
  caller.arn = caller.principal_arn = fmt::format("arn:aws:iam::{}:root", account);
  caller.invoked_by = kGlue;
  return caller;
}

std::string FirstTextOf(const boost::json::object& object, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const boost::json::value* found = object.if_contains(name);
    if (found && found->is_string()) return std::string(found->get_string());
  }
  return {};
}

}  // namespace

Result<gate::Need> Warehouses::NeedOnSecret(const gate::Call& call, const AccountId& account, const std::string& id) {
  gate::Context as = call.context();
  as.caller.account = account;  // Whose names of secrets count.
  return secrets::NeedOnSecret(as, call.tx(), "secretsmanager:GetSecretValue", id);
}

Result<void> Warehouses::AddSecret(const catalog::ConnectionLogin& login, std::map<std::string, std::string>* properties) const {
  if (login.secret.empty()) return {};
  gate::Context as;
  as.caller = AccountOf(login.account);
  as.info.id = parts_.random.Uuid();
  as.info.service = "secretsmanager";
  as.info.operation = "GetSecretValue";
  as.info.region = login.region;
  as.info.source_ip = as.info.user_agent = kGlue;
  as.info.secure_transport = true;
  as.info.now_ms = parts_.clock.NowMs();
  secrets::GetSecretValue get;
  get.in.secret_id = login.secret;
  auto read = parts_.gate.Run(as, get, parts_.secrets);
  // Why is in the journal of the connection's account.
  if (!read) return Fail(ErrorCode::kUnavailable, fmt::format("the secret of connection {} cannot be read", login.name));
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(read->secret_string.value_or(""), error);
  const boost::json::object* object = error ? nullptr : value.if_object();
  const std::string user = object ? FirstTextOf(*object, {"username", "USERNAME", "user"}) : "";
  if (user.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the secret of connection {} must be JSON with username and password", login.name));
  }
  (*properties)["USERNAME"] = user;
  (*properties)["PASSWORD"] = FirstTextOf(*object, {"password", "PASSWORD"});
  return {};
}

Result<warehouse::Address> Warehouses::AddressOf(const catalog::ConnectionLogin& login) const {
  if (login.type != "JDBC" && login.type != "POSTGRESQL") {
    return Fail(ErrorCode::kUnsupported, fmt::format("connections of type {} lead to no warehouse that can be read", login.type));
  }
  std::map<std::string, std::string> properties = login.properties;
  if (properties.contains("ENCRYPTED_PASSWORD") && login.secret.empty()) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("the password of connection {} is encrypted for its clients: name a secret (SECRET_ID)", login.name));
  }
  // Where it goes is known before its secret is read.
  if (!login.secret.empty()) properties["USERNAME"] = "unknown yet";
  TRY_ASSIGN(warehouse::Address address, warehouse::ReadAddress(properties));
  TRY(allowed_.Check(address));
  TRY(AddSecret(login, &properties));
  return warehouse::ReadAddress(properties);
}

Result<warehouse::Address> Warehouses::AddressOf(const AccountId& account, const std::string& region,
                                                 const std::string& connection) const {
  TRY_ASSIGN(auto tx, parts_.store.BeginRead());
  auto login = parts_.catalog.connections().LoginOf(*tx, account, region, connection);
  tx.reset();
  if (!login && login.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kNotFound, fmt::format("connection {} of the table's account is gone", connection));
  }
  if (!login) return std::unexpected(std::move(login).error());
  return AddressOf(*login);
}

Result<void> Warehouses::Test(const catalog::ConnectionLogin& login) {
  TRY_ASSIGN(warehouse::Address address, AddressOf(login));
  auto session = warehouse::Session::Open(address, certificates_, {});
  if (session) return {};
  return FailAs(ErrorCode::kInvalidArgument, "FederationSourceException", session.error().message);
}

Result<std::vector<catalog::WarehouseRelation>> Warehouses::Relations(const catalog::ConnectionLogin& login,
                                                                      const catalog::WarehouseTable& names, std::stop_token stop) {
  TRY_ASSIGN(warehouse::Address address, AddressOf(login));
  if (names.database != "%" && names.database != address.database) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("connection {} leads to another database than {}", login.name, names.database));
  }
  TRY_ASSIGN(auto session, warehouse::Session::Open(address, certificates_, std::move(stop)));
  TRY_ASSIGN(auto relations, warehouse::ListRelations(session, names.schema, names.table));
  std::vector<catalog::WarehouseRelation> found;
  for (warehouse::Relation& one : relations) {
    catalog::WarehouseRelation relation{.database = address.database,
                                        .schema = std::move(one.schema),
                                        .name = std::move(one.name),
                                        .view = one.view,
                                        .rows = one.rows,
                                        .bytes = one.bytes};
    for (warehouse::Relation::Column& column : one.columns) {
      relation.columns.push_back({.name = Lower(column.name), .type = std::move(column.hive_type)});
    }
    found.push_back(std::move(relation));
  }
  return found;
}

std::uint64_t WarehouseScans::Know(KnownWarehouseTable table) {
  known_.push_back(std::move(table));
  return kFirstObject + known_.size() - 1;
}

Result<WarehouseScans::Called*> WarehouseScans::Call(const KnownWarehouseTable& table) {
  const std::string key = fmt::format("{} {} {}", table.account, table.region, table.place.connection);
  auto found = called_.find(key);
  if (found == called_.end()) {
    TRY_ASSIGN(warehouse::Address address, warehouses_.AddressOf(table.account, table.region, table.place.connection));
    Called called{.database = address.database};
    called.reads = std::make_unique<warehouse::TableReads>(std::move(address), warehouses_.certificates());
    found = called_.emplace(key, std::move(called)).first;
  }
  return &found->second;
}

Result<int> WarehouseScans::Start(std::uint64_t object, const std::vector<std::string>& columns) {
  if (object < kFirstObject || object - kFirstObject >= known_.size() || known_.size() > kTablesMax) {
    return Fail(ErrorCode::kNotFound, "no such table in this query");
  }
  const KnownWarehouseTable& table = known_[object - kFirstObject];
  TRY_ASSIGN(auto at, catalog::ReadWarehouseLocation(table.place.location));
  TRY_ASSIGN(Called * called, Call(table));
  if (called->database != at.database) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the table lies in another database than connection {} leads to", table.place.connection));
  }
  TRY_ASSIGN(auto ends, engine::RowStreamWriter::Open(called->reads->stop_token()));
  auto started = called->reads->Start(at.schema, at.table, columns, std::make_unique<ToWorker>(std::move(ends.first)));
  if (started) return ends.second;
  close(ends.second);
  return std::unexpected(std::move(started).error());
}

std::uint64_t WarehouseBytesOf(const wire::glue::Table& table) {
  std::uint64_t bytes = kBytesGuessed;
  auto found = table.parameters->find("sizeKey");
  if (found != table.parameters->end()) {
    std::from_chars(found->second.data(), found->second.data() + found->second.size(), bytes);
  }
  return bytes;
}

}  // namespace hanse::server
