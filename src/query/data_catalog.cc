#include "query/data_catalog.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "query/page.h"
#include "query/tagging.h"
#include "wire/json.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

constexpr std::size_t kNameCharsMax = 127, kCatalogsMax = 1000;
constexpr std::string_view kCatalogIdKey = "catalog-id";

bool IsOwn(std::string_view name) { return EqualsIgnoreCase(name, kCatalog); }

athena::DataCatalog Own(const gate::Context& context) {
  return {.name = std::string(kCatalog), .type = "GLUE", .parameters = {{{std::string(kCatalogIdKey), context.caller.account}}}};
}

Result<void> CheckName(std::string_view name) {
  auto allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '@' || c == '-'; };
  if (!name.empty() && name.size() <= kNameCharsMax && std::ranges::all_of(name, allowed)) return {};
  return Invalid(fmt::format("Name must be 1 to {} letters, digits, '_', '@' or '-'.", kNameCharsMax));
}

// The catalog as it is kept: of type GLUE with the number of an account, which need not be one here.
Result<athena::DataCatalog> Checked(const std::string& name, const std::string& type, std::optional<std::string> description,
                                    const std::optional<std::map<std::string, std::string>>& parameters) {
  TRY(CheckName(name));
  if (IsOwn(name)) return Invalid("AwsDataCatalog is there in every account and cannot be made, changed or deleted.");
  if (type != "GLUE") return Fail(ErrorCode::kUnsupported, fmt::format("Type {}: data catalogs are of type GLUE here", type));
  const auto given = parameters.value_or(std::map<std::string, std::string>{});
  auto id = given.find(std::string(kCatalogIdKey));
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (given.size() != 1 || id == given.end() || id->second.size() != 12 || !std::ranges::all_of(id->second, digit)) {
    return Invalid("Parameters of a GLUE data catalog are catalog-id=ACCOUNT, an account's twelve digits, and nothing else.");
  }
  return athena::DataCatalog{
      .name = name, .description = std::move(description), .type = type, .parameters = given, .status = "CREATE_COMPLETE"};
}

Result<std::vector<athena::DataCatalog>> ReadAll(store::Transaction& tx, const gate::Context& context) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT definition FROM data_catalogs WHERE account = ? AND region = ? ORDER BY name",
                                 {context.caller.account, context.info.region}));
  std::vector<athena::DataCatalog> all;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto catalog, wire::FromJson<athena::DataCatalog>(row.Text(0)));
    all.push_back(std::move(catalog));
  }
  return all;
}

}  // namespace

Result<std::vector<gate::Need>> CreateDataCatalog::On(const gate::Context& context, store::Transaction&) const {
  return OnDataCatalog(context, kRule.name, *in.name);
}
Result<std::vector<gate::Need>> UpdateDataCatalog::On(const gate::Context& context, store::Transaction&) const {
  return OnDataCatalog(context, kRule.name, *in.name);
}
Result<std::vector<gate::Need>> DeleteDataCatalog::On(const gate::Context& context, store::Transaction&) const {
  return OnDataCatalog(context, kRule.name, *in.name);
}
Result<std::vector<gate::Need>> GetDataCatalog::On(const gate::Context& context, store::Transaction&) const {
  return OnDataCatalog(context, kRule.name, *in.name);
}
Result<std::vector<gate::Need>> ListDataCatalogs::On(const gate::Context&, store::Transaction&) const {
  return std::vector<gate::Need>{{"athena:ListDataCatalogs", "*", {}}};
}

Result<athena::DataCatalog> DataCatalogs::Read(store::Transaction& tx, const gate::Context& context, const std::string& name) {
  if (IsOwn(name)) return Own(context);
  TRY_ASSIGN(auto row, tx.Maybe("SELECT definition FROM data_catalogs WHERE account = ? AND region = ? AND name = ?",
                                {context.caller.account, context.info.region, Lower(name)}));
  if (!row) return Invalid(fmt::format("Data catalog {} is not found.", name));
  return wire::FromJson<athena::DataCatalog>(row->Text(0));
}

Result<std::optional<std::string>> DataCatalogs::CatalogId(store::Transaction& tx, const gate::Context& context,
                                                           const std::string& name) {
  if (IsOwn(name)) return std::optional<std::string>();
  TRY_ASSIGN(athena::DataCatalog catalog, Read(tx, context, name));
  return std::optional(catalog.parameters->at(std::string(kCatalogIdKey)));
}

Result<std::vector<engine::DataCatalog>> DataCatalogs::Named(store::Transaction& tx, const gate::Context& context) {
  TRY_ASSIGN(auto all, ReadAll(tx, context));
  std::vector<engine::DataCatalog> named;
  for (const athena::DataCatalog& one : all) named.push_back({Lower(*one.name), one.parameters->at(std::string(kCatalogIdKey))});
  return named;
}

Result<CreateDataCatalog::Answer> DataCatalogs::Do(const gate::Authorized<CreateDataCatalog>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(athena::DataCatalog catalog, Checked(*in.name, *in.type, in.description, in.parameters));
  if (Read(call.tx(), call.context(), *in.name)) return Invalid(fmt::format("Data catalog {} exists already.", *in.name));
  TRY_ASSIGN(auto all, ReadAll(call.tx(), call.context()));
  if (all.size() >= kCatalogsMax) return Invalid(fmt::format("An account has at most {} data catalogs in a region.", kCatalogsMax));
  TRY_ASSIGN(std::string tags, KeptTags(in.tags));
  TRY(call.tx().Execute("INSERT INTO data_catalogs (account, region, name, definition, tags) VALUES (?, ?, ?, ?, ?)",
                        {call.caller().account, call.info().region, Lower(*in.name), wire::ToJson(catalog), tags}));
  return CreateDataCatalog::Answer{.data_catalog = std::move(catalog)};
}

Result<UpdateDataCatalog::Answer> DataCatalogs::Do(const gate::Authorized<UpdateDataCatalog>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(athena::DataCatalog before, Read(call.tx(), call.context(), *in.name));
  TRY_ASSIGN(athena::DataCatalog catalog, Checked(*before.name, *in.type, in.description ? in.description : before.description,
                                                  in.parameters ? in.parameters : before.parameters));
  TRY(call.tx().Execute("UPDATE data_catalogs SET definition = ? WHERE account = ? AND region = ? AND name = ?",
                        {wire::ToJson(catalog), call.caller().account, call.info().region, Lower(*in.name)}));
  return UpdateDataCatalog::Answer{};
}

Result<DeleteDataCatalog::Answer> DataCatalogs::Do(const gate::Authorized<DeleteDataCatalog>& call) const {
  const std::string& name = *call->in.name;
  if (IsOwn(name)) return Invalid("AwsDataCatalog is there in every account and cannot be made, changed or deleted.");
  TRY_ASSIGN(athena::DataCatalog catalog, Read(call.tx(), call.context(), name));
  TRY(call.tx().Execute("DELETE FROM data_catalogs WHERE account = ? AND region = ? AND name = ?",
                        {call.caller().account, call.info().region, Lower(name)}));
  catalog.status = "DELETE_COMPLETE";
  return DeleteDataCatalog::Answer{.data_catalog = std::move(catalog)};
}

Result<GetDataCatalog::Answer> DataCatalogs::Do(const gate::Authorized<GetDataCatalog>& call) const {
  TRY_ASSIGN(athena::DataCatalog catalog, Read(call.tx(), call.context(), *call->in.name));
  return GetDataCatalog::Answer{.data_catalog = std::move(catalog)};
}

Result<ListDataCatalogs::Answer> DataCatalogs::Do(const gate::Authorized<ListDataCatalogs>& call) const {
  TRY_ASSIGN(auto named, ReadAll(call.tx(), call.context()));
  std::vector<athena::DataCatalogSummary> all = {{.catalog_name = std::string(kCatalog), .type = "GLUE"}};
  for (const athena::DataCatalog& one : named) all.push_back({.catalog_name = one.name, .type = one.type, .status = one.status});
  TRY_ASSIGN(auto page, PageOf(all, call->in.next_token, call->in.max_results.value_or(50)));
  return ListDataCatalogs::Answer{.data_catalogs_summary = std::move(page.items), .next_token = std::move(page.next_token)};
}

}  // namespace hanse::query
