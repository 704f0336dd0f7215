#include "audit/frame.h"

#include <charconv>

#include "base/text.h"
#include "crypto/digest.h"

namespace hanse::audit {
namespace {

constexpr std::size_t kHexBytes = 2 * kHashBytes;

Hash HashOf(const Hash& before, std::string_view body) {
  thread_local std::string covered;
  covered.assign(before);
  covered += body;
  return crypto::Sha256(covered);
}

}  // namespace

Hash FirstHash() { return Hash(kHashBytes, '\0'); }

Hash AppendFrame(std::string* out, const Hash& before, std::int64_t outbox_row, std::string_view json) {
  const std::size_t start = out->size();
  out->resize(start + kHexBytes);
  *out += ' ';
  *out += std::to_string(outbox_row);
  *out += ' ';
  *out += json;
  Hash hash = HashOf(before, std::string_view(*out).substr(start + kHexBytes + 1));
  out->replace(start, kHexBytes, Hex(hash));
  *out += '\n';
  return hash;
}

std::optional<Frame> ReadFrame(std::string_view text) {
  std::size_t end = text.find('\n');
  if (end == std::string_view::npos || end < kHexBytes + 3 || text[kHexBytes] != ' ') return {};
  Frame frame;
  // Upper case would be another line for the same hash.
  if (!UnHex(text.substr(0, kHexBytes), &frame.hash) || Hex(frame.hash) != text.substr(0, kHexBytes)) return {};
  frame.body = text.substr(kHexBytes + 1, end - kHexBytes - 1);
  std::size_t blank = frame.body.find(' ');
  if (blank == std::string_view::npos) return {};
  auto [rest, error] = std::from_chars(frame.body.data(), frame.body.data() + blank, frame.outbox_row);
  if (error != std::errc() || rest != frame.body.data() + blank) return {};
  frame.json = frame.body.substr(blank + 1);
  frame.bytes = end + 1;
  return frame;
}

bool Follows(const Frame& frame, const Hash& before) { return HashOf(before, frame.body) == frame.hash; }

}  // namespace hanse::audit
