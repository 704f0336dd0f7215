#include "objects/listing.h"

#include <gtest/gtest.h>

#include "objects/range.h"
#include "objects/test_world.h"
#include "objects/utf8.h"

namespace hanse::objects {
namespace {

constexpr const char* kListed = "b-1";
const std::vector<std::string> kTree = {"a", "a/1", "a/2", "a/b/3", "b c/4", "c", "z/", "ü/5"};

class ListingTest : public testing::Test {
 protected:
  void SetUp() override {
    world_.MakeBucket(kListed);
    for (const std::string& key : kTree) ASSERT_TRUE(world_.Run(World::Put(kListed, key, key)));
  }
  // Keys, then groups after a bar.
  std::string Listed(std::optional<std::string> prefix, std::optional<std::string> delimiter,
                     std::optional<std::string> after = {}) {
    ListObjectsV2 op;
    op.in.bucket = kListed;
    op.in.prefix = std::move(prefix);
    op.in.delimiter = std::move(delimiter);
    op.in.start_after = std::move(after);
    auto page = world_.Run(op);
    EXPECT_TRUE(page);
    EXPECT_EQ(page->key_count, static_cast<int>(page->contents->size() + page->common_prefixes->size()));
    std::vector<std::string> keys, groups;
    for (const auto& entry : *page->contents) keys.push_back(*entry.key);
    for (const auto& group : *page->common_prefixes) groups.push_back(*group.prefix);
    return Join(keys, ",") + "|" + Join(groups, ",");
  }
  World world_;
};

TEST_F(ListingTest, InByteOrderWithPrefixAndDelimiter) {
  EXPECT_EQ(Listed({}, {}), "a,a/1,a/2,a/b/3,b c/4,c,z/,ü/5|");
  EXPECT_EQ(Listed({}, "/"), "a,c|a/,b c/,z/,ü/");
  EXPECT_EQ(Listed("a/", "/"), "a/1,a/2|a/b/");
  EXPECT_EQ(Listed("a", {}), "a,a/1,a/2,a/b/3|");
  EXPECT_EQ(Listed({}, {}, "a/1"), "a/2,a/b/3,b c/4,c,z/,ü/5|");
  EXPECT_EQ(Listed("none", {}), "|");
  EXPECT_EQ(Listed("a/", "/", "a/1"), "a/2|a/b/");
  EXPECT_EQ(Listed({}, "b"), "a,a/1,a/2,c,z/,ü/5|a/b,b");
}

TEST_F(ListingTest, PagesNeitherLoseNorRepeat) {
  ListObjectsV2 op;
  op.in.bucket = kListed;
  op.in.delimiter = "/";
  op.in.max_keys = 1;
  std::vector<std::string> seen;
  while (true) {
    auto page = world_.Run(op);
    ASSERT_TRUE(page);
    for (const auto& entry : *page->contents) seen.push_back(*entry.key);
    for (const auto& group : *page->common_prefixes) seen.push_back(*group.prefix);
    if (!*page->is_truncated) break;
    op.in.continuation_token = page->next_continuation_token;
    ASSERT_LT(seen.size(), 20u);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "a/", "b c/", "c", "z/", "ü/"}));
  op.in.continuation_token = "forged";
  EXPECT_EQ(world_.Refused(world_.admin, op), "InvalidArgument");
}

TEST_F(ListingTest, LargeGroupsAreToldOnceAndPassed) {
  for (int i = 0; i < 150; ++i) ASSERT_TRUE(world_.Run(World::Put(kListed, "big/" + std::to_string(i), "")));
  EXPECT_EQ(Listed({}, "/"), "a,c|a/,b c/,big/,z/,ü/");
  ListObjects old;
  old.in.bucket = kListed;
  old.in.delimiter = "/";
  old.in.max_keys = 4;
  auto page = world_.Run(old);
  ASSERT_TRUE(page && *page->is_truncated);
  EXPECT_EQ(page->next_marker, "big/");
  old.in.marker = page->next_marker;
  auto rest = world_.Run(old);
  EXPECT_EQ(rest->contents->size() + rest->common_prefixes->size(), 3u);
}

TEST_F(ListingTest, VersionsAreListedNewestFirstInPages) {
  PutBucketVersioning versioning;
  versioning.in.bucket = kListed;
  versioning.in.versioning_configuration.emplace().status = "Enabled";
  ASSERT_TRUE(world_.Run(versioning));
  for (const char* body : {"1", "2", "3"}) ASSERT_TRUE(world_.Run(World::Put(kListed, "c", body)));
  ASSERT_TRUE(world_.Run(World::Of<DeleteObject>(kListed, "c")));
  ListObjectVersions op;
  op.in.bucket = kListed;
  op.in.prefix = "c";
  auto all = world_.Run(op);
  ASSERT_EQ(all->versions->size(), 4u);
  ASSERT_EQ(all->delete_markers->size(), 1u);
  EXPECT_TRUE(*all->delete_markers->front().is_latest);
  EXPECT_EQ(all->versions->back().version_id, "null");
  op.in.max_keys = 2;
  std::size_t seen = 0;
  while (true) {
    auto page = world_.Run(op);
    ASSERT_TRUE(page);
    for (const auto& version : *page->versions) EXPECT_FALSE(*version.is_latest);
    seen += page->versions->size() + page->delete_markers->size();
    if (!*page->is_truncated) break;
    op.in.key_marker = page->next_key_marker;
    op.in.version_id_marker = page->next_version_id_marker;
    ASSERT_LT(seen, 20u);
  }
  EXPECT_EQ(seen, 5u);
}

TEST(Utf8, WhatComesAfterAllThatBeginAlike) {
  EXPECT_EQ(AfterAllWith("a/"), "a0");
  EXPECT_EQ(AfterAllWith("a\xf4\x8f\xbf\xbf"), "b");
  EXPECT_EQ(AfterAllWith("\xed\x9f\xbf"), "\xee\x80\x80");  // Over the surrogates.
  EXPECT_EQ(AfterAllWith("\xf4\x8f\xbf\xbf"), "");
  EXPECT_EQ(AfterAllWith(""), "");
}

TEST(Range, IsReadAsHttpSays) {
  auto read = [](const char* header, std::uint64_t size) {
    auto part = ReadRange(header, size);
    if (!part) return part.error().name;
    return part->whole ? std::string("whole") : part->ContentRange(size);
  };
  EXPECT_EQ(read("bytes=0-0", 10), "bytes 0-0/10");
  EXPECT_EQ(read("bytes=7-", 10), "bytes 7-9/10");
  EXPECT_EQ(read("bytes=-3", 10), "bytes 7-9/10");
  EXPECT_EQ(read("bytes=-99", 10), "bytes 0-9/10");
  EXPECT_EQ(read("bytes=5-99", 10), "bytes 5-9/10");
  EXPECT_EQ(read("bytes=18446744073709551615-", 10), "InvalidRange");
  EXPECT_EQ(read("bytes=0-", 0), "InvalidRange");
  EXPECT_EQ(read("bytes=-0", 10), "InvalidRange");
  for (const char* ignored : {"nonsense", "bytes=", "bytes=a-b", "bytes=5-2", "bytes=0-1,3-4", "bytes=99999999999999999999-"}) {
    EXPECT_EQ(read(ignored, 10), "whole") << ignored;
  }
}

}  // namespace
}  // namespace hanse::objects
