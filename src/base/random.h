#pragma once
#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <string_view>

namespace hanse {

// Where ids and keys come from. Tests seed it; the server's draws from the operating system. Any thread.
class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(void* bytes, std::size_t size) = 0;

  std::uint64_t Next();
  // `size` characters of `alphabet` (at most 256 letters), each as likely.
  std::string Text(std::size_t size, std::string_view alphabet);
  std::string Bytes(std::size_t size);
  std::string Uuid();  // Version 4, lower case.
};

// getrandom(2), a thread's small draws from a stock of its own: an id costs no system call. Ends the process where the system has
// no randomness.
class SystemRandom final : public Random {
 public:
  void Fill(void* bytes, std::size_t size) override;
};

// The same numbers for the same seed.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
  void Fill(void* bytes, std::size_t size) override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace hanse
