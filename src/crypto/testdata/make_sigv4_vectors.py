#!/usr/bin/env python3
"""Writes sigv4_vectors.txt: requests after the cases of AWS's SigV4 test suite and harder ones, signed stage by stage by botocore.

Needs botocore (tests/requirements.txt). The signatures that AWS published are checked against before anything is written.
"""
import datetime
import pathlib
import unittest.mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

AT = datetime.datetime(2015, 8, 30, 12, 36, 0)
KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
HOST = "example.amazonaws.com"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PUBLISHED = {
    "get-vanilla": "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "get-vanilla-query-order-key-case": "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    "get-utf8": "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    "post-vanilla": "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
}
# name, service, method, path as on the wire, query as on the wire, more headers, body
CASES = [
    ("get-vanilla", "service", "GET", "/", "", {}, b""),
    ("get-vanilla-query", "service", "GET", "/", "", {}, b""),
    ("get-vanilla-query-order-key-case", "service", "GET", "/", "Param2=value2&Param1=value1", {}, b""),
    ("get-vanilla-query-order-value", "service", "GET", "/", "Param1=value2&Param1=value1", {}, b""),
    ("get-vanilla-empty-query-key", "service", "GET", "/", "Param1=value1", {}, b""),
    ("get-vanilla-query-unreserved", "service", "GET", "/", "-._~0123456789ABCxyz=-._~0123456789ABCxyz", {}, b""),
    ("get-vanilla-utf8-query", "service", "GET", "/", "%E1%88%B4=bar", {}, b""),
    ("get-unreserved", "service", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "", {}, b""),
    ("get-utf8", "service", "GET", "/\u1234", "", {}, b""),
    ("get-space", "service", "GET", "/example space/", "", {}, b""),
    ("get-slash", "service", "GET", "//", "", {}, b""),
    ("get-slashes", "service", "GET", "//example//", "", {}, b""),
    ("get-slash-dot-slash", "service", "GET", "/./", "", {}, b""),
    ("get-slash-pointless-dot", "service", "GET", "/./example", "", {}, b""),
    ("get-relative", "service", "GET", "/example/..", "", {}, b""),
    ("get-relative-relative", "service", "GET", "/example1/example2/../..", "", {}, b""),
    ("get-relative-inside", "service", "GET", "/one/../two/three/./", "", {}, b""),
    ("get-header-value-trim", "service", "GET", "/", "", {"My-Header1": " value1", "My-Header2": '"a   b   c" '}, b""),
    ("post-vanilla", "service", "POST", "/", "", {}, b""),
    ("post-x-www-form-urlencoded", "service", "POST", "/", "", FORM, b"Param1=value1"),
    ("post-header-key-sort", "service", "POST", "/", "", {"My-Header1": "value1"}, b""),
    ("double-encoded-path", "glue", "GET", "/tags/arn%3Aaws%3Aglue%3Aus-east-1%3A1%3Atable%2Fa", "", {}, b""),
    ("s3-path-as-it-is", "s3", "GET", "/bucket/a//b/../c%20d/%C3%A4%2Bx", "", {}, b""),
    ("s3-list", "s3", "GET", "/bucket", "list-type=2&prefix=a%2Fb%20c%2B&delimiter=%2F&max-keys=3", {}, b""),
    ("s3-sub-resource", "s3", "GET", "/bucket", "policy=", {}, b""),
    ("s3-many-values", "s3", "PUT", "/bucket/k", "tagging=&x=2&x=10&x=1&A=1&a=1", {"x-amz-meta-a": "x  y"}, b"body"),
]


class Moment(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return AT.replace(tzinfo=tz)

    @classmethod
    def utcnow(cls):
        return AT


def case(name, service, method, path, query, headers, body):
    kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    auth = kind(KEYS, service, "us-east-1")
    url = f"https://{HOST}{path}" + (f"?{query}" if query else "")
    request = AWSRequest(method=method, url=url, data=body, headers={"Host": HOST, **headers})
    request.context["timestamp"] = "20150830T123600Z"
    request.headers["X-Amz-Date"] = "20150830T123600Z"
    if service == "s3":
        request.headers["X-Amz-Content-SHA256"] = auth.payload(request)
    canonical = auth.canonical_request(request)
    to_sign = auth.string_to_sign(request, canonical)
    signature = auth.signature(to_sign, request)
    assert PUBLISHED.get(name, signature) == signature, (name, signature)
    lines = [f"case {name}", f"service {service}", f"method {method}", f"path {path}", f"query {query}"]
    lines += [f"header {k.lower()}:{v}" for k, v in request.headers.items()]
    lines += [f"payload {auth.payload(request)}"]
    lines += [f"canonical {canonical}".replace("\n", "\\n"), f"to-sign {to_sign}".replace("\n", "\\n"), f"signature {signature}"]
    return "\n".join(lines) + "\n"


def main():
    patches = [unittest.mock.patch.object(botocore.auth, name, lambda *a, **k: AT, create=True) for name in ("get_current_datetime",)]
    with patches[0], unittest.mock.patch.object(botocore.auth.datetime, "datetime", Moment, create=True):
        text = "\n".join(case(*c) for c in CASES)
    pathlib.Path(__file__).with_name("sigv4_vectors.txt").write_text(text)


if __name__ == "__main__":
    main()
