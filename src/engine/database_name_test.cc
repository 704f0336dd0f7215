// Names of databases in several data catalogs.
#include "engine/database_name.h"

#include <gtest/gtest.h>

namespace hanse::engine {
namespace {

const std::vector<DataCatalog> kKnown = {{"partner", "444455556666"}};

TEST(DatabaseNameTest, AnothersDatabaseReadsBackAndIsShownWithItsCatalog) {
  const CatalogNames names(kKnown, "AwsDataCatalog");
  const std::string engines = names.EnginesName("Partner", "shop").value();
  EXPECT_EQ(DatabaseName::Of(engines).catalog_id(), "444455556666");
  EXPECT_EQ(DatabaseName::Of(engines).database, "shop");
  EXPECT_EQ(DatabaseName::Of(engines).Shown(), "partner.shop");
  EXPECT_EQ(DatabaseName::Of(engines).EnginesName(), engines);
}

TEST(DatabaseNameTest, OnesOwnIsItsPlainName) {
  const CatalogNames names(kKnown, "AwsDataCatalog");
  EXPECT_EQ(names.EnginesName("", "shop"), "shop");
  EXPECT_EQ(names.EnginesName("AWSDATACATALOG", "shop"), "shop");
  EXPECT_EQ(DatabaseName::Of("shop").catalog_id(), std::nullopt);
  EXPECT_EQ(DatabaseName::Of("shop").Whole(), "awsdatacatalog.shop");
}

TEST(DatabaseNameTest, NamesWithoutACatalogAreOfTheStatementsCatalog) {
  const CatalogNames names(kKnown, "PARTNER");
  EXPECT_EQ(names.EnginesName("", "shop"), names.EnginesName("partner", "shop"));
  EXPECT_EQ(names.EnginesName("awsdatacatalog", "shop"), "shop");
}

TEST(DatabaseNameTest, AnUnknownCatalogAndTheEnginesOwnNamesAreNotThere) {
  const CatalogNames names(kKnown, "AwsDataCatalog");
  EXPECT_EQ(names.EnginesName("elsewhere", "shop"), std::nullopt);
  EXPECT_EQ(names.EnginesName("", names.EnginesName("partner", "shop").value()), std::nullopt);
}

TEST(DatabaseNameTest, AViewsTextMeansTheCatalogsOfWhereTheViewLies) {
  const CatalogNames names(kKnown, "AwsDataCatalog");
  const std::string partners = names.EnginesName("partner", "shop").value();
  EXPECT_EQ(names.Within(partners).EnginesName("awsdatacatalog", "shop"), partners);
  EXPECT_EQ(names.Within(partners).EnginesName("", "shop"), partners);
  EXPECT_EQ(names.Within(partners).EnginesName("partner", "shop"), std::nullopt);
  EXPECT_EQ(names.Within("shop").EnginesName("partner", "shop"), partners);
  EXPECT_EQ(CatalogNames(kKnown, "partner").Within("shop").EnginesName("", "shop"), "shop");
}

}  // namespace
}  // namespace hanse::engine
