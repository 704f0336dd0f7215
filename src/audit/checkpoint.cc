#include "audit/checkpoint.h"

#include <cstdio>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "audit/durable_file.h"
#include "audit/segment_file.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace hanse::audit {
namespace {

constexpr std::size_t kCheckpointBytesMax = 4096;

std::string Body(const Checkpoint& checkpoint) {
  return fmt::format(R"({{"segment":{},"records":{},"bytes":{},"last":"{}","timeMs":{}}})", checkpoint.segment, checkpoint.records,
                     checkpoint.bytes, Hex(checkpoint.last), checkpoint.time_ms);
}

}  // namespace

Result<std::optional<Checkpoint>> ReadCheckpoint(const std::string& folder) {
  auto text = ReadAt(folder + "/checkpoint", 0, kCheckpointBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::optional<Checkpoint>();
  if (!text) return std::unexpected(std::move(text).error());
  auto damaged = [] { return Fail(ErrorCode::kConflict, "the checkpoint is damaged"); };
  // One line: the digest of the rest, blank, the rest.
  std::size_t blank = text->find(' '), end = text->find('\n');
  if (blank == std::string::npos || end == std::string::npos || end < blank) return damaged();
  std::string body = text->substr(blank + 1, end - blank - 1);
  if (crypto::Sha256Hex(body) != text->substr(0, blank) || end + 1 != text->size()) return damaged();
  boost::system::error_code error;
  boost::json::value value = boost::json::parse(body, error);
  if (error || !value.is_object()) return damaged();
  const boost::json::object& members = value.as_object();
  auto number = [&](std::string_view name) -> std::int64_t {
    const auto* member = members.if_contains({name.data(), name.size()});
    return member && member->is_int64() ? member->as_int64() : -1;
  };
  Checkpoint checkpoint{number("segment"), number("records"), static_cast<std::uint64_t>(number("bytes")), {}, number("timeMs")};
  const auto* last = members.if_contains("last");
  if (!last || !last->is_string() || !UnHex({last->as_string().data(), last->as_string().size()}, &checkpoint.last))
    return damaged();
  return std::optional(std::move(checkpoint));
}

Result<void> WriteCheckpoint(const std::string& folder, const Checkpoint& checkpoint) {
  std::string body = Body(checkpoint);
  std::string path = folder + "/checkpoint", next = path + ".new";
  TRY_ASSIGN(DurableFile file, DurableFile::Open(next, DurableFile::Start::kEmpty));
  TRY(file.Append(crypto::Sha256Hex(body) + " " + body + "\n"));
  TRY(file.Sync());
  if (std::rename(next.c_str(), path.c_str()) != 0)
    return Fail(ErrorCode::kUnavailable, "the journal's checkpoint cannot be written");
  return SyncFolder(folder);
}

}  // namespace hanse::audit
