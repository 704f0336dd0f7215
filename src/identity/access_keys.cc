#include "identity/access_keys.h"

#include <fmt/format.h>

#include "crypto/sealed.h"
#include "identity/iam.h"
#include "identity/limits.h"
#include "identity/principal_names.h"
#include "model/ids.h"

namespace hanse::identity {
namespace {

std::string Purpose(std::string_view access_key) { return fmt::format("access-key/{}", access_key); }

Result<store::Principal> OwnerOf(const gate::Call& call, const std::optional<std::string>& user_name) {
  if (user_name) return FindNamed(call.tx(), call.caller().account, "user", *user_name);
  if (call.caller().kind == CallerKind::kUser) {
    TRY_ASSIGN(auto own, store::FindPrincipalById(call.tx(), call.caller().principal));
    if (own) return *std::move(own);
  }
  return FailAs(ErrorCode::kInvalidArgument, "ValidationError", "Must specify userName when calling with non-User credentials");
}

Result<AccessKeyRow> KeyOf(const gate::Call& call, const store::Principal& user, std::string_view access_key) {
  TRY_ASSIGN(auto key, FindAccessKey(call.tx(), access_key));
  if (!key || key->principal != user.id) {
    return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("The Access Key with id {} cannot be found.", access_key));
  }
  return *std::move(key);
}

}  // namespace

Result<NewAccessKey> InsertAccessKey(store::Transaction& tx, const crypto::Key& key, Random& random, Id principal, TimeMs now_ms) {
  NewAccessKey made{NewIamId(random, "AKIA"), NewAccessKeySecret(random)};
  TRY(tx.Execute("INSERT INTO iam_access_keys (access_key, principal, secret, status, created_ms) VALUES (?, ?, ?, 'Active', ?)",
                 {made.access_key, principal, crypto::SealToken(key, random, Purpose(made.access_key), made.secret), now_ms}));
  return made;
}

Result<std::optional<AccessKeyRow>> FindAccessKey(store::Transaction& tx, std::string_view access_key) {
  TRY_ASSIGN(auto row,
             tx.RecallMaybe("SELECT access_key, principal, secret, status, created_ms FROM iam_access_keys WHERE access_key = ?",
                            {std::string(access_key)}));
  if (!row) return std::optional<AccessKeyRow>();
  return std::optional(AccessKeyRow{row->Text(0), row->Int(1), row->Text(2), row->Text(3), row->Int(4)});
}

Result<std::string> OpenSecret(const crypto::Key& key, const AccessKeyRow& row) {
  return crypto::OpenToken(key, Purpose(row.access_key), row.sealed_secret);
}

Result<CreateAccessKey::Answer> Iam::Do(const gate::Authorized<CreateAccessKey>& call) {
  TRY_ASSIGN(store::Principal user, OwnerOf(call, call->in.user_name));
  TRY_ASSIGN(auto count, call.tx().One("SELECT count(*) FROM iam_access_keys WHERE principal = ?", {user.id}));
  if (count.Int(0) >= kMaxAccessKeys) return OverQuota("AccessKeysPerUser", kMaxAccessKeys);
  TRY_ASSIGN(NewAccessKey made, InsertAccessKey(call.tx(), key_, random_, user.id, call.now_ms()));
  call.NoteResource("AWS::IAM::AccessKey", made.access_key);
  CreateAccessKey::Answer answer;
  answer.access_key = wire::iam::AccessKey{.user_name = user.name,
                                           .access_key_id = made.access_key,
                                           .status = "Active",
                                           .secret_access_key = made.secret,
                                           .create_date = wire::Timestamp{call.now_ms()}};
  return answer;
}

Result<ListAccessKeys::Answer> Iam::Do(const gate::Authorized<ListAccessKeys>& call) {
  TRY_ASSIGN(store::Principal user, OwnerOf(call, call->in.user_name));
  TRY_ASSIGN(auto rows,
             call.tx().Query("SELECT access_key, status, created_ms FROM iam_access_keys WHERE principal = ? ORDER BY created_ms",
                             {user.id}));
  ListAccessKeys::Answer answer;
  answer.is_truncated = false;
  answer.access_key_metadata.emplace();
  for (const store::Row& row : rows) {
    answer.access_key_metadata->push_back(
        {.user_name = user.name, .access_key_id = row.Text(0), .status = row.Text(1), .create_date = wire::Timestamp{row.Int(2)}});
  }
  return answer;
}

Result<UpdateAccessKey::Answer> Iam::Do(const gate::Authorized<UpdateAccessKey>& call) {
  TRY_ASSIGN(store::Principal user, OwnerOf(call, call->in.user_name));
  TRY_ASSIGN(AccessKeyRow key, KeyOf(call, user, *call->in.access_key_id));
  const std::string status = *call->in.status;
  if (status != "Active" && status != "Inactive") {
    return FailAs(ErrorCode::kInvalidArgument, "ValidationError", "Status must be Active or Inactive.");
  }
  TRY(call.tx().Execute("UPDATE iam_access_keys SET status = ? WHERE access_key = ?", {status, key.access_key}));
  return UpdateAccessKey::Answer{};
}

Result<DeleteAccessKey::Answer> Iam::Do(const gate::Authorized<DeleteAccessKey>& call) {
  TRY_ASSIGN(store::Principal user, OwnerOf(call, call->in.user_name));
  TRY_ASSIGN(AccessKeyRow key, KeyOf(call, user, *call->in.access_key_id));
  TRY(call.tx().Execute("DELETE FROM iam_access_keys WHERE access_key = ?", {key.access_key}));
  return DeleteAccessKey::Answer{};
}

Result<GetAccessKeyLastUsed::Answer> Iam::Do(const gate::Authorized<GetAccessKeyLastUsed>& call) {
  TRY_ASSIGN(auto key, FindAccessKey(call.tx(), *call->in.access_key_id));
  std::optional<store::Principal> user;
  if (key) {
    TRY_ASSIGN(user, store::FindPrincipalById(call.tx(), key->principal));
  }
  // A key of another account is as one that is not there.
  if (!user || user->account != call.caller().account) {
    return FailAs(ErrorCode::kAccessDenied, "AccessDenied", "The access key does not belong to this account.");
  }
  GetAccessKeyLastUsed::Answer answer;
  answer.user_name = user->name;
  answer.access_key_last_used.emplace();
  std::optional<KeyUses::Use> use = uses_.Last(key->access_key);
  if (use) answer.access_key_last_used->last_used_date = wire::Timestamp{use->at_ms};
  answer.access_key_last_used->service_name = use ? use->service : "N/A";
  answer.access_key_last_used->region = use ? use->region : "N/A";
  return answer;
}

}  // namespace hanse::identity
