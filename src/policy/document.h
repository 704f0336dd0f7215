#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hanse::policy {

// What a document is for, which says what it may hold (IAM User Guide, "IAM JSON policy elements reference"):
//   identity, boundary, session  no principals; every statement names resources
//   resource                     principals and resources (bucket, key, secret, catalog policies)
//   trust                        principals, no resources, actions of sts alone
//   service control              no principals
enum class DocumentKind { kIdentity, kBoundary, kSession, kResource, kTrust, kServiceControl };

enum class Effect { kAllow, kDeny };

inline constexpr std::size_t kMaxDocumentBytes = 64 * 1024;

struct Statement;

// A policy as it was understood: parsed once, never changed, shared by every decision that reads it. Any thread.
class Document {
 public:
  Document(std::string text, DocumentKind kind, std::vector<Statement> statements);
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const std::string& text() const { return text_; }  // As it was given, byte for byte.
  DocumentKind kind() const { return kind_; }
  const std::vector<Statement>& statements() const { return statements_; }
  // The condition keys and variables that it reads, lower case, each once.
  std::vector<std::string> ContextKeys() const;
  // Whether there is any: what is decided by others alone is decided without a context.
  bool asks_context() const { return asks_context_; }

 private:
  std::string text_;
  DocumentKind kind_;
  std::vector<Statement> statements_;
  bool asks_context_;
};
using DocumentPtr = std::shared_ptr<const Document>;

// Reads a document. What is unknown, doubled or out of place is refused with MalformedPolicyDocument (kInvalidArgument), naming the
// place ("Statement[1].Condition: …"). Pure; any thread.
Result<DocumentPtr> ParseDocument(std::string_view text, DocumentKind kind);

// Whether a resource policy lets in the whole world, as S3's public access block understands it: an Allow for everybody that no
// condition narrows to an account, an organisation, a network or a principal.
bool IsPublic(const Document& document);

}  // namespace hanse::policy
