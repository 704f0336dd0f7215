#include "bench/report.h"

namespace hanse::bench {

const std::vector<Benchmark>& All() {
  static const std::vector<Benchmark> kAll = {
      {"catalog", "GetTable over HTTP with SigV4 at 100,000 tables of 30 columns", Catalog},
      {"grants", "GrantPermissions and RevokePermissions, durable and in force", Grants},
      {"objects", "4 KiB objects over HTTP: durable PUT, GET, and nginx beside it", Objects},
      {"journal", "durable records a second, and what one adds to a request; one fsync a record beside it", Journal},
      {"story", "the demonstration's story, over the wire", Story},
      {"memory", "resident memory of the idle server and of each warm worker", Memory},
  };
  return kAll;
}

}  // namespace hanse::bench
