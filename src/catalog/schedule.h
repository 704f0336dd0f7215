#pragma once
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace hanse::catalog {

// "cron(Minutes Hours Day-of-month Month Day-of-week Year)" in UTC, as AWS Glue's "Time-based schedules" has it: '*', '?', numbers,
// names of months and days, lists, ranges and steps. 'L', 'W' and '#' are refused. A value.
class Schedule {
 public:
  // kInvalidArgument naming the field.
  static Result<Schedule> Parse(std::string_view expression);
  // Whether it fires in the minute of `at`.
  bool Fires(TimeMs at) const;

 private:
  std::set<int> minutes_, hours_, days_, months_, week_days_, years_;  // Empty: every one. Sunday is 1.
};

}  // namespace hanse::catalog
