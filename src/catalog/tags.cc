#include "catalog/tags.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/rows.h"
#include "model/arn.h"

namespace hanse::catalog {
namespace {

std::unexpected<Error> NoThing() { return Fail(ErrorCode::kNotFound, "Entity not found."); }

Result<std::vector<gate::Need>> NeedOn(std::string_view action, const std::optional<std::string>& text) {
  std::optional<Arn> arn = ParseArn(text.value_or(""));
  if (!arn || arn->service != "glue") return Fail(ErrorCode::kInvalidArgument, "ResourceArn must be the ARN of a Glue resource.");
  return std::vector<gate::Need>{{.action = std::string(action), .resource = *text, .owner = arn->account}};
}

}  // namespace

Result<std::vector<gate::Need>> TagResource::On(const gate::Context&, store::Transaction&) const {
  return NeedOn("glue:TagResource", in.resource_arn);
}
Result<std::vector<gate::Need>> UntagResource::On(const gate::Context&, store::Transaction&) const {
  return NeedOn("glue:UntagResource", in.resource_arn);
}
Result<std::vector<gate::Need>> GetTags::On(const gate::Context&, store::Transaction&) const {
  return NeedOn("glue:GetTags", in.resource_arn);
}

Result<Id> Tags::ThingOf(const gate::Call& call, const std::optional<std::string>& text) const {
  std::optional<Arn> arn = ParseArn(text.value_or(""));
  // A share in the lake is none in the owner's tags.
  if (!arn || arn->account != call.caller().account) return NoThing();
  std::vector<std::string> parts = Split(arn->resource, '/');
  if (parts.size() == 2 && (parts[0] == "crawler" || parts[0] == "connection")) {
    TRY_ASSIGN(auto row,
               call.tx().Maybe(fmt::format("SELECT id FROM catalog_{}s WHERE account = ? AND region = ? AND name = ?", parts[0]),
                               {arn->account, arn->region, parts[1]}));
    if (!row) return NoThing();
    return row->Int(0);
  }
  bool table = parts.size() == 3 && parts[0] == "table";
  if (!table && (parts.size() != 2 || parts[0] != "database")) {
    return Fail(ErrorCode::kInvalidArgument, "Only databases, tables, crawlers and connections carry tags.");
  }
  TRY_ASSIGN(auto database, store::FindDatabase(call.tx(), arn->account, arn->region, parts[1]));
  if (!database) return NoThing();
  if (table) {
    TRY_ASSIGN(auto row, store::FindTable(call.tx(), database->id, parts[2]));
    if (!row) return NoThing();
    TRY_ASSIGN(auto held, access_.lake().OnTable(call.tx(), call.caller(), *row));
    if (!held.visible) return NoThing();
    return row->id;
  }
  TRY_ASSIGN(auto held, access_.lake().OnDatabase(call.tx(), call.caller(), *database));
  if (!held.visible) return NoThing();
  return database->id;
}

Result<TagResource::Answer> Tags::Do(const gate::Authorized<TagResource>& call) const {
  TRY_ASSIGN(Id thing, ThingOf(call, call->in.resource_arn));
  TRY(PutTags(call.tx(), thing, call->in.tags_to_add.value_or(std::map<std::string, std::string>())));
  return TagResource::Answer();
}

Result<UntagResource::Answer> Tags::Do(const gate::Authorized<UntagResource>& call) const {
  TRY_ASSIGN(Id thing, ThingOf(call, call->in.resource_arn));
  for (const std::string& name : call->in.tags_to_remove.value_or(std::vector<std::string>())) {
    TRY(call.tx().Execute("DELETE FROM catalog_tags WHERE thing_id = ? AND name = ?", {thing, name}));
  }
  return UntagResource::Answer();
}

Result<GetTags::Answer> Tags::Do(const gate::Authorized<GetTags>& call) const {
  TRY_ASSIGN(Id thing, ThingOf(call, call->in.resource_arn));
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT name, value FROM catalog_tags WHERE thing_id = ? ORDER BY name", {thing}));
  GetTags::Answer answer{.tags = std::map<std::string, std::string>()};
  for (const store::Row& row : rows) answer.tags->emplace(row.Text(0), row.Text(1));
  return answer;
}

}  // namespace hanse::catalog
