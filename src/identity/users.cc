#include <fmt/format.h>

#include "base/text.h"
#include "identity/attaching.h"
#include "identity/iam.h"
#include "identity/limits.h"
#include "identity/principal_names.h"
#include "identity/shapes.h"
#include "model/arn.h"
#include "model/ids.h"

namespace hanse::identity {
namespace {

// The user that is named, or who asks.
Result<store::Principal> UserOf(const gate::Call& call, const std::optional<std::string>& name) {
  if (name) return FindNamed(call.tx(), call.caller().account, "user", *name);
  if (call.caller().kind != CallerKind::kUser) {
    return FailAs(ErrorCode::kInvalidArgument, "ValidationError", "Must specify userName when calling with non-User credentials");
  }
  TRY_ASSIGN(auto own, store::FindPrincipalById(call.tx(), call.caller().principal));
  if (!own) return FailAs(ErrorCode::kNotFound, "NoSuchEntity", "The user cannot be found.");
  return *std::move(own);
}

}  // namespace

Result<CreateUser::Answer> Iam::Do(const gate::Authorized<CreateUser>& call) {
  const AccountId& account = call.caller().account;
  store::Principal user{.account = account, .kind = "user", .name = *call->in.user_name, .path = call->in.path.value_or("/")};
  user.arn = UserArn(account, user.path, user.name);
  user.unique_id = NewIamId(random_, "AIDA");
  user.created_ms = call.now_ms();
  Definition definition;
  TRY(AddTags(FromTags(call->in.tags), &definition.tags));
  user.definition = definition.ToJson();
  TRY_ASSIGN(user, InsertPrincipal(call.tx(), std::move(user)));
  if (call->in.permissions_boundary) TRY(SetBoundary(call.tx(), user, call->in.permissions_boundary));
  call.NoteResource("AWS::IAM::User", user.arn);
  CreateUser::Answer answer;
  TRY_ASSIGN(answer.user, ToUser(call.tx(), user, Detail::kFull));
  return answer;
}

Result<GetUser::Answer> Iam::Do(const gate::Authorized<GetUser>& call) {
  TRY_ASSIGN(store::Principal user, UserOf(call, call->in.user_name));
  GetUser::Answer answer;
  TRY_ASSIGN(answer.user, ToUser(call.tx(), user, Detail::kFull));
  return answer;
}

Result<ListUsers::Answer> Iam::Do(const gate::Authorized<ListUsers>& call) {
  const std::string prefix = call->in.path_prefix.value_or("/");
  TRY_ASSIGN(Pages::Page page, pages_.Begin("ListUsers/" + call.caller().account + prefix, call->in.marker, call->in.max_items));
  TRY_ASSIGN(auto rows, ListNamed(call.tx(), call.caller().account, "user", prefix, page.after, page.limit + 1));
  ListUsers::Answer answer;
  pages_.End(page, &rows, [](const store::Principal& one) { return Lower(one.name); }, &answer);
  answer.users.emplace();
  for (const store::Principal& row : rows) {
    TRY_ASSIGN(wire::iam::User user, ToUser(call.tx(), row, Detail::kListed));
    answer.users->push_back(std::move(user));
  }
  return answer;
}

Result<UpdateUser::Answer> Iam::Do(const gate::Authorized<UpdateUser>& call) {
  TRY_ASSIGN(store::Principal user, UserOf(call, call->in.user_name));
  const std::string name = call->in.new_user_name.value_or(user.name), path = call->in.new_path.value_or(user.path);
  // Who may not touch a user of the new name may not make one by renaming.
  TRY(call.Require({.action = "iam:UpdateUser", .resource = UserArn(user.account, path, name)}));
  TRY_ASSIGN(auto taken, store::FindPrincipalByName(call.tx(), user.account, "user", name));
  if (taken && taken->id != user.id) {
    return FailAs(ErrorCode::kAlreadyExists, "EntityAlreadyExists", fmt::format("User with name {} already exists.", name));
  }
  user.name = name;
  user.path = path;
  user.arn = UserArn(user.account, path, name);
  TRY(UpdatePrincipal(call.tx(), user));
  return UpdateUser::Answer{};
}

Result<DeleteUser::Answer> Iam::Do(const gate::Authorized<DeleteUser>& call) {
  TRY_ASSIGN(store::Principal user, UserOf(call, call->in.user_name));
  TRY(CheckBare(call.tx(), user));
  TRY_ASSIGN(auto key, call.tx().Maybe("SELECT access_key FROM iam_access_keys WHERE principal = ? LIMIT 1", {user.id}));
  if (key) return DeleteConflict("Cannot delete entity, must delete access keys first.");
  TRY_ASSIGN(auto group, call.tx().Maybe("SELECT group_id FROM iam_group_members WHERE user_id = ? LIMIT 1", {user.id}));
  if (group) return DeleteConflict("Cannot delete entity, must remove users from group first.");
  TRY(store::DeleteThing(call.tx(), user.id));
  call.NoteResource("AWS::IAM::User", user.arn);
  return DeleteUser::Answer{};
}

Result<TagUser::Answer> Iam::Do(const gate::Authorized<TagUser>& call) {
  TRY_ASSIGN(store::Principal user, UserOf(call, call->in.user_name));
  Definition definition = Definition::FromJson(user.definition);
  TRY(AddTags(FromTags(call->in.tags), &definition.tags));
  user.definition = definition.ToJson();
  TRY(UpdatePrincipal(call.tx(), user));
  return TagUser::Answer{};
}

Result<UntagUser::Answer> Iam::Do(const gate::Authorized<UntagUser>& call) {
  TRY_ASSIGN(store::Principal user, UserOf(call, call->in.user_name));
  Definition definition = Definition::FromJson(user.definition);
  for (const std::string& key : *call->in.tag_keys) RemoveTag(key, &definition.tags);
  user.definition = definition.ToJson();
  TRY(UpdatePrincipal(call.tx(), user));
  return UntagUser::Answer{};
}

Result<ListUserTags::Answer> Iam::Do(const gate::Authorized<ListUserTags>& call) {
  TRY_ASSIGN(store::Principal user, UserOf(call, call->in.user_name));
  ListUserTags::Answer answer;
  answer.tags = ToTags(Definition::FromJson(user.definition).tags);
  answer.is_truncated = false;
  return answer;
}

}  // namespace hanse::identity
