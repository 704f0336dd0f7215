#pragma once
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <new>

namespace hanse::policy {

// Memory for small blocks that are read at random, by the million: blocks of one size lie side by side, in huge pages where the
// system gives them (madvise), so that to find one is one miss of the cache and none of the address translation's. Blocks that are
// given back are used again; all goes with the last one. Any thread.
class DenseMemory {
 public:
  DenseMemory();
  void* Allocate(std::size_t bytes, std::size_t alignment = alignof(std::max_align_t));
  void Free(void* block, std::size_t bytes, std::size_t alignment = alignof(std::max_align_t));

 private:
  struct HugePages final : std::pmr::memory_resource {
    void* do_allocate(std::size_t bytes, std::size_t alignment) override;
    void do_deallocate(void* block, std::size_t bytes, std::size_t alignment) override;
    bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override { return this == &other; }
  };

  std::mutex mutex_;
  HugePages huge_pages_;
  std::pmr::monotonic_buffer_resource chunks_;
  std::pmr::unsynchronized_pool_resource blocks_;
};

// For containers and allocate_shared; what it has given keeps the memory. Without a memory: the heap.
template <class T>
class DenseAllocator {
 public:
  using value_type = T;
  using propagate_on_container_swap = std::true_type;

  DenseAllocator() = default;
  explicit DenseAllocator(std::shared_ptr<DenseMemory> memory) : memory_(std::move(memory)) {}
  DenseAllocator(const DenseAllocator&) = default;  // And no move: who was moved from goes on with the same memory.
  DenseAllocator& operator=(const DenseAllocator&) = default;
  template <class U>
  DenseAllocator(const DenseAllocator<U>& other) : memory_(other.memory()) {}  // NOLINT: allocators convert.
  T* allocate(std::size_t count) {
    return static_cast<T*>(memory_ ? memory_->Allocate(count * sizeof(T), alignof(T))
                                   : ::operator new(count * sizeof(T), std::align_val_t(alignof(T))));
  }
  void deallocate(T* block, std::size_t count) {
    memory_ ? memory_->Free(block, count * sizeof(T), alignof(T)) : ::operator delete(block, std::align_val_t(alignof(T)));
  }
  const std::shared_ptr<DenseMemory>& memory() const { return memory_; }
  friend bool operator==(const DenseAllocator& one, const DenseAllocator& other) { return one.memory_ == other.memory_; }

 private:
  std::shared_ptr<DenseMemory> memory_;
};

}  // namespace hanse::policy
