#include <fmt/format.h>

#include "base/text.h"
#include "cli/output.h"
#include "client/aws_client.h"
#include "wire/hanse_service.h"

namespace hanse::cli {
namespace {

namespace mesh = wire::hanse_service;
using Texts = std::vector<std::string>;
using Rows = std::vector<std::vector<client::Cell>>;

// "[ACCOUNT/]DATABASE.TABLE" as the members of a request.
template <class In>
Result<void> NameTable(const std::string& text, In* in) {
  std::size_t slash = text.find('/'), dot = text.find('.', slash == std::string::npos ? 0 : slash + 1);
  if (dot == std::string::npos || dot + 1 == text.size()) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("--table {}: write it as [ACCOUNT/]DATABASE.TABLE", text));
  }
  std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  if (slash != std::string::npos) in->catalog_id = text.substr(0, slash);
  in->database_name = text.substr(begin, dot - begin);
  in->table_name = text.substr(dot + 1);
  return {};
}

// A day is its end's last moment: what held on it.
template <class In>
Result<void> NameMoment(const std::string& text, In* in) {
  if (text.empty()) return {};
  std::string whole = text.find('T') == std::string::npos ? text + "T23:59:59Z" : text;
  TimeMs at_ms = 0;
  if (!ParseTime(whole, &at_ms)) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("--as-of {}: write it as 2026-03-31 or 2026-03-31T12:00:00Z", text));
  }
  in->as_of = wire::Timestamp{at_ms};
  return {};
}

template <class Op>
Result<typename Op::Output> Ask(const std::string& profile_name, const typename Op::Input& in) {
  SystemClock clock;
  TRY_ASSIGN(auto as, client::AwsClient::SignIn(profile_name, clock));
  return as->Call<Op>(in);
}

std::string List(const std::optional<Texts>& texts, std::string_view none = "-") {
  return texts && !texts->empty() ? Join(*texts, ", ") : std::string(none);
}

std::string Seen(const std::optional<std::string>& row_filter, const std::optional<std::map<std::string, std::string>>& masked) {
  std::string text = row_filter ? "where " + *row_filter : "all";
  for (const auto& [column, rows] : masked.value_or(std::map<std::string, std::string>())) {
    text += fmt::format("; {} where {}", column, rows);
  }
  return text;
}

std::string Tags(const std::optional<std::map<std::string, std::string>>& tags) {
  std::string text;
  for (const auto& [key, value] : tags.value_or(std::map<std::string, std::string>())) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", key, value);
  }
  return text;
}

void PrintColumns(const mesh::ExplainAccessResponse& answer) {
  Rows rows;
  for (const auto& column : answer.columns.value_or(std::vector<mesh::ColumnVerdict>())) {
    rows.push_back({column.name, column.verdict, column.seen_where.value_or(""), Tags(column.tags), column.why});
  }
  fmt::print("\n");
  std::fflush(stdout);
  Print(Format::kTable, {"column", "verdict", "seen where", "tags", "because"}, rows);
}

void PrintGrant(const mesh::GrantOnTheWay& grant) {
  fmt::print("  {} grant {}: {} on {}\n", *grant.counts ? "+" : "-", *grant.grant_id, List(grant.permissions), *grant.resource);
  fmt::print("      to {} (reaches it as: {})\n", *grant.principal, *grant.through);
  if (grant.filter_rows) fmt::print("      rows: {}\n", *grant.filter_rows);
  if (grant.condition) fmt::print("      condition: {}\n", *grant.condition);
  if (grant.share) fmt::print("      through {}\n", *grant.share);
  fmt::print("      given by {} at {}\n", *grant.granted_by, FormatIso8601(grant.granted_at->ms));
  if (!*grant.counts) fmt::print("      does not count: {}\n", *grant.why);
}

void PrintExplanation(const mesh::ExplainAccessResponse& answer) {
  fmt::print("{}\n\n", *answer.sentence);
  if (answer.table->through_link) fmt::print("Reached through the link {}\n", *answer.table->through_link);
  fmt::print("Policies (IAM)\n");
  if (answer.principal->groups) fmt::print("  member of {}\n", List(answer.principal->groups));
  for (const auto& door : answer.first_door.value_or(std::vector<mesh::FirstDoor>())) {
    fmt::print("  {} {} on {}{}\n", *door.allowed ? "+" : "-", *door.action, *door.resource, door.why ? ": " + *door.why : "");
  }
  fmt::print("\nGrants (Lake Formation): {}\n", List(answer.permissions, "nothing on the table as a whole"));
  for (const auto& grant : answer.grants.value_or(std::vector<mesh::GrantOnTheWay>())) PrintGrant(grant);
  for (const std::string& setting : answer.settings.value_or(Texts())) fmt::print("  * {}\n", setting);
  if (answer.row_filter) fmt::print("\nRows: where {}\n", *answer.row_filter);
  PrintColumns(answer);
}

// Every page of a list. `members` names the answer's list.
template <class Op, class Member>
Result<typename Op::Output> AskAll(const std::string& profile_name, typename Op::Input in, Member members) {
  typename Op::Output all;
  do {
    TRY_ASSIGN(auto page, Ask<Op>(profile_name, in));
    in.next_token = page.next_token;
    if (!(all.*members)) {
      all = std::move(page);
    } else if (page.*members) {
      for (auto& one : *(page.*members)) (all.*members)->push_back(std::move(one));
    }
  } while (in.next_token);
  all.next_token.reset();
  return all;
}

int PrintJson(const std::string& json) {
  fmt::print("{}\n", json);
  return 0;
}

}  // namespace

int RunExplain(const AccessQuestion& question) {
  mesh::ExplainAccessRequest in{.principal_arn = question.who};
  if (auto named = NameTable(question.table, &in); !named) return Failed("explain", named.error());
  if (auto named = NameMoment(question.as_of, &in); !named) return Failed("explain", named.error());
  if (!question.column.empty()) in.column_name = question.column;
  auto answer = Ask<mesh::op::ExplainAccess>(question.profile, in);
  if (!answer) return Failed("explain", answer.error());
  if (question.json) return PrintJson(wire::ToJson(*answer));
  PrintExplanation(*answer);
  return 0;
}

int RunWhoCan(const AccessQuestion& question) {
  mesh::ListWhoCanRequest in;
  if (auto named = NameTable(question.table, &in); !named) return Failed("who-can", named.error());
  if (auto named = NameMoment(question.as_of, &in); !named) return Failed("who-can", named.error());
  if (!question.column.empty()) in.column_name = question.column;
  auto answer = AskAll<mesh::op::ListWhoCan>(question.profile, in, &mesh::ListWhoCanResponse::principals);
  if (!answer) return Failed("who-can", answer.error());
  if (question.json) return PrintJson(wire::ToJson(*answer));
  Rows rows;
  for (const auto& one : *answer->principals) {
    rows.push_back({one.arn, one.verdict, List(one.columns), Seen(one.row_filter, one.masked), List(one.reasons)});
  }
  Print(Format::kTable, {"who", "verdict", "columns", "rows", "because"}, rows);
  return 0;
}

int RunWhatCan(const AccessQuestion& question) {
  mesh::ListWhatCanRequest in{.principal_arn = question.who};
  if (auto named = NameMoment(question.as_of, &in); !named) return Failed("what-can", named.error());
  auto answer = AskAll<mesh::op::ListWhatCan>(question.profile, in, &mesh::ListWhatCanResponse::tables);
  if (!answer) return Failed("what-can", answer.error());
  if (question.json) return PrintJson(wire::ToJson(*answer));
  Rows rows;
  for (const auto& one : *answer->tables) {
    rows.push_back({fmt::format("{}/{}.{}", *one.catalog_id, *one.database_name, *one.name), one.verdict, List(one.columns),
                    List(one.hidden), Seen(one.row_filter, one.masked), List(one.reasons)});
  }
  Print(Format::kTable, {"table", "verdict", "columns", "hidden", "rows", "because"}, rows);
  return 0;
}

}  // namespace hanse::cli
