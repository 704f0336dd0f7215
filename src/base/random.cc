#include "base/random.h"

#include <sys/random.h>

#include <cstdlib>

#include <fmt/format.h>

namespace hanse {

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
  std::string text;
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text += fmt::format("{:02x}", b[i]);
  }
  return text;
}

void SystemRandom::Fill(void* bytes, std::size_t size) {
  auto* at = static_cast<char*>(bytes);
  while (size > 0) {
    ssize_t got = getrandom(at, size, 0);
    if (got < 0) std::abort();  // Without randomness there are no keys: nothing may go on.
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

void SeededRandom::Fill(void* bytes, std::size_t size) {
  std::lock_guard lock(mutex_);
  auto* at = static_cast<unsigned char*>(bytes);
  for (std::size_t i = 0; i < size; ++i) at[i] = static_cast<unsigned char>(engine_());
}

}  // namespace hanse
