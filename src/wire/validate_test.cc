#include "wire/validate.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "wire/athena.h"
#include "wire/glue.h"
#include "wire/iam.h"
#include "wire/lakeformation.h"
#include "wire/pattern.h"

namespace hanse::wire {
namespace {

template <class T>
std::string Problem(const T& value) {
  const auto valid = Validate(value);
  if (valid) return "";
  EXPECT_EQ(valid.error().code, ErrorCode::kInvalidArgument);
  return valid.error().message;
}

TEST(Validate, GoodInputPasses) {
  EXPECT_EQ(Problem(glue::CreateDatabaseRequest{.database_input = glue::DatabaseInput{.name = "sales"}}), "");
}

TEST(Validate, RequiredMembers) {
  EXPECT_EQ(Problem(glue::CreateDatabaseRequest{}),
            "1 validation error detected: Value null at 'databaseInput' failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(
      Problem(glue::CreateDatabaseRequest{.database_input = glue::DatabaseInput{}}),
      "1 validation error detected: Value null at 'databaseInput.name' failed to satisfy constraint: Member must not be null");
}

TEST(Validate, LengthIsInCharacters) {
  std::string name;
  for (int i = 0; i < 255; ++i) name += "\u00fc";
  EXPECT_EQ(Problem(glue::GetDatabaseRequest{.name = name}), "");
  const std::string problem = Problem(glue::GetDatabaseRequest{.name = name + "x"});
  EXPECT_TRUE(problem.ends_with("at 'name' failed to satisfy constraint: Member must have length less than or equal to 255"))
      << problem;
  EXPECT_EQ(Problem(glue::GetDatabaseRequest{.name = ""}),
            "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or "
            "equal to 1");
}

TEST(Validate, RangesOfNumbersAndLists) {
  EXPECT_EQ(
      Problem(glue::GetTablesRequest{.database_name = "d", .max_results = 0}),
      "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or "
      "equal to 1");
  glue::BatchDeleteTableRequest many{.database_name = "d", .tables_to_delete = std::vector<std::string>(101, "t")};
  EXPECT_NE(Problem(many).find("'tablesToDelete' failed to satisfy constraint: Member must have length less than or equal to 100"),
            std::string::npos);
}

TEST(Validate, ElementsAreCountedFromOne) {
  const glue::TableInput table{.name = "t", .partition_keys = std::vector<glue::Column>{{.name = "a"}, {}}};
  EXPECT_EQ(Problem(table),
            "1 validation error detected: Value null at 'partitionKeys.2.member.name' failed to satisfy constraint: Member must "
            "not be null");
}

TEST(Validate, UnknownEnumValueIsRefused) {
  const std::string problem =
      Problem(lakeformation::TableResource{.database_name = "d", .table_wildcard = lakeformation::TableWildcard{}}) +
      Problem(lakeformation::LFTagPolicyResource{.resource_type = "COLUMN", .expression = std::vector<lakeformation::LFTag>{}});
  EXPECT_NE(
      problem.find(
          "Value 'COLUMN' at 'resourceType' failed to satisfy constraint: Member must satisfy enum value set: [DATABASE, TABLE]"),
      std::string::npos)
      << problem;
}

TEST(Validate, PatternsHoldForAllOfTheText) {
  EXPECT_EQ(Problem(iam::GetRoleRequest{.role_name = "analyst+=,.@-_1"}), "");
  EXPECT_NE(Problem(iam::GetRoleRequest{.role_name = "ana/../x"}).find("regular expression pattern"), std::string::npos);
  EXPECT_NE(Problem(iam::GetRoleRequest{.role_name = "analyst\n"}).find("regular expression pattern"), std::string::npos);
}

TEST(Validate, KeysAndValuesOfMaps) {
  glue::TagResourceRequest tags{.resource_arn = "arn:aws:glue:us-east-1:111111111111:database/d", .tags_to_add = {{{"", "x"}}}};
  EXPECT_NE(Problem(tags).find("Value '' at 'tagsToAdd.key'"), std::string::npos) << Problem(tags);
}

TEST(Validate, SensitiveValuesAreNotRepeated) {
  const iam::AccessKey key{.user_name = "u", .access_key_id = "AKIA", .status = "Active", .secret_access_key = "secret"};
  EXPECT_EQ(Problem(key).find("secret_"), std::string::npos);
  EXPECT_NE(Problem(key), "");  // Its id is too short.
}

TEST(Validate, NamesAtMostTenProblems) {
  const glue::TableInput table{.name = "t", .partition_keys = std::vector<glue::Column>(50)};
  const std::string problem = Problem(table);
  std::size_t count = 0;
  for (std::size_t at = problem.find("Value null"); at != std::string::npos; at = problem.find("Value null", at + 1)) ++count;
  EXPECT_EQ(count, 10u);
}

// A pattern that we cannot read would refuse everything.
TEST(Pattern, EveryPatternOfTheModelsIsKnown) {
  std::set<const Shape*> seen;
  const std::function<void(const Shape*)> walk = [&](const Shape* shape) {
    if (shape == nullptr || !seen.insert(shape).second) return;
    EXPECT_TRUE(shape->pattern.empty() || PatternIsKnown(shape->pattern)) << shape->name << ": " << shape->pattern;
    for (const Member& member : shape->members) walk(member.shape);
    walk(shape->element);
    walk(shape->key);
  };
  for (const Service* service : Services()) {
    for (const Operation& operation : service->operations) {
      walk(operation.input);
      walk(operation.output);
    }
  }
  EXPECT_GT(seen.size(), 500u);
}

TEST(Pattern, JavasCharacters) {
  constexpr std::string_view kText = R"([\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*)";
  EXPECT_TRUE(MatchesPattern(kText, "a \u20ac \U0001F4A9\t"));
  EXPECT_FALSE(MatchesPattern(kText, "a\nb"));
  EXPECT_FALSE(MatchesPattern(kText, "\x80"));
}

TEST(Pattern, LookAheads) {
  constexpr std::string_view kAlias = R"(^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$)";
  EXPECT_TRUE(MatchesPattern(kAlias, "data-mesh"));
  EXPECT_FALSE(MatchesPattern(kAlias, "data--mesh"));
  EXPECT_FALSE(MatchesPattern(kAlias, "-data"));
}

}  // namespace
}  // namespace hanse::wire
