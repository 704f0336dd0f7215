#include "objects/checksum.h"

namespace hanse::objects {
namespace {

struct Named {
  crypto::DigestKind kind;
  std::string_view name;
};
constexpr Named kNames[] = {{crypto::DigestKind::kCrc32, "CRC32"},
                            {crypto::DigestKind::kCrc32c, "CRC32C"},
                            {crypto::DigestKind::kCrc64Nvme, "CRC64NVME"},
                            {crypto::DigestKind::kSha1, "SHA1"},
                            {crypto::DigestKind::kSha256, "SHA256"}};

}  // namespace

Result<crypto::DigestKind> ChecksumKind(std::string_view algorithm) {
  for (const Named& named : kNames) {
    if (named.name == algorithm) return named.kind;
  }
  return NotBuilt("The checksum algorithm " + std::string(algorithm));
}

std::string ChecksumName(crypto::DigestKind kind) {
  for (const Named& named : kNames) {
    if (named.kind == kind) return std::string(named.name);
  }
  return {};
}

}  // namespace hanse::objects
