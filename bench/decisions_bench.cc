// Lake Formation's decisions from the compiled snapshot at a million tables: one at a time, each beside the clock; what a principal
// may see, as ids; what a change costs until the next snapshot; and the reference evaluator's answers to some of the same
// questions.
#include <time.h>

#include <algorithm>
#include <chrono>
#include <random>

#include <fmt/format.h>

#include "bench/lake_benches.h"
#include "bench/large_lake.h"
#include "policy/lake_decide.h"
#include "tests/reference/evaluator.h"

namespace hanse::bench {
namespace {

constexpr int kQuestions = 2'000'000, kReferenceQuestions = 200, kChanges = 2'000;
constexpr int kWantedTables = 16'000;

double NanosecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
}

policy::LakeSnapshot::Who Principal(const policy::LakeSnapshot& lake, int principal) {
  return lake.Find({LargeLake::PrincipalKey(principal), "111111111111:IAMPrincipals", "IAM_ALLOWED_PRINCIPALS"}, false);
}

// How long the evaluator takes for one; fails where it says something else.
Result<double> Reference(const LargeLake& large, const policy::LakeSnapshot& lake, std::mt19937_64& dice) {
  std::vector<int> tables;
  for (int i = 0; i < kReferenceQuestions; ++i) tables.push_back(static_cast<int>(dice() % LargeLake::kTables));
  reference::World world = large.World(tables);
  int visible = 0;
  double nanoseconds = 0;
  for (int table : tables) {
    // Every other question is about something that the principal sees.
    int principal = static_cast<int>(dice() % LargeLake::kPrincipals);
    for (int i = 0; visible % 2 == 1 && i < 1'000 && !lake.Check(Principal(lake, principal), LargeLake::TableId(table)).visible();
         ++i) {
      principal = static_cast<int>(dice() % LargeLake::kPrincipals);
    }
    ++visible;
    const Id id = std::stoll(LargeLake::PrincipalKey(principal).substr(1));
    const reference::Table asked{
        LargeLake::TableId(table), LargeLake::DatabaseId(LargeLake::DatabaseOf(table)), "111111111111", {"c"}, {}, false};
    auto start = std::chrono::steady_clock::now();
    const reference::TableSeen expected = SeenOf(world, id, asked);
    nanoseconds += NanosecondsSince(start);
    const policy::LakeVerdict verdict = lake.Check(Principal(lake, principal), asked.id);
    const auto names = policy::PermissionNames(verdict.whole);
    if (verdict.more || reference::Words(names.begin(), names.end()) != expected.permissions) {
      return Fail(ErrorCode::kInternal, fmt::format("the evaluator answers otherwise: table {}, principal {}", asked.id, id));
    }
  }
  return nanoseconds / kReferenceQuestions;
}

// Counted by value, so that what is kept of the figures pushes little of what is measured out of the caches.
class Histogram {
 public:
  void Add(double nanoseconds) {
    ++counts_[std::min(counts_.size() - 1, static_cast<std::size_t>(std::max(0.0, nanoseconds)))];
    ++total_;
  }
  double Below(double share) const {
    std::size_t below = 0, at = 0;
    while (at + 1 < counts_.size() && static_cast<double>(below += counts_[at]) < share * static_cast<double>(total_)) ++at;
    return static_cast<double>(at);
  }

 private:
  std::vector<std::uint32_t> counts_ = std::vector<std::uint32_t>(100'000);
  std::size_t total_ = 0;
};

struct Question {
  int principal = 0, table = 0;
};

// Of this thread: what others do on the machine is not in it.
double CpuNanoseconds() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) * 1e9 + static_cast<double>(spent.tv_nsec);
}

// Each beside the clock, which is in what is measured and is given too; then all of them one after the other, by processor time.
// Who asks is at hand: a request finds that once, before it asks of any table (`find_who_p50_ns`).
Result<Metrics> Asked(const policy::LakeSnapshot& lake, std::mt19937_64& dice) {
  std::vector<policy::LakeSnapshot::Who> who;
  for (int i = 0; i < LargeLake::kPrincipals; ++i) who.push_back(Principal(lake, i));
  std::vector<Question> questions(kQuestions);
  for (Question& question : questions) {
    question = {static_cast<int>(dice() % LargeLake::kPrincipals), static_cast<int>(dice() % LargeLake::kTables)};
  }
  auto asking = [&](const Question& question) -> const policy::LakeSnapshot::Who& {
    return who[static_cast<std::size_t>(question.principal)];
  };
  auto may = [&](const policy::LakeSnapshot::Who& asker, const Question& question) {
    return lake.Check(asker, LargeLake::TableId(question.table)).whole.Has(policy::Permission::kSelect);
  };
  Histogram one, clock, finding;
  std::size_t allowed = 0, again = 0;
  for (const Question& question : questions) {
    const policy::LakeSnapshot::Who asker = asking(question);
    auto start = std::chrono::steady_clock::now();
    const bool yes = may(asker, question);
    one.Add(NanosecondsSince(start));
    allowed += yes;
    start = std::chrono::steady_clock::now();
    clock.Add(NanosecondsSince(start));
  }
  const double before = CpuNanoseconds();
  for (const Question& question : questions) again += may(asking(question), question);
  const double each_ns = (CpuNanoseconds() - before) / kQuestions;
  if (again != allowed) return Fail(ErrorCode::kInternal, "asked again, the answers are others");
  for (int i = 0; i < kQuestions / 10; ++i) {
    auto start = std::chrono::steady_clock::now();
    again += Principal(lake, questions[static_cast<std::size_t>(i)].principal).seats.size() > 9;  // Never so many.
    finding.Add(NanosecondsSince(start));
  }
  return Metrics{{"allowed_percent", 100.0 * static_cast<double>(allowed) / kQuestions},
                 {"p50_ns", one.Below(0.5)},
                 {"p99_ns", one.Below(0.99)},
                 {"clock_p50_ns", clock.Below(0.5)},
                 {"each_of_many_ns", each_ns},
                 {"find_who_p50_ns", finding.Below(0.5)}};
}

policy::TableFacts WideFacts() {
  policy::TableFacts facts;
  for (int i = 0; i < 30; ++i) facts.columns.push_back(fmt::format("column_{}", i));
  facts.tags = {{1, "v0"}};
  facts.own = {{.reach = policy::Reach::kTags, .permissions = policy::Permission::kSelect, .expression = {{1, "k1", {"v0"}}}}};
  return facts;
}

double FromFacts(const policy::TableFacts& facts) {
  std::vector<double> each;
  for (int i = 0; i < 10'000; ++i) {
    auto start = std::chrono::steady_clock::now();
    const bool readable = DecideTable(facts).readable;
    each.push_back(NanosecondsSince(start) / (readable ? 1 : 0));
  }
  return Percentile(each, 0.5);
}

// A table of 30 columns from all its facts, columns, filters and reasons told one by one: seen as a whole by a tag policy; and in
// part, by that and two filters of cells, which is what the snapshot leaves to the facts.
Metrics AllFacts() {
  policy::TableFacts part = WideFacts();
  const policy::PermissionSet select = policy::Permission::kSelect;
  part.column_tags = {{"column_3", {{1, "v1"}}}};
  part.own.push_back(
      {.reach = policy::Reach::kCells, .permissions = select, .columns = {"column_3", "column_4"}, .rows = "column_1 = 5"});
  part.own.push_back(
      {.reach = policy::Reach::kCells, .permissions = select, .list = policy::ColumnList::kAllBut, .rows = "column_2 > 7"});
  return {{"facts_whole_p50_ns", FromFacts(WideFacts())}, {"facts_in_part_p50_ns", FromFacts(part)}};
}

// What a change costs until it is published, and all that is undone again.
Metrics ChangedFacts(const LargeLake& large, policy::LakeCompiler& compiler, std::mt19937_64& dice) {
  std::vector<double> changes;
  std::shared_ptr<const policy::LakeSnapshot> lake;
  for (int i = 0; i < kChanges; ++i) {
    LargeLake::Grant grant = large.grants[dice() % large.grants.size()];
    if (i % 2 == 0) grant.permissions = policy::Permission::kDescribe;
    auto start = std::chrono::steady_clock::now();
    compiler.SetGrant(large.Compiled(grant));
    lake = compiler.Publish();
    changes.push_back(NanosecondsSince(start) / 1'000);
  }
  auto start = std::chrono::steady_clock::now();
  compiler.SetTag(LargeLake::DatabaseId(3), "", 1, "retagged");
  lake = compiler.Publish();
  const double retag_ms = NanosecondsSince(start) / 1e6;
  compiler.SetTag(LargeLake::DatabaseId(3), "", 1, "v0");
  for (const auto& grant : large.grants) compiler.SetGrant(large.Compiled(grant));
  auto& tags = large.database_tags[3];
  if (auto first = tags.find(1); first == tags.end()) {
    compiler.DropTag(LargeLake::DatabaseId(3), "", 1);
  } else {
    compiler.SetTag(LargeLake::DatabaseId(3), "", 1, first->second);
  }
  return {{"change_p50_us", Percentile(changes, 0.5)},
          {"change_p99_us", Percentile(changes, 0.99)},
          {"retag_4000_tables_ms", retag_ms}};
}

}  // namespace

Result<Metrics> Decisions() {
  const LargeLake large(7);
  policy::LakeCompiler compiler;
  std::shared_ptr<const policy::LakeSnapshot> lake;
  const double compile_s = Seconds([&] {
    large.Fill(&compiler);
    lake = compiler.Publish();
  });
  std::mt19937_64 dice(11);
  Metrics metrics = {
      {"tables", static_cast<double>(lake->tables())}, {"classes", static_cast<double>(lake->classes())}, {"compile_s", compile_s}};
  TRY_ASSIGN(Metrics asked, Asked(*lake, dice));
  metrics.insert(metrics.end(), asked.begin(), asked.end());
  for (const auto& metric : AllFacts()) metrics.push_back(metric);
  const Metrics changed = ChangedFacts(large, compiler, dice);
  metrics.insert(metrics.end(), changed.begin(), changed.end());
  lake = compiler.Publish();
  TRY_ASSIGN(double reference_ns, Reference(large, *lake, dice));
  metrics.emplace_back("reference_ns", reference_ns);
  return metrics;
}

Result<Metrics> List() {
  const LargeLake large(7);
  policy::LakeCompiler compiler;
  large.Fill(&compiler);
  const auto lake = compiler.Publish();
  // The principals that see about as many tables as the question says.
  std::vector<std::pair<std::size_t, int>> by_distance;
  for (int i = 0; i < LargeLake::kPrincipals; ++i) {
    const std::size_t count = lake->Visible(Principal(*lake, i)).size();
    by_distance.emplace_back(count > kWantedTables ? count - kWantedTables : kWantedTables - count, i);
  }
  std::ranges::sort(by_distance);
  std::vector<double> all, page;
  double seen = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto who = Principal(*lake, by_distance[static_cast<std::size_t>(i % 100)].second);
    auto start = std::chrono::steady_clock::now();
    const std::vector<Id> tables = lake->Visible(who);
    all.push_back(NanosecondsSince(start) / 1'000);
    seen += static_cast<double>(tables.size()) / 1'000;
    const Id database = LargeLake::DatabaseId(LargeLake::DatabaseOf(static_cast<int>(tables[tables.size() / 2]) - 10'000));
    start = std::chrono::steady_clock::now();
    const std::size_t first = lake->VisibleIn(who, database, "", 100).size();
    page.push_back(NanosecondsSince(start) / 1'000);
    if (first == 0) return Fail(ErrorCode::kInternal, "a database with a table that is seen lists none");
  }
  for (int i = 0; i < 20; ++i) {
    const auto who = Principal(*lake, by_distance[static_cast<std::size_t>(i)].second);
    std::vector<Id> listed = lake->Visible(who), asked;
    std::ranges::sort(listed);
    for (int table = 0; table < LargeLake::kTables; ++table) {
      if (lake->Check(who, LargeLake::TableId(table)).visible()) asked.push_back(LargeLake::TableId(table));
    }
    if (listed != asked) return Fail(ErrorCode::kInternal, "the list is not what each table's decision says");
  }
  return Metrics{{"tables_seen", seen},
                 {"p50_us", Percentile(all, 0.5)},
                 {"p99_us", Percentile(all, 0.99)},
                 {"page_of_database_p50_us", Percentile(page, 0.5)}};
}

}  // namespace hanse::bench
