#pragma once
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include "orc/file.h"

// For tests: a file in memory, and those of testdata/.
namespace hanse::orc {

class TestInput final : public Input {
 public:
  explicit TestInput(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t bytes() const override { return bytes_.size(); }
  Result<void> Read(std::uint64_t offset, std::size_t size, char* into) override {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return Fail(ErrorCode::kInternal, "beyond the end");
    std::memcpy(into, bytes_.data() + offset, size);
    return {};
  }

 private:
  std::string bytes_;
};

// `source`: HANSE_SOURCE_DIR.
inline std::string TestFile(const std::string& source, const std::string& name) {
  std::stringstream bytes;
  bytes << std::ifstream(source + "/src/orc/testdata/" + name + ".orc", std::ios::binary).rdbuf();
  return bytes.str();
}

}  // namespace hanse::orc
