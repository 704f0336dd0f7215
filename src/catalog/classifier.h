#pragma once
#include "catalog/operation.h"
#include "catalog/page.h"

// Custom classifiers: how a crawler is to read text that the built-in ones would read otherwise or not at all. Source: AWS Glue API
// Reference, "Classifier API"; lakeformation.md 7.5. What an XML classifier finds is catalogued though no engine here reads it. IAM
// knows no resource of theirs: they are asked for on "*".
namespace hanse::catalog {

HANSE_GLUE_OPERATION(CreateClassifier, gate::Record::kWrite);
HANSE_GLUE_OPERATION(GetClassifier, gate::Record::kRead);
HANSE_GLUE_OPERATION(GetClassifiers, gate::Record::kRead);
HANSE_GLUE_OPERATION(UpdateClassifier, gate::Record::kWrite);
HANSE_GLUE_OPERATION(DeleteClassifier, gate::Record::kWrite);

// Of the caller's account and region. Any thread; what it is given outlives it.
class Classifiers {
 public:
  static constexpr std::size_t kPageMax = 100;

  explicit Classifiers(const Pages& pages) : pages_(pages) {}
  Result<CreateClassifier::Answer> Do(const gate::Authorized<CreateClassifier>& call) const;
  Result<GetClassifier::Answer> Do(const gate::Authorized<GetClassifier>& call) const;
  Result<GetClassifiers::Answer> Do(const gate::Authorized<GetClassifiers>& call) const;
  Result<UpdateClassifier::Answer> Do(const gate::Authorized<UpdateClassifier>& call) const;
  Result<DeleteClassifier::Answer> Do(const gate::Authorized<DeleteClassifier>& call) const;

 private:
  const Pages& pages_;
};

// The caller's own; kNotFound where there is none of that name.
Result<wire::glue::Classifier> ReadClassifier(const gate::Call& call, const std::string& name);

namespace classifier {
using Operations = gate::List<CreateClassifier, GetClassifier, GetClassifiers, UpdateClassifier, DeleteClassifier>;
}

}  // namespace hanse::catalog
