#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "base/random.h"
#include "base/text.h"
#include "cli/asking.h"
#include "cli/output.h"

namespace hanse::cli {
namespace {

struct Place {
  std::string bucket, prefix;
};

Result<Place> ParsePlace(const std::string& url) {
  constexpr std::string_view kScheme = "s3://";
  if (!url.starts_with(kScheme)) {
    return Fail(ErrorCode::kInvalidArgument,
                "--parquet needs a place to unload to: --output s3://bucket/prefix/, or hanse_results in the profile");
  }
  std::string rest = url.substr(kScheme.size());
  std::size_t slash = rest.find('/');
  Place place{.bucket = rest.substr(0, slash), .prefix = slash == std::string::npos ? "" : rest.substr(slash + 1)};
  if (!place.prefix.empty() && !place.prefix.ends_with('/')) place.prefix += '/';
  return place;
}

// "answer.parquet" for the only file, else "answer-1.parquet" and so on.
std::string NameOf(const std::string& wanted, std::size_t index, std::size_t count) {
  if (count == 1) return wanted;
  std::filesystem::path path(wanted);
  std::string numbered = fmt::format("{}-{}{}", path.stem().string(), index + 1, path.extension().string());
  return (path.parent_path() / numbered).string();
}

Result<void> Write(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? Result<void>() : Fail(ErrorCode::kUnavailable, "cannot write " + path);
}

Result<void> Save(Asking& asking) {
  TRY_ASSIGN(Place place, ParsePlace(asking.output()));
  SystemRandom random;
  place.prefix += "unloaded-" + Hex(random.Bytes(8)) + "/";
  TRY(asking.Ask(
      fmt::format("UNLOAD ({}) TO 's3://{}/{}' WITH (format = 'PARQUET')", asking.options().sql, place.bucket, place.prefix)));
  client::AwsClient& as = asking.as();
  TRY_ASSIGN(std::vector<std::string> keys, as.ListObjects(place.bucket, place.prefix));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::string path = NameOf(asking.options().parquet, i, keys.size());
    TRY_ASSIGN(std::string bytes, as.GetObject(place.bucket, keys[i]));
    TRY(Write(path, bytes));
    TRY(as.DeleteObject(place.bucket, keys[i]));
    fmt::print(stderr, "{}: {} bytes\n", path, bytes.size());
  }
  if (keys.empty()) fmt::print(stderr, "no rows: no file written\n");
  return {};
}

}  // namespace

int SaveAsParquet(Asking& asking) {
  auto saved = Save(asking);
  return saved ? 0 : Failed("query", saved.error());
}

}  // namespace hanse::cli
