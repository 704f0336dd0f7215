#include "steward/mesh_yaml.h"

#include <fmt/format.h>

namespace hanse::steward::yaml {

void Wrong(const YAML::Node& node, const std::string& what) { throw YAML::RepresentationException(node.Mark(), what); }

std::string Text(const YAML::Node& node) {
  if (!node.IsScalar()) Wrong(node, "expected a text");
  return node.Scalar();
}

bool Truth(const YAML::Node& node) {
  if (!node.IsScalar() || (node.Scalar() != "true" && node.Scalar() != "false")) Wrong(node, "expected true or false");
  return node.Scalar() == "true";
}

std::vector<std::string> Texts(const YAML::Node& node) {
  if (node.IsScalar()) return {node.Scalar()};
  if (!node.IsSequence()) Wrong(node, "expected a list");
  std::vector<std::string> texts;
  for (const YAML::Node& one : node) texts.push_back(Text(one));
  return texts;
}

Terms ReadTerms(const YAML::Node& node) {
  if (!node.IsMap()) Wrong(node, "expected tags with their values");
  Terms terms;
  for (const auto& pair : node) terms[Text(pair.first)] = Texts(pair.second);
  return terms;
}

void ReadMap(const YAML::Node& node, const Setters& setters) {
  if (!node.IsMap()) Wrong(node, "expected keys and values");
  for (const auto& pair : node) {
    auto setter = setters.find(Text(pair.first));
    if (setter == setters.end()) Wrong(pair.first, fmt::format("unknown key {}", Text(pair.first)));
    setter->second(pair.second);
  }
}

void Emit(YAML::Emitter& out, std::string_view key, const std::string& value) {
  if (!value.empty()) out << YAML::Key << std::string(key) << YAML::Value << value;
}

void Emit(YAML::Emitter& out, std::string_view key, const std::vector<std::string>& values) {
  if (!values.empty()) out << YAML::Key << std::string(key) << YAML::Value << YAML::Flow << values;
}

void EmitTerms(YAML::Emitter& out, std::string_view key, const std::optional<Terms>& terms) {
  if (!terms) return;
  out << YAML::Key << std::string(key) << YAML::Value << YAML::BeginMap;
  for (const auto& [tag, values] : *terms) out << YAML::Key << tag << YAML::Value << YAML::Flow << values;
  out << YAML::EndMap;
}

}  // namespace hanse::steward::yaml
