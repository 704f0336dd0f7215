#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "steward/doctor.h"
#include "steward/personal_marker.h"
#include "steward/personal_values.h"

namespace hanse::steward {
namespace {

// A table whose columns are in question: neither their names nor the taxonomy say what they hold.
struct Candidate {
  const store::TableRow* table = nullptr;
  std::vector<std::string> columns;
};

Result<std::vector<Candidate>> Candidates(const Examined& examined, const std::optional<Marker>& marker) {
  std::vector<Candidate> all;
  for (const store::TableRow& table : examined.tables) {
    TRY_ASSIGN(auto columns, UnmarkedColumns(examined, table, marker));
    std::erase_if(columns, [](const std::string& column) { return LooksPersonal(column); });
    if (!columns.empty()) all.push_back({&table, std::move(columns)});
  }
  return all;
}

// Where there are too many, every so many-th: the first by their names would mostly be of one database.
void Thin(std::size_t most, std::vector<Candidate>* candidates) {
  if (candidates->size() <= most) return;
  std::vector<Candidate> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(std::move((*candidates)[i * candidates->size() / most]));
  *candidates = std::move(some);
}

void Report(const Candidate& candidate, const std::vector<PersonalTally>& tallies, const std::optional<Marker>& marker,
            Examined* examined) {
  std::vector<std::string> columns, said;
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    auto finding = tallies[i].Judge();
    if (!finding) continue;
    columns.push_back(candidate.columns[i]);
    said.push_back(fmt::format("{} ({} % {})", candidate.columns[i], finding->percent, Name(finding->kind)));
  }
  if (columns.empty()) return;
  std::string lacking = marker ? marker->key + " does not say so" : "no tag has a value that says so";
  examined->Add("PERSONAL_VALUES", "HIGH", fmt::format("{}.{}", candidate.table->database_name, candidate.table->name),
                fmt::format("By a sample of their values these columns hold personal data, and {}: {}.", lacking, Join(said, ", ")),
                marker ? MarkColumns(*candidate.table, columns, *marker) : std::string(kMakeMarker));
}

}  // namespace

Result<void> CheckValues(Examined* examined) {
  Sampling& sampling = examined->sampling;
  if (sampling.tables_left == 0) return {};
  TRY_ASSIGN(auto marker, FindMarker(*examined));
  TRY_ASSIGN(auto candidates, Candidates(*examined, marker));
  if (!examined->reader) {
    sampling.not_sampled += static_cast<std::int64_t>(candidates.size());
    return {};
  }
  std::size_t of = candidates.size();
  Thin(sampling.tables_left, &candidates);
  sampling.not_sampled += static_cast<std::int64_t>(of - candidates.size());
  sampling.tables_left -= candidates.size();
  for (const Candidate& candidate : candidates) {
    std::vector<PersonalTally> tallies(candidate.columns.size(), PersonalTally(examined->now.now_ms));
    auto add = [&](std::size_t column, std::string_view value) { tallies[column].Add(value); };
    bool taken = sampling.clock.NowMs() < sampling.until_ms &&
                 sampling.samples.Take({*examined->reader, examined->now}, *candidate.table, candidate.columns, add);
    ++(taken ? sampling.sampled : sampling.not_sampled);
    if (taken) Report(candidate, tallies, marker, examined);
  }
  return {};
}

}  // namespace hanse::steward
