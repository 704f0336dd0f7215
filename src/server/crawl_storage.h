#pragma once
#include "catalog/crawl.h"
#include "gate/gate.h"
#include "objects/inside.h"
#include "objects/objects.h"

namespace hanse::server {

// Objects as a crawler's role may list and read them, each call through the gate.
class CrawlStorage final : public catalog::CrawlStorage {
 public:
  CrawlStorage(const gate::Gate& gate, objects::Objects& objects, objects::Inside& inside)
      : gate_(gate), objects_(objects), inside_(inside) {}
  Result<Listed> List(const gate::Context& as, std::string_view bucket, std::string_view prefix, std::string_view from) override;
  Result<Listed> ListFolder(const gate::Context& as, std::string_view bucket, std::string_view prefix,
                            std::string_view from) override;
  Result<Changes> Changed(const gate::Context& as, std::string_view bucket, std::string_view prefix, Id since) override;
  Result<Files> Open(const gate::Context& as, std::string_view bucket, std::vector<std::string> keys) override;

 private:
  Result<Listed> Page(const gate::Context& as, objects::ListObjectsV2 list);

  const gate::Gate& gate_;
  objects::Objects& objects_;
  objects::Inside& inside_;
};

}  // namespace hanse::server
