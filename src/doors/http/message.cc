#include "doors/http/message.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::http {
namespace {

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}
  std::optional<std::uint64_t> size() const override { return bytes_.size(); }
  Result<std::size_t> Read(std::span<char> into) override {
    const std::size_t count = std::min(into.size(), bytes_.size() - at_);
    std::memcpy(into.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  const std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace

void Headers::Set(std::string_view name, std::string value) {
  Remove(name);
  Add(std::string(name), std::move(value));
}

void Headers::Remove(std::string_view name) {
  std::erase_if(all_, [&](const Header& header) { return EqualsIgnoreCase(header.name, name); });
}

const std::string* Headers::Find(std::string_view name) const {
  for (const Header& header : all_) {
    if (EqualsIgnoreCase(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::string_view Headers::Get(std::string_view name) const {
  const std::string* value = Find(name);
  return value ? std::string_view(*value) : std::string_view();
}

std::size_t Headers::Count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(all_, [&](const Header& header) { return EqualsIgnoreCase(header.name, name); }));
}

std::string_view Request::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::string_view Request::query() const {
  const std::size_t mark = target.find('?');
  return mark == target.npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

Result<std::string> ReadWhole(ByteSource& stream, std::uint64_t bytes_max) {
  const auto too_large = [&] {
    return Fail(ErrorCode::kLimitExceeded, fmt::format("the body is larger than {} bytes", bytes_max));
  };
  const std::optional<std::uint64_t> declared = stream.size();
  if (declared && *declared > bytes_max) return too_large();
  std::string bytes;
  constexpr std::size_t kStep = 64 * 1024;
  for (std::size_t filled = 0;;) {
    bytes.resize(filled +
                 (declared ? std::min<std::uint64_t>(kStep, *declared - std::min<std::uint64_t>(filled, *declared)) + 1 : kStep));
    TRY_ASSIGN(const std::size_t count, stream.Read(std::span(bytes).subspan(filled)));
    filled += count;
    if (filled > bytes_max) return too_large();
    if (count == 0) {
      bytes.resize(filled);
      return bytes;
    }
  }
}

std::unique_ptr<ByteSource> SourceOf(std::string bytes) { return std::make_unique<MemorySource>(std::move(bytes)); }

}  // namespace hanse::http
