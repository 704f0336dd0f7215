#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/output.h"
#include "client/aws_client.h"
#include "wire/hanse_service.h"

namespace hanse::cli {
namespace {

namespace mesh = wire::hanse_service;

struct Unit {
  std::string_view name;
  std::int64_t size;
};
constexpr Unit kBytes[] = {{"B", 1}, {"KB", 1'000}, {"MB", 1'000'000}, {"GB", 1'000'000'000}, {"TB", 1'000'000'000'000}};
constexpr Unit kMinutes[] = {{"m", 1}, {"h", 60}, {"d", 1440}};

// "10GB" by units; -1 where it is none.
template <std::size_t N>
std::int64_t Measured(std::string_view text, const Unit (&units)[N]) {
  std::int64_t number = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || number < 0) return -1;
  std::string_view name(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const Unit& unit : units) {
    if (EqualsIgnoreCase(name, unit.name)) return number > INT64_MAX / unit.size ? -1 : number * unit.size;
  }
  return -1;
}

Result<mesh::DataUsageControl> ControlOf(const std::string& text) {
  std::size_t slash = text.find('/');
  std::int64_t bytes = Measured(std::string_view(text).substr(0, slash), kBytes);
  std::int64_t minutes = slash == std::string::npos ? -1 : Measured(std::string_view(text).substr(slash + 1), kMinutes);
  if (bytes < 0 || minutes < 1 || minutes > 44'640) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("--set {}: write it as 500MB/30m, 10GB/1h or 2TB/7d (31d at most)", text));
  }
  return mesh::DataUsageControl{.period_minutes = static_cast<int>(minutes), .bytes_max = bytes};
}

std::string PeriodText(int minutes) {
  if (minutes % 1440 == 0) return fmt::format("{}d", minutes / 1440);
  return minutes % 60 == 0 ? fmt::format("{}h", minutes / 60) : fmt::format("{}m", minutes);
}

Result<std::vector<std::vector<client::Cell>>> UsageRows(const UsageOptions& options) {
  SystemClock clock;
  TRY_ASSIGN(auto as, client::AwsClient::SignIn(options.profile, clock));
  if (options.clear || !options.set.empty()) {
    mesh::SetDataUsageControlsRequest in{.work_group = options.workgroup, .controls = std::vector<mesh::DataUsageControl>{}};
    for (const std::string& text : options.set) {
      TRY_ASSIGN(auto control, ControlOf(text));
      in.controls->push_back(std::move(control));
    }
    TRY(as->Call<mesh::op::SetDataUsageControls>(in));
  }
  TRY_ASSIGN(auto answer, as->Call<mesh::op::GetDataUsage>({.work_group = options.workgroup}));
  std::vector<std::vector<client::Cell>> rows;
  for (const auto& control : answer.controls.value_or(std::vector<mesh::DataUsageControl>{})) {
    const std::int64_t used = *control.bytes_used, max = *control.bytes_max;
    rows.push_back({PeriodText(*control.period_minutes), std::to_string(max), std::to_string(used), used < max ? "open" : "shut"});
  }
  return rows;
}

}  // namespace

int RunUsage(const UsageOptions& options) {
  auto rows = UsageRows(options);
  if (!rows) return Failed("usage", rows.error());
  Print(options.format, {"period", "bytes_max", "bytes_used", "state"}, *rows);
  return 0;
}

}  // namespace hanse::cli
