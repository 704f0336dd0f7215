#pragma once
#include <string>

namespace hanse::demo {

struct DemoOptions {
  std::string data = "./hanse-demo";  // Laid anew at every run.
  bool keep = false;                  // Leaves the server running.
  bool quiet = false;                 // Only the closing table (hanse-bench story).
  unsigned seed = 2026;
};

// `hanse demo`: starts a server in options.data and plays NimbusCart over the wire, with progress. Exit code.
int RunDemo(const DemoOptions& options);

}  // namespace hanse::demo
