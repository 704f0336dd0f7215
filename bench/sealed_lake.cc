#include "bench/sealed_lake.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>

#include "crypto/chunked.h"
#include "engine/sample_data.h"

namespace hanse::bench {

Result<std::unique_ptr<SealedLake>> SealedLake::Make() {
  std::string folder = (std::filesystem::temp_directory_path() / "hanse-bench-lake-XXXXXX").string();
  if (!::mkdtemp(folder.data())) return Fail(ErrorCode::kUnavailable, "cannot make a temporary folder");
  return std::unique_ptr<SealedLake>(new SealedLake(folder));
}

SealedLake::~SealedLake() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Result<engine::FileSource> SealedLake::Put(const std::string& path, const std::string& select) {
  TRY_ASSIGN(std::string bytes, engine::SampleData::Shared().Parquet(select));
  const crypto::Key key = crypto::Key::Draw(random_);
  objects_.emplace_back(path, key);
  engine::FileSource file;
  file.object = objects_.size();
  file.bytes = bytes.size();
  const std::string sealed = fmt::format("{}/{}", folder_, file.object);
  int fd = ::open(sealed.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) return Fail(ErrorCode::kUnavailable, "cannot write " + sealed);
  crypto::ChunkedWriter writer(fd, key, random_);
  auto written = writer.Append(bytes);
  if (written) written = writer.Finish();
  ::close(fd);
  TRY(std::move(written));
  return file;
}

Result<engine::TableSource> SealedLake::Resolve(std::string_view database, std::string_view table) {
  auto found = tables_.find(table);
  if (found != tables_.end()) return found->second;
  return Fail(ErrorCode::kNotFound, fmt::format("TABLE_NOT_FOUND: Table 'awsdatacatalog.{}.{}' does not exist", database, table));
}

Result<engine::OpenObject> SealedLake::Open(std::uint64_t object) {
  if (object == 0 || object > objects_.size()) return Fail(ErrorCode::kNotFound, "no such object");
  int fd = ::open(fmt::format("{}/{}", folder_, object).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Fail(ErrorCode::kUnavailable, "an object is gone");
  return engine::OpenObject{fd, objects_[object - 1].second};
}

Result<engine::OpenObject> SealedLake::OpenPath(const std::string& path) {
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    if (objects_[i].first == path) return Open(i + 1);
  }
  return Fail(ErrorCode::kNotFound, "no such object");
}

std::vector<std::string> SealedLake::Paths(const std::string& prefix) const {
  std::vector<std::string> paths;
  for (const auto& [path, key] : objects_) {
    if (path.starts_with(prefix)) paths.push_back(path);
  }
  return paths;
}

}  // namespace hanse::bench
