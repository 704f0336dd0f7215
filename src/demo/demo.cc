#include "demo/demo.h"

#include <chrono>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "demo/server_process.h"
#include "demo/story.h"

namespace hanse::demo {
namespace {

void PrintShown(const Story& story, double seconds) {
  std::fputs("\nWhat was shown\n", stdout);
  for (const auto& [claim, figure] : story.shown()) fmt::print("  {:<50} {}\n", claim, figure);
  fmt::print("  {:<50} {:.1f} s\n", "the whole story, over the wire", seconds);
}

void PrintGoOn(const DemoOptions& options, const ServerProcess& server) {
  std::string data = std::filesystem::absolute(options.data).lexically_normal().string();
  fmt::print(
      "\nGo on by hand (the demo- profiles are sessions of an hour)\n  export AWS_SHARED_CREDENTIALS_FILE={0}/credentials "
      "AWS_CONFIG_FILE={0}/config AWS_PROFILE=management\n",
      data);
  if (options.keep) {
    fmt::print("  (the server runs on as process {}: `kill {}` stops it)\n", server.pid(), server.pid());
  } else {
    fmt::print("  hanse serve --data {} &\n", data);
  }
  fmt::print(
      "  aws organizations list-accounts\n  hanse account list\n"
      "  aws glue get-tables --profile demo-analyst --database-name sales --query 'TableList[].Name'\n"
      "  hanse query --profile demo-analyst --database sales "
      "\"SELECT channel, sum(total) AS total FROM orders GROUP BY channel\"\n"
      "  hanse audit lookup --attribute EventName --value CreateAccount\n  hanse audit verify --data {}\n",
      data);
}

Result<void> Play(const DemoOptions& options) {
  std::error_code error;
  std::filesystem::remove_all(options.data, error);
  auto start = std::chrono::steady_clock::now();
  TRY_ASSIGN(auto server, ServerProcess::Start(options.data));
  SystemClock clock;
  TRY_ASSIGN(client::Profile profile, client::ReadProfile("management", options.data + "/credentials", options.data + "/config"));
  TRY_ASSIGN(auto management, client::AwsClient::Open(profile, clock));
  Company company(*management);
  Story story(company, *management, options.seed, options.quiet);
  TRY(story.Play());
  TRY(story.WriteProfiles(options.data));
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  PrintShown(story, took.count());
  if (!options.quiet) PrintGoOn(options, *server);
  if (options.keep) server->Stay();
  return {};
}

}  // namespace

int RunDemo(const DemoOptions& options) {
  auto played = Play(options);
  if (played) return 0;
  fmt::print(stderr, "hanse demo: {}\n(the server's log is {}.log)\n", played.error().message, options.data);
  return 1;
}

}  // namespace hanse::demo
