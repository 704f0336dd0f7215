#include "catalog/partition_expression.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/partition_nodes.h"

namespace hanse::catalog {
namespace {

using Node = PartitionExpression::Node;
using NodePtr = std::shared_ptr<const Node>;

constexpr int kDepthMax = 64;

struct Token {
  enum class Kind { kWord, kText, kNumber, kSymbol, kEnd } kind = Kind::kEnd;
  std::string text;
};

bool InWord(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_'; }

class Parser {
 public:
  Parser(std::string_view text, const std::vector<PartitionKey>& keys) : whole_(text), rest_(text), keys_(keys) {}

  Result<NodePtr> Parse() {
    TRY(Advance());
    TRY_ASSIGN(NodePtr root, Or(0));
    if (token_.kind != Token::Kind::kEnd) return Unsupported();
    return root;
  }

 private:
  std::unexpected<Error> Unsupported() const {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("Unsupported expression '{}'", whole_));
  }

  Result<void> Advance() {
    rest_ = Trim(rest_);
    token_ = {};
    if (rest_.empty()) return {};
    char first = rest_.front();
    if (first == '\'') return TakeText();
    bool sign = (first == '-' || first == '+') && rest_.size() > 1 && InWord(rest_[1]);
    if (InWord(first) || sign) {
      std::size_t size = 1;
      while (size < rest_.size() && InWord(rest_[size])) ++size;
      token_.text = std::string(rest_.substr(0, size));
      rest_.remove_prefix(size);
      bool number = std::all_of(token_.text.begin() + (sign ? 1 : 0), token_.text.end(),
                                [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
      token_.kind = number ? Token::Kind::kNumber : Token::Kind::kWord;
      return sign && !number ? Result<void>(Unsupported()) : Result<void>();
    }
    for (std::string_view symbol : {"<>", "<=", ">=", "=", "<", ">", "(", ")", ","}) {
      if (!rest_.starts_with(symbol)) continue;
      token_ = {Token::Kind::kSymbol, std::string(symbol)};
      rest_.remove_prefix(symbol.size());
      return {};
    }
    return Unsupported();
  }

  Result<void> TakeText() {
    token_.kind = Token::Kind::kText;
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] != '\'') {
        token_.text += rest_[i];
      } else if (i + 1 < rest_.size() && rest_[i + 1] == '\'') {
        token_.text += '\'', ++i;
      } else {
        rest_.remove_prefix(i + 1);
        return {};
      }
    }
    return Unsupported();
  }

  bool At(Token::Kind kind, std::string_view text) const { return token_.kind == kind && EqualsIgnoreCase(token_.text, text); }

  // Steps over a word or symbol, if it is there.
  Result<bool> Take(Token::Kind kind, std::string_view text) {
    if (!At(kind, text)) return false;
    TRY(Advance());
    return true;
  }

  Result<void> Expect(Token::Kind kind, std::string_view text) {
    TRY_ASSIGN(bool there, Take(kind, text));
    return there ? Result<void>() : Result<void>(Unsupported());
  }

  Result<NodePtr> Joined(Node::Kind kind, std::string_view word, int depth, Result<NodePtr> (Parser::*part)(int)) {
    Node node{.kind = kind};
    while (true) {
      TRY_ASSIGN(NodePtr one, (this->*part)(depth));
      node.parts.push_back(std::move(one));
      TRY_ASSIGN(bool more, Take(Token::Kind::kWord, word));
      if (!more) break;
    }
    if (node.parts.size() == 1) return node.parts.front();
    return NodePtr(std::make_shared<Node>(std::move(node)));
  }

  Result<NodePtr> Or(int depth) { return Joined(Node::Kind::kOr, "or", depth, &Parser::And); }
  Result<NodePtr> And(int depth) { return Joined(Node::Kind::kAnd, "and", depth, &Parser::Primary); }

  Result<NodePtr> Primary(int depth) {
    if (depth >= kDepthMax) return Unsupported();
    TRY_ASSIGN(bool nested, Take(Token::Kind::kSymbol, "("));
    if (!nested) return One();
    TRY_ASSIGN(NodePtr inner, Or(depth + 1));
    TRY(Expect(Token::Kind::kSymbol, ")"));
    return inner;
  }

  Result<NodePtr> One() {
    if (token_.kind != Token::Kind::kWord) return Unsupported();
    std::string name = Lower(token_.text);
    TRY(Advance());
    if (At(Token::Kind::kSymbol, "(")) return Unsupported();  // A function.
    auto key = std::find_if(keys_.begin(), keys_.end(), [&](const PartitionKey& k) { return k.name == name; });
    if (key == keys_.end()) return Fail(ErrorCode::kInvalidArgument, "Invalid partition expression!");
    Node node{.key = static_cast<std::size_t>(key - keys_.begin())};
    TRY_ASSIGN(node.type, ParseKeyType(key->type));
    TRY(Comparison(*key, &node));
    return NodePtr(std::make_shared<Node>(std::move(node)));
  }

  Result<void> Comparison(const PartitionKey& key, Node* node) {
    if (token_.kind == Token::Kind::kSymbol) return Symbol(node);
    TRY_ASSIGN(bool is, Take(Token::Kind::kWord, "is"));
    TRY_ASSIGN(node->negated, Take(Token::Kind::kWord, "not"));
    if (is) {
      node->test = Test::kIsNull;
      return Expect(Token::Kind::kWord, "null");
    }
    TRY_ASSIGN(bool like, Take(Token::Kind::kWord, "like"));
    if (like) {
      if (node->type == KeyType::kInteger) {
        return Fail(ErrorCode::kInvalidArgument, "Integral data type doesn't support operation 'LIKE'");
      }
      if (node->type != KeyType::kText) {
        return Fail(ErrorCode::kInvalidArgument, fmt::format("{} data type doesn't support operation 'LIKE'", key.type));
      }
      node->test = Test::kLike;
      return Literal(node);
    }
    TRY_ASSIGN(bool in, Take(Token::Kind::kWord, "in"));
    if (in) return Among(node);
    TRY(Expect(Token::Kind::kWord, "between"));
    node->test = Test::kBetween;
    TRY(Literal(node));
    TRY(Expect(Token::Kind::kWord, "and"));
    return Literal(node);
  }

  Result<void> Symbol(Node* node) {
    static constexpr std::pair<std::string_view, Test> kTests[] = {{"=", Test::kEqual},   {"<>", Test::kNotEqual},
                                                                   {"<", Test::kLess},    {"<=", Test::kLessOrEqual},
                                                                   {">", Test::kGreater}, {">=", Test::kGreaterOrEqual}};
    for (const auto& [symbol, test] : kTests) {
      if (token_.text != symbol) continue;
      node->test = test;
      TRY(Advance());
      return Literal(node);
    }
    return Unsupported();
  }

  Result<void> Among(Node* node) {
    node->test = Test::kIn;
    TRY(Expect(Token::Kind::kSymbol, "("));
    while (true) {
      TRY(Literal(node));
      TRY_ASSIGN(bool more, Take(Token::Kind::kSymbol, ","));
      if (!more) return Expect(Token::Kind::kSymbol, ")");
    }
  }

  Result<void> Literal(Node* node) {
    if (token_.kind != Token::Kind::kText && token_.kind != Token::Kind::kNumber) return Unsupported();
    TRY_ASSIGN(KeyValue value, ParseKeyValue(node->type, token_.text));
    node->literals.push_back(std::move(value));
    return Advance();
  }

  std::string_view whole_, rest_;
  const std::vector<PartitionKey>& keys_;
  Token token_;
};

bool Holds(const Node& node, const KeyValue& value) {
  auto order = [&](std::size_t i) { return Compare(node.type, value, node.literals[i]); };
  switch (node.test) {
    case Test::kEqual: return order(0) == 0;
    case Test::kNotEqual: return order(0) != 0;
    case Test::kLess: return order(0) < 0;
    case Test::kLessOrEqual: return order(0) <= 0;
    case Test::kGreater: return order(0) > 0;
    case Test::kGreaterOrEqual: return order(0) >= 0;
    case Test::kLike: return LikeMatches(node.literals[0].text, value.text);
    case Test::kBetween: return order(0) >= 0 && order(1) <= 0;
    case Test::kIn:
      return std::any_of(node.literals.begin(), node.literals.end(),
                         [&](const KeyValue& literal) { return Compare(node.type, value, literal) == 0; });
    case Test::kIsNull: return false;
  }
  return false;
}

Result<bool> Evaluate(const Node& node, const std::vector<std::string>& values) {
  if (node.kind != Node::Kind::kTest) {
    bool any = node.kind == Node::Kind::kOr;
    for (const NodePtr& part : node.parts) {
      TRY_ASSIGN(bool fits, Evaluate(*part, values));
      if (fits == any) return any;
    }
    return !any;
  }
  if (node.key >= values.size()) return false;
  const std::string& text = values[node.key];
  bool null = text == kHiveNull;
  if (node.test == Test::kIsNull) return null != node.negated;
  if (null) return false;
  auto value = ParseKeyValue(node.type, text);
  if (!value) {
    return FailAs(ErrorCode::kConflict, "InvalidStateException", "A partition has a value that does not fit the type of its key.");
  }
  return Holds(node, *value) != node.negated;
}

}  // namespace

Result<PartitionExpression> PartitionExpression::Compile(std::string_view text, const std::vector<PartitionKey>& keys) {
  PartitionExpression compiled;
  if (Trim(text).empty()) return compiled;
  if (text.size() > kExpressionBytesMax) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("Expression must have at most {} characters.", kExpressionBytesMax));
  }
  TRY_ASSIGN(compiled.root_, Parser(text, keys).Parse());
  return compiled;
}

Result<bool> PartitionExpression::Fits(const std::vector<std::string>& values) const {
  if (!root_) return true;
  return Evaluate(*root_, values);
}

std::vector<std::string> PartitionExpression::fixed_prefix() const {
  std::vector<std::string> prefix;
  if (!root_) return prefix;
  const std::vector<NodePtr> alone = {root_};
  const std::vector<NodePtr>& parts = root_->kind == Node::Kind::kAnd ? root_->parts : alone;
  while (true) {
    auto fixes = [&](const NodePtr& node) {
      return node->kind == Node::Kind::kTest && node->key == prefix.size() && node->type == KeyType::kText &&
             node->test == Test::kEqual && !node->negated;
    };
    auto found = std::ranges::find_if(parts, fixes);
    if (found == parts.end()) return prefix;
    prefix.push_back((*found)->literals.front().text);
  }
}

}  // namespace hanse::catalog
