#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "catalog/classifier.h"
#include "catalog/column_statistics.h"
#include "catalog/connection.h"
#include "catalog/crawl_control.h"
#include "catalog/crawler.h"
#include "catalog/database.h"
#include "catalog/function.h"
#include "catalog/partition.h"
#include "catalog/partition_index.h"
#include "catalog/policy.h"
#include "catalog/search.h"
#include "catalog/statistics_task.h"
#include "catalog/table.h"
#include "catalog/tags.h"
#include "catalog/unfiltered.h"
#include "catalog/vending.h"
#include "catalog/version.h"
#include "doors/aws/door.h"
#include "gate/gate.h"
#include "governance/expressions.h"
#include "governance/filters.h"
#include "governance/grants.h"
#include "governance/identity_center.h"
#include "governance/invitations.h"
#include "governance/listing.h"
#include "governance/locations.h"
#include "governance/opt_ins.h"
#include "governance/permissions.h"
#include "governance/row_attachments.h"
#include "governance/row_policies.h"
#include "governance/settings.h"
#include "governance/share_listing.h"
#include "governance/share_permissions.h"
#include "governance/shares.h"
#include "governance/tag_assignment.h"
#include "governance/tags.h"
#include "identity/operations.h"
#include "identity/saml_sessions.h"
#include "identity/simulation.h"
#include "identity/sts.h"
#include "insight/cloudtrail.h"
#include "insight/cloudwatch.h"
#include "keys/operations.h"
#include "objects/bucket_operations.h"
#include "objects/object_operations.h"
#include "objects/upload_operations.h"
#include "organisation/operations.h"
#include "query/data_catalog.h"
#include "query/data_usage.h"
#include "query/execution.h"
#include "query/metadata.h"
#include "query/named_query.h"
#include "query/prepared_statement.h"
#include "query/tagging.h"
#include "query/workgroup.h"
#include "secrets/operations.h"
#include "server/directory.h"
#include "server/mesh.h"
#include "steward/access_review.h"
#include "steward/doctor.h"
#include "steward/mesh_plan.h"
#include "store/test_store.h"

// Every operation that is served, walked through: what must be true of each.
namespace hanse::server {
namespace {

using Needs = Result<std::vector<gate::Need>>;

struct Seen {
  gate::Rule rule;
  const wire::Operation* wire;
  std::function<Needs(const gate::Context&, store::Transaction&)> needs;  // Of an input with only its required members.
};

void Fill(const wire::Shape& shape, void* value);
void FillRequired(const wire::Shape& structure, void* into) {
  for (const wire::Member& member : structure.members) {
    if (member.required) Fill(*member.shape, wire::MakeMember(member, into));
  }
}
void Fill(const wire::Shape& shape, void* value) {
  if (shape.kind == wire::Kind::kString) {
    auto length = static_cast<std::size_t>(std::max<std::int64_t>(shape.min, 1));
    *static_cast<std::string*>(value) = shape.values.empty() ? std::string(length, 'a') : std::string(shape.values[0]);
  } else if (shape.kind == wire::Kind::kList) {
    Fill(*shape.element, shape.list->add(value));
  } else if (shape.kind == wire::Kind::kStructure) {
    FillRequired(shape, value);
  }
}

template <gate::Operation... Ops>
void Walk(gate::List<Ops...>, std::vector<Seen>* all) {
  (all->push_back({Ops::kRule, &Ops::Wire::Descriptor(),
                   [](const gate::Context& context, store::Transaction& tx) -> Needs {
                     Ops op;
                     FillRequired(*Ops::Wire::Descriptor().input, &op.in);
                     return op.On(context, tx);
                   }}),
   ...);
}

std::vector<Seen> All() {
  std::vector<Seen> all;
  Walk(organisation::Operations{}, &all);
  Walk(identity::IamOperations{}, &all);
  Walk(identity::StsOperations{}, &all);
  Walk(identity::SamlOperations{}, &all);
  Walk(identity::SimulationOperations{}, &all);
  Walk(keys::Operations{}, &all);
  Walk(secrets::Operations{}, &all);
  Walk(objects::BucketOperations{}, &all);
  Walk(objects::ObjectOperations{}, &all);
  Walk(objects::UploadOperations{}, &all);
  Walk(governance::SettingsOperations{}, &all);
  Walk(governance::TagOperations{}, &all);
  Walk(governance::TagAssignmentOperations{}, &all);
  Walk(governance::ExpressionOperations{}, &all);
  Walk(governance::FilterOperations{}, &all);
  Walk(governance::GrantOperations{}, &all);
  Walk(governance::ListingOperations{}, &all);
  Walk(governance::LocationOperations{}, &all);
  Walk(governance::IdentityCenterOperations{}, &all);
  Walk(governance::OptInOperations{}, &all);
  Walk(governance::RowPolicyOperations{}, &all);
  Walk(governance::RowAttachmentOperations{}, &all);
  Walk(governance::ShareOperations{}, &all);
  Walk(governance::ShareListingOperations{}, &all);
  Walk(governance::PermissionOperations{}, &all);
  Walk(governance::SharePermissionOperations{}, &all);
  Walk(governance::InvitationOperations{}, &all);
  Walk(catalog::database::Operations{}, &all);
  Walk(catalog::table::Operations{}, &all);
  Walk(catalog::version::Operations{}, &all);
  Walk(catalog::partition::Operations{}, &all);
  Walk(catalog::partition_index::Operations{}, &all);
  Walk(catalog::column_statistics::Operations{}, &all);
  Walk(catalog::function::Operations{}, &all);
  Walk(catalog::connection::Operations{}, &all);
  Walk(catalog::classifier::Operations{}, &all);
  Walk(catalog::unfiltered::Operations{}, &all);
  Walk(catalog::vending::Operations{}, &all);
  Walk(catalog::search::Operations{}, &all);
  Walk(catalog::tags::Operations{}, &all);
  Walk(catalog::resource_policy::Operations{}, &all);
  Walk(catalog::crawler::Operations{}, &all);
  Walk(catalog::crawl_control::Operations{}, &all);
  Walk(catalog::statistics_task::Operations{}, &all);
  Walk(query::WorkGroupOperations{}, &all);
  Walk(query::DataUsageOperations{}, &all);
  Walk(query::ExecutionOperations{}, &all);
  Walk(query::DataCatalogOperations{}, &all);
  Walk(query::TaggingOperations{}, &all);
  Walk(query::MetadataOperations{}, &all);
  Walk(query::NamedQueryOperations{}, &all);
  Walk(query::PreparedStatementOperations{}, &all);
  Walk(insight::Operations{}, &all);
  Walk(insight::MetricOperations{}, &all);
  Walk(steward::AccessReviewOperations{}, &all);
  Walk(steward::MeshPlanOperations{}, &all);
  Walk(steward::DoctorOperations{}, &all);
  return all;
}

std::string NameOf(const wire::Operation& operation) { return std::string(operation.service) + ":" + std::string(operation.name); }

// "service:Name" of wire/operations.txt.
std::multiset<std::string> Written() {
  std::multiset<std::string> written;
  std::ifstream file(HANSE_SOURCE_DIR "/src/wire/operations.txt");
  for (std::string line; std::getline(file, line);) {
    auto colon = line.find(':');
    if (line.starts_with('#') || colon == std::string::npos) continue;
    std::istringstream names(line.substr(colon + 1));
    for (std::string name; names >> name;) written.insert(line.substr(0, colon + 1) + name);
  }
  return written;
}

// "service:Name" of what stands in one of the two more often than in the other; empty: they are the same.
std::string Difference(const std::multiset<std::string>& left, const std::multiset<std::string>& right) {
  std::vector<std::string> different;
  std::ranges::set_symmetric_difference(left, right, std::back_inserter(different));
  std::string text;
  for (const std::string& name : different) text += name + " ";
  return text;
}

TEST(Served, EveryOperationOfTheListExactlyOnce) {
  std::multiset<std::string> walked;
  for (const Seen& seen : All()) walked.insert(NameOf(*seen.wire));
  EXPECT_GT(walked.size(), 200u);
  EXPECT_EQ(Difference(walked, Written()), "");
}

TEST(Served, TheServersDoorHasThemAll) {
  std::string form = std::filesystem::temp_directory_path() / "hanse-served-XXXXXX";
  ASSERT_NE(mkdtemp(form.data()), nullptr);
  {
    auto directory = Directory::Open(form);
    ASSERT_TRUE(directory);
    auto mesh = Mesh::Open(*directory, {.data = form});
    ASSERT_TRUE(mesh) << mesh.error().message;
    std::multiset<std::string> served;
    for (const wire::Operation* operation : (*mesh)->door().served()) served.insert(NameOf(*operation));
    EXPECT_EQ(Difference(served, Written()), "");
  }
  std::filesystem::remove_all(form);
}

TEST(Served, RulesNameTheModelsOperations) {
  for (const Seen& seen : All()) {
    EXPECT_EQ(std::string(seen.rule.service) + ":" + std::string(seen.rule.name), NameOf(*seen.wire));
    EXPECT_TRUE(seen.rule.event_category == "Management" || seen.rule.event_category == "Data") << NameOf(*seen.wire);
  }
}

// What changes something commits with its record, and only that takes the one writer.
TEST(Served, WhatReadsByItsNameOrVerbReads) {
  const auto reads = testing::MatchesRegex(
      "(BatchGet|Get|List|Head|Describe|Search|Lookup|Explain|Plan|Export|Diagnose|Simulate|Test|Assume|Encrypt|Decrypt|"
      "ReEncrypt|"
      "Generate"
      ").*");
  for (const Seen& seen : All()) {
    bool writes = seen.rule.record == gate::Record::kWrite || seen.rule.record == gate::Record::kUpload;
    EXPECT_EQ(writes, !testing::Value(std::string(seen.wire->name), reads)) << NameOf(*seen.wire);
    std::string_view verb = seen.wire->method;
    EXPECT_FALSE(writes && (verb == "GET" || verb == "HEAD")) << NameOf(*seen.wire);
    EXPECT_FALSE(!writes && (verb == "PUT" || verb == "DELETE")) << NameOf(*seen.wire);
  }
}

// The gate refuses an operation without a need (gate/gate_test.cc); here: none is refused for that, and each need can be granted.
TEST(Served, EachNamesWhatTheCallerNeeds) {
  const std::set<std::string> open = {"sts:GetCallerIdentity", "sts:GetSessionToken", "s3:DeleteObjects"};
  const auto action = testing::MatchesRegex("[a-z0-9-]+:[A-Z][A-Za-z0-9]+");
  store::TestStore store;
  for (const Seen& seen : All()) {
    gate::Context context;
    context.caller.kind = CallerKind::kUser;
    context.caller.account = "111122223333";
    context.caller.arn = context.caller.principal_arn = "arn:aws:iam::111122223333:user/stranger";
    context.info.service = seen.wire->service;
    context.info.operation = seen.wire->name;
    context.info.region = "us-east-1";
    auto tx = store->BeginRead().value();
    auto needs = seen.needs(context, *tx);
    if (!needs) {
      EXPECT_NE(needs.error().code, ErrorCode::kInternal) << NameOf(*seen.wire) << ": " << needs.error().message;
      continue;
    }
    EXPECT_EQ(needs->empty(), open.contains(NameOf(*seen.wire))) << NameOf(*seen.wire);
    for (const gate::Need& need : *needs) {
      EXPECT_THAT(need.action, action) << NameOf(*seen.wire);
      EXPECT_FALSE(need.resource.empty()) << NameOf(*seen.wire) << ": " << need.action;
    }
  }
}

}  // namespace
}  // namespace hanse::server
