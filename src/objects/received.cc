#include "objects/received.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::objects {
namespace {

constexpr std::size_t kBufferBytes = 256 * 1024;

Result<void> CheckMd5(const std::string& given, const std::string& md5) {
  std::string bytes;
  if (!UnBase64(given, &bytes) || bytes.size() != crypto::DigestBytes(crypto::DigestKind::kMd5)) {
    return Refuse(ErrorCode::kInvalidArgument, "InvalidDigest", "The Content-MD5 you specified is not valid.");
  }
  if (bytes != md5) {
    return Refuse(ErrorCode::kInvalidArgument, "BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  return {};
}

Result<void> CheckChecksum(const Checksum& given, const std::string& computed) {
  std::string bytes;
  if (!UnBase64(given.value, &bytes) || bytes.size() != crypto::DigestBytes(given.kind)) {
    return InvalidRequest(fmt::format("Value for x-amz-checksum-{} header is invalid.", Lower(ChecksumName(given.kind))));
  }
  if (given.value != computed) {
    return Refuse(ErrorCode::kInvalidArgument, "BadDigest",
                  fmt::format("The {} you specified did not match the calculated checksum.", ChecksumName(given.kind)));
  }
  return {};
}

}  // namespace

Received::Received(Received&& other) noexcept
    : size(other.size),
      md5(std::move(other.md5)),
      checksum(std::move(other.checksum)),
      blobs_(std::exchange(other.blobs_, nullptr)),
      blob_(std::move(other.blob_)),
      key_(other.key_) {}

Received::~Received() {
  if (blobs_ == nullptr) return;
  // What cannot be deleted now, the sweep at the next start takes.
  [[maybe_unused]] auto deleted = blobs_->Delete(blob_);
}

std::string Received::etag() const { return fmt::format("\"{}\"", Hex(md5)); }

Result<Received> ReceiveBody(blob::Blobs& blobs, Random& random, ByteSource* body, const Announced& announced) {
  if (announced.bytes && static_cast<std::uint64_t>(*announced.bytes) > announced.bytes_max) {
    return Refuse(ErrorCode::kInvalidArgument, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
  }
  crypto::Key key = crypto::Key::Draw(random);
  TRY_ASSIGN(std::unique_ptr<blob::Writer> writer, blobs.Create(key));
  crypto::Digest md5(crypto::DigestKind::kMd5);
  std::optional<crypto::Digest> digest;
  if (announced.checksum)
    digest.emplace(announced.checksum->kind);
  else if (announced.wanted)
    digest.emplace(*announced.wanted);

  thread_local std::vector<char> buffer(kBufferBytes);
  while (body != nullptr) {
    TRY_ASSIGN(std::size_t got, body->Read(buffer));
    if (got == 0) break;
    std::string_view bytes(buffer.data(), got);
    md5.Update(bytes);
    if (digest) digest->Update(bytes);
    TRY(writer->Append(bytes));
    if (writer->plain_bytes() > announced.bytes_max) {
      return Refuse(ErrorCode::kInvalidArgument, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
    }
  }
  if (announced.bytes && writer->plain_bytes() != static_cast<std::uint64_t>(*announced.bytes)) {
    return Refuse(ErrorCode::kInvalidArgument, "IncompleteBody",
                  "You did not provide the number of bytes specified by the Content-Length HTTP header");
  }
  std::string md5_bytes = md5.Finish();
  std::optional<Checksum> checksum;
  if (digest) checksum = Checksum{digest->kind(), Base64(digest->Finish())};
  if (announced.md5) TRY(CheckMd5(*announced.md5, md5_bytes));
  if (announced.checksum) TRY(CheckChecksum(*announced.checksum, checksum->value));
  TRY(writer->Finish());

  Received received(blobs, writer->id(), key);
  received.size = writer->plain_bytes();
  received.md5 = std::move(md5_bytes);
  received.checksum = std::move(checksum);
  return received;
}

}  // namespace hanse::objects
