"""The listener of the portal: the governance API by plain HTTP, signed for the service hanse, and nothing else."""
import json
import urllib.error
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials

import conftest

ACCOUNT = "111111111111"


def ask(url: str, operation: str, body: dict, keys: conftest.Keys | None, service: str = "hanse") -> tuple[int, dict | str]:
    data = json.dumps(body).encode()
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"Hanse.{operation}"}
    request = botocore.awsrequest.AWSRequest("POST", url + "/", data=data, headers=headers)
    if keys:
        who = botocore.credentials.Credentials(keys["key"], keys["secret"], keys["token"])
        botocore.auth.SigV4Auth(who, service, conftest.REGION).add_auth(request)
    plain = urllib.request.Request(url + "/", data=data, headers=dict(request.headers.items()), method="POST")
    try:
        with urllib.request.urlopen(plain, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        text = refused.read().decode()
        return refused.code, text


def test_it_answers_auditors_as_the_other_listener_does_and_nobody_else(new_server):
    server = new_server()
    admin = server.management()
    portal = f"http://127.0.0.1:{server.ports[1]}"
    admin.glue.create_database(DatabaseInput={"Name": "shop"})
    admin.glue.create_table(DatabaseName="shop", TableInput={"Name": "orders", "StorageDescriptor": {
        "Columns": [{"Name": "id", "Type": "int"}], "Location": "s3://nowhere/orders/"}})
    who = admin.sts.get_caller_identity()["Arn"]
    questions = {"ExplainAccess": {"PrincipalArn": who, "DatabaseName": "shop", "TableName": "orders"},
                 "ListWhoCan": {"DatabaseName": "shop", "TableName": "orders"}, "ListWhatCan": {"PrincipalArn": who},
                 "ExportMesh": {}, "DiagnoseMesh": {"SampledTables": 0}}
    for operation, question in questions.items():
        status, answer = ask(portal, operation, question, admin)
        assert status == 200 and answer, (operation, answer)
        assert (status, answer) == ask(server.endpoint, operation, question, admin), operation

    # Whoever IAM does not allow it is refused here as there; what is signed wrongly too.
    admin.iam.create_role(RoleName="guest", AssumeRolePolicyDocument=conftest.trust(ACCOUNT))
    guest = admin.assume(ACCOUNT, "guest")
    for url in (portal, server.endpoint):
        status, refused = ask(url, "ListWhoCan", questions["ListWhoCan"], guest)
        assert status in (400, 403) and "AccessDenied" in refused, refused
    forged = conftest.Keys(admin | {"secret": "no" * 20})
    assert ask(portal, "ListWhoCan", questions["ListWhoCan"], forged)[0] in (400, 403)
    admin.iam.put_role_policy(RoleName="guest", PolicyName="audit", PolicyDocument=conftest.policy("hanse:List*"))
    assert ask(portal, "ListWhoCan", questions["ListWhoCan"], guest)[0] == 200

    # Nothing else is reachable there, with whatever signature.
    for service, keys in (("sts", admin), ("glue", admin), ("s3", admin), ("hanse", None)):
        status, refused = ask(portal, "ListWhoCan", questions["ListWhoCan"], keys, service)
        assert status == 404 and "governance API" in refused, (service, status, refused)
