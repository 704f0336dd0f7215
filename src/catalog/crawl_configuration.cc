#include "catalog/crawl_configuration.h"

#include <functional>
#include <initializer_list>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <boost/json.hpp>

namespace hanse::catalog {
namespace {

using boost::json::value;

struct Setting {
  std::string_view name;
  std::function<Result<void>(const value&)> take;
};

// Hands each member to the setting of its name; `path` stands before the name of one that there is not.
Result<void> TakeMembers(const value& from, const std::string& path, std::initializer_list<Setting> settings) {
  if (!from.is_object()) return Fail(ErrorCode::kInvalidArgument, path + " must be a JSON object.");
  for (const auto& member : from.get_object()) {
    const Setting* found = nullptr;
    for (const Setting& setting : settings) {
      if (setting.name == std::string_view(member.key())) found = &setting;
    }
    if (found == nullptr) return Fail(ErrorCode::kUnsupported, fmt::format("{}.{}", path, std::string_view(member.key())));
    TRY(found->take(member.value()));
  }
  return {};
}

std::unexpected<Error> WrongValue(std::string_view name, std::string_view wanted) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("Configuration: {} must be {}.", name, wanted));
}

Result<void> TakeVersion(const value& version) {
  const bool one =
      (version.is_number() && version.to_number<double>() == 1.0) || (version.is_string() && version.get_string() == "1.0");
  if (!one) return WrongValue("Version", "1.0");
  return {};
}

// A setting that can be turned on by one word alone.
Setting Word(std::string_view name, std::string_view word, std::function<void()> on) {
  return {name, [name, word, on = std::move(on)](const value& given) -> Result<void> {
            if (!given.is_string() || given.get_string() != word) return WrongValue(name, word);
            on();
            return {};
          }};
}

Setting Number(std::string_view name, std::size_t* number) {
  return {name, [name, number](const value& given) -> Result<void> {
            if (!given.is_int64() || given.get_int64() < 1) return WrongValue(name, "a whole number from 1 on");
            *number = static_cast<std::size_t>(given.get_int64());
            return {};
          }};
}

}  // namespace

Result<CrawlConfiguration> CheckConfiguration(const std::optional<std::string>& json) {
  CrawlConfiguration read;
  if (!json || json->empty()) return read;
  boost::system::error_code error;
  const value root = boost::json::parse(*json, error);
  if (error) return Fail(ErrorCode::kInvalidArgument, "Configuration must be a JSON object.");
  auto tables = [&](const value& given) {
    return TakeMembers(given, "Configuration.CrawlerOutput.Tables",
                       {Word("AddOrUpdateBehavior", "MergeNewColumns", [&] { read.tables = TableUpdate::kMergeNewColumns; }),
                        Number("TableThreshold", &read.table_threshold)});
  };
  auto partitions = [&](const value& given) {
    return TakeMembers(given, "Configuration.CrawlerOutput.Partitions",
                       {Word("AddOrUpdateBehavior", "InheritFromTable", [&] { read.partitions_inherit = true; })});
  };
  auto output = [&](const value& given) {
    return TakeMembers(given, "Configuration.CrawlerOutput", {{"Tables", tables}, {"Partitions", partitions}});
  };
  auto grouping = [&](const value& given) {
    return TakeMembers(given, "Configuration.Grouping",
                       {Word("TableGroupingPolicy", "CombineCompatibleSchemas", [&] { read.grouping = Grouping::kAllCompatible; }),
                        Number("TableLevelConfiguration", &read.table_level)});
  };
  auto index = [&](const value& given) -> Result<void> {
    if (!given.is_bool()) return WrongValue("CreatePartitionIndex", "true or false");
    read.partition_index = given.get_bool();
    return {};
  };
  TRY(TakeMembers(root, "Configuration",
                  {{"Version", TakeVersion}, {"CrawlerOutput", output}, {"Grouping", grouping}, {"CreatePartitionIndex", index}}));
  return read;
}

CrawlConfiguration ReadConfiguration(const std::optional<std::string>& json) {
  return CheckConfiguration(json).value_or(CrawlConfiguration());
}

}  // namespace hanse::catalog
