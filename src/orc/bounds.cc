#include "orc/bounds.h"

#include <string_view>

#include "orc/protobuf.h"

namespace hanse::orc {
namespace {

constexpr std::uint64_t kMetadataBytesMax = 64u << 20;
constexpr std::uint64_t kTextsTrusted = 1;  // Earlier writers wrote wrong bounds of texts (HIVE-8732).

// IntegerStatistics and DateStatistics: both have the least and the greatest first.
std::optional<std::pair<std::int64_t, std::int64_t>> Numbers(std::string_view bytes) {
  ProtoReader in(bytes);
  std::optional<std::int64_t> least, greatest;
  for (ProtoReader::Field field; in.Next(&field);) {
    if (field.number == 1) least = UnZigZag(field.value);
    if (field.number == 2) greatest = UnZigZag(field.value);
  }
  if (in.failed() || !least || !greatest) return std::nullopt;
  return std::pair(*least, *greatest);
}

std::optional<std::pair<std::string, std::string>> Texts(std::string_view bytes) {
  ProtoReader in(bytes);
  std::optional<std::string> least, greatest;
  for (ProtoReader::Field field; in.Next(&field);) {
    if (field.number == 1) least = field.bytes;
    if (field.number == 2) greatest = field.bytes;
  }
  if (in.failed() || !least || !greatest) return std::nullopt;
  return std::pair(*std::move(least), *std::move(greatest));
}

Bounds Read(std::string_view bytes, bool texts) {
  Bounds bounds;
  ProtoReader in(bytes);
  for (ProtoReader::Field field; in.Next(&field);) {
    if (field.number == 2 || field.number == 7) bounds.numbers = Numbers(field.bytes);
    if (field.number == 4 && texts) bounds.texts = Texts(field.bytes);
  }
  return in.failed() ? Bounds() : bounds;
}

}  // namespace

std::vector<std::vector<Bounds>> ReadBounds(Input& input, const Tail& tail, std::span<const std::uint32_t> columns) {
  if (tail.metadata_bytes == 0 || tail.metadata_bytes > kMetadataBytesMax) return {};
  std::string raw(static_cast<std::size_t>(tail.metadata_bytes), '\0'), expanded;
  if (!input.Read(tail.metadata_offset, raw.size(), raw.data())) return {};
  if (!ExpandAll(tail.codec, raw, tail.block_bytes, kMetadataBytesMax, &expanded)) return {};
  std::vector<std::vector<Bounds>> stripes;
  ProtoReader metadata(expanded);
  for (ProtoReader::Field stripe; metadata.Next(&stripe);) {
    if (stripe.number != 1) continue;
    std::vector<std::string_view> all;
    ProtoReader in(stripe.bytes);
    for (ProtoReader::Field column; in.Next(&column);) {
      if (column.number == 1) all.push_back(column.bytes);
    }
    auto& bounds = stripes.emplace_back();
    for (std::uint32_t column : columns) {
      bounds.push_back(column < all.size() ? Read(all[column], tail.writer_version >= kTextsTrusted) : Bounds());
    }
    if (in.failed() || stripes.size() > tail.stripes.size()) return {};
  }
  return metadata.failed() || stripes.size() != tail.stripes.size() ? std::vector<std::vector<Bounds>>() : stripes;
}

}  // namespace hanse::orc
