#include "steward/mesh_document.h"

#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "steward/mesh_yaml.h"

namespace hanse::steward {
namespace {

using namespace yaml;

constexpr int kFormat = 1;

// A document may not refer to parts of itself: a small one could then stand for a huge one.
class NoAliases final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw YAML::RepresentationException(mark, "aliases (*name) are not read: write it out");
  }
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

WrittenAccount ReadAccount(const YAML::Node& node) {
  WrittenAccount account;
  ReadMap(node, {{"name", [&](const YAML::Node& n) { account.name = Text(n); }},
                 {"email", [&](const YAML::Node& n) { account.email = Text(n); }},
                 {"unit", [&](const YAML::Node& n) { account.unit = Text(n); }}});
  if (account.name.empty()) Wrong(node, "an account needs a name");
  return account;
}

WrittenFilter ReadFilter(const YAML::Node& node) {
  WrittenFilter filter;
  ReadMap(node, {{"table", [&](const YAML::Node& n) { filter.table = Text(n); }},
                 {"name", [&](const YAML::Node& n) { filter.name = Text(n); }},
                 {"rows", [&](const YAML::Node& n) { filter.rows = Text(n); }},
                 {"columns", [&](const YAML::Node& n) { filter.columns = Texts(n); }},
                 {"except", [&](const YAML::Node& n) { filter.except = Texts(n); }}});
  if (filter.table.find('.') == std::string::npos || filter.name.empty())
    Wrong(node, "a filter needs a table (DB.TABLE) and a name");
  if (!filter.columns.empty() && !filter.except.empty()) Wrong(node, "either columns or except");
  return filter;
}

WrittenGrant ReadGrant(const YAML::Node& node) {
  WrittenGrant grant;
  int things = 0;
  auto thing = [&](std::string* into) {
    return [&things, into](const YAML::Node& n) {
      ++things;
      *into = Text(n);
    };
  };
  auto terms = [&](std::optional<Terms>* into) {
    return [&things, into](const YAML::Node& n) {
      ++things;
      *into = ReadTerms(n);
    };
  };
  ReadMap(node, {{"to", [&](const YAML::Node& n) { grant.to = Text(n); }},
                 {"can", [&](const YAML::Node& n) { grant.can = Texts(n); }},
                 {"pass_on", [&](const YAML::Node& n) { grant.pass_on = Texts(n); }},
                 {"condition", [&](const YAML::Node& n) { grant.condition = Text(n); }},
                 {"columns", [&](const YAML::Node& n) { grant.columns = Texts(n); }},
                 {"except", [&](const YAML::Node& n) { grant.except = Texts(n); }},
                 {"catalog",
                  [&](const YAML::Node& n) {
                    grant.catalog = Truth(n);
                    things += grant.catalog ? 1 : 0;
                  }},
                 {"database", thing(&grant.database)},
                 {"all_tables", thing(&grant.all_tables)},
                 {"table", thing(&grant.table)},
                 {"filter", thing(&grant.filter)},
                 {"location", thing(&grant.location)},
                 {"tables", terms(&grant.tables)},
                 {"databases", terms(&grant.databases)},
                 {"tag", terms(&grant.tag)},
                 {"tables_expression", thing(&grant.tables_expression)},
                 {"databases_expression", thing(&grant.databases_expression)},
                 {"expression", thing(&grant.expression)},
                 {"row_policy", thing(&grant.row_policy)}});
  if (grant.to.empty() || grant.can.empty()) Wrong(node, "a grant needs to and can");
  if (things != 1) {
    Wrong(node, "a grant is on exactly one of catalog, database, all_tables, table, filter, location, tables, databases, tag, …");
  }
  if (grant.table.empty() && (!grant.columns.empty() || !grant.except.empty())) Wrong(node, "columns are of a table");
  if (grant.tag && grant.tag->size() != 1) Wrong(node, "one tag");
  return grant;
}

// For whom and where, of the keys of a grant.
WrittenGrant ReadPlace(const YAML::Node& node) {
  WrittenGrant place;
  ReadMap(node, {{"to", [&](const YAML::Node& n) { place.to = Text(n); }},
                 {"condition", [&](const YAML::Node& n) { place.condition = Text(n); }},
                 {"database", [&](const YAML::Node& n) { place.database = Text(n); }},
                 {"table", [&](const YAML::Node& n) { place.table = Text(n); }},
                 {"all_tables", [&](const YAML::Node& n) { place.all_tables = Text(n); }},
                 {"tables", [&](const YAML::Node& n) { place.tables = ReadTerms(n); }},
                 {"tables_expression", [&](const YAML::Node& n) { place.tables_expression = Text(n); }}});
  int things = !place.database.empty() + !place.table.empty() + !place.all_tables.empty() + place.tables.has_value() +
               !place.tables_expression.empty();
  if (things != 1) Wrong(node, "it is for exactly one of database, table, all_tables, tables, tables_expression");
  return place;
}

WrittenGrant ReadOptIn(const YAML::Node& node) {
  WrittenGrant place = ReadPlace(node);
  if (place.to.empty() || place.tables || !place.tables_expression.empty()) {
    Wrong(node, "an opt-in needs to, and one of database, table, all_tables");
  }
  return place;
}

WrittenRowPolicy ReadRowPolicy(const YAML::Node& node) {
  WrittenRowPolicy policy;
  auto columns = [&](const YAML::Node& n) {
    if (!n.IsMap()) Wrong(n, "expected columns with their types");
    for (const auto& pair : n) policy.columns[Text(pair.first)] = Text(pair.second);
  };
  ReadMap(node, {{"name", [&](const YAML::Node& n) { policy.name = Text(n); }},
                 {"columns", columns},
                 {"rows", [&](const YAML::Node& n) { policy.rows = Text(n); }},
                 {"attached", [&](const YAML::Node& n) { policy.attached = ReadList<WrittenGrant>(n, ReadPlace); }}});
  if (policy.name.empty() || policy.columns.empty() || policy.rows.empty())
    Wrong(node, "a row policy needs a name, the columns that it reads, and rows");
  for (const WrittenGrant& place : policy.attached) {
    if (!place.database.empty()) Wrong(node, "a row policy is attached to tables: all_tables, not database");
  }
  return policy;
}

std::map<std::string, Terms> ReadExpressions(const YAML::Node& node) {
  if (!node.IsMap()) Wrong(node, "expected names with tags and their values");
  std::map<std::string, Terms> expressions;
  for (const auto& pair : node) expressions[Text(pair.first)] = ReadTerms(pair.second);
  return expressions;
}

WrittenCatalog ReadCatalog(const YAML::Node& node) {
  WrittenCatalog catalog;
  auto assignments = [&](const YAML::Node& n) {
    if (!n.IsMap()) Wrong(n, "expected DATABASE[.TABLE[.COLUMN]] with tags");
    catalog.assignments.emplace();
    for (const auto& pair : n) {
      for (auto& [tag, values] : ReadTerms(pair.second)) {
        if (values.size() != 1) Wrong(pair.second, "a thing carries one value of a tag");
        (*catalog.assignments)[Text(pair.first)][tag] = values.front();
      }
    }
  };
  ReadMap(node,
          {{"account", [&](const YAML::Node& n) { catalog.account = Text(n); }},
           {"as", [&](const YAML::Node& n) { catalog.as = Text(n); }},
           {"admins", [&](const YAML::Node& n) { catalog.admins = Texts(n); }},
           {"open_to_iam", [&](const YAML::Node& n) { catalog.open_to_iam = Truth(n); }},
           {"tags", [&](const YAML::Node& n) { catalog.tags = ReadTerms(n); }},
           {"assignments", assignments},
           {"expressions", [&](const YAML::Node& n) { catalog.expressions = ReadExpressions(n); }},
           {"filters", [&](const YAML::Node& n) { catalog.filters = ReadList<WrittenFilter>(n, ReadFilter); }},
           {"row_policies", [&](const YAML::Node& n) { catalog.row_policies = ReadList<WrittenRowPolicy>(n, ReadRowPolicy); }},
           {"opt_ins", [&](const YAML::Node& n) { catalog.opt_ins = ReadList<WrittenGrant>(n, ReadOptIn); }},
           {"grants", [&](const YAML::Node& n) { catalog.grants = ReadList<WrittenGrant>(n, ReadGrant); }}});
  if (catalog.account.empty()) Wrong(node, "a catalog needs an account");
  return catalog;
}

void EmitGrant(YAML::Emitter& out, const WrittenGrant& grant) {
  out << YAML::BeginMap;
  Emit(out, "to", grant.to);
  if (grant.catalog) out << YAML::Key << "catalog" << YAML::Value << true;
  Emit(out, "database", grant.database);
  Emit(out, "all_tables", grant.all_tables);
  Emit(out, "table", grant.table);
  Emit(out, "columns", grant.columns);
  Emit(out, "except", grant.except);
  Emit(out, "filter", grant.filter);
  Emit(out, "location", grant.location);
  EmitTerms(out, "tables", grant.tables);
  EmitTerms(out, "databases", grant.databases);
  EmitTerms(out, "tag", grant.tag);
  Emit(out, "tables_expression", grant.tables_expression);
  Emit(out, "databases_expression", grant.databases_expression);
  Emit(out, "expression", grant.expression);
  Emit(out, "row_policy", grant.row_policy);
  Emit(out, "can", grant.can);
  Emit(out, "pass_on", grant.pass_on);
  Emit(out, "condition", grant.condition);
  out << YAML::EndMap;
}

void EmitFilter(YAML::Emitter& out, const WrittenFilter& filter) {
  out << YAML::BeginMap;
  Emit(out, "table", filter.table);
  Emit(out, "name", filter.name);
  Emit(out, "rows", filter.rows);
  Emit(out, "columns", filter.columns);
  Emit(out, "except", filter.except);
  out << YAML::EndMap;
}

void EmitRowPolicy(YAML::Emitter& out, const WrittenRowPolicy& policy) {
  out << YAML::BeginMap;
  Emit(out, "name", policy.name);
  out << YAML::Key << "columns" << YAML::Value << YAML::Flow << YAML::BeginMap;
  for (const auto& [column, type] : policy.columns) out << YAML::Key << column << YAML::Value << type;
  out << YAML::EndMap;
  Emit(out, "rows", policy.rows);
  if (!policy.attached.empty()) EmitList(out, "attached", policy.attached, EmitGrant);
  out << YAML::EndMap;
}

void EmitAssignments(YAML::Emitter& out, const WrittenCatalog& catalog) {
  if (!catalog.assignments) return;
  out << YAML::Key << "assignments" << YAML::Value << YAML::BeginMap;
  for (const auto& [thing, tags] : *catalog.assignments) {
    out << YAML::Key << thing << YAML::Value << YAML::Flow << YAML::BeginMap;
    for (const auto& [tag, value] : tags) out << YAML::Key << tag << YAML::Value << value;
    out << YAML::EndMap;
  }
  out << YAML::EndMap;
}

void EmitCatalog(YAML::Emitter& out, const WrittenCatalog& catalog) {
  out << YAML::BeginMap;
  Emit(out, "account", catalog.account);
  Emit(out, "as", catalog.as);
  if (catalog.admins) out << YAML::Key << "admins" << YAML::Value << *catalog.admins;
  if (catalog.open_to_iam) out << YAML::Key << "open_to_iam" << YAML::Value << *catalog.open_to_iam;
  EmitTerms(out, "tags", catalog.tags);
  EmitAssignments(out, catalog);
  if (catalog.expressions) {
    out << YAML::Key << "expressions" << YAML::Value << YAML::BeginMap;
    for (const auto& [name, terms] : *catalog.expressions) EmitTerms(out, name, terms);
    out << YAML::EndMap;
  }
  if (catalog.filters) EmitList(out, "filters", *catalog.filters, EmitFilter);
  if (catalog.row_policies) EmitList(out, "row_policies", *catalog.row_policies, EmitRowPolicy);
  if (catalog.opt_ins) EmitList(out, "opt_ins", *catalog.opt_ins, EmitGrant);
  if (catalog.grants) EmitList(out, "grants", *catalog.grants, EmitGrant);
  out << YAML::EndMap;
}

}  // namespace

Result<MeshDocument> ReadMesh(std::string_view yaml) {
  MeshDocument mesh;
  try {
    std::istringstream stream{std::string(yaml)};
    NoAliases no_aliases;
    YAML::Parser(stream).HandleNextDocument(no_aliases);
    YAML::Node root = YAML::Load(std::string(yaml));
    std::string format;
    ReadMap(root, {{"mesh", [&](const YAML::Node& n) { format = Text(n); }},
                   {"units", [&](const YAML::Node& n) { mesh.units = Texts(n); }},
                   {"accounts", [&](const YAML::Node& n) { mesh.accounts = ReadList<WrittenAccount>(n, ReadAccount); }},
                   {"catalogs", [&](const YAML::Node& n) { mesh.catalogs = ReadList<WrittenCatalog>(n, ReadCatalog); }}});
    if (format != std::to_string(kFormat)) Wrong(root, "it must begin with mesh: 1");
  } catch (const YAML::Exception& error) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("mesh file, line {}: {}", error.mark.line + 1, error.msg));
  }
  return mesh;
}

std::string WriteMesh(const MeshDocument& mesh) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "mesh" << YAML::Value << kFormat;
  if (!mesh.units.empty()) out << YAML::Key << "units" << YAML::Value << mesh.units;
  if (!mesh.accounts.empty()) {
    out << YAML::Key << "accounts" << YAML::Value << YAML::BeginSeq;
    for (const WrittenAccount& account : mesh.accounts) {
      out << YAML::Flow << YAML::BeginMap;
      Emit(out, "name", account.name);
      Emit(out, "email", account.email);
      Emit(out, "unit", account.unit);
      out << YAML::EndMap;
    }
    out << YAML::EndSeq;
  }
  out << YAML::Key << "catalogs" << YAML::Value << YAML::BeginSeq;
  for (const WrittenCatalog& catalog : mesh.catalogs) EmitCatalog(out, catalog);
  out << YAML::EndSeq << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace hanse::steward
