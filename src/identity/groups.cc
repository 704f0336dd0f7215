#include <fmt/format.h>

#include "base/text.h"
#include "identity/attaching.h"
#include "identity/iam.h"
#include "identity/limits.h"
#include "identity/principal_names.h"
#include "identity/shapes.h"
#include "model/ids.h"

namespace hanse::identity {
namespace {

std::string GroupArn(std::string_view account, std::string_view path, std::string_view name) {
  return fmt::format("arn:aws:iam::{}:group{}{}", account, path, name);
}

Result<store::Principal> GroupOf(const gate::Call& call, const std::optional<std::string>& name) {
  return FindNamed(call.tx(), call.caller().account, "group", name.value_or(""));
}

Result<std::vector<store::Principal>> Read(store::Transaction& tx, const std::vector<store::Row>& ids) {
  std::vector<store::Principal> rows;
  for (const store::Row& id : ids) {
    TRY_ASSIGN(auto row, store::FindPrincipalById(tx, id.Int(0)));
    if (row) rows.push_back(*std::move(row));
  }
  return rows;
}

std::string NameKey(const store::Principal& one) { return Lower(one.name); }

}  // namespace

Result<CreateGroup::Answer> Iam::Do(const gate::Authorized<CreateGroup>& call) {
  store::Principal group{
      .account = call.caller().account, .kind = "group", .name = *call->in.group_name, .path = call->in.path.value_or("/")};
  group.arn = GroupArn(group.account, group.path, group.name);
  group.unique_id = NewIamId(random_, "AGPA");
  group.created_ms = call.now_ms();
  group.definition = Definition{}.ToJson();
  TRY_ASSIGN(group, InsertPrincipal(call.tx(), std::move(group)));
  call.NoteResource("AWS::IAM::Group", group.arn);
  return CreateGroup::Answer{.group = ToGroup(group)};
}

Result<GetGroup::Answer> Iam::Do(const gate::Authorized<GetGroup>& call) {
  TRY_ASSIGN(store::Principal group, GroupOf(call, call->in.group_name));
  TRY_ASSIGN(Pages::Page page, pages_.Begin(fmt::format("GetGroup/{}", group.id), call->in.marker, call->in.max_items));
  TRY_ASSIGN(auto ids, call.tx().Query("SELECT p.id FROM iam_group_members m JOIN principals p ON p.id = m.user_id "
                                       "WHERE m.group_id = ? AND p.name_lower > ? ORDER BY p.name_lower LIMIT ?",
                                       {group.id, page.after, page.limit + 1}));
  TRY_ASSIGN(auto rows, Read(call.tx(), ids));
  GetGroup::Answer answer;
  answer.group = ToGroup(group);
  pages_.End(page, &rows, NameKey, &answer);
  answer.users.emplace();
  for (const store::Principal& row : rows) {
    TRY_ASSIGN(wire::iam::User user, ToUser(call.tx(), row, Detail::kListed));
    answer.users->push_back(std::move(user));
  }
  return answer;
}

Result<ListGroups::Answer> Iam::Do(const gate::Authorized<ListGroups>& call) {
  const std::string prefix = call->in.path_prefix.value_or("/");
  TRY_ASSIGN(Pages::Page page, pages_.Begin("ListGroups/" + call.caller().account + prefix, call->in.marker, call->in.max_items));
  TRY_ASSIGN(auto rows, ListNamed(call.tx(), call.caller().account, "group", prefix, page.after, page.limit + 1));
  ListGroups::Answer answer;
  pages_.End(page, &rows, NameKey, &answer);
  answer.groups.emplace();
  for (const store::Principal& row : rows) answer.groups->push_back(ToGroup(row));
  return answer;
}

Result<UpdateGroup::Answer> Iam::Do(const gate::Authorized<UpdateGroup>& call) {
  TRY_ASSIGN(store::Principal group, GroupOf(call, call->in.group_name));
  group.name = call->in.new_group_name.value_or(group.name);
  group.path = call->in.new_path.value_or(group.path);
  group.arn = GroupArn(group.account, group.path, group.name);
  TRY(call.Require({.action = "iam:UpdateGroup", .resource = group.arn}));
  TRY_ASSIGN(auto taken, store::FindPrincipalByName(call.tx(), group.account, "group", group.name));
  if (taken && taken->id != group.id) {
    return FailAs(ErrorCode::kAlreadyExists, "EntityAlreadyExists", fmt::format("Group with name {} already exists.", group.name));
  }
  TRY(UpdatePrincipal(call.tx(), group));
  return UpdateGroup::Answer{};
}

Result<DeleteGroup::Answer> Iam::Do(const gate::Authorized<DeleteGroup>& call) {
  TRY_ASSIGN(store::Principal group, GroupOf(call, call->in.group_name));
  TRY(CheckBare(call.tx(), group));
  TRY_ASSIGN(auto member, call.tx().Maybe("SELECT user_id FROM iam_group_members WHERE group_id = ? LIMIT 1", {group.id}));
  if (member) return DeleteConflict("Cannot delete entity, must remove users from group first.");
  TRY(store::DeleteThing(call.tx(), group.id));
  return DeleteGroup::Answer{};
}

Result<AddUserToGroup::Answer> Iam::Do(const gate::Authorized<AddUserToGroup>& call) {
  TRY_ASSIGN(store::Principal group, GroupOf(call, call->in.group_name));
  TRY_ASSIGN(store::Principal user, FindNamed(call.tx(), call.caller().account, "user", *call->in.user_name));
  TRY_ASSIGN(auto count,
             call.tx().One("SELECT count(*) FROM iam_group_members WHERE user_id = ? AND group_id <> ?", {user.id, group.id}));
  if (count.Int(0) >= kMaxGroupsPerUser) return OverQuota("GroupsPerUser", kMaxGroupsPerUser);
  TRY(call.tx().Execute("INSERT INTO iam_group_members (group_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        {group.id, user.id}));
  return AddUserToGroup::Answer{};
}

Result<RemoveUserFromGroup::Answer> Iam::Do(const gate::Authorized<RemoveUserFromGroup>& call) {
  TRY_ASSIGN(store::Principal group, GroupOf(call, call->in.group_name));
  TRY_ASSIGN(store::Principal user, FindNamed(call.tx(), call.caller().account, "user", *call->in.user_name));
  TRY_ASSIGN(std::int64_t gone,
             call.tx().Execute("DELETE FROM iam_group_members WHERE group_id = ? AND user_id = ?", {group.id, user.id}));
  if (gone == 0) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("User {} is not in group {}.", user.name, group.name));
  }
  return RemoveUserFromGroup::Answer{};
}

Result<ListGroupsForUser::Answer> Iam::Do(const gate::Authorized<ListGroupsForUser>& call) {
  TRY_ASSIGN(store::Principal user, FindNamed(call.tx(), call.caller().account, "user", *call->in.user_name));
  TRY_ASSIGN(Pages::Page page, pages_.Begin(fmt::format("ListGroupsForUser/{}", user.id), call->in.marker, call->in.max_items));
  TRY_ASSIGN(auto ids, call.tx().Query("SELECT p.id FROM iam_group_members m JOIN principals p ON p.id = m.group_id "
                                       "WHERE m.user_id = ? AND p.name_lower > ? ORDER BY p.name_lower LIMIT ?",
                                       {user.id, page.after, page.limit + 1}));
  TRY_ASSIGN(auto rows, Read(call.tx(), ids));
  ListGroupsForUser::Answer answer;
  pages_.End(page, &rows, NameKey, &answer);
  answer.groups.emplace();
  for (const store::Principal& row : rows) answer.groups->push_back(ToGroup(row));
  return answer;
}

}  // namespace hanse::identity
