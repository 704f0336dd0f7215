#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "gate/lake.h"

// SECURITY RULE of vended credentials. They are given on grounds, which are sealed into them and judged twice by one function: when
// they are given, and in the transaction of every use. A grant that is revoked, a setting that is closed, a table that is dropped
// or moved, a location that is deregistered shuts them at once; a namesake of the table or of the role opens nothing (things are
// named by ids). How far they reach is a session policy over the role of the registered location: one folder, S3 alone.
namespace hanse::catalog {

struct Grounds {
  struct Place {
    Id table = 0;
    std::vector<std::string> partition;  // Its values; none: the table as a whole.
    std::string path;                    // "bucket/folder/", or below it "bucket/folder/x": this object and what is in this folder.
  };
  std::vector<Place> places;
  policy::PermissionSet permissions;   // What was asked for; each must be held.
  std::vector<std::string> supported;  // The permission types that the reader declares to apply.
  bool by_path = false;                // The reader named places, not a table: whole tables only (6.4).

  std::string ToJson() const;
  static Grounds FromJson(std::string_view json);  // Empty, which Judge() refuses, where it is none.
};

// Of each place: whose role reads it, and what decided.
struct Judged {
  store::TableRow table;
  policy::TableAccess access;
  gate::RegisteredLocation location;
};

// kNotFound: the table or partition is gone; kInvalidArgument: its place is not registered, or not where the credentials reach;
// kAccessDenied: not held, or not outside the server. Reads in the caller's transaction.
Result<std::vector<Judged>> Judge(store::Transaction& tx, gate::Lake& lake, const Caller& reader, const Grounds& grounds);

// "bucket/folder/" of "s3://bucket/folder". kInvalidArgument where it is no place in S3, or where a policy would read a character
// of it as a pattern or a variable.
Result<std::string> FolderOf(std::string_view location);

// The session policy that reaches as far as the grounds do; keys of KMS only by way of S3.
std::string SessionPolicyOf(const Grounds& grounds);

}  // namespace hanse::catalog
