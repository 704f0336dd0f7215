#include "engine/trino_lexer.h"

#include <algorithm>
#include <cctype>
#include <span>
#include <vector>

#include "base/text.h"

namespace hanse::engine {

namespace {

struct SqlToken {
  std::string text;
  bool code = false;  // Not space, not a comment.
  bool word = false;  // A bare word.
};

std::size_t EndOfQuoted(std::string_view sql, std::size_t at) {
  char quote = sql[at++];
  while (at < sql.size()) {
    if (sql[at++] != quote) continue;
    if (at >= sql.size() || sql[at] != quote) return at;
    ++at;
  }
  return at;
}

bool IsWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

std::vector<SqlToken> Lex(std::string_view sql) {
  std::vector<SqlToken> tokens;
  std::size_t at = 0;
  while (at < sql.size()) {
    std::size_t end = at + 1;
    SqlToken token{{}, true, false};
    if (sql[at] == '\'' || sql[at] == '"') {
      end = EndOfQuoted(sql, at);
    } else if (sql.substr(at, 2) == "--") {
      end = std::min(sql.find('\n', at), sql.size());
      token.code = false;
    } else if (sql.substr(at, 2) == "/*") {
      auto close = sql.find("*/", at + 2);
      end = close == std::string_view::npos ? sql.size() : close + 2;
      token.code = false;
    } else if (IsWordByte(sql[at])) {
      while (end < sql.size() && IsWordByte(sql[end])) ++end;
      token.word = true;
    } else if (std::isspace(static_cast<unsigned char>(sql[at]))) {
      token.code = false;
    }
    token.text = sql.substr(at, end - at);
    tokens.push_back(std::move(token));
    at = end;
  }
  return tokens;
}

// Words that the engine reserves and Trino does not (Trino: "Reserved keywords"), and that have no place in Trino's grammar of
// queries but as names.
constexpr std::string_view kNamesInTrino[] = {"analyse", "analyze",    "asymmetric", "check",      "collate",   "column",
                                              "default", "deferrable", "do",         "foreign",    "lambda",    "pivot",
                                              "placing", "primary",    "initially",  "references", "qualify",   "returning",
                                              "show",    "summarize",  "unique",     "unpivot",    "symmetric", "variadic"};
// These are names everywhere but after "trim(".
constexpr std::string_view kSidesOfTrim[] = {"both", "leading", "trailing"};

bool IsOneOf(std::string_view word, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view one) { return EqualsIgnoreCase(one, word); });
}

class Respeller {
 public:
  explicit Respeller(std::vector<SqlToken> tokens) : tokens_(std::move(tokens)) {}

  std::string Run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!tokens_[i].word) continue;
      std::size_t next = NextCode(i);
      bool opens = next < tokens_.size() && tokens_[next].text == "(";
      if (EqualsIgnoreCase(tokens_[i].text, "array") && opens) {
        ArrayType(i, next);
      } else if (EqualsIgnoreCase(tokens_[i].text, "values") && next < tokens_.size() && !opens) {
        BareValues(next);
      } else if (opens && (EqualsIgnoreCase(tokens_[i].text, "varchar") || EqualsIgnoreCase(tokens_[i].text, "char"))) {
        SizedText(i, next);
      } else if (EqualsIgnoreCase(tokens_[i].text, "json") && next < tokens_.size() && tokens_[next].text[0] == '\'') {
        tokens_[i].text = "json_parse(";
        tokens_[next].text += ")";
      } else if (EqualsIgnoreCase(tokens_[i].text, "x") && i + 1 < tokens_.size() && tokens_[i + 1].text[0] == '\'') {
        tokens_[i].text = "from_hex(";
        tokens_[i + 1].text += ")";
      } else if (EqualsIgnoreCase(tokens_[i].text, "if") && opens) {
        HalfIf(next);
      } else if (EqualsIgnoreCase(tokens_[i].text, "varbinary")) {
        tokens_[i].text = "blob";
      } else if (EqualsIgnoreCase(tokens_[i].text, "listagg") && opens) {
        OrderedListagg(next);
      } else if (EqualsIgnoreCase(tokens_[i].text, "tablesample")) {
        SampledPercent(next);
      } else if (EqualsIgnoreCase(tokens_[i].text, "for")) {
        AsItWas(i);
      } else if (IsName(i)) {
        tokens_[i].text = '"' + tokens_[i].text + '"';
      }
    }
    std::string sql;
    for (const SqlToken& token : tokens_) sql += token.text;
    return sql;
  }

 private:
  std::size_t NextCode(std::size_t i) const {
    for (++i; i < tokens_.size() && !tokens_[i].code; ++i) {
    }
    return i;
  }

  // The last token of code before `i`; tokens_.size() where there is none.
  std::size_t LastCode(std::size_t i) const {
    while (i-- > 0) {
      if (tokens_[i].code) return i;
    }
    return tokens_.size();
  }

  bool IsWord(std::size_t i, std::span<const std::string_view> words) const {
    return i < tokens_.size() && tokens_[i].word && IsOneOf(tokens_[i].text, words);
  }

  bool IsName(std::size_t word) const {
    const std::size_t before = LastCode(word);
    if (before == tokens_.size()) return false;  // A statement's first word.
    if (EqualsIgnoreCase(tokens_[word].text, "at")) return !IsTimeZone(word);
    if (!IsOneOf(tokens_[word].text, kSidesOfTrim)) return IsOneOf(tokens_[word].text, kNamesInTrino);
    const std::size_t function = tokens_[before].text == "(" ? LastCode(before) : tokens_.size();
    return function == tokens_.size() || !EqualsIgnoreCase(tokens_[function].text, "trim");
  }

  // "at" begins AT TIME ZONE or is a name.
  bool IsTimeZone(std::size_t at) const {
    static constexpr std::string_view kTime[] = {"time"}, kZone[] = {"zone"};
    return IsWord(NextCode(at), kTime) && IsWord(NextCode(NextCode(at)), kZone);
  }

  // array(T) is T[].
  void ArrayType(std::size_t word, std::size_t open) {
    int depth = 0;
    for (std::size_t i = open; i < tokens_.size(); ++i) {
      if (tokens_[i].text == "(") ++depth;
      if (tokens_[i].text == ")" && --depth == 0) {
        tokens_[word].text.clear();
        tokens_[open].text.clear();
        tokens_[i].text = "[]";
        return;
      }
    }
  }

  std::size_t Opening(std::size_t close) const {
    int depth = 0;
    for (std::size_t i = close + 1; i-- > 0;) {
      if (tokens_[i].text.ends_with(")")) ++depth;
      if ((tokens_[i].text == "(" || tokens_[i].text.ends_with("(")) && --depth == 0) return i;
    }
    return tokens_.size();
  }

  std::size_t Closing(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < tokens_.size(); ++i) {
      if (tokens_[i].text == "(") ++depth;
      if (tokens_[i].text == ")" && --depth == 0) return i;
    }
    return tokens_.size();
  }

  // CAST(x AS varchar(n)) cuts, CAST(x AS char(n)) fills up too: the engine knows no sizes of texts.
  void SizedText(std::size_t word, std::size_t open) {
    const std::size_t close = Closing(open), end = close < tokens_.size() ? NextCode(close) : close;
    if (end >= tokens_.size() || tokens_[end].text != ")") return;
    std::size_t begin = Opening(end);
    const std::size_t cast = begin < tokens_.size() ? LastCode(begin) : begin;
    if (cast >= tokens_.size()) return;
    if (!EqualsIgnoreCase(tokens_[cast].text, "cast") && !EqualsIgnoreCase(tokens_[cast].text, "try_cast")) return;
    std::string size;
    for (std::size_t i = open + 1; i < close; ++i) size += tokens_[i].text;
    const bool fills = EqualsIgnoreCase(tokens_[word].text, "char");
    tokens_[cast].text.insert(0, fills ? "\"\001padded_cut\"(" : "\"\001cut\"(");
    tokens_[word].text = "varchar";
    for (std::size_t i = open; i <= close; ++i) tokens_[i].text.clear();
    tokens_[end].text = ")," + size + ")";
  }

  // if(c, x) is if(c, x, NULL).
  void HalfIf(std::size_t open) {
    int depth = 0, commas = 0;
    for (std::size_t i = open; i < tokens_.size(); ++i) {
      if (tokens_[i].text == "(" || tokens_[i].text == "[") ++depth;
      if (tokens_[i].text == "," && depth == 1) ++commas;
      if ((tokens_[i].text == ")" || tokens_[i].text == "]") && --depth == 0) {
        if (commas == 1) tokens_[i].text = ", NULL)";
        return;
      }
    }
  }

  // listagg(x, s) WITHIN GROUP (ORDER BY o) is listagg(x, s ORDER BY o).
  void OrderedListagg(std::size_t open) {
    std::size_t close = Closing(open), within = NextCode(close), group = NextCode(within), begin = NextCode(group);
    if (begin >= tokens_.size() || !EqualsIgnoreCase(tokens_[within].text, "within") || tokens_[begin].text != "(") return;
    std::size_t end = Closing(begin);
    if (end >= tokens_.size()) return;
    tokens_[close].text = " ";
    tokens_[within].text.clear();
    tokens_[group].text.clear();
    tokens_[begin].text.clear();
  }

  // TABLESAMPLE BERNOULLI (10) means ten percent.
  void SampledPercent(std::size_t method) {
    const std::size_t open = method < tokens_.size() ? NextCode(method) : method;
    if (open >= tokens_.size() || tokens_[open].text != "(") return;
    if (const std::size_t close = Closing(open); close < tokens_.size()) tokens_[close].text = " PERCENT)";
  }

  // The last token of the operand that begins at `i`: a literal, a name, a call, what stands in brackets.
  std::size_t EndOfOperand(std::size_t i) const {
    static constexpr std::string_view kInterval[] = {"interval"}, kTyped[] = {"timestamp", "date", "time", "decimal"};
    if (i < tokens_.size() && (tokens_[i].text == "-" || tokens_[i].text == "+")) i = NextCode(i);
    if (i >= tokens_.size() || tokens_[i].text == "(") return i < tokens_.size() ? Closing(i) : i;
    const std::size_t next = NextCode(i);
    if (next >= tokens_.size()) return i;
    if (IsWord(i, kInterval)) return NextCode(tokens_[next].text.starts_with('\'') ? next : NextCode(next));
    if (IsWord(i, kTyped) && tokens_[next].text.starts_with('\'')) return next;
    return tokens_[i].word && tokens_[next].text == "(" ? Closing(next) : i;
  }

  // The last token of the sum or moment that begins at `i`.
  std::size_t EndOfValue(std::size_t i) const {
    static constexpr std::string_view kAt[] = {"at"}, kOperators[] = {"+", "-", "*", "/", "%"};
    std::size_t end = EndOfOperand(i);
    while (end < tokens_.size()) {
      const std::size_t next = NextCode(end);
      if (next < tokens_.size() && IsOneOf(tokens_[next].text, kOperators)) {
        end = EndOfOperand(NextCode(next));
      } else if (IsWord(next, kAt) && IsTimeZone(next)) {
        end = EndOfOperand(NextCode(NextCode(NextCode(next))));
      } else {
        break;
      }
    }
    return end;
  }

  // The last token of the alias of a relation that ends with token `end`; `end` where it has none.
  std::size_t EndOfAlias(std::size_t end) const {
    static constexpr std::string_view kAs[] = {"as"};
    static constexpr std::string_view kNoAlias[] = {
        "where", "join",  "left",   "right", "full",  "inner", "cross",  "natural", "on",   "using",     "group",  "having",
        "order", "limit", "offset", "fetch", "union", "for",   "window", "except",  "with", "intersect", "values", "tablesample"};
    std::size_t name = NextCode(end);
    if (IsWord(name, kAs)) name = NextCode(name);
    if (name >= tokens_.size() || IsWord(name, kNoAlias)) return end;
    if (!tokens_[name].word && !tokens_[name].text.starts_with('"')) return end;
    const std::size_t columns = NextCode(name);
    const std::size_t close = columns < tokens_.size() && tokens_[columns].text == "(" ? Closing(columns) : name;
    return close < tokens_.size() ? close : end;
  }

  // t FOR VERSION AS OF 1 a is t a AT (VERSION => 1); the same of TIMESTAMP.
  void AsItWas(std::size_t word) {
    static constexpr std::string_view kVersions[] = {"version", "system_version"}, kTimes[] = {"timestamp", "system_time"};
    static constexpr std::string_view kAs[] = {"as"}, kOf[] = {"of"};
    const std::size_t unit = NextCode(word), as = NextCode(unit), of = NextCode(as), begin = NextCode(of);
    const bool version = IsWord(unit, kVersions);
    if ((!version && !IsWord(unit, kTimes)) || !IsWord(as, kAs) || !IsWord(of, kOf) || begin >= tokens_.size()) return;
    const std::size_t end = EndOfValue(begin);
    if (end >= tokens_.size()) return;
    auto at = [&](std::size_t i) { return tokens_.begin() + static_cast<std::ptrdiff_t>(i); };
    std::vector<SqlToken> clause{
        {" AT ", true, false}, {"(", true, false}, {version ? "VERSION" : "TIMESTAMP", true, false}, {"=>", true, false}};
    clause.insert(clause.end(), at(begin), at(end) + 1);
    clause.push_back({")", true, false});
    tokens_.insert(at(EndOfAlias(end)) + 1, clause.begin(), clause.end());
    tokens_.erase(at(word) + 1, at(end) + 1);
    tokens_[word] = {" ", false, false};
  }

  // VALUES 1, 2 is VALUES (1), (2).
  void BareValues(std::size_t first) {
    int depth = 0;
    tokens_[first].text.insert(0, "(");
    std::size_t last = first;
    for (std::size_t i = first; i < tokens_.size(); ++i) {
      const std::string text = i == first ? tokens_[i].text.substr(1) : tokens_[i].text;
      if (text == "(" || text == "[") ++depth;
      if (text == ")" || text == "]") {
        if (--depth < 0) break;
      }
      if (depth == 0 && tokens_[i].word && EndsValues(text)) break;
      if (depth == 0 && text == ",") tokens_[i].text = "),(";
      if (tokens_[i].code) last = i;
    }
    tokens_[last].text += ")";
  }

  static bool EndsValues(std::string_view word) {
    for (std::string_view end : {"order", "limit", "offset", "fetch", "union", "intersect", "except"}) {
      if (EqualsIgnoreCase(word, end)) return true;
    }
    return false;
  }

  std::vector<SqlToken> tokens_;
};

}  // namespace

std::string RespellTrino(std::string_view sql) { return Respeller(Lex(sql)).Run(); }

}  // namespace hanse::engine
