#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "model/caller.h"

namespace hanse::policy {

// What principals may have something on, in one line of the cache: each class of tables, table and database sets two bits of a
// word, so that a "no" is certain and a "yes" is to be looked up. A value; pure.
struct alignas(64) Sketch {
  std::array<std::uint64_t, 6> classes{};
  std::uint64_t tables = 0, databases = 0;

  void AddClass(std::uint32_t one) { classes[WordOf(one)] |= BitsOf(one); }
  bool HasClass(std::uint32_t one) const { return Has(classes[WordOf(one)], one); }
  void AddTable(Id one) { tables |= BitsOf(static_cast<std::uint64_t>(one)); }
  bool HasTable(Id one) const { return Has(tables, static_cast<std::uint64_t>(one)); }
  void AddDatabase(Id one) { databases |= BitsOf(static_cast<std::uint64_t>(one)); }
  bool HasDatabase(Id one) const { return Has(databases, static_cast<std::uint64_t>(one)); }

  Sketch& operator|=(const Sketch& other) {
    for (std::size_t i = 0; i < classes.size(); ++i) classes[i] |= other.classes[i];
    tables |= other.tables;
    databases |= other.databases;
    return *this;
  }

 private:
  static std::uint64_t Spread(std::uint64_t one) { return one * 0x9E3779B97F4A7C15; }
  static std::size_t WordOf(std::uint64_t one) { return (Spread(one) >> 32 & 0xffff) * 6 >> 16; }
  static std::uint64_t BitsOf(std::uint64_t one) {
    return std::uint64_t{1} << (Spread(one) >> 58) | std::uint64_t{1} << (Spread(one) >> 52 & 63);
  }
  static bool Has(std::uint64_t word, std::uint64_t one) { return (word & BitsOf(one)) == BitsOf(one); }
};

}  // namespace hanse::policy
