#pragma once
#include <functional>
#include <map>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

// Metric math: arithmetic over series ("CloudWatch User Guide", "Using metric math"): + - * / ^, parentheses, numbers and the ids
// of other queries. A point is there where all series of the expression have one and its value is a number. Functions and
// comparisons are refused by name. Pure.
namespace hanse::insight {

using Series = std::map<TimeMs, double>;
// The series of an id; it lives as long as the evaluation.
using SeriesById = std::function<Result<const Series*>(std::string_view id)>;

// ValidationError where it is no expression, kUnsupported for what it may say elsewhere.
Result<Series> Evaluate(std::string_view expression, const SeriesById& series);

}  // namespace hanse::insight
