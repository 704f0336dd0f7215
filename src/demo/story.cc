#include "demo/story.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "base/text.h"
#include "demo/data.h"
#include "engine/sample_data.h"
#include "wire/cloudtrail.h"
#include "wire/ram.h"

namespace hanse::demo {
namespace {

namespace lf = wire::lakeformation;

constexpr const char* kLedgerQuery =
    "SELECT region_code, count(*) AS entries, sum(amount) AS amount FROM gl_transactions GROUP BY region_code ORDER BY region_code";

lf::Resource Table(const std::string& database, const std::string& name) {
  return {.table = lf::TableResource{.database_name = database, .name = name}};
}

}  // namespace

void Story::Say(const std::string& text) const {
  if (quiet_) return;
  std::fputs((text + "\n").c_str(), stdout);
  std::fflush(stdout);
}

Result<client::QueryAnswer> Story::Ask(const Person& person, const std::string& sql, const std::string& database) {
  return client::RunQuery(*person.session, sql, database, person.account->Results());
}

Result<void> Story::WriteProfiles(const std::string& directory) const {
  std::ofstream credentials(directory + "/credentials", std::ios::app), config(directory + "/config", std::ios::app);
  for (const auto& [name, person] :
       {std::pair<std::string, const Person&>{"demo-analyst", analyst_}, {"demo-scientist", scientist_}}) {
    const client::Profile& profile = person.session->profile();
    credentials << fmt::format("\n[{}]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n", name,
                               profile.access_key, profile.secret_key, profile.session_token);
    config << fmt::format("\n[profile {}]\nregion = {}\nendpoint_url = {}\nhanse_results = {}\n", name, profile.region,
                          profile.endpoint_url, person.account->Results());
  }
  credentials.flush();
  config.flush();
  if (!credentials || !config) return Fail(ErrorCode::kUnavailable, "cannot write the demo's profiles to " + directory);
  return {};
}

Result<void> Story::Play() {
  TRY(FoundOrganisation());
  TRY(PublishDomains());
  TRY(IssueTwoGrants());
  TRY(FourPeopleOneQuery());
  TRY(FifthDomainJoins());
  TRY(ScanLess());
  TRY(Revoke());
  return Audit();
}

Result<void> Story::FoundOrganisation() {
  Say("1  The organisation: a governance hub, four domains, two consumers, each an account of its own");
  TRY(company_.AddUnit("Governance", {"governance"}));
  TRY(company_.AddUnit("Domains", {"finance", "sales", "marketing", "supply-chain", "support"}));
  TRY(company_.AddUnit("Consumers", {"analytics", "data-science"}));
  TRY(management_.Call<wire::ram::op::EnableSharingWithAwsOrganization>({}));
  for (const char* name : {"governance", "analytics", "data-science"}) TRY(company_.Govern(company_.At(name)));
  TRY(company_.AddTag("domain", {"finance", "sales", "marketing", "supply-chain", "support"}));
  TRY(company_.AddTag("layer", {"raw", "curated", "aggregated"}));
  TRY(company_.AddTag("sensitivity", {"public", "internal", "confidential", "pii"}));
  Note("accounts in their units", "9");
  return {};
}

Result<void> Story::Publish(const std::string& domain) {
  Account& owner = company_.At(domain);
  TRY(company_.OpenDomain(domain));
  std::size_t bytes = 0;
  for (const DataFile& file : FilesOf(domain)) {
    TRY_ASSIGN(std::string parquet, engine::SampleData::Shared().Parquet(file.select));
    bytes += parquet.size();
    TRY(owner.admin->PutObject(owner.Bucket(), file.key, std::move(parquet)));
  }
  std::string database = Company::DatabaseOf(domain);
  for (const DataTable& table : TablesOf(domain)) {
    std::vector<std::pair<std::string, std::string>> columns;
    for (const ColumnOf& column : table.columns) columns.emplace_back(column.name, column.type);
    TRY(company_.AddTable(domain, table.name, columns));
    TRY(company_.Tag(Table(database, table.name), {{"sensitivity", table.sensitivity}}));
    if (table.pii_columns.empty()) continue;
    lf::TableWithColumnsResource hidden{.database_name = database, .name = table.name, .column_names = table.pii_columns};
    TRY(company_.Tag(lf::Resource{.table_with_columns = hidden}, {{"sensitivity", "pii"}}));
  }
  if (domain == "sales") {
    TRY(company_.Crawl(domain, {"orders", "orders_by_month", "daily_sales_by_category"}));
    for (const char* table : {"orders", "orders_by_month"})
      TRY(company_.Tag(Table(database, table), {{"sensitivity", "internal"}}));
    TRY(company_.Tag(Table(database, "daily_sales_by_category"), {{"sensitivity", "public"}, {"layer", "aggregated"}}));
  }
  Say(fmt::format("     {:<13} {:>8} in its own bucket, encrypted under its own key; catalogued and tagged", domain,
                  client::BytesText(static_cast<std::int64_t>(bytes))));
  return {};
}

Result<void> Story::PublishDomains() {
  Say("2  The domains publish: bytes stay in their accounts, the hub holds catalog and tags");
  TRY(engine::SampleData::Shared().Prepare(BaseTables(seed_)));
  for (const char* domain : {"finance", "sales", "marketing", "supply-chain"}) TRY(Publish(domain));
  return {};
}

Result<void> Story::IssueTwoGrants() {
  Say("3  Governance issues two grants for the whole company: public and internal data, by tag");
  for (const char* consumer : {"analytics", "data-science"}) TRY(company_.GrantOpenData(consumer));
  TRY_ASSIGN(analyst_, company_.Hire("analytics", "analyst", "analyst (Analytics)"));
  TRY_ASSIGN(scientist_, company_.Hire("data-science", "scientist", "scientist (Data Science)"));
  for (const Person* person : {&analyst_, &scientist_}) {
    TRY(company_.Grant(*person->account, person->arn, company_.OpenData(), {"SELECT", "DESCRIBE"}));
    for (const char* domain : {"finance", "sales", "marketing", "supply-chain"})
      TRY(company_.Link(person->account->name, domain, *person));
  }
  TRY_ASSIGN(
      auto orders,
      Ask(analyst_, "SELECT country, count(*) AS orders, sum(total) AS total FROM orders GROUP BY country ORDER BY 3 DESC LIMIT 3",
          "sales"));
  Say("     the analyst asks Sales for its best countries:\n\n" + client::FormatTable(orders.columns, orders.rows));
  TRY_ASSIGN(auto shipments, Ask(scientist_, "SELECT * FROM shipments LIMIT 1", "supply_chain"));
  Say(fmt::format("     shipments without the personal column: {}", Join(shipments.columns, ", ")));
  if (auto contacts = Ask(analyst_, "SELECT count(*) FROM contacts", "marketing"); contacts) {
    return Fail(ErrorCode::kInternal, "the analyst can read personal data");
  }
  Note("tag grants for the whole company", fmt::format("{}", company_.tag_grants()));
  Note("tables of personal data that anyone can read", "0");
  return {};
}

Result<void> Story::FourPeopleOneQuery() {
  Say(fmt::format("4  The same SQL as four people\n     {}\n", kLedgerQuery));
  lf::Resource ledger = Table("finance", "gl_transactions");
  TRY_ASSIGN(Person cfo, company_.Hire("governance", "finance-lead", "finance lead: every row"));
  TRY(company_.Grant(company_.At("governance"), cfo.arn, ledger, {"SELECT"}));
  std::vector<Person> people;
  people.push_back(std::move(cfo));
  for (const auto& [region, role] : {std::pair<std::string, std::string>{"EU", "controller-eu"}, {"US", "controller-us"}}) {
    TRY_ASSIGN(Person person, company_.Hire("governance", role, fmt::format("regional controller: {} only, no salaries", region)));
    TRY(company_.AddFilter("finance", "gl_transactions", role, fmt::format("region_code = '{}'", region), {"employee_salary"}));
    lf::DataCellsFilterResource filter{.table_catalog_id = company_.At("governance").id,
                                       .database_name = "finance",
                                       .table_name = "gl_transactions",
                                       .name = role};
    TRY(company_.Grant(company_.At("governance"), person.arn, lf::Resource{.data_cells_filter = filter}, {"SELECT"}));
    people.push_back(std::move(person));
  }
  for (const Person& person : people) {
    TRY_ASSIGN(auto answer, Ask(person, kLedgerQuery, "finance"));
    Say("     " + person.title + "\n" + client::FormatTable(answer.columns, answer.rows));
  }
  auto refused = Ask(analyst_, kLedgerQuery, "finance");
  if (refused) return Fail(ErrorCode::kInternal, "the analyst can read confidential data");
  Say("     analyst (Analytics): confidential data is not shared\n" + refused.error().message + "\n");
  auto salary = Ask(people[1], "SELECT max(employee_salary) FROM gl_transactions", "finance");
  if (salary) return Fail(ErrorCode::kInternal, "the controller can read salaries");
  Note("answers to one query by four people", "4 different");
  return {};
}

Result<void> Story::FifthDomainJoins() {
  Say("5  A fifth domain joins: publishing and tagging is all, no new grant");
  auto start = std::chrono::steady_clock::now();
  TRY(Publish("support"));
  TRY(company_.Link("analytics", "support", analyst_));
  TRY_ASSIGN(auto tickets,
             Ask(analyst_, "SELECT reason, count(*) AS tickets FROM tickets GROUP BY reason ORDER BY reason", "support"));
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  Say("\n" + client::FormatTable(tickets.columns, tickets.rows));
  Note("a fifth domain, first product read by a consumer", fmt::format("{:.1f} s, no new grant", took.count()));
  return {};
}

Result<void> Story::ScanLess() {
  Say("6  Bytes scanned for one month of orders, before and after partitioning");
  constexpr const char* kBefore =
      "SELECT count(*) AS orders, sum(total) AS total FROM orders WHERE ordered_at >= TIMESTAMP '2026-03-01 00:00:00' AND "
      "ordered_at < TIMESTAMP '2026-04-01 00:00:00'";
  constexpr const char* kAfter = "SELECT count(*) AS orders, sum(total) AS total FROM orders_by_month WHERE month = '2026-03'";
  TRY_ASSIGN(auto before, Ask(analyst_, kBefore, "sales"));
  TRY_ASSIGN(auto after, Ask(analyst_, kAfter, "sales"));
  if (before.rows != after.rows) return Fail(ErrorCode::kInternal, "the partitioned table gives another answer");
  double ratio = static_cast<double>(before.scanned_bytes) / static_cast<double>(std::max<std::int64_t>(1, after.scanned_bytes));
  Say(fmt::format("     {} before, {} after\n", client::BytesText(before.scanned_bytes), client::BytesText(after.scanned_bytes)));
  Note("bytes scanned, whole table / one partition",
       fmt::format("{} / {} ({:.1f} times less)", client::BytesText(before.scanned_bytes), client::BytesText(after.scanned_bytes),
                   ratio));
  return {};
}

Result<void> Story::Revoke() {
  Say("7  Governance takes Data Science's grant away: the very next query is refused");
  TRY(Ask(scientist_, "SELECT count(*) FROM orders", "sales"));
  auto start = std::chrono::steady_clock::now();
  TRY(company_.RevokeOpenData("data-science"));
  auto refused = Ask(scientist_, "SELECT count(*) FROM orders", "sales");
  std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (refused) return Fail(ErrorCode::kInternal, "a revoked grant still works");
  TRY(Ask(analyst_, "SELECT count(*) FROM orders", "sales"));
  Say("     " + refused.error().message + "\n");
  Note("revoke, and the next query refused", fmt::format("{:.0f} ms for both", took.count()));
  return {};
}

Result<void> Story::Audit() {
  Say("8  Who read the ledger? One question to the journal");
  namespace trail = wire::cloudtrail;
  trail::LookupEventsRequest lookup{
      .lookup_attributes = {{trail::LookupAttribute{.attribute_key = "EventName", .attribute_value = "GetDataAccess"}}}};
  std::vector<std::vector<client::Cell>> rows;
  for (int turn = 0; turn < 100 && rows.empty(); ++turn) {
    TRY_ASSIGN(auto found, company_.At("governance").admin->Call<trail::op::LookupEvents>(lookup));
    for (const trail::Event& event : found.events.value_or(std::vector<trail::Event>{})) {
      if (event.cloud_trail_event->find("gl_transactions") == std::string::npos) continue;
      rows.push_back({FormatIso8601(event.event_time->ms), event.username, *event.event_name});
    }
    if (rows.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  if (rows.empty()) return Fail(ErrorCode::kInternal, "the journal does not know who read the ledger");
  Say("\n" + client::FormatTable({"when", "who", "event"}, rows));
  Note("who read the ledger: records found", fmt::format("{}", rows.size()));
  return {};
}

}  // namespace hanse::demo
