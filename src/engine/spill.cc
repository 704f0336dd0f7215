#include "engine/spill.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/random.h"
#include "crypto/aead.h"
#include "duckdb/common/exception.hpp"

namespace hanse::engine {
namespace {

std::string NonceOf(const SpilledPiece& piece) {
  std::string nonce(crypto::kNonceBytes, '\0');
  std::memcpy(nonce.data(), &piece.nonce, sizeof piece.nonce);
  return nonce;
}

[[noreturn]] void Broken(std::string_view what) { throw duckdb::IOException("a query's spill file %s", std::string(what)); }

void WriteAll(int fd, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    ssize_t written = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) Broken("cannot be written: is the server's disk full?");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

void ReadAll(int fd, std::span<char> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    ssize_t read = pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) Broken("cannot be read");
    bytes = bytes.subspan(static_cast<std::size_t>(read));
    offset += static_cast<std::uint64_t>(read);
  }
}

}  // namespace

void Spill::Begin(ServerLink& server, std::uint64_t bytes_max) {
  std::lock_guard lock(mutex_);
  server_ = &server;
  ++query_;
  bytes_max_ = bytes_max;
}

void Spill::End() {
  std::lock_guard lock(mutex_);
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
  server_ = nullptr;
  key_.reset();
  end_ = nonces_ = 0;
  free_.clear();
}

std::uint64_t Spill::Place(std::uint64_t bytes) {
  if (!server_) Broken("belongs to no query");
  if (fd_ < 0) {
    auto file = server_->NewSpillFile();
    if (!file) throw duckdb::OutOfMemoryException("%s", file.error().message);
    fd_ = *file;
    SystemRandom random;
    key_ = crypto::Key::Draw(random);
  }
  if (auto free = free_.find(bytes); free != free_.end() && !free->second.empty()) {
    const std::uint64_t offset = free->second.back();
    free->second.pop_back();
    return offset;
  }
  if (end_ + bytes > bytes_max_) {
    throw duckdb::IOException("EXCEEDED_SPILL_LIMIT: Query exceeded the limit of %s bytes that it may put aside on the disk",
                              std::to_string(bytes_max_));
  }
  return std::exchange(end_, end_ + bytes);
}

SpilledPiece Spill::Write(std::string_view plain) {
  SpilledPiece piece{.bytes = plain.size()};
  std::optional<crypto::Key> key;
  int fd = -1;
  {
    std::lock_guard lock(mutex_);
    piece.offset = Place(piece.bytes);
    piece.nonce = nonces_++;
    piece.query = query_;
    key = key_;
    fd = fd_;
  }
  std::string sealed = crypto::Seal(*key, NonceOf(piece), {}, plain);
  piece.tag = sealed.substr(plain.size());
  sealed.resize(plain.size());
  WriteAll(fd, sealed, piece.offset);
  return piece;
}

void Spill::Read(const SpilledPiece& piece, std::span<char> plain) {
  std::optional<crypto::Key> key;
  int fd = -1;
  {
    std::lock_guard lock(mutex_);
    if (piece.query == query_) key = key_;
    fd = fd_;
  }
  if (!key || plain.size() != piece.bytes) Broken("belongs to no query");
  std::string sealed(piece.bytes, '\0');
  ReadAll(fd, sealed, piece.offset);
  sealed += piece.tag;
  if (!crypto::OpenInto(*key, NonceOf(piece), {}, sealed, plain)) Broken("is not as it was written");
}

void Spill::Free(const SpilledPiece& piece) {
  std::lock_guard lock(mutex_);
  if (fd_ >= 0 && piece.query == query_) free_[piece.bytes].push_back(piece.offset);
}

std::uint64_t Spill::bytes() const {
  std::lock_guard lock(mutex_);
  return end_;
}

}  // namespace hanse::engine
