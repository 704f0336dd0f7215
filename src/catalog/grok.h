#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>

#include "base/result.h"
#include "catalog/parquet_footer.h"

namespace hanse::catalog {

// Grok: text patterns that name others, as "%{IP:client} %{NUMBER:bytes:int}", compiled to one regular expression of linear time
// (AWS Glue Developer Guide, "Writing grok custom classifiers"). Pure.
class GrokPattern {
 public:
  // `custom`: lines "NAME pattern". kInvalidArgument names what is unknown, too deep or no regular expression.
  static Result<GrokPattern> Compile(std::string_view pattern, std::string_view custom);
  // The fields, in their order; those without a type are "string".
  const std::vector<InferredColumn>& fields() const { return fields_; }
  bool Matches(std::string_view line) const { return re2::RE2::FullMatch(line, *expression_); }

 private:
  std::unique_ptr<re2::RE2> expression_;
  std::vector<InferredColumn> fields_;
};

}  // namespace hanse::catalog
