// Runs a fuzz target without libFuzzer (which it is linked with where clang compiles): every file of the folders named, then random
// changes of them until the time is up. driver SECONDS FOLDER…; the seed is fixed, so that a failure comes again. An input that
// ends the program is written to stderr.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kInputBytesMax = 64 * 1024;

std::vector<std::string> ReadFolder(const std::filesystem::path& folder) {
  std::vector<std::string> inputs;
  if (!std::filesystem::exists(folder)) return inputs;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& seeds) : seeds_(seeds) {}

  std::string Next() {
    std::string input = seeds_[Below(seeds_.size())];
    for (std::size_t changes = 1 + Below(4); changes > 0; --changes) Change(&input);
    if (input.size() > kInputBytesMax) input.resize(kInputBytesMax);
    return input;
  }

 private:
  std::size_t Below(std::size_t end) { return engine_() % end; }

  void Change(std::string* input) {
    const std::size_t at = Below(input->size() + 1), count = std::min<std::size_t>(Below(16) + 1, input->size() - at);
    const std::string& other = seeds_[Below(seeds_.size())];
    switch (Below(6)) {
      case 0: input->insert(at, 1, static_cast<char>(engine_())); break;
      case 1: input->erase(at, count); break;
      case 2: input->insert(at, input->substr(at, count)); break;
      case 3: input->replace(at, count, other.substr(Below(other.size() + 1), count + 4)); break;
      default:
        if (at < input->size()) (*input)[at] = static_cast<char>(Below(2) ? (*input)[at] ^ (1 << Below(8)) : engine_());
    }
  }

  const std::vector<std::string>& seeds_;
  std::mt19937_64 engine_{1};
};

const std::string* running = nullptr;

void Run(const std::string& input) {
  running = &input;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

void TellInput(int) {
  if (running == nullptr || write(STDERR_FILENO, running->data(), running->size()) < 0) _exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  for (const int fatal : {SIGABRT, SIGSEGV, SIGFPE}) {
    struct sigaction tell = {};
    tell.sa_handler = &TellInput;
    tell.sa_flags = SA_RESETHAND;  // Returning from it, the program ends as it would have.
    sigaction(fatal, &tell, nullptr);
  }
  std::vector<std::string> seeds{""};
  for (int i = 2; i < argc; ++i) {
    for (std::string& input : ReadFolder(argv[i])) seeds.push_back(std::move(input));
  }
  for (const std::string& seed : seeds) Run(seed);
  Mutator mutator(seeds);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(argc > 1 ? std::atoi(argv[1]) : 2);
  long count = 0;
  for (; std::chrono::steady_clock::now() < end; ++count) Run(mutator.Next());
  std::printf("%zu inputs, %ld changed ones\n", seeds.size(), count);
}
