#include "insight/metric_math.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace hanse::insight {
namespace {

constexpr int kDepthMax = 64;

// A number, or a series.
struct Term {
  double number = 0;
  std::optional<Series> series;
};

double Reckon(char op, double a, double b) {
  switch (op) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return a / b;
    default: return std::pow(a, b);
  }
}

Term Combine(char op, const Term& a, const Term& b) {
  if (!a.series && !b.series) return {.number = Reckon(op, a.number, b.number)};
  Term term{.series = Series()};
  for (const auto& [at, own] : a.series ? *a.series : *b.series) {
    double left = a.number, right = b.number;
    if (a.series) left = own;
    if (b.series) {
      auto other = b.series->find(at);
      if (other == b.series->end()) continue;
      right = other->second;
    }
    if (double value = Reckon(op, left, right); std::isfinite(value)) term.series->emplace(at, value);
  }
  return term;
}

class Reading {
 public:
  Reading(std::string_view text, const SeriesById& series) : whole_(text), rest_(text), series_(series) {}

  Result<Term> Whole() {
    TRY_ASSIGN(Term term, Sum(0));
    if (Next() != '\0') return Wrong();
    return term;
  }

 private:
  std::unexpected<Error> Wrong() const {
    const std::string_view word = rest_.substr(0, 20);
    if (!rest_.empty() && std::string_view("<>=!&|").find(rest_.front()) != std::string_view::npos) {
      return Fail(ErrorCode::kUnsupported, fmt::format("metric math with {}", word.substr(0, 1)));
    }
    return FailAs(ErrorCode::kInvalidArgument, "ValidationError", fmt::format("Error in expression '{}' at '{}'.", whole_, word));
  }

  char Next() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    return rest_.empty() ? '\0' : rest_.front();
  }
  bool Take(char c) {
    if (Next() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  Result<Term> Sum(int depth) {
    TRY_ASSIGN(Term term, Product(depth));
    for (char op = Next(); op == '+' || op == '-'; op = Next()) {
      rest_.remove_prefix(1);
      TRY_ASSIGN(Term more, Product(depth));
      term = Combine(op, term, more);
    }
    return term;
  }
  Result<Term> Product(int depth) {
    TRY_ASSIGN(Term term, Power(depth));
    for (char op = Next(); op == '*' || op == '/'; op = Next()) {
      rest_.remove_prefix(1);
      TRY_ASSIGN(Term more, Power(depth));
      term = Combine(op, term, more);
    }
    return term;
  }
  Result<Term> Power(int depth) {
    if (depth >= kDepthMax) return Wrong();
    if (Take('-')) {
      TRY_ASSIGN(Term term, Power(depth + 1));
      return Combine('-', Term{}, term);
    }
    TRY_ASSIGN(Term base, Atom(depth));
    if (!Take('^')) return base;
    TRY_ASSIGN(Term exponent, Power(depth + 1));
    return Combine('^', base, exponent);
  }

  Result<Term> Atom(int depth) {
    if (Take('(')) {
      TRY_ASSIGN(Term inner, Sum(depth + 1));
      if (!Take(')')) return Wrong();
      return inner;
    }
    const char c = Next();
    if ((c >= '0' && c <= '9') || c == '.') {
      Term term;
      const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), term.number);
      if (read.ec != std::errc()) return Wrong();
      rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
      return term;
    }
    std::size_t size = 0;
    auto letter = [](char l) { return (l >= 'a' && l <= 'z') || (l >= 'A' && l <= 'Z') || l == '_'; };
    while (size < rest_.size() && (letter(rest_[size]) || (size > 0 && rest_[size] >= '0' && rest_[size] <= '9'))) ++size;
    if (size == 0) return Wrong();
    const std::string_view name = rest_.substr(0, size);
    const char before = c;
    rest_.remove_prefix(size);
    if (Next() == '(') return Fail(ErrorCode::kUnsupported, fmt::format("the metric math function {}", name));
    if (before < 'a' || before > 'z') return Fail(ErrorCode::kUnsupported, fmt::format("the metric math word {}", name));
    TRY_ASSIGN(const Series* found, series_(name));
    return Term{.series = *found};
  }

  std::string_view whole_, rest_;
  const SeriesById& series_;
};

}  // namespace

Result<Series> Evaluate(std::string_view expression, const SeriesById& series) {
  TRY_ASSIGN(Term term, Reading(expression, series).Whole());
  if (term.series) return std::move(*term.series);
  return FailAs(ErrorCode::kInvalidArgument, "ValidationError", fmt::format("The expression '{}' is no time series.", expression));
}

}  // namespace hanse::insight
