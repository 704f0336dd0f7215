#include "steward/mesh_document.h"

#include <functional>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace hanse::steward {
namespace {

constexpr int kFormat = 1;

// What yaml-cpp or we say of a document; never leaves ReadMesh.
[[noreturn]] void Wrong(const YAML::Node& node, const std::string& what) { throw YAML::RepresentationException(node.Mark(), what); }

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

std::string Text(const YAML::Node& node) {
  if (!node.IsScalar()) Wrong(node, "expected a text");
  return node.Scalar();
}

bool Truth(const YAML::Node& node) {
  if (!node.IsScalar() || (node.Scalar() != "true" && node.Scalar() != "false")) Wrong(node, "expected true or false");
  return node.Scalar() == "true";
}

// One text stands for a list of it.
std::vector<std::string> Texts(const YAML::Node& node) {
  if (node.IsScalar()) return {node.Scalar()};
  if (!node.IsSequence()) Wrong(node, "expected a list");
  std::vector<std::string> texts;
  for (const YAML::Node& one : node) texts.push_back(Text(one));
  return texts;
}

using Setters = std::map<std::string, std::function<void(const YAML::Node&)>>;

void ReadMap(const YAML::Node& node, const Setters& setters) {
  if (!node.IsMap()) Wrong(node, "expected keys and values");
  for (const auto& pair : node) {
    auto setter = setters.find(Text(pair.first));
    if (setter == setters.end()) Wrong(pair.first, fmt::format("unknown key {}", Text(pair.first)));
    setter->second(pair.second);
  }
}

template <class T, class Read>
std::vector<T> ReadList(const YAML::Node& node, Read read) {
  if (!node.IsSequence()) Wrong(node, "expected a list");
  std::vector<T> all;
  for (const YAML::Node& one : node) all.push_back(read(one));
  return all;
}

Terms ReadTerms(const YAML::Node& node) {
  if (!node.IsMap()) Wrong(node, "expected tags with their values");
  Terms terms;
  for (const auto& pair : node) terms[Text(pair.first)] = Texts(pair.second);
  return terms;
}

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
                 {"databases_expression", thing(&grant.databases_expression)}});
  if (grant.to.empty() || grant.can.empty()) Wrong(node, "a grant needs to and can");
  if (things != 1) {
    Wrong(node, "a grant is on exactly one of catalog, database, all_tables, table, filter, location, tables, databases, tag, …");
  }
  if (grant.table.empty() && (!grant.columns.empty() || !grant.except.empty())) Wrong(node, "columns are of a table");
  if (grant.tag && grant.tag->size() != 1) Wrong(node, "one tag");
  return grant;
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
  ReadMap(node, {{"account", [&](const YAML::Node& n) { catalog.account = Text(n); }},
                 {"as", [&](const YAML::Node& n) { catalog.as = Text(n); }},
                 {"admins", [&](const YAML::Node& n) { catalog.admins = Texts(n); }},
                 {"open_to_iam", [&](const YAML::Node& n) { catalog.open_to_iam = Truth(n); }},
                 {"tags", [&](const YAML::Node& n) { catalog.tags = ReadTerms(n); }},
                 {"assignments", assignments},
                 {"filters", [&](const YAML::Node& n) { catalog.filters = ReadList<WrittenFilter>(n, ReadFilter); }},
                 {"grants", [&](const YAML::Node& n) { catalog.grants = ReadList<WrittenGrant>(n, ReadGrant); }}});
  if (catalog.account.empty()) Wrong(node, "a catalog needs an account");
  return catalog;
}

void Emit(YAML::Emitter& out, std::string_view key, const std::string& value) {
  if (!value.empty()) out << YAML::Key << std::string(key) << YAML::Value << value;
}

void Emit(YAML::Emitter& out, std::string_view key, const std::vector<std::string>& values) {
  if (!values.empty()) out << YAML::Key << std::string(key) << YAML::Value << YAML::Flow << values;
}

void EmitTerms(YAML::Emitter& out, std::string_view key, const std::optional<Terms>& terms) {
  if (!terms) return;
  out << YAML::Key << std::string(key) << YAML::Value << YAML::BeginMap;
  for (const auto& [tag, values] : *terms) out << YAML::Key << tag << YAML::Value << YAML::Flow << values;
  out << YAML::EndMap;
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
  Emit(out, "can", grant.can);
  Emit(out, "pass_on", grant.pass_on);
  Emit(out, "condition", grant.condition);
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
  if (catalog.filters) {
    out << YAML::Key << "filters" << YAML::Value << YAML::BeginSeq;
    for (const WrittenFilter& filter : *catalog.filters) {
      out << YAML::BeginMap;
      Emit(out, "table", filter.table);
      Emit(out, "name", filter.name);
      Emit(out, "rows", filter.rows);
      Emit(out, "columns", filter.columns);
      Emit(out, "except", filter.except);
      out << YAML::EndMap;
    }
    out << YAML::EndSeq;
  }
  if (catalog.grants) {
    out << YAML::Key << "grants" << YAML::Value << YAML::BeginSeq;
    for (const WrittenGrant& grant : *catalog.grants) EmitGrant(out, grant);
    out << YAML::EndSeq;
  }
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
