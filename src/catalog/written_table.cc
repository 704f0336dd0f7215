#include "catalog/written_table.h"

#include <array>

#include "catalog/definition.h"
#include "wire/json.h"
#include "wire/json_codec.h"
#include "wire/json_reader.h"
#include "wire/shape.h"

namespace hanse::catalog {
namespace {

// The members of a table that its row or the request says, and those that are never absent (shown.cc says the same of structures).
enum class Source { kDefinition, kName, kDatabase, kCatalog, kVersion, kRegistered, kListOrEmpty, kMapOrEmpty, kNeverPassed };

Source SourceOf(std::string_view member) {
  if (member == "Name") return Source::kName;
  if (member == "DatabaseName") return Source::kDatabase;
  if (member == "CatalogId") return Source::kCatalog;
  if (member == "VersionId") return Source::kVersion;
  if (member == "IsRegisteredWithLakeFormation") return Source::kRegistered;
  if (member == "ViewDefinition" || member == "Status") return Source::kNeverPassed;  // Who may change the view is shown it.
  if (member == "PartitionKeys") return Source::kListOrEmpty;
  if (member == "Parameters") return Source::kMapOrEmpty;
  return Source::kDefinition;
}

struct Planned {
  std::string label;  // "\"Name\":"
  std::string_view name;
  Source source;
};

const std::vector<Planned>& Plan() {
  static const std::vector<Planned> kPlan = [] {
    std::vector<Planned> plan;
    for (const wire::Member& member : wire::glue::Table::WireShape().members) {
      plan.push_back({"\"" + std::string(member.name) + "\":", member.name, SourceOf(member.name)});
    }
    return plan;
  }();
  return kPlan;
}

// The members of a kept definition, front to back, each as its text.
class Kept {
 public:
  explicit Kept(std::string_view definition) : reader_(definition) {
    well_ = reader_.Take('{');
    if (well_ && !reader_.Take('}')) Next();
  }
  // The text of a member that comes next; "" where another one does.
  std::string_view Take(std::string_view name) {
    if (name_ != name || !well_) return {};
    reader_.Peek();
    const char* from = reader_.position();
    well_ = reader_.Skip(wire::kNestingMax);
    const std::string_view text(from, reader_.position());
    name_ = {};
    if (reader_.Take(',')) {
      Next();
    } else {
      well_ = well_ && reader_.Take('}');
    }
    return text;
  }
  // Every member was taken, and nothing follows.
  bool Done() { return well_ && name_.empty() && reader_.AtEnd(); }

 private:
  void Next() { well_ = well_ && reader_.TakeName(&name_, &space_) && reader_.Take(':') && !name_.empty(); }

  wire::JsonReader reader_;
  std::string_view name_;
  std::string space_;
  bool well_ = false;
};

// False, and nothing is added, where the definition is not as this program keeps it.
bool PassThrough(const store::TableRow& row, Registered registered, std::string* json) {
  const std::size_t begun = json->size();
  json->reserve(begun + row.definition.size() + 512);
  Kept kept(row.definition);
  char before = '{';
  for (const Planned& member : Plan()) {
    const std::string_view text = kept.Take(member.name);
    const bool kept_alone = member.source == Source::kDefinition || member.source == Source::kNeverPassed;
    if (kept_alone && text.empty()) continue;
    *json += before;
    *json += member.label;
    before = ',';
    switch (member.source) {
      case Source::kNeverPassed: json->resize(begun); return false;
      case Source::kDefinition: *json += text; break;
      case Source::kName: wire::WriteJsonString(row.name, *json); break;
      case Source::kDatabase: wire::WriteJsonString(row.database_name, *json); break;
      case Source::kCatalog: wire::WriteJsonString(row.account, *json); break;
      case Source::kVersion: wire::WriteJsonString(std::to_string(row.version), *json); break;
      case Source::kRegistered: *json += registered == Registered::kYes ? "true" : "false"; break;
      case Source::kListOrEmpty: *json += text.empty() ? "[]" : text; break;
      case Source::kMapOrEmpty: *json += text.empty() ? "{}" : text; break;
    }
  }
  *json += '}';
  if (kept.Done()) return true;
  json->resize(begun);
  return false;
}

}  // namespace

Result<void> WriteTable(const OpenedTable& opened, Registered registered, std::string* json) {
  const bool whole = !opened.table.target && !opened.link && !HidesColumns(opened);
  if (whole && PassThrough(opened.table, registered, json)) return {};
  TRY_ASSIGN(auto shown, ShownTable(opened));
  if (registered == Registered::kYes) shown.is_registered_with_lake_formation = true;
  *json += wire::ToJson(shown);
  return {};
}

}  // namespace hanse::catalog
