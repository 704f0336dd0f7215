#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "server/worker.h"

// The test program is its own worker: a Mesh starts it again as `… worker --fd N`.
int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "worker") return hanse::server::Worker(std::stoi(argv[3]));
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
