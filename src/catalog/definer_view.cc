#include "catalog/definer_view.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/passed_role.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using wire::glue::Table;
using wire::glue::TableInput;
using wire::glue::ViewDefinition;
using wire::glue::ViewDefinitionInput;
using wire::glue::ViewRepresentation;
using wire::glue::ViewRepresentationInput;

std::unexpected<Error> WrongView(const std::string& why) { return Fail(ErrorCode::kInvalidArgument, why); }

bool Reads(const std::optional<std::string>& text) { return text && !Trim(*text).empty(); }

// A table by its ARN, in the catalog of `home`.
Result<Names> NamesIn(const store::DatabaseRow& home, const std::string& arn) {
  auto parts = Split(arn, '/');
  const bool known = parts.size() == 3 && !parts[1].empty() && !parts[2].empty();
  if (!known || arn != TableArn(home.region, home.account, parts[1], parts[2])) {
    return WrongView(fmt::format("ViewDefinition.SubObjects: {} is no table of this catalog.", arn));
  }
  return Names{.database = parts[1], .table = parts[2]};
}

Result<ViewRepresentation> Represented(const gate::Call& call, const ViewRepresentationInput& input) {
  static constexpr std::string_view kDialects[] = {"ATHENA", "REDSHIFT", "SPARK"};
  const std::string dialect = input.dialect.value_or("");
  if (!Contains(kDialects, dialect))
    return WrongView("ViewDefinition.Representations: Dialect is none of ATHENA, REDSHIFT, SPARK.");
  if (!Reads(input.view_original_text) && !Reads(input.view_expanded_text)) {
    return WrongView(fmt::format("ViewDefinition.Representations: the text of {} is missing.", dialect));
  }
  if (input.validation_connection) {
    const std::string& name = *input.validation_connection;
    const std::string arn = fmt::format("arn:aws:glue:{}:{}:connection/{}", call.info().region, call.caller().account, name);
    TRY(call.Require({.action = "glue:PassConnection", .resource = arn, .owner = call.caller().account}));
    TRY_ASSIGN(auto row, call.tx().Maybe("SELECT id FROM catalog_connections WHERE account = ? AND region = ? AND name = ?",
                                         {call.caller().account, call.info().region, name}));
    if (!row) return Fail(ErrorCode::kNotFound, fmt::format("Connection {} not found.", name));
  }
  return ViewRepresentation{.dialect = dialect,
                            .dialect_version = input.dialect_version,
                            .view_original_text = input.view_original_text,
                            .view_expanded_text = input.view_expanded_text,
                            .validation_connection = input.validation_connection,
                            .is_stale = false};
}

Result<std::vector<ViewRepresentation>> RepresentedAll(const gate::Call& call, const ViewDefinitionInput& input) {
  std::vector<ViewRepresentation> all;
  std::set<std::string> dialects;
  for (const auto& one : input.representations.value_or(std::vector<ViewRepresentationInput>())) {
    TRY_ASSIGN(ViewRepresentation made, Represented(call, one));
    if (!dialects.insert(*made.dialect).second) {
      return WrongView(fmt::format("ViewDefinition.Representations: duplicate dialect {}.", *made.dialect));
    }
    all.push_back(std::move(made));
  }
  if (all.empty()) return WrongView("ViewDefinition.Representations is missing.");
  return all;
}

Result<void> CheckShape(const TableInput& input) {
  if (input.table_type.value_or("") != "VIRTUAL_VIEW") return WrongView("TableInput.TableType of a view must be VIRTUAL_VIEW.");
  if (input.target_table) return WrongView("A resource link has no ViewDefinition.");
  const auto& storage = input.storage_descriptor;
  if (!storage || !storage->columns || storage->columns->empty()) {
    return WrongView("TableInput.StorageDescriptor.Columns is missing: texts are not run to find them.");
  }
  if (Reads(storage->location)) return WrongView("A view has no Location.");
  if (input.partition_keys && !input.partition_keys->empty()) return WrongView("A view has no PartitionKeys.");
  const ViewDefinitionInput& view = *input.view_definition;
  const bool managed = view.is_managed || view.refresh_seconds || view.last_refresh_type || view.spark_pipeline_info ||
                       view.view_version_id || view.view_version_token || view.sub_objects_statistics;
  if (managed) return Fail(ErrorCode::kUnsupported, "ViewDefinition of a materialized view");
  return {};
}

// Names and types, which every dialect must agree upon.
std::vector<std::pair<std::string, std::string>> SchemaOf(const std::optional<wire::glue::StorageDescriptor>& storage) {
  std::vector<std::pair<std::string, std::string>> schema;
  if (!storage || !storage->columns) return schema;
  for (const auto& column : *storage->columns)
    schema.emplace_back(Lower(column.name.value_or("")), Lower(column.type.value_or("")));
  return schema;
}

// Puts the representations of `input` where `action` says; the dialects that it does not name become stale where they do not fit.
Result<void> Apply(const std::string& action, std::vector<ViewRepresentation> given, bool fits, bool force, ViewDefinition* view) {
  auto& all = *view->representations;
  for (ViewRepresentation& one : given) {
    auto known = std::ranges::find(all, one.dialect, &ViewRepresentation::dialect);
    if (known == all.end() && action == "REPLACE") {
      return WrongView(fmt::format("The view has no dialect {} to replace.", *one.dialect));
    }
    if (known != all.end() && action == "ADD") {
      return Fail(ErrorCode::kAlreadyExists, fmt::format("The view has the dialect {} already.", *one.dialect));
    }
    if (known == all.end()) {
      all.push_back(one);
    } else {
      *known = one;
    }
  }
  if (fits) return {};
  for (ViewRepresentation& one : all) {
    if (std::ranges::find(given, one.dialect, &ViewRepresentation::dialect) != given.end()) continue;
    if (!force) return WrongView(fmt::format("The change does not fit the dialect {}: use Force to mark it stale.", *one.dialect));
    one.is_stale = true;
  }
  return {};
}

Result<void> DropDialects(const ViewDefinitionInput& input, ViewDefinition* view) {
  auto& all = *view->representations;
  for (const auto& one : input.representations.value_or(std::vector<ViewRepresentationInput>())) {
    if (std::erase_if(all, [&](const ViewRepresentation& known) { return known.dialect == one.dialect; }) == 0) {
      return WrongView(fmt::format("The view has no dialect {}.", one.dialect.value_or("")));
    }
  }
  if (all.empty()) return WrongView("The last dialect of a view cannot be dropped: delete the view.");
  return {};
}

}  // namespace

std::optional<ViewDefinition> DefinerViewOf(const Table& table) {
  if (!table.is_multi_dialect_view.value_or(false)) return std::nullopt;
  return table.view_definition;
}

void HideBeneath(Table* table) {
  if (!table->view_definition) return;
  ViewDefinition shown{.is_protected = table->view_definition->is_protected, .representations = std::vector<ViewRepresentation>()};
  for (const auto& one : table->view_definition->representations.value_or(std::vector<ViewRepresentation>())) {
    shown.representations->push_back({.dialect = one.dialect, .dialect_version = one.dialect_version, .is_stale = one.is_stale});
  }
  table->view_definition = std::move(shown);
  table->view_original_text.reset();
  table->view_expanded_text.reset();
}

Result<Caller> DefinerViews::PassedDefiner(const gate::Call& call, const store::DatabaseRow& home, const std::string& role) const {
  if (role.empty()) return WrongView("ViewDefinition.Definer is missing, and the caller is no role.");
  auto found = RoleArnOf(call.tx(), home.account, role);
  if (!found) return WrongView(fmt::format("ViewDefinition.Definer: {}", found.error().message));
  for (std::string_view service : {kGlueService, kLakeFormationService}) {
    TRY(call.Require({.action = "iam:PassRole",
                      .resource = *found,
                      .owner = home.account,
                      .context = {{"iam:passedtoservice", {std::string(service)}}}}));
  }
  Caller definer;
  for (std::string_view service : {kGlueService, kLakeFormationService}) {
    auto session = roles_.Assume(call.tx(), *found, service);
    if (!session && session.error().code == ErrorCode::kAccessDenied) {
      return WrongView(fmt::format("ViewDefinition.Definer: {} does not let {} assume it.", *found, service));
    }
    if (!session) return std::unexpected(std::move(session).error());
    definer = *std::move(session);
  }
  return definer;
}

Result<std::optional<std::string>> DefinerViews::Lacking(store::Transaction& tx, const Caller& definer,
                                                         const store::TableRow& table, const policy::TableAccess& access) const {
  TRY_ASSIGN(bool open, rights_.IsOpenToIam(tx, table));
  if (open) return "IAM_ALLOWED_PRINCIPALS holds permissions on it";
  const bool whole = access.readable && access.permissions.Grants(policy::Permission::kSelect) && access.row_filter.empty() &&
                     access.cell_filters.empty() && !access.restricted;
  if (whole) {
    TRY_ASSIGN(bool passes, rights_.MayPassOn(tx, definer, table));
    if (passes) return std::nullopt;
  }
  return "the definer does not hold SELECT on all of it with the grant option";
}

Result<void> DefinerViews::CheckTables(const gate::Call& call, const store::DatabaseRow& home, const Caller& definer,
                                       const std::vector<std::string>& arns) const {
  if (arns.empty() || arns.size() > kSubObjectsMax) {
    return WrongView(fmt::format("ViewDefinition.SubObjects must name 1 to {} tables.", kSubObjectsMax));
  }
  for (const std::string& arn : arns) {
    TRY_ASSIGN(Names names, NamesIn(home, arn));
    auto unusable = [&](std::string_view why) { return WrongView(fmt::format("ViewDefinition.SubObjects: {}: {}.", arn, why)); };
    TRY_ASSIGN(auto database, store::FindDatabase(call.tx(), home.account, home.region, names.database));
    std::optional<store::TableRow> table;
    if (database && !database->target) {
      TRY_ASSIGN(table, store::FindTable(call.tx(), database->id, names.table));
    }
    policy::TableAccess access;
    if (table) {
      TRY_ASSIGN(access, lake_.OnTable(call.tx(), definer, *table));
    }
    if (!access.visible) return unusable("there is no such table for the definer");
    if (table->target) return unusable("it is a resource link");
    TRY_ASSIGN(auto definition, wire::FromJson<Table>(table->definition));
    if (definition.table_type.value_or("") == "VIRTUAL_VIEW") return unusable("it is a view");
    TRY_ASSIGN(auto lacking, Lacking(call.tx(), definer, *table, access));
    if (lacking) return unusable(*lacking);
  }
  return {};
}

Result<ViewDefinition> DefinerViews::Made(const gate::Call& call, const store::DatabaseRow& home, const TableInput& input) const {
  TRY(CheckShape(input));
  const ViewDefinitionInput& given = *input.view_definition;
  const bool role = call.caller().kind == CallerKind::kSession && call.caller().principal != 0;
  TRY_ASSIGN(Caller definer, PassedDefiner(call, home, given.definer.value_or(role ? call.caller().principal_arn : "")));
  ViewDefinition view{.is_protected = given.is_protected.value_or(true),
                      .definer = definer.principal_arn,
                      .sub_objects = given.sub_objects.value_or(std::vector<std::string>())};
  TRY(CheckTables(call, home, definer, *view.sub_objects));
  TRY_ASSIGN(view.representations, RepresentedAll(call, given));
  return view;
}

Result<ViewDefinition> DefinerViews::Changed(const gate::Call& call, const store::DatabaseRow& home, const Table& before,
                                             const wire::glue::UpdateTableRequest& in) const {
  const TableInput& input = *in.table_input;
  const std::string action = in.view_update_action.value_or("");
  if (!input.view_definition || action.empty()) {
    return WrongView("A Data Catalog view is changed with TableInput.ViewDefinition and ViewUpdateAction.");
  }
  TRY(CheckShape(input));
  const ViewDefinitionInput& given = *input.view_definition;
  ViewDefinition view = *before.view_definition;
  TRY_ASSIGN(Caller definer, PassedDefiner(call, home, given.definer.value_or(*view.definer)));
  view.definer = definer.principal_arn;
  if (given.is_protected) view.is_protected = given.is_protected;
  bool fits = SchemaOf(before.storage_descriptor) == SchemaOf(input.storage_descriptor);
  if (action == "DROP") {
    if (!fits) return WrongView("The columns of a view do not change with a dialect that is dropped.");
    TRY(DropDialects(given, &view));
    return view;
  }
  if (given.sub_objects) {
    fits = fits && *given.sub_objects == *view.sub_objects;
    view.sub_objects = given.sub_objects;
  }
  TRY(CheckTables(call, home, definer, *view.sub_objects));
  TRY_ASSIGN(auto representations, RepresentedAll(call, given));
  TRY(Apply(action, std::move(representations), fits, in.force.value_or(false), &view));
  return view;
}

Result<void> DefinerViews::CheckClosed(store::Transaction& tx, const store::DatabaseRow& home, const store::TableRow& view) const {
  TRY_ASSIGN(bool open, rights_.IsOpenToIam(tx, view));
  TRY_ASSIGN(bool home_open, rights_.IsOpenToIam(tx, home));
  if (!open && !home_open) return {};
  return WrongView(
      "A Data Catalog view cannot be made where IAM_ALLOWED_PRINCIPALS holds permissions on the database or its new tables.");
}

Result<void> DefinerViews::CheckReader(store::Transaction& tx, const store::TableRow& view) const {
  TRY_ASSIGN(bool open, rights_.IsOpenToIam(tx, view));
  if (!open) return {};
  return Fail(ErrorCode::kAccessDenied,
              fmt::format("{} cannot be read: IAM_ALLOWED_PRINCIPALS holds permissions on it", view.name));
}

Result<void> DefinerViews::CheckBeneath(const gate::Call& call, const BeneathView& view, const OpenedTable& table) const {
  const store::TableRow& row = table.table;
  TRY_ASSIGN(auto above, store::FindTableById(call.tx(), view.view));
  if (!above) return Refuse(NoTable(row.name));
  TRY_ASSIGN(Table definition, wire::FromJson<Table>(above->definition));
  auto stands = DefinerViewOf(definition);
  const std::string arn = TableArn(row.region, row.account, row.database_name, row.name);
  const bool named = stands && !table.link && !table.through_database_link && Contains(*stands->sub_objects, arn);
  if (!named) return Refuse(NoTable(row.name));
  auto refused = [&](std::string_view why) {
    return Fail(ErrorCode::kAccessDenied, fmt::format("{} is not read for the view {}: {}", row.name, above->name, why));
  };
  if (call.caller().principal_arn != *stands->definer) return refused("its definer is another");
  TRY_ASSIGN(auto beneath, wire::FromJson<Table>(row.definition));
  if (beneath.table_type.value_or("") == "VIRTUAL_VIEW") return refused("it is a view");
  TRY_ASSIGN(auto lacking, Lacking(call.tx(), call.caller(), row, table.access));
  if (lacking) return refused(*lacking);
  return {};
}

}  // namespace hanse::catalog
