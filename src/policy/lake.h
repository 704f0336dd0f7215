#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What Lake Formation lets a caller do with a database or table: the second of the two doors (lakeformation.md, section 2). The
// first, IAM, is policy/evaluate.h. Values; computed by governance/ through the pure functions beside this file.
namespace hanse::policy {

// The permissions of Lake Formation's model, as bits of a PermissionSet.
enum class Permission : std::uint32_t {
  kAll = 1u << 0,
  kSelect = 1u << 1,
  kAlter = 1u << 2,
  kDrop = 1u << 3,
  kDelete = 1u << 4,
  kInsert = 1u << 5,
  kDescribe = 1u << 6,
  kCreateDatabase = 1u << 7,
  kCreateTable = 1u << 8,
  kDataLocationAccess = 1u << 9,
  kCreateLfTag = 1u << 10,
  kAssociate = 1u << 11,
  kGrantWithLfTagExpression = 1u << 12,
  kCreateLfTagExpression = 1u << 13,
  kCreateCatalog = 1u << 14,
  kSuperUser = 1u << 15,
};

class PermissionSet {
 public:
  constexpr PermissionSet() = default;
  constexpr PermissionSet(Permission one) : bits_(static_cast<std::uint32_t>(one)) {}  // NOLINT: a permission is a set of one.
  constexpr bool Has(Permission p) const { return (bits_ & static_cast<std::uint32_t>(p)) != 0; }
  // ALL includes every other permission on the same resource.
  constexpr bool Grants(Permission p) const { return Has(Permission::kAll) || Has(p); }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr void Add(PermissionSet more) { bits_ |= more.bits_; }
  constexpr void Remove(PermissionSet less) { bits_ &= ~less.bits_; }
  constexpr std::uint32_t bits() const { return bits_; }
  static constexpr PermissionSet FromBits(std::uint32_t bits) {
    PermissionSet set;
    set.bits_ = bits;
    return set;
  }
  friend constexpr PermissionSet operator|(PermissionSet a, PermissionSet b) { return FromBits(a.bits_ | b.bits_); }
  friend constexpr PermissionSet operator&(PermissionSet a, PermissionSet b) { return FromBits(a.bits_ & b.bits_); }
  friend constexpr bool operator==(PermissionSet, PermissionSet) = default;

 private:
  std::uint32_t bits_ = 0;
};

// "SELECT", …; false where the text is none of the model's.
bool ParsePermission(std::string_view text, Permission* permission);
std::string_view PermissionName(Permission permission);
std::vector<std::string> PermissionNames(PermissionSet set);

// Why: the grant, tag policy, filter or setting that counted.
struct LakeReason {
  std::string what;  // "grant 1234: SELECT on table sales.orders to arn:…"
};

// What a caller may do with one table, everything considered: own and account grants, tags, filters, IAM_ALLOWED_PRINCIPALS, the
// ceiling over accounts. Default: nothing.
struct TableAccess {
  PermissionSet permissions;         // On the table as a whole. SELECT is here only if it has all columns and rows.
  bool visible = false;              // Any right on it at all: it may be described.
  bool readable = false;             // Some SELECT: `columns`, `row_filter` and `cell_filters` say of what.
  std::vector<std::string> columns;  // Readable columns and partition keys, in the table's order (keys last), lower case.
  // The rows that are seen: SQL of lakeformation.md 4.2's grammar as lake_filter.h prints it (of any length: filters are united and
  // intersected); empty: all.
  std::string row_filter;
  std::map<std::string, std::string> cell_filters;  // Column -> the rows in which its value is seen; elsewhere it is NULL.
  std::vector<std::string> described_columns;       // What GetTable shows (all, where the table as a whole may be described).
  bool restricted = false;                          // A row-level security policy applies: who cannot apply rows gets nothing.
  bool by_iam = false;  // IAM_ALLOWED_PRINCIPALS lets the caller in: at a hybrid location it reads with its own rights in S3.
  // Why a policy makes the table unreadable for all that grants give; for the eyes of who may mend it.
  std::string broken;
  std::vector<LakeReason> reasons;
};

struct DatabaseAccess {
  PermissionSet permissions;
  bool visible = false;  // Explicitly, or because something in it is.
  std::vector<LakeReason> reasons;
};

}  // namespace hanse::policy
