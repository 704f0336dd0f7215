#include "crypto/chunked.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace hanse::crypto {
namespace {

class File {
 public:
  explicit File(const std::string& bytes = {}) : fd_(memfd_create("chunked", 0)) { Replace(bytes); }
  ~File() { close(fd_); }
  File(const File&) = delete;
  int fd() const { return fd_; }
  std::string bytes() const {
    std::string all(static_cast<std::size_t>(lseek(fd_, 0, SEEK_END)), '\0');
    EXPECT_EQ(pread(fd_, all.data(), all.size(), 0), static_cast<ssize_t>(all.size()));
    return all;
  }
  void Replace(const std::string& bytes) {
    ASSERT_EQ(ftruncate(fd_, 0), 0);
    ASSERT_EQ(pwrite(fd_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }

 private:
  int fd_;
};

SeededRandom& Dice() {
  static SeededRandom random(7);
  return random;
}

std::string SealedFile(const std::string& plain, const Key& key) {
  File file;
  ChunkedWriter writer(file.fd(), key, Dice());
  EXPECT_TRUE(writer.Append(plain));
  EXPECT_TRUE(writer.Finish());
  return file.bytes();
}

// The whole content, or "damaged".
std::string Opened(const std::string& sealed, const Key& key) {
  File file(sealed);
  auto reader = ChunkedReader::Open(file.fd(), key);
  if (!reader) return "damaged";
  std::string plain(reader->size(), '\0');
  return reader->ReadAt(0, plain) ? plain : "damaged";
}

constexpr std::size_t kSizes[] = {
    0, 1, 15, kChunkBytes - 1, kChunkBytes, kChunkBytes + 1, 2 * kChunkBytes, 17 * kChunkBytes, 40 * kChunkBytes + 77};

TEST(Chunked, EverySizeComesBack) {
  Key key = Key::Draw(Dice());
  for (std::size_t size : kSizes) {
    std::string plain = Dice().Bytes(size), sealed = SealedFile(plain, key);
    EXPECT_EQ(sealed.size(), ChunkedFileBytes(size));
    EXPECT_EQ(ChunkedPlainBytes(sealed.size()).value_or(~0ull), size);
    EXPECT_EQ(Opened(sealed, key) == plain, true) << size;
    EXPECT_EQ(size > 15 && sealed.find(plain.substr(0, 16)) != std::string::npos, false);
  }
}

TEST(Chunked, AppendsOfAnySizeMakeTheSameContent) {
  Key key = Key::Draw(Dice());
  std::string plain = Dice().Bytes(5 * kChunkBytes);
  for (std::size_t step : {1ul, 1000ul, kChunkBytes - 1, kChunkBytes, kChunkBytes + 1, 3 * kChunkBytes}) {
    File file;
    ChunkedWriter writer(file.fd(), key, Dice());
    for (std::size_t at = 0; at < plain.size(); at += step) ASSERT_TRUE(writer.Append(std::string_view(plain).substr(at, step)));
    ASSERT_TRUE(writer.Finish());
    EXPECT_EQ(writer.plain_bytes(), plain.size());
    EXPECT_TRUE(Opened(file.bytes(), key) == plain) << step;
  }
}

TEST(Chunked, RangesAreRead) {
  Key key = Key::Draw(Dice());
  std::string plain = Dice().Bytes(40 * kChunkBytes + 5);
  File file(SealedFile(plain, key));
  auto reader = ChunkedReader::Open(file.fd(), key);
  ASSERT_TRUE(reader);
  for (int i = 0; i < 500; ++i) {
    std::size_t from = Dice().Next() % (plain.size() + 1), size = Dice().Next() % (plain.size() - from + 1);
    std::string part(size, '\0');
    ASSERT_TRUE(reader->ReadAt(from, part));
    ASSERT_TRUE(part == plain.substr(from, size)) << from << " " << size;
  }
  std::string part(2, '\0');
  EXPECT_EQ(reader->ReadAt(plain.size() - 1, part).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(reader->ReadAt(~0ull, part).error().code, ErrorCode::kInvalidArgument);
}

TEST(Chunked, SeveralThreadsReadOneReader) {
  Key key = Key::Draw(Dice());
  std::string plain = Dice().Bytes(20 * kChunkBytes);
  File file(SealedFile(plain, key));
  auto reader = ChunkedReader::Open(file.fd(), key);
  ASSERT_TRUE(reader);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 50; ++i) {
        std::string part(kChunkBytes * 3 / 2, '\0');
        std::size_t from = (i * 7919 + t * 104729) % (plain.size() - part.size());
        if (!reader->ReadAt(from, part) || part != plain.substr(from, part.size())) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST(Chunked, AFlippedBitAnywhereIsDamage) {
  Key key = Key::Draw(Dice());
  for (std::size_t size : {0ul, 1ul, 100ul, kChunkBytes, 2 * kChunkBytes + 9}) {
    std::string sealed = SealedFile(Dice().Bytes(size), key);
    std::size_t step = size > 1000 ? 97 : 1;
    for (std::size_t at = 0; at < sealed.size(); at += at < 64 ? 1 : step) {
      std::string bad = sealed;
      bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
      ASSERT_EQ(Opened(bad, key), "damaged") << size << " at " << at;
    }
  }
}

TEST(Chunked, TruncationAndAppendingAreDamage) {
  Key key = Key::Draw(Dice());
  for (std::size_t size : {1ul, kChunkBytes, 3 * kChunkBytes, 3 * kChunkBytes + 10}) {
    std::string sealed = SealedFile(Dice().Bytes(size), key);
    std::size_t chunk = kChunkBytes + kChunkTagBytes;
    for (std::size_t cut : {1ul, 10ul, 16ul, 26ul, chunk, 2 * chunk, sealed.size() - kChunkedHeaderBytes, sealed.size()}) {
      if (cut <= sealed.size()) {
        EXPECT_EQ(Opened(sealed.substr(0, sealed.size() - cut), key), "damaged") << size << " " << cut;
      }
    }
    for (std::size_t more : {1ul, 16ul, 17ul, chunk}) EXPECT_EQ(Opened(sealed + Dice().Bytes(more), key), "damaged");
  }
}

TEST(Chunked, AChunkThatWasMadeToLookLastIsDamage) {
  // The header of a longer file with only its first chunk, and a short file continued by another's chunks.
  Key key = Key::Draw(Dice());
  std::string one = SealedFile(std::string(kChunkBytes, 'a'), key), two = SealedFile(std::string(2 * kChunkBytes, 'a'), key);
  std::size_t chunk = kChunkBytes + kChunkTagBytes;
  EXPECT_EQ(Opened(two.substr(0, kChunkedHeaderBytes + chunk), key), "damaged");
  EXPECT_EQ(Opened(one + two.substr(kChunkedHeaderBytes + chunk), key), "damaged");
}

TEST(Chunked, ReorderedChunksAreDamage) {
  Key key = Key::Draw(Dice());
  std::string sealed = SealedFile(std::string(4 * kChunkBytes, 'a'), key);
  std::size_t chunk = kChunkBytes + kChunkTagBytes;
  for (std::size_t a = 0; a < 4; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      std::string bad = sealed;
      bad.replace(kChunkedHeaderBytes + a * chunk, chunk, sealed, kChunkedHeaderBytes + b * chunk, chunk);
      EXPECT_EQ(Opened(bad, key), "damaged");
      bad.replace(kChunkedHeaderBytes + b * chunk, chunk, sealed, kChunkedHeaderBytes + a * chunk, chunk);
      EXPECT_EQ(Opened(bad, key), "damaged");
    }
  }
}

TEST(Chunked, AnotherObjectsBytesAreDamage) {
  Key key = Key::Draw(Dice()), other = Key::Draw(Dice());
  std::string mine = SealedFile(std::string(2 * kChunkBytes, 'a'), key),
              theirs = SealedFile(std::string(2 * kChunkBytes, 'b'), other);
  EXPECT_EQ(Opened(theirs, key), "damaged");
  std::string mixed = mine;
  std::size_t chunk = kChunkBytes + kChunkTagBytes;
  mixed.replace(kChunkedHeaderBytes, chunk, theirs, kChunkedHeaderBytes, chunk);
  EXPECT_EQ(Opened(mixed, key), "damaged");
  // Even under one key, two files do not mix: their nonces differ.
  std::string twin = SealedFile(std::string(2 * kChunkBytes, 'b'), key);
  mixed.replace(kChunkedHeaderBytes, chunk, twin, kChunkedHeaderBytes, chunk);
  EXPECT_EQ(Opened(mixed, key), "damaged");
}

TEST(Chunked, ADamagedChunkGivesNoByte) {
  Key key = Key::Draw(Dice());
  std::string sealed = SealedFile(std::string(2 * kChunkBytes, 'a'), key);
  sealed[kChunkedHeaderBytes + 100] ^= 1;
  File file(sealed);
  auto reader = ChunkedReader::Open(file.fd(), key);
  ASSERT_TRUE(reader);  // Its end is whole.
  std::string part(kChunkBytes, 'x');
  EXPECT_FALSE(reader->ReadAt(0, part));
  EXPECT_EQ(part.find('a'), std::string::npos);
  EXPECT_TRUE(reader->ReadAt(kChunkBytes, part));
}

TEST(Chunked, SpeedIsTold) {
  Key key = Key::Draw(Dice());
  std::string plain(64 << 20, 'p');
  auto seconds = [](auto work) {
    auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  File file, raw(plain);
  double sealing = seconds([&] {
    ChunkedWriter writer(file.fd(), key, Dice());
    EXPECT_TRUE(writer.Append(plain) && writer.Finish());
  });
  auto reader = ChunkedReader::Open(file.fd(), key);
  ASSERT_TRUE(reader);
  std::string part(1 << 20, '\0');
  double opening = seconds([&] {
    for (std::size_t at = 0; at < plain.size(); at += part.size()) EXPECT_TRUE(reader->ReadAt(at, part));
  });
  double reading = seconds([&] {
    for (std::size_t at = 0; at < plain.size(); at += part.size())
      EXPECT_GT(pread(raw.fd(), part.data(), part.size(), static_cast<off_t>(at)), 0);
  });
  double mib = static_cast<double>(plain.size()) / (1 << 20);
  printf("seal %.0f MiB/s, open %.0f MiB/s, plain read from memory %.0f MiB/s\n", mib / sealing, mib / opening, mib / reading);
  EXPECT_LT(opening, 2.0);
}

}  // namespace
}  // namespace hanse::crypto
