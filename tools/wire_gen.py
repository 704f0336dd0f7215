#!/usr/bin/env python3
"""Writes C++ structs for the operations that Hanse has, from the services' models (botocore's service-2.json).

For each service of operations.txt: SERVICE.h (a struct for each structure, a tag for each operation). Standard library only.
"""
import argparse
import glob
import gzip
import json
import os
import re
import sys

CPP_KEYWORDS = set(
    "alignas alignof and asm auto bool break case catch char class concept const constexpr continue decltype default delete do double "
    "else enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept not nullptr "
    "operator or private protected public register requires return short signed sizeof static struct switch template this throw true "
    "try typedef typename union unsigned using virtual void volatile while xor".split())

SCALARS = {
    "string": "std::string",
    "character": "std::string",
    "integer": "std::int32_t",
    "long": "std::int64_t",
    "float": "double",
    "double": "double",
    "boolean": "bool",
    "timestamp": "wire::Timestamp",
    "blob": "std::string",
}


def snake_case(name):
    """botocore's xform_name: DatabaseName -> database_name, LFTags -> lf_tags, ARNs -> arns."""
    special = re.search(r"[A-Z]{2,}s$", name)
    if special:
        name = name[: -len(special.group(0))] + "_" + special.group(0).lower()
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    name = re.sub(r"([a-z])([0-9]+)", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
    name = re.sub(r"[^a-z0-9_]", "_", name).strip("_")
    return name + "_" if name in CPP_KEYWORDS else name


def read_operations(path):
    operations = {}
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.split("#")[0].strip()
            if not line:
                continue
            service, colon, names = line.partition(":")
            if not colon:
                sys.exit(f"{path}:{number}: expected 'service: operations'")
            for name in names.split():
                if name in operations.setdefault(service, []):
                    sys.exit(f"{path}:{number}: {name} is there twice")
                operations[service].append(name)
    return operations


def write_if_changed(path, text):
    if os.path.exists(path):
        with open(path, encoding="utf-8") as there:
            if there.read() == text:
                return
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


class Service:
    """One service's model, and the part of it that the listed operations need."""

    def __init__(self, models, name, operations):
        paths = sorted(glob.glob(os.path.join(models, name, "*", "service-2.json.gz")))
        if not paths:
            sys.exit(f"no model of {name} under {models}")
        with gzip.open(paths[-1]) as model:
            self.model = json.load(model)
        self.name = name
        self.namespace = name.replace("-", "_")
        self.shapes = self.model["shapes"]
        self.operations = sorted(operations)
        unknown = [o for o in operations if o not in self.model["operations"]]
        if unknown:
            sys.exit(f"{name} has no operation {', '.join(unknown)}")
        self.structures = []  # Names in the order in which C++ needs them.
        self.boxed = set()  # (structure, member) that would contain itself.
        self.state = {}
        for operation in self.operations:
            for side in ("input", "output"):
                shape = self.side(operation, side)
                if shape:
                    self.visit(shape)

    def side(self, operation, side):
        return self.model["operations"][operation].get(side, {}).get("shape")

    def structures_in(self, shape):
        """The structures that a value of the shape holds, and whether C++ needs them complete."""
        model = self.shapes[shape]
        if model["type"] == "structure":
            return [] if model.get("document") else [(shape, True)]
        if model["type"] == "list":
            return [(name, False) for name, _ in self.structures_in(model["member"]["shape"])]
        if model["type"] == "map":
            return [(name, False) for name, _ in self.structures_in(model["value"]["shape"])]
        return []

    def visit(self, structure):
        self.state[structure] = "open"
        for member, reference in self.members(structure):
            for target, complete in self.structures_in(reference["shape"]):
                if target not in self.state:
                    self.visit(target)
                elif self.state[target] == "open" and complete:
                    self.boxed.add((structure, member))
        self.state[structure] = "done"
        self.structures.append(structure)

    def members(self, structure):
        members = self.shapes[structure].get("members", {})
        for name, reference in members.items():
            if self.shapes[reference["shape"]].get("eventstream"):
                sys.exit(f"{self.name} {structure}.{name}: event streams are not supported")
        return members.items()

    def is_stream(self, reference):
        shape = self.shapes[reference["shape"]]
        return shape["type"] == "blob" and bool(reference.get("streaming") or shape.get("streaming"))

    def cpp_type(self, shape):
        model = self.shapes[shape]
        if model.get("document"):
            return "wire::Document"
        if model["type"] == "structure":
            return shape
        if model["type"] == "list":
            return f"std::vector<{self.cpp_type(model['member']['shape'])}>"
        if model["type"] == "map":
            return f"std::map<std::string, {self.cpp_type(model['value']['shape'])}>"
        return SCALARS[model["type"]]

    def member_type(self, structure, member, reference):
        if self.is_stream(reference):
            return "std::shared_ptr<hanse::ByteSource>"
        inner = self.cpp_type(reference["shape"])
        return f"wire::Box<{inner}>" if (structure, member) in self.boxed else inner


def header(service):
    out = [
        "// Generated by tools/wire_gen.py from the service's model. Do not edit.",
        "#pragma once",
        "#include <cstdint>",
        "#include <map>",
        "#include <memory>",
        "#include <optional>",
        "#include <string>",
        "#include <string_view>",
        "#include <vector>",
        "",
        '#include "base/stream.h"',
        '#include "wire/value.h"',
        "",
        f"namespace hanse::wire::{service.namespace} {{",
        "",
    ]
    out += [f"struct {name};" for name in sorted(service.structures)]
    for structure in service.structures:
        out += ["", f"struct {structure} {{"]
        seen = set()
        for member, reference in service.members(structure):
            name = snake_case(member)
            if name in seen:
                sys.exit(f"{service.name} {structure}: two members are called {name}")
            seen.add(name)
            out.append(f"  std::optional<{service.member_type(structure, member, reference)}> {name};")
        out.append(f"  bool operator==(const {structure}&) const = default;")
        out.append("  static const Shape& WireShape();")
        out.append("};")
    out += ["", "namespace op {", ""]
    for operation in service.operations:
        out += [
            f"struct {operation} {{",
            f"  using Input = {service.side(operation, 'input') or 'wire::Empty'};",
            f"  using Output = {service.side(operation, 'output') or 'wire::Empty'};",
            f'  static constexpr std::string_view kService = "{service.name}", kName = "{operation}";',
            "  static const Operation& Descriptor();",
            "};",
        ]
    out += ["", "}  // namespace op", f"}}  // namespace hanse::wire::{service.namespace}", ""]
    return "\n".join(out)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--models", required=True, help="botocore's data folder")
    arguments.add_argument("--operations", required=True, help="the list of operations")
    arguments.add_argument("--into", required=True, help="the folder to write to")
    given = arguments.parse_args()
    os.makedirs(given.into, exist_ok=True)
    for name, operations in read_operations(given.operations).items():
        service = Service(given.models, name, operations)
        write_if_changed(os.path.join(given.into, f"{service.namespace}.h"), header(service))
        write_if_changed(os.path.join(given.into, f"{service.namespace}.cc"), f'#include "wire/{service.namespace}.h"\n')


if __name__ == "__main__":
    main()
