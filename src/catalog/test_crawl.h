#pragma once
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catalog/crawl_control.h"
#include "catalog/crawl_runner.h"
#include "catalog/crawler.h"
#include "catalog/database.h"
#include "catalog/test_lake.h"

// For tests of crawlers: a bucket that is a map, the role that they run as, and a run turned by hand.
namespace hanse::catalog {

class TextFile final : public RandomAccessFile {
 public:
  explicit TextFile(std::string text) : text_(std::move(text)) {}
  std::uint64_t bytes() const override { return text_.size(); }
  Result<std::string> Read(std::uint64_t offset, std::size_t size) override {
    return offset < text_.size() ? text_.substr(static_cast<std::size_t>(offset), size) : std::string();
  }

 private:
  std::string text_;
};

class TestStorage final : public CrawlStorage {
 public:
  std::map<std::string, std::string> files;         // Of the one bucket "lake".
  std::vector<std::string> opened;                  // Keys, since a test last cleared it.
  std::vector<std::pair<Id, std::string>> changes;  // Folders; ids grow.
  bool forgets = false;                             // Nobody knows what has changed.
  std::set<std::string> gone;                       // Are listed, and not there any more when they are opened.
  void Put(const std::string& key, const std::string& text) {
    files[key] = text;
    NoteChange(key);
  }
  void Delete(const std::string& key) {
    files.erase(key);
    NoteChange(key);
  }
  void NoteChange(const std::string& key) { changes.emplace_back(++last_, key.substr(0, key.rfind('/') + 1)); }

  Result<Listed> List(const gate::Context&, std::string_view, std::string_view prefix, std::string_view) override {
    Listed listed;
    for (const auto& [key, text] : files) {
      if (key.starts_with(prefix)) listed.files.push_back({.key = key, .bytes = text.size()});
    }
    return listed;
  }
  Result<Listed> ListFolder(const gate::Context&, std::string_view, std::string_view prefix, std::string_view) override {
    Listed listed;
    std::set<std::string> folders;
    for (const auto& [key, text] : files) {
      if (!key.starts_with(prefix)) continue;
      if (std::size_t slash = key.find('/', prefix.size()); slash == std::string::npos) {
        listed.files.push_back({.key = key, .bytes = text.size()});
      } else {
        folders.insert(key.substr(0, slash + 1));
      }
    }
    listed.folders.assign(folders.begin(), folders.end());
    return listed;
  }
  Result<CrawlStorage::Changes> Changed(const gate::Context&, std::string_view, std::string_view prefix, Id since) override {
    CrawlStorage::Changes answer{.all = since == 0 || forgets, .until = last_};
    std::set<std::string> folders;
    for (const auto& [id, folder] : changes) {
      if (id > since && folder.starts_with(prefix)) folders.insert(folder);
    }
    answer.folders.assign(folders.begin(), folders.end());
    return answer;
  }
  Result<Files> Open(const gate::Context&, std::string_view, std::vector<std::string> keys) override {
    Files all;
    for (const std::string& key : keys) {
      if (gone.contains(key)) return Fail(ErrorCode::kNotFound, "no such key");
      all.push_back(std::make_unique<TextFile>(files.at(key)));
    }
    opened.insert(opened.end(), keys.begin(), keys.end());
    return all;
  }

 private:
  Id last_ = 1;
};

// A runner that a test turns by hand.
class Waiting final : public CrawlQueue {
 public:
  std::vector<Id> waiting;
  void Enqueue(Id crawler) override { waiting.push_back(crawler); }
  void Cancel(Id) override {}
};

class CrawlTest : public testing::Test {
 protected:
  CrawlTest() {
    auto tx = *world.store->BeginWrite();
    Id id = *store::NewThing(*tx, "role");
    EXPECT_TRUE(tx->Execute(
        "INSERT INTO principals (id, account, kind, name, name_lower, path, arn, unique_id, created_ms, trust, definition) "
        "VALUES (?, ?, 'role', 'crawler', 'crawler', '/', ?, 'AROAX', 0, '', '')",
        {id, std::string(kOwner), TestWorld::ArnOf("crawler")}));
    EXPECT_TRUE(tx->Commit());
    EXPECT_TRUE(world.gate.Run(world.As("admin"),
                               CreateDatabase{.in = {.database_input = wire::glue::DatabaseInput{.name = "sales"}}}, databases));
  }
  static CreateCrawler Plain(const std::string& name = "c") {
    CreateCrawler op;
    op.in.name = name;
    op.in.role = "crawler";
    op.in.database_name = "sales";
    op.in.targets = wire::glue::CrawlerTargets{.s3_targets = std::vector<wire::glue::S3Target>{{.path = "s3://lake/orders/"}}};
    return op;
  }
  Result<CreateCrawler::Answer> Make(const CreateCrawler& op) { return world.gate.Run(world.As("admin"), op, crawlers); }
  Result<CreateCrawler::Answer> Create(std::vector<std::string> custom = {}) {
    CreateCrawler op = Plain();
    op.in.classifiers = std::move(custom);
    return Make(op);
  }
  CrawlParts Parts() {
    return {world.gate, tables, partitions, classifiers, storage, indexes, *world.store, world.clock, world.random};
  }
  CrawlSummary Crawl(const std::string& name = "c") {
    EXPECT_TRUE(world.gate.Run(world.As("admin"), StartCrawler{.in = {.name = name}}, control));
    auto row = *FindCrawler(**world.store->BeginRead(), kOwner, "us-east-1", name);
    CrawlSummary summary = CrawlRun(Parts(), *row, world.As("crawler").caller, {}).Run();
    auto tx = *world.store->BeginWrite();
    EXPECT_TRUE(EndCrawl(*tx, row->id, summary, world.clock.NowMs()));
    EXPECT_TRUE(tx->Commit());
    return summary;
  }
  void LetCrawl() { world.Grant("crawler", "sales", policy::Permission::kCreateTable); }
  std::optional<wire::glue::Table> TableOf(const std::string& name, const std::string& database = "sales") {
    auto found = world.gate.Run(world.As("crawler"), GetTable{.in = {.database_name = database, .name = name}}, tables);
    return found ? std::move(found->table) : std::nullopt;
  }

  TestWorld world;
  TestStorage storage;
  OneRole roles{world, "crawler"};
  Waiting queue;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  Partitions partitions{world.access, world.pages};
  PartitionIndexes indexes{world.access};
  Classifiers classifiers{world.pages};
  Crawlers crawlers{roles, world.pages};
  CrawlControl control{queue, world.random, world.pages};
};

}  // namespace hanse::catalog
