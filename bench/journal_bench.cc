// The journal alone: durable records a second with many appenders at once (one Append a record, as requests do it), what an Append
// adds to a request, and as the reference a file with one fsync a record, in one run on the same disk. The chain is verified
// afterwards.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "audit/event.h"
#include "audit/segment_journal.h"
#include "audit/verify.h"
#include "base/random.h"
#include "bench/report.h"

namespace hanse::bench {
namespace {

using Time = std::chrono::steady_clock;

constexpr double kPhaseSeconds = 3;
constexpr int kManyAppenders = 256;

std::string SampleRecord() {
  SystemRandom random;
  Caller caller;
  caller.kind = CallerKind::kSession;
  caller.account = "222233334444";
  caller.arn = "arn:aws:sts::222233334444:assumed-role/analyst/alice";
  caller.principal_arn = "arn:aws:iam::222233334444:role/analyst";
  caller.unique_id = "AROAEXAMPLEEXAMPLE12:alice";
  caller.name = "analyst";
  caller.access_key = "ASIAEXAMPLEEXAMPLE12";
  audit::Event event;
  event.id = random.Uuid();
  event.source = "glue.amazonaws.com";
  event.name = "GetTable";
  event.region = "us-east-1";
  event.source_ip = "127.0.0.1";
  event.user_agent = "Boto3/1.44.5 md/Botocore#1.44.5";
  event.identity = audit::IdentityJson(caller);
  event.request = R"({"databaseName":"shop","name":"orders"})";
  event.request_id = random.Uuid();
  event.recipient_account = caller.account;
  event.reasons = {"arn:aws:iam::aws:policy/ReadOnlyAccess/#1"};
  return event.ToJson();
}

struct Phase {
  std::int64_t records = 0;
  std::vector<double> microseconds;  // Of each Append.
  bool good = true;
};

Phase Append(audit::Journal& journal, const std::string& record, int appenders, audit::Durability durability) {
  Phase phase;
  std::mutex mutex;
  const auto end = Time::now() + std::chrono::duration<double>(kPhaseSeconds);
  std::vector<std::thread> threads;
  for (int i = 0; i < appenders; ++i) {
    threads.emplace_back([&] {
      std::vector<double> mine;
      bool good = true;
      for (auto start = Time::now(); good && start < end;) {
        good = journal.Append(record, durability).has_value();
        auto now = Time::now();
        mine.push_back(std::chrono::duration<double, std::micro>(now - start).count());
        start = now;
      }
      std::lock_guard lock(mutex);
      phase.records += static_cast<std::int64_t>(mine.size());
      phase.good = phase.good && good;
      phase.microseconds.insert(phase.microseconds.end(), mine.begin(), mine.end());
    });
  }
  for (std::thread& thread : threads) thread.join();
  return phase;
}

// The reference: write and fsync, one record after the other.
Result<double> OneSyncEach(const std::string& path, const std::string& record) {
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return Fail(ErrorCode::kUnavailable, "cannot write " + path);
  const std::string line = record + "\n";
  std::int64_t done = 0;
  bool good = true;
  const auto end = Time::now() + std::chrono::duration<double>(kPhaseSeconds);
  for (; good && Time::now() < end; ++done) {
    good = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fdatasync(file) == 0;
  }
  ::close(file);
  if (!good) return Fail(ErrorCode::kUnavailable, "cannot write " + path);
  return static_cast<double>(done) / kPhaseSeconds;
}

Result<Metrics> Measure(const std::string& folder) {
  const std::string record = SampleRecord();
  SystemClock clock;
  TRY_ASSIGN(auto journal, audit::SegmentJournal::Open({.folder = folder + "/journal"}, clock));
  Phase many = Append(*journal, record, kManyAppenders, audit::Durability::kSynced);
  Phase few = Append(*journal, record, 8, audit::Durability::kSynced);
  Phase written = Append(*journal, record, 1, audit::Durability::kWritten);
  journal.reset();
  TRY_ASSIGN(double alone, OneSyncEach(folder + "/reference", record));
  TRY_ASSIGN(audit::Verification found, audit::Verify(folder));
  const std::int64_t all = many.records + few.records + written.records;
  if (!many.good || !few.good || !written.good || !found.ok() || found.records() != all) {
    return Fail(ErrorCode::kInternal, fmt::format("the journal has {} of {} records", found.records(), all));
  }
  const double rate = static_cast<double>(many.records) / kPhaseSeconds;
  return Metrics{{"record_bytes", static_cast<double>(record.size())},
                 {"durable_per_s", rate},
                 {"durable_p50_us", Percentile(many.microseconds, 0.5)},
                 {"durable_8_appenders_per_s", static_cast<double>(few.records) / kPhaseSeconds},
                 {"added_synced_p50_us", Percentile(few.microseconds, 0.5)},
                 {"added_synced_p99_us", Percentile(few.microseconds, 0.99)},
                 {"added_written_p50_us", Percentile(written.microseconds, 0.5)},
                 {"added_written_p99_us", Percentile(written.microseconds, 0.99)},
                 {"reference_fsync_each_per_s", alone},
                 {"ratio_to_reference", rate / alone}};
}

}  // namespace

Result<Metrics> Journal() {
  std::string folder = (std::filesystem::temp_directory_path() / "hanse-bench-journal-XXXXXX").string();
  if (!::mkdtemp(folder.data())) return Fail(ErrorCode::kUnavailable, "cannot make a temporary folder");
  auto metrics = Measure(folder);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return metrics;
}

}  // namespace hanse::bench
