#include "server/crawl_storage.h"

#include <algorithm>

namespace hanse::server {
namespace {

class BlobFile final : public catalog::RandomAccessFile {
 public:
  explicit BlobFile(objects::OpenedObject object) : object_(std::move(object)) {}
  std::uint64_t bytes() const override { return object_.size; }
  Result<std::string> Read(std::uint64_t offset, std::size_t size) override {
    if (offset >= object_.size) return std::string();
    std::string bytes(std::min<std::uint64_t>(size, object_.size - offset), '\0');
    TRY(object_.reader->ReadAt(offset, bytes));
    return bytes;
  }

 private:
  objects::OpenedObject object_;
};

}  // namespace

Result<CrawlStorage::Listed> CrawlStorage::Page(const gate::Context& as, objects::ListObjectsV2 list) {
  TRY_ASSIGN(auto page, gate_.Run(as, list, objects_));
  Listed listed;
  if (page.contents) {
    for (const auto& object : *page.contents) {
      listed.files.push_back(
          {object.key.value_or(""), static_cast<std::uint64_t>(object.size.value_or(0)), object.e_tag.value_or("")});
    }
  }
  if (page.common_prefixes) {
    for (const auto& folder : *page.common_prefixes) listed.folders.push_back(folder.prefix.value_or(""));
  }
  listed.next = page.next_continuation_token.value_or("");
  return listed;
}

Result<CrawlStorage::Listed> CrawlStorage::List(const gate::Context& as, std::string_view bucket, std::string_view prefix,
                                                std::string_view from) {
  objects::ListObjectsV2 list;
  list.in.bucket = std::string(bucket);
  list.in.prefix = std::string(prefix);
  if (!from.empty()) list.in.continuation_token = std::string(from);
  return Page(as, std::move(list));
}

Result<CrawlStorage::Listed> CrawlStorage::ListFolder(const gate::Context& as, std::string_view bucket, std::string_view prefix,
                                                      std::string_view from) {
  objects::ListObjectsV2 list;
  list.in.bucket = std::string(bucket);
  list.in.prefix = std::string(prefix);
  list.in.delimiter = "/";
  if (!from.empty()) list.in.continuation_token = std::string(from);
  return Page(as, std::move(list));
}

Result<CrawlStorage::Changes> CrawlStorage::Changed(const gate::Context& as, std::string_view bucket, std::string_view prefix,
                                                    Id since) {
  objects::ChangedFolders question{std::string(bucket), std::string(prefix), since};
  TRY_ASSIGN(auto answer, gate_.Run(as, question, inside_));
  return Changes{answer.all, answer.until, std::move(answer.folders)};
}

Result<CrawlStorage::Files> CrawlStorage::Open(const gate::Context& as, std::string_view bucket, std::vector<std::string> keys) {
  static_assert(kOpenAtOnce <= objects::OpenObjects::kKeysMax);
  const objects::OpenObjects open{std::string(bucket), std::move(keys)};
  TRY_ASSIGN(auto opened, gate_.Run(as, open, inside_));
  Files files;
  files.reserve(opened.size());
  for (objects::OpenedObject& object : opened) files.push_back(std::make_unique<BlobFile>(std::move(object)));
  return files;
}

}  // namespace hanse::server
