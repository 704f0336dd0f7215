#include "catalog/grounds.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "catalog/access.h"
#include "catalog/outside_reader.h"
#include "catalog/partition_rows.h"
#include "model/arn.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

namespace json = boost::json;
using policy::Permission;
using policy::PermissionSet;

std::unexpected<Error> Gone() { return Fail(ErrorCode::kNotFound, "Entity not found."); }

json::array ToArray(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& one : texts) array.emplace_back(one);
  return array;
}

// Reading of what this server has sealed itself: what is not there is empty, and empty grounds give nothing.
std::string TextOf(const json::object& object, const char* key) {
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}
std::int64_t NumberOf(const json::object& object, const char* key) {
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}
json::array ArrayOf(const json::object& object, const char* key) {
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_array() ? found->get_array() : json::array();
}
std::vector<std::string> TextsOf(const json::object& object, const char* key) {
  std::vector<std::string> texts;
  for (const json::value& one : ArrayOf(object, key)) {
    if (one.is_string()) texts.emplace_back(one.get_string());
  }
  return texts;
}

// Each permission that was asked for; who sees the table may describe it. SELECT of a part is enough here: who may hold the files
// is asked after it.
Result<void> CheckHeld(const policy::TableAccess& access, PermissionSet asked, std::string_view table) {
  if (asked.Has(Permission::kSelect) && !access.readable) return Access::Demand({}, Permission::kSelect, table);
  for (Permission one : {Permission::kAll, Permission::kInsert, Permission::kDelete, Permission::kAlter, Permission::kDrop}) {
    if (asked.Has(one)) TRY(Access::Demand(access.permissions, one, table));
  }
  return {};
}

Result<void> CheckOutside(store::Transaction& tx, gate::Lake& lake, const Caller& reader, const Grounds& grounds,
                          const Judged& judged) {
  TRY_ASSIGN(gate::OutsideReading may, lake.OutsideReadingOf(tx, reader, judged.table.account, judged.table.region));
  if (grounds.by_path) may.filters = false;
  TRY(CheckOutsideReader(may, FinerThanTable(judged.access, judged.table), grounds.supported));
  if (judged.location.hybrid && !may.filters) {
    return Fail(ErrorCode::kAccessDenied, "A location in hybrid access mode is read by authorized engines only.");
  }
  return {};
}

// Where the data is today: the folder of the table or of its partition.
Result<std::string> FolderOfPlace(store::Transaction& tx, const store::TableRow& table, const Grounds::Place& place) {
  TRY_ASSIGN(std::string folder, FolderOf(table.location));
  if (place.partition.empty()) return folder;
  TRY_ASSIGN(auto found, FindPartition(tx, table.id, place.partition));
  if (!found) return Gone();
  TRY_ASSIGN(auto partition, wire::FromJson<wire::glue::Partition>(*found));
  TRY_ASSIGN(std::string own, FolderOf(PlaceOf(table, partition)));
  if (!own.starts_with(folder)) return Fail(ErrorCode::kInvalidArgument, "The partition does not lie below its table.");
  return own;
}

Result<Judged> JudgePlace(store::Transaction& tx, gate::Lake& lake, const Caller& reader, const Grounds& grounds,
                          const Grounds::Place& place) {
  TRY_ASSIGN(auto table, store::FindTableById(tx, place.table));
  if (!table || table->target) return Gone();
  Judged judged{.table = std::move(*table)};
  TRY_ASSIGN(judged.access, lake.OnTable(tx, reader, judged.table));
  if (!judged.access.visible) return Gone();
  TRY(CheckHeld(judged.access, grounds.permissions, judged.table.name));
  TRY_ASSIGN(std::string folder, FolderOfPlace(tx, judged.table, place));
  if (!place.path.starts_with(folder))
    return Fail(ErrorCode::kInvalidArgument, "The path does not lie below the table's location.");
  TRY_ASSIGN(auto location, lake.LocationOf(tx, judged.table.account, judged.table.region, "s3://" + place.path));
  location = gate::Counting(std::move(location), judged.access);
  if (!location) return Fail(ErrorCode::kInvalidArgument, "The table's location is not registered with Lake Formation.");
  if (location->role_arn.empty()) return Fail(ErrorCode::kAccessDenied, "The role of the registered location is gone.");
  judged.location = std::move(*location);
  TRY(CheckOutside(tx, lake, reader, grounds, judged));
  return judged;
}

}  // namespace

std::string Grounds::ToJson() const {
  json::array all;
  for (const Place& place : places) {
    all.push_back(json::object{{"table", place.table}, {"partition", ToArray(place.partition)}, {"path", place.path}});
  }
  return json::serialize(json::object{{"places", all},
                                      {"permissions", std::int64_t{permissions.bits()}},
                                      {"supported", ToArray(supported)},
                                      {"by_path", std::int64_t{by_path}}});
}

Grounds Grounds::FromJson(std::string_view text) {
  Grounds grounds;
  json::error_code error;
  const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return grounds;
  const json::object& object = value.get_object();
  for (const json::value& one : ArrayOf(object, "places")) {
    if (!one.is_object()) return Grounds();
    const json::object& place = one.get_object();
    grounds.places.push_back({NumberOf(place, "table"), TextsOf(place, "partition"), TextOf(place, "path")});
  }
  grounds.permissions = PermissionSet::FromBits(static_cast<std::uint32_t>(NumberOf(object, "permissions")));
  grounds.supported = TextsOf(object, "supported");
  grounds.by_path = NumberOf(object, "by_path") != 0;
  return grounds;
}

Result<std::vector<Judged>> Judge(store::Transaction& tx, gate::Lake& lake, const Caller& reader, const Grounds& grounds) {
  if (grounds.places.empty() || grounds.permissions.empty()) return Gone();
  std::vector<Judged> judged;
  for (const Grounds::Place& place : grounds.places) {
    TRY_ASSIGN(Judged one, JudgePlace(tx, lake, reader, grounds, place));
    judged.push_back(std::move(one));
  }
  return judged;
}

Result<std::string> FolderOf(std::string_view location) {
  std::string bucket, prefix;
  bool fits = ParseS3Location(location, &bucket, &prefix);
  for (unsigned char c : bucket + "/" + prefix) fits = fits && c >= 0x20 && c != 0x7f && c != '*' && c != '?' && c != '$';
  if (!fits) return Fail(ErrorCode::kInvalidArgument, "Credentials cannot be vended for this location.");
  std::string folder = bucket + "/" + prefix;
  return folder.ends_with('/') ? folder : folder + "/";
}

std::string SessionPolicyOf(const Grounds& grounds) {
  json::array statements, objects;
  for (const Grounds::Place& place : grounds.places) {
    const std::size_t slash = place.path.find('/');
    const std::string bucket = place.path.substr(0, slash), prefix = place.path.substr(slash + 1);
    json::array listed{prefix + "*"};
    if (prefix.empty() || prefix.ends_with('/')) {
      objects.emplace_back(S3Arn(bucket, prefix + "*"));
    } else {
      objects.emplace_back(S3Arn(bucket, prefix));
      objects.emplace_back(S3Arn(bucket, prefix + "/*"));
      listed = {prefix + "/*"};
    }
    statements.push_back({{"Effect", "Allow"},
                          {"Action", "s3:ListBucket"},
                          {"Resource", S3Arn(bucket)},
                          {"Condition", {{"StringLike", {{"s3:prefix", listed}}}}}});
  }
  json::array actions{"s3:GetObject"}, keys{"kms:Decrypt"};
  if (grounds.permissions.Grants(Permission::kInsert)) {
    for (const char* action : {"s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"})
      actions.emplace_back(action);
    keys.emplace_back("kms:GenerateDataKey");
  }
  if (grounds.permissions.Grants(Permission::kDelete)) actions.emplace_back("s3:DeleteObject");
  statements.push_back({{"Effect", "Allow"}, {"Action", actions}, {"Resource", objects}});
  statements.push_back({{"Effect", "Allow"},
                        {"Action", keys},
                        {"Resource", "*"},
                        {"Condition", {{"StringLike", {{"kms:ViaService", "s3.*.amazonaws.com"}}}}}});
  return json::serialize(json::object{{"Version", "2012-10-17"}, {"Statement", statements}});
}

}  // namespace hanse::catalog
