#include "objects/listing.h"

#include <algorithm>

#include "objects/utf8.h"

namespace hanse::objects {
namespace {

// How many keys of a group that was told already are read over before the walk jumps behind it.
constexpr int kReadOver = 16;
constexpr std::int64_t kReadMin = 64;

class Walk {
 public:
  Walk(store::Transaction& tx, Id bucket, ListingOf what, const ListingQuestion& question)
      : tx_(tx), bucket_(bucket), what_(what), question_(question), end_(AfterAllWith(question.prefix)) {}

  Result<Listing> Run() {
    std::string from = std::max(question_.prefix, First());
    Id below = from == question_.after ? question_.below : 0;
    while (!done_) {
      std::int64_t batch =
          std::max<std::int64_t>(kReadMin, question_.limit + 2 - static_cast<std::int64_t>(listing_.entries.size()));
      TRY_ASSIGN(std::vector<Version> rows, Read(from, below, batch));
      std::size_t taken = Take(&rows);
      if (done_ || (taken == rows.size() && rows.size() < static_cast<std::size_t>(batch))) break;
      if (taken < rows.size() || InGroup(last_key_)) {
        from = AfterAllWith(group_);
        below = 0;
        if (from.empty()) break;
      } else {
        from = last_key_;
        below = last_id_;
      }
    }
    return std::move(listing_);
  }

 private:
  // Where the walk begins: behind the key or group of before.
  std::string First() const {
    if (question_.after.empty()) return {};
    bool group = !question_.delimiter.empty() && question_.after.ends_with(question_.delimiter) &&
                 GroupOf(question_.after) == question_.after;
    if (group) return AfterAllWith(question_.after);
    if (question_.below != 0) return question_.after;
    return question_.after + '\x01';  // Keys hold no zero byte: the next key there can be is this or later.
  }

  std::string_view GroupOf(std::string_view key) const {
    if (question_.delimiter.empty() || !key.starts_with(question_.prefix)) return {};
    std::size_t at = key.find(question_.delimiter, question_.prefix.size());
    return at == std::string_view::npos ? std::string_view() : key.substr(0, at + question_.delimiter.size());
  }

  bool InGroup(std::string_view key) const { return !group_.empty() && key.starts_with(group_); }

  Result<std::vector<Version>> Read(const std::string& from, Id below, std::int64_t batch) {
    if (what_ == ListingOf::kAllVersions) return AllFrom(tx_, bucket_, from, below, end_, batch);
    // Of a key there is one visible version: going on after a key is going on at the next one.
    std::string start = below != 0 ? from + '\x01' : from;
    return VisibleFrom(tx_, bucket_, start, end_, batch);
  }

  // Takes rows until the page is full or a group is worth jumping over; how many it took.
  std::size_t Take(std::vector<Version>* rows) {
    int read_over = 0;
    for (std::size_t i = 0; i < rows->size(); ++i) {
      Version& row = (*rows)[i];
      if (InGroup(row.key)) {
        if (++read_over > kReadOver) return i;
        continue;
      }
      read_over = 0;
      if (listing_.entries.size() == static_cast<std::size_t>(question_.limit)) {
        listing_.truncated = true;
        done_ = true;
        return i;
      }
      group_ = GroupOf(row.key);
      bool latest = row.key != last_key_ && !(row.key == question_.after && question_.below != 0);
      last_key_ = row.key;
      last_id_ = row.id;
      if (group_.empty()) {
        listing_.entries.push_back({{}, std::move(row), latest});
      } else {
        listing_.entries.push_back({group_, {}, false});
      }
    }
    return rows->size();
  }

  store::Transaction& tx_;
  const Id bucket_;
  const ListingOf what_;
  const ListingQuestion& question_;
  const std::string end_;
  Listing listing_;
  std::string group_, last_key_;
  Id last_id_ = 0;
  bool done_ = false;
};

}  // namespace

Result<Listing> ListKeys(store::Transaction& tx, Id bucket, ListingOf what, const ListingQuestion& question) {
  if (question.limit == 0) return Listing{};
  return Walk(tx, bucket, what, question).Run();
}

}  // namespace hanse::objects
