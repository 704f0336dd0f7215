#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>

#include <fmt/format.h>

#include "cli/asking.h"
#include "cli/output.h"
#include "cli/statement_reader.h"
#include "client/text_table.h"

namespace hanse::cli {
namespace {

SystemClock clock_of_requests;

volatile std::sig_atomic_t interrupted = 0;

// While it lives, Ctrl-C says so in `interrupted` and does nothing else.
class Interrupts {
 public:
  Interrupts() {
    interrupted = 0;
    struct sigaction ours = {};
    ours.sa_handler = [](int) { interrupted = 1; };
    ours.sa_flags = SA_RESTART;
    sigaction(SIGINT, &ours, &before_);
  }
  ~Interrupts() { sigaction(SIGINT, &before_, nullptr); }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

 private:
  struct sigaction before_ = {};
};

// One line on a terminal's standard error that is written over and taken away in the end; nothing elsewhere.
class ProgressLine {
 public:
  void Show(const client::QueryProgress& progress) {
    if (!shown_on_terminal_) return;
    double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    if (seconds < 0.3) return;
    fmt::print(stderr, "\r\033[K{} {:.1f} s, {} scanned  (Ctrl-C stops it)", progress.state, seconds,
               client::BytesText(progress.scanned_bytes));
    drawn_ = true;
  }
  ~ProgressLine() {
    if (drawn_) fmt::print(stderr, "\r\033[K");
  }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  bool shown_on_terminal_ = isatty(2) != 0;
  bool drawn_ = false;
};

// Athena's price: by the megabyte begun, ten at least.
std::string Cost(std::int64_t scanned_bytes, double usd_per_tb) {
  constexpr std::int64_t kMegabyte = 1'000'000;
  if (usd_per_tb <= 0 || scanned_bytes == 0) return "";
  std::int64_t megabytes = std::max<std::int64_t>(10, (scanned_bytes + kMegabyte - 1) / kMegabyte);
  return fmt::format(" = {:.6f} USD at {} a TB", static_cast<double>(megabytes) * usd_per_tb / 1e6, usd_per_tb);
}

// The statements of standard input, one after the other; the first that fails ends it.
int RunInput(Asking& asking) {
  StatementReader reader;
  std::string line;
  while (std::getline(std::cin, line)) {
    reader.Add(line);
    while (auto statement = reader.Next()) {
      if (int code = asking.AskAndShow(*statement); code != 0) return code;
    }
  }
  return reader.empty() ? 0 : asking.AskAndShow(reader.Rest());
}

}  // namespace

Result<Asking> Asking::Begin(const QueryOptions& options) {
  TRY_ASSIGN(auto as, client::AwsClient::SignIn(options.profile, clock_of_requests));
  std::string output = options.output.empty() && options.workgroup.empty() ? as->profile().results : options.output;
  return Asking(options, std::move(as), std::move(output));
}

Result<client::QueryAnswer> Asking::Ask(const std::string& sql) {
  Interrupts interrupts;
  ProgressLine line;
  auto run = [&] {
    return client::RunQuery(*as_, sql, options_.database, output_, options_.workgroup, [&](const client::QueryProgress& progress) {
      line.Show(progress);
      return interrupted == 0;
    });
  };
  auto answer = run();
  if (answer || !answer.error().name.starts_with("ExpiredToken")) return answer;
  TRY_ASSIGN(as_,
             client::AwsClient::SignIn(options_.profile, clock_of_requests));  // A role's session ends while a prompt stands open.
  return run();
}

int Asking::AskAndShow(const std::string& sql) {
  auto answer = Ask(sql);
  if (!answer) return Failed("query", answer.error());
  Print(options_.format, answer->columns, answer->rows);
  if (options_.format == Format::kTable) {
    fmt::print(stderr, "({} {}, {} scanned{}, {} ms)\n", answer->rows.size(), answer->rows.size() == 1 ? "row" : "rows",
               client::BytesText(answer->scanned_bytes), Cost(answer->scanned_bytes, options_.usd_per_tb), answer->total_ms);
  }
  return 0;
}

int RunQuery(const QueryOptions& options) {
  if (!options.parquet.empty() && options.sql.empty()) {
    return Failed("query", {.code = ErrorCode::kInvalidArgument,
                            .message = "--parquet wants a statement: hanse query --parquet FILE \"SELECT …\""});
  }
  auto asking = Asking::Begin(options);
  if (!asking) return Failed("query", asking.error());
  if (!options.parquet.empty()) return SaveAsParquet(*asking);
  if (!options.sql.empty()) return asking->AskAndShow(options.sql);
  return isatty(0) != 0 ? RunPrompt(*asking) : RunInput(*asking);
}

}  // namespace hanse::cli
