#include "base/random.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "base/text.h"

namespace hanse {
namespace {

std::atomic<unsigned> forks = 0;

void FillFromSystem(void* bytes, std::size_t size) {
  auto* at = static_cast<char*>(bytes);
  while (size > 0) {
    ssize_t got = getrandom(at, size, 0);
    if (got < 0) std::abort();  // Without randomness there are no keys: nothing may go on.
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

// Drawn ahead by one thread. What is handed out is wiped here, what is left is wiped at the thread's end, and a forked child draws
// anew: no two draws are ever of the same bytes.
class Stock {
 public:
  static constexpr std::size_t kDrawBytesMax = 32;

  ~Stock() { explicit_bzero(bytes_, sizeof bytes_); }

  void Take(void* bytes, std::size_t size) {
    static const int watched = pthread_atfork(nullptr, nullptr, [] { ++forks; });
    if (watched != 0) return FillFromSystem(bytes, size);
    if (left_ < size || forks_ != forks) {
      FillFromSystem(bytes_, sizeof bytes_);
      left_ = sizeof bytes_;
      forks_ = forks;
    }
    left_ -= size;
    std::memcpy(bytes, bytes_ + left_, size);
    explicit_bzero(bytes_ + left_, size);
  }

 private:
  unsigned char bytes_[512];
  std::size_t left_ = 0;
  unsigned forks_ = 0;
};

}  // namespace

std::uint64_t Random::Next() {
  std::uint64_t value = 0;
  Fill(&value, sizeof value);
  return value;
}

std::string Random::Text(std::size_t size, std::string_view alphabet) {
  std::string text;
  // Bytes past the last whole multiple of the alphabet are drawn again, so that no letter is likelier.
  const unsigned limit = 256 - 256 % alphabet.size();
  while (text.size() < size) {
    unsigned char byte = 0;
    Fill(&byte, 1);
    if (byte < limit) text.push_back(alphabet[byte % alphabet.size()]);
  }
  return text;
}

std::string Random::Bytes(std::size_t size) {
  std::string bytes(size, '\0');
  Fill(bytes.data(), size);
  return bytes;
}

std::string Random::Uuid() {
  unsigned char b[16];
  Fill(b, sizeof b);
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  std::string text = Hex({reinterpret_cast<const char*>(b), sizeof b});
  for (std::size_t dash : {8, 13, 18, 23}) text.insert(dash, 1, '-');
  return text;
}

void SystemRandom::Fill(void* bytes, std::size_t size) {
  thread_local Stock stock;
  size <= Stock::kDrawBytesMax ? stock.Take(bytes, size) : FillFromSystem(bytes, size);
}

void SeededRandom::Fill(void* bytes, std::size_t size) {
  std::lock_guard lock(mutex_);
  auto* at = static_cast<unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; ++i) at[i] = static_cast<unsigned char>(engine_());
}

}  // namespace hanse
