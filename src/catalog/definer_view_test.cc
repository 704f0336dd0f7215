// Data Catalog views: who may make one, what its definer must hold, at its making and at each use.
#include "catalog/definer_view.h"

#include <gmock/gmock.h>

#include "catalog/database.h"
#include "catalog/query_table.h"
#include "catalog/table.h"
#include "catalog/test_lake.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using testing::HasSubstr;

class DefinerViewTest : public testing::Test {
 protected:
  DefinerViewTest() {
    auto tx = *world.store->BeginWrite();
    for (const char* name : {"definer", "other"}) {
      Id id = *store::NewThing(*tx, "role");
      EXPECT_TRUE(tx->Execute(
          "INSERT INTO principals (id, account, kind, name, name_lower, path, arn, unique_id, created_ms, trust, definition) "
          "VALUES (?, ?, 'role', ?, ?, '/', ?, ?, 0, '', '')",
          {id, std::string(kOwner), name, name, TestWorld::ArnOf(name), std::string("AROA") + name}));
      for (std::string_view service : {kGlueService, kLakeFormationService}) {
        world.roles.trusts.emplace(TestWorld::ArnOf(name), service);
      }
    }
    EXPECT_TRUE(tx->Commit());
    EXPECT_TRUE(world.gate.Run(world.As("admin"),
                               CreateDatabase{.in = {.database_input = wire::glue::DatabaseInput{.name = "sales"}}}, databases));
    EXPECT_TRUE(Create("orders", {}));
    world.Grant("definer", "sales.orders", Permission::kSelect);
    world.lake.grantable.emplace(TestWorld::ArnOf("definer"), "sales.orders");
  }

  static wire::glue::TableInput Input(const std::string& name, std::optional<wire::glue::ViewDefinitionInput> view) {
    wire::glue::StorageDescriptor storage{.columns = std::vector<wire::glue::Column>{{.name = "id", .type = "int"}}};
    wire::glue::TableInput input{.name = name, .storage_descriptor = storage, .view_definition = std::move(view)};
    if (input.view_definition) input.table_type = "VIRTUAL_VIEW";
    return input;
  }
  static wire::glue::ViewDefinitionInput View(const std::string& dialect = "ATHENA") {
    return {.is_protected = true,
            .definer = TestWorld::ArnOf("definer"),
            .representations =
                std::vector<wire::glue::ViewRepresentationInput>{
                    {.dialect = dialect, .dialect_version = "3", .view_original_text = "SELECT id FROM orders"}},
            .sub_objects = std::vector<std::string>{TableArn("us-east-1", kOwner, "sales", "orders")}};
  }
  Result<CreateTable::Answer> Create(const std::string& name, std::optional<wire::glue::ViewDefinitionInput> view) {
    CreateTable op{.in = {.database_name = "sales", .table_input = Input(name, std::move(view))}};
    return world.gate.Run(world.As("admin"), op, tables);
  }
  Result<UpdateTable::Answer> Update(const std::string& action, wire::glue::TableInput input, bool force = false) {
    UpdateTable op{.in = {.database_name = "sales", .table_input = std::move(input)}};
    if (!action.empty()) op.in.view_update_action = action;
    op.in.force = force;
    return world.gate.Run(world.As("admin"), op, tables);
  }
  Result<wire::glue::Table> Get(std::string_view who, bool details = false) {
    GetTable op{.in = {.database_name = "sales", .name = "v", .include_status_details = details}};
    TRY_ASSIGN(auto answer, world.gate.Run(world.As(who), op, tables));
    return *answer.table;
  }
  Result<GovernedTable> Open(std::string_view who, const std::string& table, std::optional<BeneathView> beneath = {}) {
    OpenForQuery op;
    op.database = "sales";
    op.table = table;
    op.query_id = "q";
    op.beneath = std::move(beneath);
    return world.gate.Run(world.As(who), op, query_tables);
  }
  // What `reader` reads through sales.v.
  Result<GovernedTable> Through(std::string_view reader, const std::string& table = "orders",
                                std::string_view definer = "definer") {
    TRY_ASSIGN(GovernedTable view, Open(reader, "v"));
    return Open(definer, table, BeneathView{view.table.id, "view-arn", world.As(reader).caller});
  }
  std::string Why(const Result<CreateTable::Answer>& refused) { return refused ? "made" : refused.error().message; }
  wire::glue::ViewDefinitionInput Without(auto member) {
    auto view = View();
    (view.*member).reset();
    return view;
  }

  TestWorld world;
  Databases databases{world.access, world.pages};
  Tables tables{world.access, world.pages, world.views};
  QueryTables query_tables{world.access, world.views};
};

TEST_F(DefinerViewTest, IsReadWithItsDefinersRightsAsLongAsHeHasThem) {
  ASSERT_TRUE(Create("v", View()));
  EXPECT_FALSE(Through("ana"));
  world.Grant("ana", "sales.v", Permission::kSelect);
  EXPECT_TRUE(Through("ana"));
  EXPECT_FALSE(Open("ana", "orders"));
  world.lake.grantable.clear();
  EXPECT_EQ(Through("ana").error().code, ErrorCode::kAccessDenied);
  world.lake.grantable.emplace(TestWorld::ArnOf("definer"), "sales.orders");
  EXPECT_TRUE(Through("ana"));
  world.lake.rows[{TestWorld::ArnOf("definer"), "sales.orders"}] = "id = 1";  // He sees some rows alone.
  EXPECT_EQ(Through("ana").error().code, ErrorCode::kAccessDenied);
  world.lake.rows.clear();
  world.lake.open_to_iam.insert("sales.orders");
  EXPECT_EQ(Through("ana").error().code, ErrorCode::kAccessDenied);
  world.lake.open_to_iam = {"sales.v"};  // Now everybody whom IAM lets in would be its reader.
  EXPECT_EQ(Open("ana", "v").error().code, ErrorCode::kAccessDenied);
  world.lake.open_to_iam.clear();
  EXPECT_TRUE(Through("ana"));
  world.lake.grants.erase({TestWorld::ArnOf("definer"), "sales.orders"});
  EXPECT_FALSE(Through("ana"));
}

TEST_F(DefinerViewTest, GivesTheTablesThatItNamesToItsDefinerAlone) {
  ASSERT_TRUE(Create("v", View()));
  ASSERT_TRUE(Create("lines", {}));
  world.Grant("ana", "sales.v", Permission::kSelect);
  for (const char* who : {"definer", "other"}) {
    for (const char* table : {"sales.lines", "sales.orders", "sales.v"}) {
      world.Grant(who, table, Permission::kSelect);
      world.lake.grantable.emplace(TestWorld::ArnOf(who), table);
    }
  }
  EXPECT_TRUE(Through("ana"));
  EXPECT_EQ(Through("ana", "lines").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Through("ana", "v").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Through("ana", "orders", "other").error().code, ErrorCode::kAccessDenied);
  // A table that is no such view gives nothing at all.
  auto plain = Open("definer", "lines");
  ASSERT_TRUE(plain);
  EXPECT_EQ(Open("definer", "orders", BeneathView{plain->table.id, "", {}}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Open("definer", "orders", BeneathView{0, "", {}}).error().code, ErrorCode::kNotFound);
}

TEST_F(DefinerViewTest, IsMadeByWhoMayPassItsDefiner) {
  world.policies.denied = {"iam:PassRole"};
  EXPECT_EQ(Create("v", View()).error().code, ErrorCode::kAccessDenied);
  world.policies.denied.clear();
  auto view = View();
  view.definer = TestWorld::ArnOf("nobody");
  EXPECT_THAT(Why(Create("v", view)), HasSubstr("Definer"));
  view.definer = "arn:aws:iam::" + std::string(kOwner) + ":user/definer";
  EXPECT_THAT(Why(Create("v", view)), HasSubstr("Definer"));
  for (std::string_view service : {kGlueService, kLakeFormationService}) {
    world.roles.trusts.erase({TestWorld::ArnOf("definer"), std::string(service)});
    EXPECT_THAT(Why(Create("v", View())), HasSubstr("does not let " + std::string(service)));
    world.roles.trusts.emplace(TestWorld::ArnOf("definer"), service);
  }
  EXPECT_EQ(Why(Create("v", View())), "made");
}

TEST_F(DefinerViewTest, StandsOnTablesThatItsDefinerMayGiveAway) {
  auto on = [&](std::vector<std::string> tables) {
    auto view = View();
    view.sub_objects = std::move(tables);
    return Why(Create("v", view));
  };
  const std::string orders = TableArn("us-east-1", kOwner, "sales", "orders");
  EXPECT_THAT(on({}), HasSubstr("SubObjects"));
  EXPECT_THAT(on(std::vector<std::string>(11, orders)), HasSubstr("1 to 10"));
  for (const std::string& arn : {std::string("orders"), TableArn("us-east-1", kConsumer, "sales", "orders"),
                                 TableArn("eu-west-1", kOwner, "sales", "orders"), TableArn("us-east-1", kOwner, "sales", "*"),
                                 DatabaseArn("us-east-1", kOwner, "sales")}) {
    EXPECT_THAT(on({arn}), HasSubstr("SubObjects")) << arn;
  }
  // What the definer may not see is not there.
  EXPECT_THAT(on({TableArn("us-east-1", kOwner, "sales", "nothing")}), HasSubstr("there is no such table"));
  ASSERT_TRUE(Create("secret", {}));
  EXPECT_THAT(on({TableArn("us-east-1", kOwner, "sales", "secret")}), HasSubstr("there is no such table"));
  world.lake.grantable.clear();
  EXPECT_THAT(on({orders}), HasSubstr("grant option"));
  world.lake.grantable.emplace(TestWorld::ArnOf("definer"), "sales.orders");
  world.lake.open_to_iam = {"sales.orders"};
  EXPECT_THAT(on({orders}), HasSubstr("IAM_ALLOWED_PRINCIPALS"));
  for (const char* open : {"sales.v", "sales"}) {
    world.lake.open_to_iam = {open};
    EXPECT_THAT(on({orders}), HasSubstr("IAM_ALLOWED_PRINCIPALS")) << open;
  }
  world.lake.open_to_iam.clear();
  EXPECT_EQ(on({orders}), "made");
  world.Grant("definer", "sales.v", Permission::kSelect);
  world.lake.grantable.emplace(TestWorld::ArnOf("definer"), "sales.v");
  auto nested = View();
  nested.sub_objects = {TableArn("us-east-1", kOwner, "sales", "v")};
  EXPECT_THAT(Why(Create("w", nested)), HasSubstr("it is a view"));
}

TEST_F(DefinerViewTest, ItsShapeIsChecked) {
  using Given = wire::glue::ViewDefinitionInput;
  EXPECT_THAT(Why(Create("v", Without(&Given::representations))), HasSubstr("Representations"));
  EXPECT_THAT(Why(Create("v", Without(&Given::sub_objects))), HasSubstr("SubObjects"));
  EXPECT_THAT(Why(Create("v", View("HIVE"))), HasSubstr("Dialect"));
  auto view = View();
  view.representations->push_back(view.representations->front());
  EXPECT_THAT(Why(Create("v", view)), HasSubstr("duplicate dialect"));
  view = View();
  view.representations->front().view_original_text = " ";
  EXPECT_THAT(Why(Create("v", view)), HasSubstr("the text of ATHENA is missing"));
  view = View();
  view.representations->front().validation_connection = "none";
  EXPECT_THAT(Why(Create("v", view)), HasSubstr("Connection none not found"));
  view = View();
  view.refresh_seconds = 60;
  EXPECT_EQ(Create("v", view).error().code, ErrorCode::kUnsupported);
  CreateTable op{.in = {.database_name = "sales", .table_input = Input("v", View())}};
  op.in.table_input->table_type = "EXTERNAL_TABLE";
  EXPECT_FALSE(world.gate.Run(world.As("admin"), op, tables));
  op.in.table_input = Input("v", View());
  op.in.table_input->storage_descriptor->columns->clear();
  EXPECT_FALSE(world.gate.Run(world.As("admin"), op, tables));
}

// Who changes it lends himself its definer's eyes, so he must be allowed to pass that role.
TEST_F(DefinerViewTest, IsChangedByWhoMayPassItsDefiner) {
  ASSERT_TRUE(Create("v", View()));
  ASSERT_TRUE(Update("REPLACE", Input("v", View())));
  world.policies.denied = {"iam:PassRole"};
  EXPECT_EQ(Update("REPLACE", Input("v", View())).error().code, ErrorCode::kAccessDenied);
  EXPECT_EQ(Update("DROP", Input("v", View())).error().code, ErrorCode::kAccessDenied);
  world.policies.denied.clear();
  EXPECT_FALSE(Update("", Input("v", View())));
  EXPECT_FALSE(Update("REPLACE", Input("v", {})));
  EXPECT_FALSE(Update("REPLACE", Input("orders", View())));  // A table does not become a view.
  world.lake.grantable.clear();
  EXPECT_FALSE(Update("REPLACE", Input("v", View())));
}

TEST_F(DefinerViewTest, DialectsComeAndGo) {
  ASSERT_TRUE(Create("v", View()));
  auto stale = [&](std::size_t at) { return *Get("admin")->view_definition->representations->at(at).is_stale; };
  EXPECT_EQ(Update("ADD", Input("v", View())).error().code, ErrorCode::kAlreadyExists);
  EXPECT_FALSE(Update("REPLACE", Input("v", View("SPARK"))));
  ASSERT_TRUE(Update("ADD", Input("v", View("SPARK"))));
  EXPECT_FALSE(stale(0));
  auto wider = Input("v", View("SPARK"));
  wider.storage_descriptor->columns->push_back({.name = "more", .type = "int"});
  EXPECT_FALSE(Update("REPLACE", wider));
  ASSERT_TRUE(Update("ADD_OR_REPLACE", wider, true));
  EXPECT_TRUE(stale(0));
  EXPECT_FALSE(stale(1));
  EXPECT_FALSE(Update("DROP", Input("v", View())));  // Other columns.
  auto athena = wider;
  athena.view_definition = View();
  ASSERT_TRUE(Update("REPLACE", athena));
  EXPECT_FALSE(stale(0));
  ASSERT_TRUE(Update("DROP", wider));
  EXPECT_FALSE(Update("DROP", athena));  // The last one.
  EXPECT_EQ(Get("admin")->view_definition->representations->size(), 1u);
}

TEST_F(DefinerViewTest, ItsReadersSeeNothingOfWhatItStandsOn) {
  ASSERT_TRUE(Create("v", View()));
  auto whole = *Get("admin", true);
  EXPECT_EQ(*whole.view_definition->definer, TestWorld::ArnOf("definer"));
  EXPECT_EQ(whole.status->state, "SUCCESS");
  EXPECT_FALSE(Get("admin")->status);
  world.Grant("ana", "sales.v", Permission::kSelect);
  auto shown = *Get("ana");
  EXPECT_EQ(shown.is_multi_dialect_view, true);
  EXPECT_EQ(shown.view_definition->is_protected, true);
  EXPECT_EQ(wire::ToJson(shown).find("orders"), std::string::npos) << wire::ToJson(shown);
  EXPECT_EQ(wire::ToJson(shown).find("role/definer"), std::string::npos);
}

TEST_F(DefinerViewTest, TheJournalTellsWhoReadAndAsWhom) {
  ASSERT_TRUE(Create("v", View()));
  world.Grant("ana", "sales.v", Permission::kSelect);
  world.journal.records.clear();
  ASSERT_TRUE(Through("ana"));
  std::string all;
  for (const auto& record : world.journal.records) all += record + "\n";
  EXPECT_THAT(all, HasSubstr("\"viewDefiner\":\"" + TestWorld::ArnOf("definer") + "\""));
  EXPECT_THAT(all, HasSubstr("\"viewReader\":\"" + world.As("ana").caller.arn + "\""));
  EXPECT_THAT(all, HasSubstr("\"viewArn\":\"view-arn\""));
}

}  // namespace
}  // namespace hanse::catalog
