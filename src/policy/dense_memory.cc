#include "policy/dense_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace hanse::policy {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
// Larger ones are few, and better given back to the heap.
constexpr std::size_t kBlockMax = 64 << 10;
constexpr std::size_t kBlocksAtOnce = 1024;

}  // namespace

void* DenseMemory::HugePages::do_allocate(std::size_t bytes, std::size_t alignment) {
  const std::size_t whole = (bytes + kHugePage - 1) / kHugePage * kHugePage;
  void* block = ::operator new(whole, std::align_val_t(std::max(alignment, kHugePage)));
  madvise(block, whole, MADV_HUGEPAGE);  // Where it is refused there are small pages.
  return block;
}

void DenseMemory::HugePages::do_deallocate(void* block, std::size_t, std::size_t alignment) {
  ::operator delete(block, std::align_val_t(std::max(alignment, kHugePage)));
}

DenseMemory::DenseMemory()
    : chunks_(kHugePage - 64, &huge_pages_),
      blocks_({.max_blocks_per_chunk = kBlocksAtOnce, .largest_required_pool_block = kBlockMax}, &chunks_) {}

void* DenseMemory::Allocate(std::size_t bytes, std::size_t alignment) {
  if (bytes > kBlockMax) return ::operator new(bytes, std::align_val_t(alignment));
  const std::lock_guard lock(mutex_);
  return blocks_.allocate(bytes, alignment);
}

void DenseMemory::Free(void* block, std::size_t bytes, std::size_t alignment) {
  if (bytes > kBlockMax) return ::operator delete(block, std::align_val_t(alignment));
  const std::lock_guard lock(mutex_);
  blocks_.deallocate(block, bytes, alignment);
}

}  // namespace hanse::policy
