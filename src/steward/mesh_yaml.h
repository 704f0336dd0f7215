#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "steward/mesh_document.h"

// YAML's nodes as a mesh document's parts are read from them and written. What is wrong is thrown with its line, as yaml-cpp does;
// it never leaves ReadMesh.
namespace hanse::steward::yaml {

[[noreturn]] void Wrong(const YAML::Node& node, const std::string& what);

std::string Text(const YAML::Node& node);
bool Truth(const YAML::Node& node);
// One text stands for a list of it.
std::vector<std::string> Texts(const YAML::Node& node);
Terms ReadTerms(const YAML::Node& node);

using Setters = std::map<std::string, std::function<void(const YAML::Node&)>>;
// Each key's setter is called with its value; another key is wrong.
void ReadMap(const YAML::Node& node, const Setters& setters);

template <class T, class Read>
std::vector<T> ReadList(const YAML::Node& node, Read read) {
  if (!node.IsSequence()) Wrong(node, "expected a list");
  std::vector<T> all;
  for (const YAML::Node& one : node) all.push_back(read(one));
  return all;
}

// Nothing is written for what is empty.
void Emit(YAML::Emitter& out, std::string_view key, const std::string& value);
void Emit(YAML::Emitter& out, std::string_view key, const std::vector<std::string>& values);
void EmitTerms(YAML::Emitter& out, std::string_view key, const std::optional<Terms>& terms);

template <class T, class EmitOne>
void EmitList(YAML::Emitter& out, std::string_view key, const std::vector<T>& all, EmitOne emit) {
  out << YAML::Key << std::string(key) << YAML::Value << YAML::BeginSeq;
  for (const T& one : all) emit(out, one);
  out << YAML::EndSeq;
}

}  // namespace hanse::steward::yaml
