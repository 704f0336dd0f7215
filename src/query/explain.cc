#include "query/explain.h"

#include <cctype>
#include <span>

#include <fmt/format.h>

#include "query/statement.h"
#include "query/tokens.h"

namespace hanse::query {
namespace {

std::unexpected<Error> NotExplained(const std::string& what) {
  return FailAs(ErrorCode::kUnsupported, "NOT_SUPPORTED", fmt::format("NOT_SUPPORTED: {} is not supported", what));
}

Result<void> ReadOption(TokenReader& reader, Explain* explain) {
  if (reader.Take("FORMAT")) {
    if (!reader.Take("TEXT")) return NotExplained("EXPLAIN (FORMAT " + reader.Here() + ")");
  } else if (!explain->analyze && reader.Take("TYPE")) {
    if (reader.Take("VALIDATE")) {
      explain->validate = true;
    } else if (!reader.TakeAny({"LOGICAL", "DISTRIBUTED"})) {
      return NotExplained("EXPLAIN (TYPE " + reader.Here() + ")");
    }
  } else {
    return Mismatched(reader.Here() + " is no option of EXPLAIN");
  }
  return {};
}

// A parenthesis may also begin the query.
bool OpensOptions(TokenReader reader) { return reader.Take("(") && reader.TakeAny({"FORMAT", "TYPE"}); }

}  // namespace

Result<Explain> ReadExplain(std::string_view sql) {
  TokenReader reader(Tokens(sql, Quotes::kTrino));
  TRY(reader.Expect("EXPLAIN"));
  Explain explain;
  explain.analyze = reader.Take("ANALYZE");
  if (OpensOptions(reader)) {
    TRY(reader.Expect("("));
    do {
      TRY(ReadOption(reader, &explain));
    } while (reader.Take(","));
    TRY(reader.Expect(")"));
  }
  explain.sql = sql;
  for (char& c : std::span(explain.sql).first(reader.offset())) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) c = ' ';
  }
  TRY_ASSIGN(Statement statement, Classify(explain.sql));
  if (statement.kind != StatementKind::kSelect) return NotExplained("EXPLAIN " + statement.first);
  return explain;
}

}  // namespace hanse::query
