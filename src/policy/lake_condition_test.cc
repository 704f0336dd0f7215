#include "policy/lake_condition.h"

#include <gtest/gtest.h>

namespace hanse::policy {
namespace {

const std::map<std::string, std::string> kTags = {{"department", "sales"}, {"level", "3"}};

TEST(LakeCondition, HoldsByTheTagsOfThePrincipal) {
  for (std::string_view text :
       {"context.iam.principalTags.hasTag(\"department\")", "context.iam.principalTags.getTag(\"department\") == \"sales\"",
        "context.iam.principalTags.hasTag(\"department\") && context.iam.principalTags.getTag(\"department\") == \"sales\"",
        "!context.iam.principalTags.hasTag(\"other\")",
        "[\"a\", \"sales\"].contains(context.iam.principalTags.getTag(\"department\"))",
        "(context.iam.principalTags.getTag(\"level\") != \"4\") || context.iam.principalTags.hasTag(\"x\")",
        "context.iam.principalTags.hasTag(\"x\") || \"a\" == \"a\""}) {
    auto holds = ConditionHolds(text, kTags);
    ASSERT_TRUE(holds) << text << holds.error().message;
    EXPECT_TRUE(*holds) << text;
  }
}

TEST(LakeCondition, AnErrorIsNoYes) {
  for (std::string_view text :
       {"context.iam.principalTags.getTag(\"none\") == \"x\"", "context.iam.principalTags.getTag(\"none\") != \"x\"",
        "!(context.iam.principalTags.getTag(\"none\") == \"x\")",
        "context.iam.principalTags.getTag(\"none\") == \"x\" || \"a\" == \"a\"",
        "context.iam.principalTags.getTag(\"department\") == \"Sales\"",
        "[\"a\"].contains(context.iam.principalTags.getTag(\"department\"))"}) {
    auto holds = ConditionHolds(text, kTags);
    ASSERT_TRUE(holds) << text;
    EXPECT_FALSE(*holds) << text;
  }
}

TEST(LakeCondition, RefusesWhatIsNotInTheGrammar) {
  for (const std::string& text : {std::string(), std::string("this is not cedar ("), std::string("true"), std::string("\"a\""),
                                  std::string("\"a\" == \"b"), std::string("principal == \"x\""), std::string("\"a\" == \"a\" &&"),
                                  std::string("context.iam.principalTags.hasTag(department)"),
                                  std::string(200, '(') + "\"a\" == \"a\"", std::string(3001, ' ')}) {
    EXPECT_FALSE(ConditionHolds(text, kTags)) << text;
  }
}

}  // namespace
}  // namespace hanse::policy
