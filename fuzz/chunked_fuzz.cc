// Bytes at rest that somebody changed: a reader gives out what was written, or nothing.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/random.h"
#include "crypto/chunked.h"

namespace {

using hanse::crypto::ChunkedReader;
using hanse::crypto::ChunkedWriter;
using hanse::crypto::Key;

struct Original {
  Key key;
  std::string plain, sealed;
};

std::string Sealed(const Key& key, const std::string& plain, hanse::Random& random) {
  int fd = memfd_create("original", 0);
  ChunkedWriter writer(fd, key, random);
  if (!writer.Append(plain) || !writer.Finish()) std::abort();
  std::string sealed(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)), '\0');
  if (pread(fd, sealed.data(), sealed.size(), 0) != static_cast<ssize_t>(sealed.size())) std::abort();
  close(fd);
  return sealed;
}

const Original& TheOriginal() {
  static const Original original = [] {
    hanse::SeededRandom random(1);
    Key key = Key::Draw(random);
    std::string plain = random.Bytes(2 * hanse::crypto::kChunkBytes + 100);
    std::string sealed = Sealed(key, plain, random);
    return Original{key, plain, sealed};
  }();
  return original;
}

// What is read back of `sealed` must be the original's.
void Check(const std::string& sealed) {
  const Original& original = TheOriginal();
  int fd = memfd_create("changed", 0);
  if (write(fd, sealed.data(), sealed.size()) != static_cast<ssize_t>(sealed.size())) std::abort();
  if (auto reader = ChunkedReader::Open(fd, original.key)) {
    if (reader->size() != original.plain.size()) std::abort();
    std::string plain(reader->size(), '\0');
    if (reader->ReadAt(0, plain) && plain != original.plain) std::abort();
  }
  close(fd);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string input(reinterpret_cast<const char*>(data), size);
  Check(input);
  // The input as changes: three bytes of place, one to be written there; a place beyond the end cuts the file.
  std::string changed = TheOriginal().sealed;
  for (std::size_t i = 0; i + 4 <= input.size(); i += 4) {
    std::size_t at = data[i] | data[i + 1] << 8 | data[i + 2] << 16;
    if (at < changed.size()) {
      changed[at] = input[i + 3];
    } else {
      changed.resize(at % (changed.size() + 1));
    }
  }
  Check(changed);
  return 0;
}
