#pragma once
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "policy/chunks.h"
#include "policy/dense_memory.h"
#include "policy/lake.h"
#include "policy/lake_tags.h"
#include "policy/packed_pages.h"
#include "policy/pages.h"
#include "policy/sketch.h"

// What Lake Formation's decisions are made from, compiled: who holds what, what carries which tags, and for tag policies the answer
// itself. Tables with the same effective tags are of one class; what the policies of a principal give on a class is worked out
// once, when either changes. Immutable; made by LakeCompiler; any thread.
namespace hanse::policy {

// What a grant reaches of tables.
enum class LakeReach {
  kNothing,  // It is about something else: a database itself, a tag, a place…
  kTable,    // The table that it names.
  kPart,     // Columns or cells of the table that it names.
  kTables,   // All tables of the database that it names.
  kTags,     // Tables by an expression over their tags.
};

// A grant as the snapshot knows it; whoever keeps more of it derives from this.
struct LakeGrant {
  virtual ~LakeGrant() = default;
  Id id = 0;
  std::string principal;  // The key of whom it names, of whatever form.
  Id object = 0;          // What it names; 0: no thing.
  LakeReach reach = LakeReach::kNothing;
  PermissionSet permissions;
  TagExpression expression;  // Of kTags.
  bool open = true;          // It gives nothing where it is not.
  bool conditional = false;  // Whether it counts is for all the facts to say.
  bool passed_on = false;    // By a consumer, below what the owner gives.
};
using LakeGrantPtr = std::shared_ptr<const LakeGrant>;

// What a database, table or tag has of its own.
struct LakeThing {
  std::vector<LakeGrantPtr> grants;  // That name it, in the order of principals.
  Tags tags;
  std::map<std::string, Tags> columns;
};

// An answer from the snapshot alone.
struct LakeVerdict {
  PermissionSet whole;  // On the table as a whole.
  bool more = false;    // Something counts, or may count, that takes all the facts: DecideTable.
  bool visible() const { return more || !whole.empty(); }
};

class LakeSnapshot {
 public:
  // What the tag policies of one principal give, by class: a hash table.
  class Verdicts {
   public:
    static constexpr std::uint32_t kMore = 1u << 31;
    struct Slot {
      std::uint32_t table_class = 0, bits = 0;
    };
    // Where to look. Valid while nothing is added.
    struct View {
      const Slot* slots = nullptr;
      std::uint32_t mask = 0;
      std::uint32_t Find(std::uint32_t table_class) const {
        if (!slots) return 0;
        for (std::uint32_t at = Place(table_class) & mask;; at = (at + 1) & mask) {
          if (slots[at].table_class == table_class) return slots[at].bits;
          if (slots[at].table_class == 0) return 0;
        }
      }
    };

    Verdicts() = default;
    explicit Verdicts(const std::shared_ptr<DenseMemory>& memory) : slots_(DenseAllocator<Slot>(memory)) {}
    View view() const { return slots_.empty() ? View() : View{slots_.data(), static_cast<std::uint32_t>(slots_.size() - 1)}; }
    void Add(std::uint32_t table_class, std::uint32_t bits);
    void Clear() {
      slots_.clear();
      count_ = 0;
    }
    // The next class to be added makes it larger.
    bool full() const { return 2 * (count_ + 1) > slots_.size(); }
    // Only classes of which `keep` answers true.
    template <class Keep>
    void Sift(Keep keep) {
      const Slots old = slots_;
      Clear();
      for (const Slot& slot : old) {
        if (slot.table_class != 0 && keep(slot.table_class)) Add(slot.table_class, slot.bits);
      }
    }
    template <class Visit>
    void Each(Visit visit) const {
      for (const Slot& slot : slots_) {
        if (slot.table_class != 0) visit(slot.table_class);
      }
    }

   private:
    using Slots = std::vector<Slot, DenseAllocator<Slot>>;
    static std::uint32_t Place(std::uint32_t table_class) { return table_class * 0x9E3779B1u >> 8; }
    void Grow();

    Slots slots_;  // A power of two; at most half of them taken.
    std::size_t count_ = 0;
  };

  // One principal of grants.
  struct Holder {
    std::string key;
    std::vector<LakeGrantPtr> elsewhere;  // That name no thing: tag policies, the catalog…
    Verdicts verdicts;
    Chunks<Id> tables, databases;  // That its grants on tables name; databases by the wildcard.
    Sketch sketch;                 // Of all of these; perhaps more: what is not in it is not among them.
  };

  // Who asks: the principals of a caller, found once. Valid while the snapshot is.
  struct Who {
    // One of its principals that grants name.
    struct Seat {
      Verdicts::View verdicts;
      const Holder* holder = nullptr;
    };
    Sketch sketch;  // Of all seats.
    boost::container::small_vector<Seat, 2> seats;
    bool abroad = false;  // It asks about another account's catalog: nothing is certain without all the facts.
  };
  Who Find(const std::vector<std::string>& keys, bool abroad) const;

  // What `who` may do with a table; nothing where there is none. It never says less than DecideTable does, and the same where
  // `more` is false.
  LakeVerdict Check(const Who& who, Id table) const;
  // Tables for which Check answers visible(): all, in no order, each once.
  std::vector<Id> Visible(const Who& who) const;
  // Those of a database, in the order of names, after `after`, at most `limit`.
  std::vector<Id> VisibleIn(const Who& who, Id database, std::string_view after, std::size_t limit) const;

  // The grants on any of `objects` (0: those that name no thing) that name one of `principals`.
  std::vector<const LakeGrant*> GrantsTo(std::span<const std::string> principals, std::span<const Id> objects) const;
  // Nothing where it has neither grants nor tags.
  const LakeThing* Thing(Id id) const;
  std::size_t tables() const { return table_count_; }
  std::size_t classes() const { return class_count_; }

 private:
  friend class LakeCompiler;
  struct Table {
    std::uint64_t database : 36 = 0;     // 0: there is none.
    std::uint64_t table_class : 28 = 0;  // 0: without tags.
    bool operator==(const Table&) const = default;
  };
  static constexpr std::uint64_t kMaxTable = PackedPages<Table>::kMaxNumber - 1, kMaxClass = (std::uint64_t{1} << 28) - 1;
  struct Class {
    Tags base;
    std::vector<Tags> others;  // Of columns with tags of their own.
    Chunks<Id> tables;
  };
  struct Name {
    std::string name;
    Id table = 0;
  };
  struct ByName {
    bool operator()(const Name& one, const Name& other) const { return one.name < other.name; }
    bool operator()(const Name& one, std::string_view other) const { return one.name < other; }
    bool operator()(std::string_view one, const Name& other) const { return one < other.name; }
  };
  using Bucket = std::vector<std::shared_ptr<Holder>>;
  static constexpr std::uint64_t kBuckets = 1 << 12;

  static std::uint64_t BucketOf(std::string_view key) { return std::hash<std::string_view>()(key) & (kBuckets - 1); }
  const Holder* FindHolder(std::string_view key) const;
  Table TableOf(Id id) const { return tables_.Find(static_cast<std::uint64_t>(id)); }
  std::uint32_t Named(const Who& who, Id thing, LakeReach one, LakeReach other) const;
  static std::uint32_t ByClass(std::span<const Who::Seat> seats, std::uint32_t table_class);

  const Chunks<Name, ByName>* NamesIn(Id database) const;
  // Of a database, where what `who` sees anywhere is far less than what is in it: the same as walking its names.
  std::vector<Id> GatheredIn(const Who& who, Id database, std::string_view after, std::size_t limit) const;
  std::size_t CountVisible(const Who& who, Id database) const;

  // What a decision reads: of tables, and of holders their verdicts.
  std::shared_ptr<DenseMemory> dense_ = std::make_shared<DenseMemory>();
  PackedPages<Table> tables_ = PackedPages<Table>(dense_);
  Pages<std::string> table_names_;
  Pages<std::shared_ptr<LakeThing>> things_;
  Pages<std::shared_ptr<Class>> classes_;
  Pages<std::shared_ptr<Chunks<Name, ByName>>> names_;  // By database.
  Pages<std::shared_ptr<Bucket>> holders_;
  std::size_t table_count_ = 0, class_count_ = 0;
};

}  // namespace hanse::policy
