#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "wire/value.h"

// The descriptor tables: what the interpreter knows of a service. Generated beside the structs, constant, any thread.
namespace hanse::wire {

enum class Kind : std::uint8_t {
  kString,
  kInteger,
  kLong,
  kDouble,
  kBoolean,
  kTimestamp,
  kBlob,
  kStream,
  kDocument,
  kList,
  kMap,
  kStructure,
};

// How a moment is written; kProtocol: as the place it stands in says (seconds in JSON, ISO-8601 in XML, RFC 9110 in headers).
enum class TimeFormat : std::uint8_t { kProtocol, kEpochSeconds, kIso8601, kHttpDate };

enum class Location : std::uint8_t { kBody, kHeader, kHeadersPrefix, kUriLabel, kQueryString, kStatus, kPayload };

enum class Protocol : std::uint8_t { kJson, kQuery, kRestJson, kRestXml };

// How to reach the std::optional<T> of a member without knowing T.
struct MemberAccess {
  const void* (*get)(const void* optional);  // nullptr where it is absent.
  void* (*make)(void* optional);             // A fresh value in it.
  void (*clear)(void* optional);
};

struct ListAccess {
  std::size_t (*size)(const void* list);
  const void* (*at)(const void* list, std::size_t index);
  void* (*add)(void* list);
  void (*pop)(void* list);
};

// each() goes in the order of the keys.
struct MapAccess {
  std::size_t (*size)(const void* map);
  void (*each)(const void* map, void* context, void (*visit)(void* context, const std::string& key, const void* value));
  void* (*add)(void* map, std::string key);  // A fresh value; one that is there is replaced.
};

struct Member {
  std::string_view name;  // In the model: "DatabaseName".
  std::string_view wire;  // On the wire, often the same: "databaseName", "x-amz-acl".
  const Shape* shape = nullptr;
  std::uint32_t offset = 0;
  const MemberAccess* access = nullptr;
  Location location = Location::kBody;
  bool required = false;
  bool flattened = false;  // A list without its own element.
  bool xml_attribute = false;
  bool idempotency_token = false;
  std::string_view xml_prefix = {}, xml_uri = {};  // A namespace of its own.
};

struct Shape {
  std::string_view name;  // In the model: "DatabaseInput".
  Kind kind = Kind::kString;
  TimeFormat time_format = TimeFormat::kProtocol;
  bool sensitive = false;
  bool flattened = false;
  bool is_union = false;  // A structure of which exactly one member is given.
  // Of strings and blobs the length, of lists and maps the size, of numbers the value.
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  std::string_view pattern = {};
  std::span<const std::string_view> values = {};      // Of an enum, sorted.
  std::span<const Member> members = {};               // Of a structure.
  const Member* payload = nullptr;                    // The member that is the HTTP body.
  const Shape* element = nullptr;                     // Of a list's elements, a map's values.
  const Shape* key = nullptr;                         // Of a map's keys.
  std::string_view element_name = {}, key_name = {};  // In XML and query; element_name also of a map's values.
  const ListAccess* list = nullptr;
  const MapAccess* map = nullptr;
};

extern const Shape kEmptyShape;  // Of Empty.

using AnyInput = std::unique_ptr<void, void (*)(void*)>;

struct Operation {
  std::string_view service, name;
  const Shape* input = nullptr;
  const Shape* output = nullptr;
  std::string_view method, uri;        // "PUT", "/{Bucket}/{Key+}?tagging"
  int status = 200;                    // Of a good answer.
  std::string_view result_name = {};   // The element around the output (query).
  std::string_view output_root = {};   // The root of the answer (rest-xml).
  AnyInput (*make_input)() = nullptr;  // A fresh input, all members absent.
};

// Any operation of the model, also those that are not built.
struct RouteEntry {
  std::string_view name, method, uri;
  const Operation* operation = nullptr;                                      // nullptr: not built.
  std::span<const std::string_view> query_needed = {}, headers_needed = {};  // Tells S3's operations apart.
};

struct ErrorStatus {
  std::string_view code;
  int status;
};

struct Service {
  std::string_view name;  // "glue": the folder of the model and the name in a signature's scope.
  Protocol protocol = Protocol::kJson;
  std::string_view json_version = {}, target_prefix = {}, api_version = {}, xml_uri = {};
  std::span<const Operation> operations = {};
  std::span<const RouteEntry> routes = {};   // Sorted by name.
  std::span<const ErrorStatus> errors = {};  // HTTP statuses by the model's error codes, sorted.
};

std::span<const Service* const> Services();
const Service* FindService(std::string_view name);  // nullptr: not one of ours.

// Where a member's std::optional<> stands in its struct.
inline const void* MemberOf(const Member& member, const void* structure) {
  return member.access->get(static_cast<const char*>(structure) + member.offset);
}
inline void* MakeMember(const Member& member, void* structure) {
  return member.access->make(static_cast<char*>(structure) + member.offset);
}
inline void ClearMember(const Member& member, void* structure) {
  member.access->clear(static_cast<char*>(structure) + member.offset);
}

}  // namespace hanse::wire
