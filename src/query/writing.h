#pragma once
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "query/grounds.h"
#include "query/world.h"
#include "wire/athena.h"

namespace hanse::query {

// What a statement that writes came to.
struct Written {
  engine::QueryOutcome outcome;
  std::string manifest;  // "s3://…-manifest.csv": the list of the files, one a line.
  bool filtered = false;
};

struct WritePlace {
  std::string answer;                  // "s3://bucket/prefix/ID"
  std::string tables;                  // Where a new table lies that names no place of its own.
  std::optional<std::string> kms_key;  // OutputRequest::kms_key
};

// CREATE TABLE AS, INSERT and UNLOAD (lakeformation.md 2.3, 4.4, 8.3): the engine reads the tables as the caller may see them, its
// files are staged, listed in the manifest at `to.answer`-manifest.csv, and are there with their table and partitions at once or
// not at all. `job.sql` is the whole statement; `grounds` takes what is read.
Written RunWrite(World& world, engine::QueryEngine& engine, const gate::Context& as, engine::QueryJob job, const WritePlace& to,
                 Grounds& grounds, std::stop_token stop);
// Refuses a CREATE TABLE AS that says itself where its table is to lie, in a workgroup that enforces its own place.
Result<void> CheckPlace(const wire::athena::WorkGroup& group, std::string_view sql);

}  // namespace hanse::query
