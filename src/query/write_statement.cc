#include "query/write_statement.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "query/tokens.h"

namespace hanse::query {
namespace {

struct Piece {
  enum class Kind { kWord, kName, kText, kSign, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;  // A word in lower case, a name or text without its quotes, a sign.
  std::size_t begin = 0, end = 0;
};

Piece::Kind KindOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kWord: return Piece::Kind::kWord;
    case TokenKind::kBackquoted:
    case TokenKind::kDoubleQuoted: return Piece::Kind::kName;
    case TokenKind::kSingleQuoted: return Piece::Kind::kText;
    case TokenKind::kSymbol: break;
  }
  return Piece::Kind::kSign;
}

class WriteParser {
 public:
  explicit WriteParser(std::string_view sql) : sql_(sql) {
    for (Token& token : Tokens(sql, Quotes::kTrino, sql.size())) {
      const Piece::Kind kind = KindOf(token.kind);
      pieces_.push_back({kind, kind == Piece::Kind::kWord ? Lower(token.text) : std::move(token.text), token.at, token.end});
    }
    pieces_.push_back({Piece::Kind::kEnd, "", sql.size(), sql.size()});
  }

  Result<WriteStatement> Parse() {
    if (Word("create")) {
      TRY(Create());
    } else if (Word("insert")) {
      TRY(Insert());
    } else if (Word("unload")) {
      TRY(Unload());
    } else {
      return Wrong("CREATE TABLE AS, INSERT or UNLOAD");
    }
    return std::move(statement_);
  }

 private:
  const Piece& Next() const { return pieces_[at_]; }
  bool Take(Piece::Kind kind, std::string_view text) {
    if (Next().kind != kind || Next().text != text) return false;
    ++at_;
    return true;
  }
  bool Word(std::string_view word) { return Take(Piece::Kind::kWord, word); }
  bool Sign(std::string_view sign) { return Take(Piece::Kind::kSign, sign); }
  bool AtWord(std::size_t at, std::initializer_list<std::string_view> words) const {
    return pieces_[at].kind == Piece::Kind::kWord && std::find(words.begin(), words.end(), pieces_[at].text) != words.end();
  }

  std::unexpected<Error> Wrong(std::string_view expected) const {
    std::size_t line = 1, column = 1;
    for (char c : sql_.substr(0, Next().begin)) {
      column = c == '\n' ? 1 : column + 1;
      if (c == '\n') ++line;
    }
    return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR",
                  fmt::format("SYNTAX_ERROR: line {}:{}: mismatched input '{}'. Expecting: {}", line, column,
                              sql_.substr(Next().begin, Next().end - Next().begin), expected));
  }

  Result<std::string> Name() {
    if (Next().kind != Piece::Kind::kWord && Next().kind != Piece::Kind::kName) return Wrong("a name");
    return Lower(pieces_[at_++].text);
  }

  Result<std::string> Text() {
    if (Next().kind != Piece::Kind::kText) return Wrong("a text in single quotes");
    return pieces_[at_++].text;
  }

  Result<void> Table() {
    std::vector<std::string> parts;
    do {
      TRY_ASSIGN(std::string part, Name());
      parts.push_back(std::move(part));
    } while (Sign("."));
    if (parts.size() > 3) return Wrong("a table's name of at most three parts");
    statement_.table = parts.back();
    if (parts.size() > 1) statement_.database = parts[parts.size() - 2];
    if (parts.size() > 2) statement_.catalog = parts.front();
    return {};
  }

  Result<void> Create() {
    statement_.kind = WriteStatement::Kind::kCreate;
    if (!Word("table")) return Wrong("TABLE");
    statement_.tolerant = Word("if");
    if (statement_.tolerant && !(Word("not") && Word("exists"))) return Wrong("IF NOT EXISTS");
    TRY(Table());
    if (Word("comment")) {
      TRY_ASSIGN(statement_.comment, Text());
    }
    if (Word("with")) TRY(Properties());
    if (!Word("as")) return Wrong("AS");
    std::size_t end = pieces_.size() - 1;
    if (end >= at_ + 2 && AtWord(end - 1, {"data"}) && AtWord(end - 2, {"with"})) {
      end -= 2;
    } else if (end >= at_ + 3 && AtWord(end - 1, {"data"}) && AtWord(end - 2, {"no"}) && AtWord(end - 3, {"with"})) {
      end -= 3;
      statement_.with_data = false;
    }
    return Query(at_, end);
  }

  // A parenthesis that is not the query's own.
  bool AtColumnList() const {
    if (Next().kind != Piece::Kind::kSign || Next().text != "(") return false;
    return pieces_[at_ + 1].kind != Piece::Kind::kSign && !AtWord(at_ + 1, {"select", "with", "values", "table"});
  }

  Result<void> Insert() {
    statement_.kind = WriteStatement::Kind::kInsert;
    if (!Word("into")) return Wrong("INTO");
    TRY(Table());
    if (AtColumnList() && Sign("(")) {
      do {
        TRY_ASSIGN(std::string column, Name());
        statement_.columns.push_back(std::move(column));
      } while (Sign(","));
      if (!Sign(")")) return Wrong("')'");
    }
    return Query(at_, pieces_.size() - 1);
  }

  Result<void> Unload() {
    statement_.kind = WriteStatement::Kind::kUnload;
    if (!Sign("(")) return Wrong("'('");
    std::size_t begin = at_;
    int depth = 1;
    for (; depth > 0; ++at_) {
      if (Next().kind == Piece::Kind::kEnd) return Wrong("')'");
      if (Next().kind != Piece::Kind::kSign) continue;
      if (Next().text == "(") ++depth;
      if (Next().text == ")") --depth;
    }
    TRY(Query(begin, at_ - 1));
    if (!Word("to")) return Wrong("TO");
    TRY_ASSIGN(statement_.place, Text());
    if (Word("with")) TRY(Properties());
    return Next().kind == Piece::Kind::kEnd ? Result<void>() : Wrong("the end of the statement");
  }

  // The query is the pieces from `begin` to before `end`.
  Result<void> Query(std::size_t begin, std::size_t end) {
    if (begin >= end) return Wrong("a query");
    statement_.query = std::string(sql_);
    std::size_t from = pieces_[begin].begin, to = pieces_[end - 1].end;
    for (std::size_t i = 0; i < sql_.size(); ++i) {
      if ((i < from || i >= to) && statement_.query[i] != '\n') statement_.query[i] = ' ';
    }
    return {};
  }

  Result<void> Properties() {
    if (!Sign("(")) return Wrong("'('");
    do {
      TRY_ASSIGN(std::string name, Name());
      if (!Sign("=")) return Wrong("'='");
      TRY_ASSIGN(auto value, Value());
      if (!statement_.properties.emplace(name, std::move(value)).second) return Wrong("each property once");
    } while (Sign(","));
    return Sign(")") ? Result<void>() : Wrong("')'");
  }

  // A text, a word, a number, or ARRAY[…] of these.
  Result<std::vector<std::string>> Value() {
    std::vector<std::string> values;
    if (!Word("array")) {
      if (Next().kind != Piece::Kind::kText && Next().kind != Piece::Kind::kWord) return Wrong("a value");
      values.push_back(pieces_[at_++].text);
      return values;
    }
    if (!Sign("[")) return Wrong("'['");
    while (!Sign("]")) {
      if (!values.empty() && !Sign(",")) return Wrong("','");
      TRY_ASSIGN(std::string text, Text());
      values.push_back(std::move(text));
    }
    return values;
  }

  std::string_view sql_;
  std::vector<Piece> pieces_;  // The last is the end.
  std::size_t at_ = 0;
  WriteStatement statement_;
};

}  // namespace

Result<WriteStatement> ParseWrite(std::string_view sql) { return WriteParser(sql).Parse(); }

}  // namespace hanse::query
