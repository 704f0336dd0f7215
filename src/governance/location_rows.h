#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

// Registered locations in the store (lakeformation.md, sections 1.3 and 6.5). A path is "bucket/" or "bucket/prefix/": it covers
// what begins with it, so that "b/t" never covers "b/t2".
namespace hanse::governance {

inline constexpr std::size_t kMaxLocationLevels = 20;

struct LocationRow {
  Id id = 0;
  AccountId account;
  std::string region, arn, path;
  Id role = 0;  // 0: the role is gone.
  bool federation = false, hybrid = false, privileged = false;
  std::string owner_account;
  TimeMs modified_ms = 0;
};

// Of "arn:aws:s3:::bucket/prefix" and of "s3://bucket/prefix"; nothing where the text is no such place.
std::optional<std::string> PathOfArn(std::string_view arn);
std::optional<std::string> PathOfUri(std::string_view uri);
std::string ArnOfPath(std::string_view path);

Result<std::optional<LocationRow>> FindLocation(store::Transaction& tx, std::string_view account, std::string_view region,
                                                std::string_view path);
Result<std::vector<LocationRow>> ListLocations(store::Transaction& tx, std::string_view account, std::string_view region, Id after,
                                               std::int64_t limit);
// Every registration that covers the path, the longest first, whoever made it.
Result<std::vector<LocationRow>> LocationsOver(store::Transaction& tx, std::string_view region, std::string_view path);
// Whether the account that registered the location gave DATA_LOCATION_ACCESS there to `account` or a principal of it.
Result<bool> LentTo(store::Transaction& tx, const LocationRow& location, std::string_view path, std::string_view account);

}  // namespace hanse::governance
