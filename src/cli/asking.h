#pragma once
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/commands.h"
#include "client/athena_query.h"

namespace hanse::cli {

// Who asks at the command line, and how its answers are shown. One thread; Ctrl-C stops the query that is under way, not the
// program.
class Asking {
 public:
  static Result<Asking> Begin(const QueryOptions& options);

  // One statement, waited for with its progress on a terminal's standard error.
  Result<client::QueryAnswer> Ask(const std::string& sql);
  // The same, shown as the options say; 0, or 1 with the error said.
  int AskAndShow(const std::string& sql);

  QueryOptions& options() { return options_; }
  client::AwsClient& as() { return *as_; }
  // Where answers go: "s3://bucket/prefix/"; empty: the workgroup's place.
  const std::string& output() const { return output_; }

 private:
  Asking(QueryOptions options, std::unique_ptr<client::AwsClient> as, std::string output)
      : options_(std::move(options)), as_(std::move(as)), output_(std::move(output)) {}

  QueryOptions options_;
  std::unique_ptr<client::AwsClient> as_;
  std::string output_;
};

// Writes the answer of a SELECT to a Parquet file with the types of the query: by UNLOAD into a prefix of its own under the place
// of answers, fetched and taken away again. An answer of several files gets "NAME-1.parquet", "NAME-2.parquet"; one of no rows gets
// none. 0, or 1 with the error said.
int SaveAsParquet(Asking& asking);

// A prompt on the terminal, with history and completion, until its end is typed.
int RunPrompt(Asking& asking);

}  // namespace hanse::cli
