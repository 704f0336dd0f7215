#include "catalog/crawl_plan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::catalog {
namespace {

struct Folder {
  std::map<std::string, std::unique_ptr<Folder>> folders;
  std::vector<const CrawledFile*> files;
};

// The key of a folder "key=value"; nothing for any other.
std::string_view KeyOf(std::string_view folder) {
  std::size_t at = folder.find('=');
  return at == std::string_view::npos || at == 0 ? std::string_view() : folder.substr(0, at);
}

bool Similar(const FileSchema& a, const FileSchema& b, Grouping grouping) {
  if (a.classification != b.classification || a.compression != b.compression) return false;
  if (a.grok_pattern != b.grok_pattern || a.row_tag != b.row_tag) return false;
  if (a.classification == "csv" && (a.delimiter != b.delimiter || a.header != b.header)) return false;
  if (grouping == Grouping::kAllCompatible) return true;
  std::set<std::string> names;
  for (const InferredColumn& column : a.columns) names.insert(column.name);
  std::size_t same = 0;
  for (const InferredColumn& column : b.columns) same += names.count(column.name);
  std::size_t all = a.columns.size() + b.columns.size() - same;
  return all == 0 || same * 2 >= all;  // At least half of the columns of both are in both.
}

PlannedTable FromFiles(std::string_view name, const std::string& path, const Folder& folder) {
  std::map<std::string, std::size_t> formats;
  for (const CrawledFile* file : folder.files) formats[file->schema.classification + "/" + file->schema.compression] += file->files;
  auto most = std::max_element(formats.begin(), formats.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  PlannedTable table{.name = FoldFolderName(name), .path = path};
  for (const CrawledFile* file : folder.files) {
    if (file->schema.classification + "/" + file->schema.compression != most->first) continue;
    if (table.files == 0)
      table.schema = file->schema;
    else
      MergeColumns(file->schema.columns, &table.schema.columns);
    table.schema.quoted = table.schema.quoted || file->schema.quoted;
    if (table.files > 0) table.schema.rows += file->schema.rows;
    table.bytes += file->bytes;
    table.files += file->files;
  }
  return table;
}

class Planner {
 public:
  Planner(Grouping grouping, std::optional<std::size_t> level) : grouping_(grouping), level_(level) {}

  std::vector<PlannedTable> Plan(std::string_view name, const std::string& path, const Folder& folder) const {
    std::vector<PlannedTable> below;
    bool whole = true;  // Every folder is one table, from its own root.
    for (const auto& [child_name, child] : folder.folders) {
      std::string child_path = path + child_name + "/";
      std::vector<PlannedTable> tables = Plan(child_name, child_path, *child);
      whole = whole && tables.size() == 1 && tables.front().path == child_path;
      std::move(tables.begin(), tables.end(), std::back_inserter(below));
    }
    if (folder.files.empty()) {
      const auto depth = static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
      if (level_ && depth < *level_) return below;
      if (whole && !below.empty() && Alike(below)) return {Combine(name, path, std::move(below))};
      return below;
    }
    below.insert(below.begin(), FromFiles(name, path, folder));
    return below;
  }

 private:
  bool Alike(const std::vector<PlannedTable>& tables) const {
    const PlannedTable& first = tables.front();
    std::string_view key = KeyOf(LastFolder(first.path));
    for (const PlannedTable& table : tables) {
      if (table.keys.size() != first.keys.size() || table.schema.classification != first.schema.classification) return false;
      bool same_key = !key.empty() && EqualsIgnoreCase(KeyOf(LastFolder(table.path)), key);
      if (!same_key && !level_ && !Similar(first.schema, table.schema, grouping_)) return false;
    }
    return true;
  }

  static std::string_view LastFolder(std::string_view path) {
    if (path.ends_with('/')) path.remove_suffix(1);
    std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
  }

  static PlannedTable Combine(std::string_view name, const std::string& path, std::vector<PlannedTable> below) {
    PlannedTable table{.name = FoldFolderName(name), .path = path, .schema = below.front().schema};
    table.schema.columns.clear();
    table.schema.rows = 0;
    std::string_view key = KeyOf(LastFolder(below.front().path));
    table.keys.push_back(FoldFolderName(key));
    table.keys.insert(table.keys.end(), below.front().keys.begin(), below.front().keys.end());
    for (PlannedTable& child : below) {
      MergeColumns(child.schema.columns, &table.schema.columns);
      table.schema.rows += child.schema.rows;
      table.schema.quoted = table.schema.quoted || child.schema.quoted;
      table.files += child.files;
      table.bytes += child.bytes;
      std::string_view folder = LastFolder(child.path);
      std::string_view own = KeyOf(folder);
      std::string raw(own.empty() ? folder : folder.substr(own.size() + 1)), value;
      if (!PercentDecode(raw, &value)) value = raw;  // Hive writes special characters of values as %XX.
      if (child.partitions.empty()) child.partitions.push_back({.values = {}, .path = child.path, .columns = child.schema.columns});
      for (PlannedPartition& partition : child.partitions) {
        partition.values.insert(partition.values.begin(), value);
        table.partitions.push_back(std::move(partition));
      }
    }
    return table;
  }

  Grouping grouping_;
  std::optional<std::size_t> level_;  // Folders below the target; nothing: wherever they are alike.
};

// Keys that no folder named are counted from the table's root; none may be called as a column or as another key.
void NameKeys(PlannedTable* table) {
  for (std::size_t i = 0; i < table->keys.size(); ++i) {
    std::string& key = table->keys[i];
    if (key.empty() || key == "_") key = fmt::format("partition_{}", i);
    // A column of the files that is called as the folders is what the folders say.
    std::erase_if(table->schema.columns, [&](const InferredColumn& column) { return column.name == key; });
    for (PlannedPartition& partition : table->partitions) {
      std::erase_if(partition.columns, [&](const InferredColumn& column) { return column.name == key; });
    }
    while (std::find(table->keys.begin(), table->keys.begin() + static_cast<std::ptrdiff_t>(i), key) !=
           table->keys.begin() + static_cast<std::ptrdiff_t>(i)) {
      key += "_" + std::to_string(i);
    }
  }
}

}  // namespace

std::string FoldFolderName(std::string_view folder) {
  std::string name = Lower(folder);
  for (char& c : name) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!plain) c = '_';
  }
  if (name.size() > 200) name.resize(200);
  return name;
}

std::vector<CrawledFile> OneAFolder(const std::vector<CrawledFile>& files) {
  std::map<std::string, Folder> folders;
  for (const CrawledFile& file : files) folders[file.path.substr(0, file.path.rfind('/') + 1)].files.push_back(&file);
  std::vector<CrawledFile> one_a_folder;
  for (const auto& [path, folder] : folders) {
    PlannedTable table = FromFiles("", path, folder);
    one_a_folder.push_back({.path = path, .bytes = table.bytes, .schema = std::move(table.schema), .files = table.files});
  }
  return one_a_folder;
}

std::vector<PlannedTable> PlanTables(std::string_view root_name, const std::vector<CrawledFile>& files, Grouping grouping,
                                     std::optional<std::size_t> table_level) {
  Folder root;
  for (const CrawledFile& file : files) {
    std::vector<std::string> parts = Split(file.path, '/');
    if (parts.size() > kPlannedDepthMax) continue;
    Folder* at = &root;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
      std::unique_ptr<Folder>& next = at->folders[parts[i]];
      if (!next) next = std::make_unique<Folder>();
      at = next.get();
    }
    at->files.push_back(&file);
  }
  std::vector<PlannedTable> tables = Planner(grouping, table_level).Plan(root_name, "", root);
  for (PlannedTable& table : tables) NameKeys(&table);
  return tables;
}

}  // namespace hanse::catalog
