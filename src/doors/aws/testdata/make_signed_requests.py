#!/usr/bin/env python3
"""Writes signed_requests.txt: requests as botocore's signers make them, for the test of the verifier. Needs botocore."""
import datetime
import pathlib
import unittest.mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

AT = datetime.datetime(2015, 8, 30, 12, 36, 0)
HOST = "127.0.0.1:7700"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
USER, SESSION = Credentials("AKIDEXAMPLE", SECRET), Credentials("ASIAEXAMPLE", SECRET, "a-sealed_token")
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
JSON = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AWSGlue.GetTables"}


class Moment(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return AT.replace(tzinfo=tz)

    @classmethod
    def utcnow(cls):
        return AT


def request(name, auth, keys, service, method, target, headers=None, body=b"", **options):
    one = AWSRequest(method=method, url=f"http://{HOST}{target}", data=body, headers={"Host": HOST, **(headers or {})})
    if service == "s3" and auth is botocore.auth.S3SigV4Auth:
        one.context["client_config"] = None
    auth(keys, service, "us-east-1", **options).add_auth(one)
    url = one.url[len(f"http://{HOST}"):]
    lines = [f"request {name}", f"method {method}", f"target {url}", *(f"header {k}: {v}" for k, v in one.headers.items())]
    return "\n".join([*lines, f"body {body.hex()}"]) + "\n"


def main():
    header, s3, query, s3_query = (botocore.auth.SigV4Auth, botocore.auth.S3SigV4Auth, botocore.auth.SigV4QueryAuth,
                                   botocore.auth.S3SigV4QueryAuth)
    with unittest.mock.patch.object(botocore.auth, "get_current_datetime", lambda *a, **k: AT, create=True), \
            unittest.mock.patch.object(botocore.auth.datetime, "datetime", Moment, create=True):
        text = [
            request("sts form", header, USER, "sts", "POST", "/", FORM, b"Action=GetCallerIdentity&Version=2011-06-15"),
            request("sts form of a session", header, SESSION, "sts", "POST", "/", FORM, b"Action=GetCallerIdentity&Version=2011-06-15"),
            request("glue json", header, USER, "glue", "POST", "/", JSON, b'{"DatabaseName":"sales"}'),
            request("ram rest-json", header, USER, "ram", "POST", "/createresourceshare", {"Content-Type": "application/json"}, b"{}"),
            request("ram path to encode twice", header, USER, "ram", "GET", "/tags/arn%3Aaws%3Aram%3A%3A1%3Ashare%2Fa%20b?x=1"),
            request("s3 list", s3, USER, "s3", "GET", "/bucket?list-type=2&prefix=a%2Fb%20c&delimiter=%2F"),
            request("s3 put", s3, USER, "s3", "PUT", "/bucket/year%3D2015/a%20b%2B%C3%A4//x", {"x-amz-meta-owner": "zoe  b"}, b"hello"),
            request("s3 put of a session", s3, SESSION, "s3", "PUT", "/bucket/k", {}, b"hello"),
            request("s3 delete", s3, USER, "s3", "DELETE", "/bucket/k?versionId=null"),
            request("s3 presigned get", s3_query, USER, "s3", "GET", "/bucket/docs/hello%20world", expires=600),
            request("s3 presigned get of a session", s3_query, SESSION, "s3", "GET", "/bucket/docs/hello?response-content-type=text%2Fplain"),
            request("sts presigned", query, USER, "sts", "GET", "/?Action=GetCallerIdentity&Version=2011-06-15", expires=60),
        ]
    pathlib.Path(__file__).with_name("signed_requests.txt").write_text("\n".join(text))


if __name__ == "__main__":
    main()
