#!/usr/bin/env python3
"""Writes C++ structs for the operations that Hanse has, from the services' models (botocore's service-2.json).

For each service of operations.txt: SERVICE.h (a struct for each structure, a tag for each operation) and SERVICE.cc (descriptor tables
for the interpreter in src/wire/, the routes of all operations of the model). services.cc finds them. Standard library only.
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


def read_model(folders, service):
    """The newest model of the service: in the first folder that has one, packed as botocore's are or plain."""
    for folder in folders:
        paths = sorted(glob.glob(os.path.join(folder, service, "*", "service-2.json*")))
        if paths:
            with (gzip.open if paths[-1].endswith(".gz") else open)(paths[-1]) as model:
                return json.load(model)
    sys.exit(f"no model of {service} under {' or '.join(folders)}")


class Service:
    """One service's model, and the part of it that the listed operations need."""

    def __init__(self, models, name, operations):
        self.model = read_model(models, name)
        self.name = name
        # Our own service is called as the outermost namespace is.
        self.namespace = "hanse_service" if name == "hanse" else name.replace("-", "_")
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
                if shape and shape not in self.state:
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


def quoted(text):
    """A C++ string literal. Bytes that are not plain ASCII are written in octal."""
    out = []
    for byte in text.encode():
        char = chr(byte)
        out.append("\\" + char if char in '"\\' else char if 32 <= byte < 127 else f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


KINDS = {
    "string": "String", "character": "String", "integer": "Integer", "long": "Long", "float": "Double", "double": "Double",
    "boolean": "Boolean", "timestamp": "Timestamp", "blob": "Blob", "list": "List", "map": "Map", "structure": "Structure",
}
TIME_FORMATS = {"unixTimestamp": "kEpochSeconds", "iso8601": "kIso8601", "rfc822": "kHttpDate"}
LOCATIONS = {
    "header": "kHeader", "headers": "kHeadersPrefix", "uri": "kUriLabel", "querystring": "kQueryString", "statusCode": "kStatus",
}
PROTOCOLS = {
    "json": "kJson", "query": "kQuery", "rest-json": "kRestJson", "rest-xml": "kRestXml",
    "smithy-rpc-v2-cbor": "kJson",  # Every service of JSON is spoken to in CBOR too (wire/route.h).
}
# What signatures call a service, where that is not the folder of its model.
SCOPES = {"cloudwatch": "monitoring"}


# What S3 calls the roots of its answers (API Reference); the model leaves them out.
S3_ROOTS = {
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjects": "ListBucketResult",
    "ListObjectsV2": "ListBucketResult",
    "ListObjectVersions": "ListVersionsResult",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketTagging": "Tagging",
    "GetObjectTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "CreateMultipartUpload": "InitiateMultipartUploadResult",
    "CompleteMultipartUpload": "CompleteMultipartUploadResult",
    "ListParts": "ListPartsResult",
    "ListMultipartUploads": "ListMultipartUploadsResult",
    "DeleteObjects": "DeleteResult",
    "GetObjectAttributes": "GetObjectAttributesResponse",
}


def fields(pairs):
    """A designated initializer of those that are given."""
    return "{" + ", ".join(f".{name} = {value}" for name, value in pairs if value not in (None, "")) + "}"


class Tables:
    """The descriptor tables of a service as C++ source."""

    def __init__(self, service):
        self.service = service
        self.shapes = service.shapes
        self.index = {}  # (shape, whether it streams) -> its place in kShapes
        self.arrays = []
        for structure in service.structures:
            self.reach(structure)

    def reach(self, shape, stream=False):
        if (shape, stream) in self.index:
            return
        self.index[(shape, stream)] = len(self.index)
        model = self.shapes[shape]
        if model["type"] == "structure" and not model.get("document"):
            for _, reference in self.service.members(shape):
                self.reach(reference["shape"], self.service.is_stream(reference))
        for part in ("member", "key", "value"):
            if part in model:
                self.reach(model[part]["shape"])

    def at(self, shape, stream=False):
        return f"&kShapes[{self.index[(shape, stream)]}]"

    def array(self, kind, name, values):
        if values:
            self.arrays.append(f"constexpr {kind} {name}[] = {{")
            self.arrays += [f"    {value}," for value in values]
            self.arrays.append("};")
        return name if values else None

    def member(self, structure, name, reference):
        service, model = self.service, self.shapes[reference["shape"]]
        payload = self.shapes[structure].get("payload") == name
        location = "kPayload" if payload else LOCATIONS.get(reference.get("location"))
        space = reference.get("xmlNamespace") or {}
        space = {"uri": space} if isinstance(space, str) else space
        flag = lambda given: "true" if given else None
        return fields([
            ("name", quoted(name)),
            ("wire", quoted(self.wire_name(name, reference))),
            ("shape", self.at(reference["shape"], service.is_stream(reference))),
            ("offset", f"offsetof({structure}, {snake_case(name)})"),
            ("access", f"&OptionalOf<{service.member_type(structure, name, reference)}>::kAccess"),
            ("location", location and "Location::" + location),
            ("required", flag(name in self.shapes[structure].get("required", []))),
            ("flattened", flag(reference.get("flattened") or model.get("flattened"))),
            ("xml_attribute", flag(reference.get("xmlAttribute"))),
            ("idempotency_token", flag(reference.get("idempotencyToken"))),
            ("xml_prefix", space.get("prefix") and quoted(space["prefix"])),
            ("xml_uri", space.get("uri") and quoted(space["uri"])),
        ])

    def wire_name(self, name, reference):
        if "locationName" in reference:
            return reference["locationName"]
        shape = self.shapes[reference["shape"]]
        if shape["type"] == "list" and (reference.get("flattened") or shape.get("flattened")):
            return shape["member"].get("locationName", name)
        return name

    def shape(self, shape, stream):
        model = self.shapes[shape]
        kind = "Stream" if stream else "Document" if model.get("document") else KINDS[model["type"]]
        members = values = payload = element = access = None
        if kind == "Structure":
            rows = [self.member(shape, name, reference) for name, reference in self.service.members(shape)]
            members = self.array("Member", f"kMembersOf{shape}", rows)
            if "payload" in model:
                payload = f"&kMembersOf{shape}[{list(model['members']).index(model['payload'])}]"
        if "enum" in model:
            values = self.array("std::string_view", f"kValuesOf{shape}", [quoted(value) for value in sorted(model["enum"])])
        if kind in ("List", "Map"):
            element = model["member" if kind == "List" else "value"]
            access = f"&{kind}Of<{self.service.cpp_type(element['shape'])}>::kAccess"
        name_of = lambda part, otherwise: quoted(part.get("locationName", otherwise)) if part else None
        time_format = TIME_FORMATS.get(model.get("timestampFormat"))
        return fields([
            ("name", quoted(shape)),
            ("kind", "Kind::k" + kind),
            ("time_format", time_format and "TimeFormat::" + time_format),
            ("sensitive", "true" if model.get("sensitive") else None),
            ("flattened", "true" if model.get("flattened") else None),
            ("is_union", "true" if model.get("union") else None),
            ("min", str(int(model["min"])) if "min" in model else None),
            ("max", str(int(model["max"])) if "max" in model and model["max"] < 2**62 else None),
            ("pattern", quoted(model["pattern"]) if "pattern" in model else None),
            ("values", values),
            ("members", members),
            ("payload", payload),
            ("element", element and self.at(element["shape"])),
            ("key", self.at(model["key"]["shape"]) if kind == "Map" else None),
            ("element_name", name_of(element, "member" if kind == "List" else "value")),
            ("key_name", name_of(model.get("key"), "key")),
            ("list", access if kind == "List" else None),
            ("map", access if kind == "Map" else None),
        ])

    def root(self, operation, output):
        if self.service.name == "s3" and operation in S3_ROOTS:
            return S3_ROOTS[operation]
        return output.get("locationName", output["shape"])

    def operation(self, name):
        service, model = self.service, self.service.model["operations"][name]
        side = lambda which: self.at(service.side(name, which)) if service.side(name, which) else "&kEmptyShape"
        output = model.get("output", {})
        return fields([
            ("service", quoted(service.name)),
            ("name", quoted(name)),
            ("input", side("input")),
            ("output", side("output")),
            ("method", quoted(model["http"]["method"])),
            ("uri", quoted(model["http"]["requestUri"])),
            ("status", str(model["http"]["responseCode"]) if "responseCode" in model["http"] else None),
            ("result_name", quoted(output["resultWrapper"]) if "resultWrapper" in output else None),
            ("output_root", quoted(self.root(name, output)) if output else None),
            ("make_input", f"&MakeInput<{service.side(name, 'input') or 'Empty'}>"),
        ])

    def route(self, name):
        service, model = self.service, self.service.model["operations"][name]
        shape = self.shapes.get(service.side(name, "input"), {})
        needed = {"querystring": [], "header": []}
        if service.model["metadata"]["protocol"] == "rest-xml":
            for member in shape.get("required", []):
                reference = shape["members"][member]
                if reference.get("location") in needed:
                    needed[reference["location"]].append(quoted(reference["locationName"]))
        query = self.array("std::string_view", f"kQueryOf{name}", needed["querystring"])
        headers = self.array("std::string_view", f"kHeadersOf{name}", needed["header"])
        built = name in service.operations
        return fields([
            ("name", quoted(name)),
            ("method", quoted(model["http"]["method"])),
            ("uri", quoted(model["http"]["requestUri"])),
            ("operation", f"&kOperations[{service.operations.index(name)}]" if built else None),
            ("query_needed", query),
            ("headers_needed", headers),
        ])

    def errors(self):
        statuses = {}
        for name, shape in self.shapes.items():
            if shape.get("exception"):
                error = shape.get("error", {})
                otherwise = 500 if shape.get("fault") else 400
                statuses[error.get("code", name)] = error.get("httpStatusCode", otherwise)
        return [f"{{{quoted(code)}, {statuses[code]}}}" for code in sorted(statuses)]

    def source(self):
        service, metadata = self.service, self.service.model["metadata"]
        shapes = [self.shape(name, stream) for name, stream in self.index]
        operations = [self.operation(name) for name in service.operations]
        routes = self.array("RouteEntry", "kRoutes", [self.route(name) for name in sorted(service.model["operations"])])
        errors = self.array("ErrorStatus", "kErrors", self.errors())
        described = fields([
            ("name", quoted(SCOPES.get(service.name, service.name))),
            ("protocol", "Protocol::" + PROTOCOLS[metadata["protocol"]]),
            ("json_version", quoted(metadata["jsonVersion"]) if "jsonVersion" in metadata else None),
            ("target_prefix", quoted(metadata["targetPrefix"]) if "targetPrefix" in metadata else None),
            ("api_version", quoted(metadata["apiVersion"])),
            ("xml_uri", quoted(metadata["xmlNamespace"]) if "xmlNamespace" in metadata else None),
            ("operations", "kOperations"),
            ("routes", routes),
            ("errors", errors),
        ])
        out = [
            "// Generated by tools/wire_gen.py from the service's model. Do not edit.",
            f'#include "wire/{service.namespace}.h"',
            "",
            "#include <cstddef>",
            "",
            '#include "wire/access.h"',
            '#include "wire/shape.h"',
            "",
            "#pragma GCC diagnostic ignored \"-Winvalid-offsetof\"  // A std::map member makes a struct formally non-standard.",
            "",
            f"namespace hanse::wire::{service.namespace} {{",
            "namespace {",
            f"extern const Shape kShapes[{len(shapes)}];",
            f"extern const Operation kOperations[{len(operations)}];",
        ]
        out += self.arrays
        out += [f"constinit const Shape kShapes[{len(shapes)}] = {{"] + [f"    {shape}," for shape in shapes] + ["};"]
        out += [f"constinit const Operation kOperations[{len(operations)}] = {{"] + [f"    {row}," for row in operations] + ["};", "}  // namespace"]
        for structure in service.structures:
            out.append(f"const Shape& {structure}::WireShape() {{ return {self.at(structure)[1:]}; }}")
        for at, name in enumerate(service.operations):
            out.append(f"const Operation& op::{name}::Descriptor() {{ return kOperations[{at}]; }}")
        out += ["extern const Service kService;", f"constinit const Service kService = {described};"]
        return "\n".join(out + [f"}}  // namespace hanse::wire::{service.namespace}", ""])


def services_source(services):
    """What finds the services' tables."""
    out = ["// Generated by tools/wire_gen.py. Do not edit.", '#include "wire/shape.h"', "", "namespace hanse::wire {"]
    out += [f"namespace {service.namespace} {{ extern const Service kService; }}" for service in services]
    out += ["", "std::span<const Service* const> Services() {", "  static constexpr const Service* kServices[] = {"]
    out += [f"      &{service.namespace}::kService," for service in services]
    return "\n".join(out + ["  };", "  return kServices;", "}", "}  // namespace hanse::wire", ""])


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--models", required=True, action="append", help="a folder of models: botocore's data, or our own")
    arguments.add_argument("--operations", required=True, help="the list of operations")
    arguments.add_argument("--into", required=True, help="the folder to write to")
    given = arguments.parse_args()
    os.makedirs(given.into, exist_ok=True)
    services = []
    for name, operations in read_operations(given.operations).items():
        service = Service(given.models, name, operations)
        write_if_changed(os.path.join(given.into, f"{service.namespace}.h"), header(service))
        write_if_changed(os.path.join(given.into, f"{service.namespace}.cc"), Tables(service).source())
        services.append(service)
    write_if_changed(os.path.join(given.into, "services.cc"), services_source(services))


if __name__ == "__main__":
    main()
