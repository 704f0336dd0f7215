#include <gtest/gtest.h>

#include <string_view>

#include "engine/worker.h"

// The test program is its own worker: WorkerPool starts it again as `… worker --fd N`.
int main(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "worker") return hanse::engine::RunWorker(std::stoi(argv[3]));
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
