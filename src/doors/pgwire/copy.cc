#include "doors/pgwire/copy.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "query/tokens.h"

namespace hanse::pgwire {
namespace {

using query::TokenKind;
using query::TokenReader;

constexpr std::size_t kCopyTokensMax = 1 << 20;

std::unexpected<Error> CopyUnsupported(std::string_view what) {
  return FailAs(ErrorCode::kUnsupported, "0A000", fmt::format("{} is not supported here: COPY (SELECT …) TO STDOUT is", what));
}

std::unexpected<Error> CopySyntax(const std::string& why) { return FailAs(ErrorCode::kInvalidArgument, "42601", why); }

// From behind the first parenthesis to before its end.
Result<std::string> InParentheses(TokenReader& reader, std::string_view sql) {
  const std::size_t begin = reader.offset();
  for (std::size_t depth = 1; !reader.done(); reader.Skip()) {
    if (reader.Next()->kind != TokenKind::kSymbol) continue;
    if (reader.Next()->text == "(") ++depth;
    if (reader.Next()->text != ")" || --depth > 0) continue;
    const std::size_t end = reader.Next()->at;
    reader.Skip();
    return std::string(sql.substr(begin, end - begin));
  }
  return CopySyntax("syntax error: a parenthesis is not closed");
}

// table [(column, …)], as a query of it.
Result<std::string> QueryOfTable(TokenReader& reader, std::string_view sql) {
  const std::size_t begin = reader.offset();
  std::size_t end;
  do {
    if (reader.done()) return CopySyntax("syntax error: the table's name is missing");
    end = reader.Next()->end;
    if (reader.TakeName().empty()) return CopySyntax("syntax error: the table's name is missing");
  } while (reader.Take("."));
  const std::string table(sql.substr(begin, end - begin));
  std::string columns = "*";
  if (reader.Take("(")) {
    TRY_ASSIGN(columns, InParentheses(reader, sql));
  }
  return fmt::format("SELECT {} FROM {}", columns, table);
}

// 'text' or E'text', whose escapes are those of a delimiter or a NULL.
Result<std::string> CopyText(TokenReader& reader) {
  const bool escaped = reader.Take("E");
  TRY_ASSIGN(std::string text, reader.Text("a value"));
  if (!escaped) return text;
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char next = text[++i];
    plain += next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return plain;
}

Result<char> CopyChar(TokenReader& reader, std::string_view name) {
  TRY_ASSIGN(std::string text, CopyText(reader));
  if (text.size() == 1 && text[0] != '\n' && text[0] != '\r' && text[0] != '\\') return text[0];
  return FailAs(ErrorCode::kInvalidArgument, "22023", fmt::format("COPY {} must be a single one-byte character", name));
}

// TRUE, ON, 1, or nothing at all.
Result<bool> CopyTruth(TokenReader& reader) {
  if (reader.done() || (reader.Next()->kind == TokenKind::kSymbol)) return true;
  const std::string word = Lower(reader.Here());
  reader.Skip();
  if (word == "true" || word == "on" || word == "1") return true;
  if (word == "false" || word == "off" || word == "0") return false;
  return CopySyntax(fmt::format("COPY HEADER {} is not supported here", word));
}

// What was said, before defaults that depend on the format.
struct Said {
  Copy copy;
  std::optional<char> delimiter, quote, escape;
  std::optional<std::string> null_text;
};

Result<void> TakeFormat(const std::string& format, Said* said) {
  if (format == "binary") return CopyUnsupported("COPY in binary");
  if (format != "csv" && format != "text")
    return FailAs(ErrorCode::kInvalidArgument, "22023", "COPY format \"" + format + "\" not recognized");
  said->copy.csv = format == "csv";
  return {};
}

// FORCE_QUOTE * or FORCE QUOTE *
Result<void> TakeForceQuote(TokenReader& reader, Said* said) {
  if (!reader.Take("*")) return CopyUnsupported("FORCE_QUOTE of some columns");
  said->copy.quotes_all = true;
  return {};
}

Result<void> TakeOption(TokenReader& reader, const std::string& name, Said* said) {
  if (name == "format") return TakeFormat(reader.AtText() ? *reader.Text("a format") : reader.TakeName(), said);
  if (name == "header") {
    TRY_ASSIGN(said->copy.header, CopyTruth(reader));
  } else if (name == "delimiter") {
    TRY_ASSIGN(said->delimiter, CopyChar(reader, name));
  } else if (name == "quote") {
    TRY_ASSIGN(said->quote, CopyChar(reader, name));
  } else if (name == "escape") {
    TRY_ASSIGN(said->escape, CopyChar(reader, name));
  } else if (name == "null") {
    TRY_ASSIGN(said->null_text, CopyText(reader));
  } else if (name == "encoding") {
    TRY_ASSIGN(std::string encoding, CopyText(reader));
    if (Lower(encoding) != "utf8" && Lower(encoding) != "utf-8") return CopyUnsupported("COPY in another encoding than UTF8");
  } else if (name == "force_quote") {
    return TakeForceQuote(reader, said);
  } else {
    return CopySyntax(fmt::format("option \"{}\" not recognized", name));
  }
  return {};
}

Result<void> TakeOptions(TokenReader& reader, Said* said) {
  do {
    TRY(TakeOption(reader, reader.TakeName(), said));
  } while (reader.Take(","));
  return reader.Expect(")");
}

// As PostgreSQL 8 had them: WITH CSV HEADER DELIMITER AS ',' NULL AS ''.
Result<void> TakeOldOptions(TokenReader& reader, Said* said) {
  while (!reader.done()) {
    const std::string name = reader.TakeName();
    if (name == "csv" || name == "binary") {
      TRY(TakeFormat(name, said));
    } else if (name == "header") {
      said->copy.header = true;
    } else if (name == "force" && reader.Take("QUOTE")) {
      TRY(TakeForceQuote(reader, said));
    } else {
      (void)reader.Take("AS");
      TRY(TakeOption(reader, name, said));
    }
  }
  return {};
}

std::string CsvValue(const Copy& copy, const std::string& value, bool alone) {
  const bool quoted = copy.quotes_all || value == copy.null_text || (alone && value == "\\.") ||
                      value.find_first_of(std::string{copy.delimiter, copy.quote, '\r', '\n'}) != std::string::npos;
  if (!quoted) return value;
  std::string out(1, copy.quote);
  for (char c : value) {
    if (c == copy.quote || c == copy.escape) out += copy.escape;
    out += c;
  }
  return out + copy.quote;
}

std::string TextValue(const Copy& copy, const std::string& value) {
  static constexpr std::string_view kNamed = "\b\f\n\r\t\v\\", kNames = "bfnrtv\\";
  std::string out;
  for (char c : value) {
    const auto at = kNamed.find(c);
    if (at != std::string_view::npos) {
      out += '\\';
      out += kNames[at];
      continue;
    }
    if (c == copy.delimiter) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

Result<Copy> ReadCopy(std::string_view sql) {
  TokenReader reader(query::Tokens(sql, query::Quotes::kTrino, kCopyTokensMax));
  Said said;
  TRY(reader.Expect("COPY"));
  if (reader.Take("(")) {
    TRY_ASSIGN(said.copy.query, InParentheses(reader, sql));
  } else {
    TRY_ASSIGN(said.copy.query, QueryOfTable(reader, sql));
  }
  if (reader.Take("FROM")) return CopyUnsupported("COPY FROM");
  TRY(reader.Expect("TO"));
  if (!reader.Take("STDOUT")) return CopyUnsupported("COPY to a file or program of the server");
  const bool with = reader.Take("WITH");
  if (reader.Take("(")) {
    TRY(TakeOptions(reader, &said));
    TRY(reader.ExpectEnd());
  } else if (with || !reader.done()) {
    TRY(TakeOldOptions(reader, &said));
  }
  Copy& copy = said.copy;
  copy.delimiter = said.delimiter.value_or(copy.csv ? ',' : '\t');
  copy.quote = said.quote.value_or('"');
  copy.escape = said.escape.value_or(copy.quote);
  copy.null_text = said.null_text.value_or(copy.csv ? "" : "\\N");
  if (!copy.csv && (said.quote || said.escape || copy.quotes_all)) return CopySyntax("COPY quote available only in CSV mode");
  if (copy.csv && copy.delimiter == copy.quote) return CopySyntax("COPY delimiter and quote must be different");
  return std::move(copy);
}

std::string CopyLine(const Copy& copy, const std::vector<std::optional<std::string>>& values) {
  std::string line;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) line += copy.delimiter;
    line += !values[i] ? copy.null_text : copy.csv ? CsvValue(copy, *values[i], values.size() == 1) : TextValue(copy, *values[i]);
  }
  return line + "\n";
}

std::string CopyHeader(const Copy& copy, const std::vector<std::string>& names) {
  return CopyLine(copy, {names.begin(), names.end()});
}

}  // namespace hanse::pgwire
