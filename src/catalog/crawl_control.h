#pragma once
#include "catalog/crawl.h"
#include "catalog/names.h"
#include "catalog/page.h"
#include "wire/glue.h"

// Runs of crawlers and their schedules. Sources: AWS Glue API Reference, "Crawlers"; lakeformation.md 7.5.
namespace hanse::catalog {

struct StartCrawler {
  static constexpr gate::Rule kRule{"glue", "StartCrawler", gate::Record::kWrite};
  using Wire = wire::glue::op::StartCrawler;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct StopCrawler {
  static constexpr gate::Rule kRule{"glue", "StopCrawler", gate::Record::kWrite};
  using Wire = wire::glue::op::StopCrawler;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetCrawlerMetrics {
  static constexpr gate::Rule kRule{"glue", "GetCrawlerMetrics", gate::Record::kRead};
  using Wire = wire::glue::op::GetCrawlerMetrics;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct ListCrawls {
  static constexpr gate::Rule kRule{"glue", "ListCrawls", gate::Record::kRead};
  using Wire = wire::glue::op::ListCrawls;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct UpdateCrawlerSchedule {
  static constexpr gate::Rule kRule{"glue", "UpdateCrawlerSchedule", gate::Record::kWrite};
  using Wire = wire::glue::op::UpdateCrawlerSchedule;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct StartCrawlerSchedule {
  static constexpr gate::Rule kRule{"glue", "StartCrawlerSchedule", gate::Record::kWrite};
  using Wire = wire::glue::op::StartCrawlerSchedule;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

struct StopCrawlerSchedule {
  static constexpr gate::Rule kRule{"glue", "StopCrawlerSchedule", gate::Record::kWrite};
  using Wire = wire::glue::op::StopCrawlerSchedule;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const;
};

// Any thread; what it is given outlives it.
class CrawlControl {
 public:
  static constexpr std::size_t kPageMax = 100;

  CrawlControl(CrawlQueue& queue, Random& random, const Pages& pages) : queue_(queue), random_(random), pages_(pages) {}
  Result<StartCrawler::Answer> Do(const gate::Authorized<StartCrawler>& call) const;
  Result<StopCrawler::Answer> Do(const gate::Authorized<StopCrawler>& call) const;
  Result<GetCrawlerMetrics::Answer> Do(const gate::Authorized<GetCrawlerMetrics>& call) const;
  Result<ListCrawls::Answer> Do(const gate::Authorized<ListCrawls>& call) const;
  Result<UpdateCrawlerSchedule::Answer> Do(const gate::Authorized<UpdateCrawlerSchedule>& call) const;
  Result<StartCrawlerSchedule::Answer> Do(const gate::Authorized<StartCrawlerSchedule>& call) const;
  Result<StopCrawlerSchedule::Answer> Do(const gate::Authorized<StopCrawlerSchedule>& call) const;

 private:
  CrawlQueue& queue_;
  Random& random_;
  const Pages& pages_;
};

namespace crawl_control {
using Operations = gate::List<StartCrawler, StopCrawler, GetCrawlerMetrics, ListCrawls, UpdateCrawlerSchedule, StartCrawlerSchedule,
                              StopCrawlerSchedule>;
}

}  // namespace hanse::catalog
