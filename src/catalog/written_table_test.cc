#include "catalog/written_table.h"

#include <gtest/gtest.h>

#include <random>

#include "catalog/database.h"
#include "catalog/table.h"
#include "catalog/test_lake.h"
#include "wire/protocol.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
namespace glue = wire::glue;

// Each answer twice, as structures that the wire writes and as text: byte for byte the same.
class WrittenTableTest : public testing::Test {
 protected:
  WrittenTableTest() {
    MakeDatabase({.name = "sales"}, kOwner);
    MakeDatabase(
        {.name = "here", .target_database = glue::DatabaseIdentifier{.catalog_id = std::string(kOwner), .database_name = "sales"}},
        kConsumer);
  }
  void MakeDatabase(const glue::DatabaseInput& input, std::string_view account) {
    ASSERT_TRUE(world.gate.Run(world.As("admin", account), CreateDatabase{.in = {.database_input = input}}, databases));
  }
  void Make(const glue::TableInput& input, std::string_view database = "sales", std::string_view account = kOwner) {
    CreateTable op{.in = {.database_name = std::string(database), .table_input = input}};
    auto made = world.gate.Run(world.As("admin", account), op, tables);
    ASSERT_TRUE(made) << made.error().message;
  }
  template <class Op>
  std::string Structures(const gate::Context& as, const Op& op) {
    auto answer = world.gate.Run(as, op, tables);
    if (!answer) return answer.error().message;
    const wire::Service& service = *wire::FindService("glue");
    return wire::Write(service, Op::Wire::Descriptor(), &*answer, {}).body;
  }
  template <class Op>
  std::string Text(const gate::Context& as, const Op& op) {
    auto answer = world.gate.Run(as, typename Op::Written{op.in}, tables);
    return answer ? *answer : answer.error().message;
  }
  // What `who` is shown of every page and table of a database; the same by both ways.
  std::string Shown(std::string_view who, const std::string& database, std::string_view account = kOwner) {
    const gate::Context as = world.As(who, account);
    std::string all;
    GetTables page{.in = {.database_name = database, .max_results = 3}};
    do {
      const std::string written = Text(as, page);
      // Tokens differ at each sealing.
      const std::string structures = Structures(as, page);
      EXPECT_EQ(written.substr(0, written.find(",\"NextToken\":")), structures.substr(0, structures.find(",\"NextToken\":")));
      EXPECT_EQ(written.size(), structures.size());
      all += written;
      auto next = wire::FromJson<GetTables::Answer>(written);
      page.in.next_token = next ? next->next_token : std::nullopt;
    } while (page.in.next_token);
    for (const std::string& name : names) {
      const GetTable one{.in = {.database_name = database, .name = name}};
      EXPECT_EQ(Text(as, one), Structures(as, one)) << name;
    }
    for (const char* attribute : {"NAME", "TABLE_TYPE", "DEFAULT"}) {
      const GetTables some{.in = {.database_name = database, .attributes_to_get = std::vector<std::string>{attribute}}};
      EXPECT_EQ(Text(as, some), Structures(as, some)) << attribute;
    }
    return all;
  }
  // Tables with every member that there is, with some, with none, and links.
  void MakeAll() {
    std::mt19937 dice(4);
    auto one_in = [&](unsigned count) { return dice() % count == 0; };
    for (int i = 0; i < 40; ++i) {
      glue::TableInput input{.name = "t_" + std::to_string(i)};
      if (one_in(2)) input.description = "said \"so\"\\ \n\t\x01 \xC3\xA4";
      if (one_in(3)) input.owner = "ana";
      if (one_in(3)) input.retention = i;
      if (one_in(3)) input.last_access_time = wire::Timestamp{1'700'000'000'120 + i};
      if (one_in(2)) input.parameters = {{"columns", "id"}, {"k\"ey", "val\\ue"}};
      if (one_in(3)) input.view_original_text = "SELECT \"email\"";
      if (one_in(2)) input.table_type = "EXTERNAL_TABLE";
      if (one_in(2)) input.partition_keys = {{{.name = "day", .type = "date", .comment = "the \"day\""}}};
      if (!one_in(4)) {
        input.storage_descriptor =
            glue::StorageDescriptor{.columns = {{{.name = "id", .type = "bigint"}}}, .location = "s3://l/t/"};
        input.storage_descriptor->columns->push_back({.name = "email", .parameters = {{{"a", "b"}}}});
        if (one_in(2)) input.storage_descriptor->sort_columns = {{{.column = "id", .sort_order = 1}}};
        if (one_in(2)) input.storage_descriptor->compressed = true;
        if (one_in(2)) input.storage_descriptor->bucket_columns.emplace();
      }
      names.push_back(*input.name);
      Make(input);
    }
    names.push_back("link");
    Make({.name = "link",
          .target_table = glue::TableIdentifier{.catalog_id = std::string(kOwner), .database_name = "sales", .name = "t_3"}});
  }

  TestWorld world;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  std::vector<std::string> names;
};

TEST_F(WrittenTableTest, TextIsWhatTheWireWouldWrite) {
  MakeAll();
  world.lake.registered = {"s3://l/"};
  EXPECT_TRUE(Shown("admin", "sales").contains("\"email\""));
  EXPECT_TRUE(Text(world.As("admin"), GetTable{.in = {.database_name = "sales", .name = "t_1"}})
                  .contains("\"IsRegisteredWithLakeFormation\":true"));
  // Across accounts, and through a link to the database.
  EXPECT_FALSE(Shown("admin", "here", kConsumer).contains("email"));
  for (const std::string& name : names) {
    world.Grant("admin", std::string(kOwner) + ":sales." + name, Permission::kSelect, kConsumer);
  }
  EXPECT_TRUE(Shown("admin", "here", kConsumer).contains("\"email\""));
}

TEST_F(WrittenTableTest, HiddenColumnsAndTablesAreInNeither) {
  MakeAll();
  const std::string some = TestWorld::ArnOf("some");
  world.Grant("some", "sales", Permission::kDescribe);
  for (int i = 0; i < 40; i += 2) world.lake.columns[{some, "sales.t_" + std::to_string(i)}] = {"id"};
  std::string shown = Shown("some", "sales");
  EXPECT_TRUE(shown.contains("\"id\""));
  EXPECT_TRUE(shown.contains("t_2\""));
  EXPECT_FALSE(shown.contains(R"("Name":"email")"));
  EXPECT_FALSE(shown.contains("t_1\""));
  world.lake.columns.clear();
  world.lake.grants.erase({some, "sales"});
  shown = Shown("some", "sales");
  EXPECT_FALSE(shown.contains("\"id\""));
}

// A definition that another program kept is read, not passed on: in another order, with members that we do not know, or broken.
TEST_F(WrittenTableTest, WhatIsNotKeptAsWeKeepItIsReadAndWrittenAnew) {
  MakeAll();
  auto put = [&](const std::string& definition) {
    auto tx = *world.store->BeginWrite();
    ASSERT_TRUE(tx->Execute("UPDATE catalog_tables SET definition = ? WHERE name = 't_2'", {definition}));
    ASSERT_TRUE(tx->Commit());
  };
  const GetTable two{.in = {.database_name = "sales", .name = "t_2"}};
  put(R"({"Owner":"o","Description":"d"})");
  EXPECT_TRUE(Text(world.As("admin"), two).contains(R"("Description":"d","Owner":"o")"));
  put(R"({"Name":"t_2","Unknown":{"a":[1]},"Owner":"o"})");
  EXPECT_FALSE(Text(world.As("admin"), two).contains("Unknown"));
  for (const char* good : {R"( { "Name" : "x" , "Owner" : "o" } )", "{}", R"({"Owner":null})"}) {
    put(good);
    auto read = wire::FromJson<GetTable::Answer>(Text(world.As("admin"), two));
    ASSERT_TRUE(read) << good;
    EXPECT_EQ(*read, *wire::FromJson<GetTable::Answer>(Structures(world.As("admin"), two))) << good;
  }
  for (const char* broken : {R"({"Owner":"o")", R"({"Owner":"o"}})", R"({"Owner"})", "", R"({"Owner":{"a":1})"}) {
    put(broken);
    EXPECT_EQ(Text(world.As("admin"), two), Structures(world.As("admin"), two)) << broken;
    EXPECT_FALSE(world.gate.Run(world.As("admin"), two, tables)) << broken;
  }
}

}  // namespace
}  // namespace hanse::catalog
