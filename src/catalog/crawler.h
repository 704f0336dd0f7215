#pragma once
#include "catalog/crawl.h"
#include "catalog/names.h"
#include "catalog/page.h"
#include "wire/glue.h"

// What crawlers there are and how they are set up. Sources: AWS Glue API Reference, "Crawlers"; lakeformation.md 7.5.
// Whoever makes a crawler, or gives it another role, needs iam:PassRole for that role, which must let glue.amazonaws.com assume it.
namespace hanse::catalog {

struct CreateCrawler {
  static constexpr gate::Rule kRule{"glue", "CreateCrawler", gate::Record::kWrite};
  using Wire = wire::glue::op::CreateCrawler;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetCrawler {
  static constexpr gate::Rule kRule{"glue", "GetCrawler", gate::Record::kRead};
  using Wire = wire::glue::op::GetCrawler;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetCrawlers {
  static constexpr gate::Rule kRule{"glue", "GetCrawlers", gate::Record::kRead};
  using Wire = wire::glue::op::GetCrawlers;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct ListCrawlers {
  static constexpr gate::Rule kRule{"glue", "ListCrawlers", gate::Record::kRead};
  using Wire = wire::glue::op::ListCrawlers;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct BatchGetCrawlers {
  static constexpr gate::Rule kRule{"glue", "BatchGetCrawlers", gate::Record::kRead};
  using Wire = wire::glue::op::BatchGetCrawlers;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct UpdateCrawler {
  static constexpr gate::Rule kRule{"glue", "UpdateCrawler", gate::Record::kWrite};
  using Wire = wire::glue::op::UpdateCrawler;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct DeleteCrawler {
  static constexpr gate::Rule kRule{"glue", "DeleteCrawler", gate::Record::kWrite};
  using Wire = wire::glue::op::DeleteCrawler;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class Crawlers {
 public:
  static constexpr std::size_t kPageMax = 100;

  Crawlers(RoleSessions& roles, const Pages& pages) : roles_(roles), pages_(pages) {}
  Result<CreateCrawler::Answer> Do(const gate::Authorized<CreateCrawler>& call) const;
  Result<GetCrawler::Answer> Do(const gate::Authorized<GetCrawler>& call) const;
  Result<GetCrawlers::Answer> Do(const gate::Authorized<GetCrawlers>& call) const;
  Result<ListCrawlers::Answer> Do(const gate::Authorized<ListCrawlers>& call) const;
  Result<BatchGetCrawlers::Answer> Do(const gate::Authorized<BatchGetCrawlers>& call) const;
  Result<UpdateCrawler::Answer> Do(const gate::Authorized<UpdateCrawler>& call) const;
  Result<DeleteCrawler::Answer> Do(const gate::Authorized<DeleteCrawler>& call) const;

 private:
  // Checks everything but the name, and asks for iam:PassRole where `definition` names another role than `before`.
  Result<void> Check(const gate::Call& call, const std::string& role_before, const wire::glue::Crawler& definition) const;

  RoleSessions& roles_;
  const Pages& pages_;
};

namespace crawler {
using Operations = gate::List<CreateCrawler, GetCrawler, GetCrawlers, ListCrawlers, BatchGetCrawlers, UpdateCrawler, DeleteCrawler>;
}

}  // namespace hanse::catalog
