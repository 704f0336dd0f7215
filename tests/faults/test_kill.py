"""Acknowledged means on disk: the server is killed at random moments under load, fifty times, and nothing that it answered is missing."""
import io
import random
import threading

import botocore.exceptions
import pytest

from conftest import policy, trust

ROUNDS, WRITERS = 50, 4
LAST_MOMENT_S = 0.35


class Ledger:
    """What the server acknowledged, by kind; a change that got no answer may have happened or not and is forgotten."""

    def __init__(self):
        self.objects: dict[str, bytes] = {}
        self.databases: set[str] = set()
        self.granted: dict[str, bool] = {}  # Table -> whether the reader has it.
        self.lock = threading.Lock()


def load(keys, reader_arn: str, ledger: Ledger, writer: int, round_: int, stop: threading.Event) -> None:
    """Writes until the server is gone, noting each answer."""
    step = 0
    while not stop.is_set():
        step += 1
        name = f"w{writer}_r{round_}_{step}"
        try:
            body = f"{name} ".encode() * 200
            keys.s3.put_object(Bucket="ledger", Key=name, Body=io.BytesIO(body))
            with ledger.lock:
                ledger.objects[name] = body
            keys.glue.create_database(DatabaseInput={"Name": name})
            with ledger.lock:
                ledger.databases.add(name)
            grant = {"Principal": {"DataLakePrincipalIdentifier": reader_arn}, "Resource": {"Database": {"Name": name}},
                     "Permissions": ["DESCRIBE"]}
            with ledger.lock:
                ledger.granted.pop(name, None)
            keys.lakeformation.grant_permissions(**grant)
            with ledger.lock:
                ledger.granted[name] = True
            if step % 2:
                with ledger.lock:
                    ledger.granted.pop(name)
                keys.lakeformation.revoke_permissions(**grant)
                with ledger.lock:
                    ledger.granted[name] = False
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError, ConnectionError):
            return


def check(keys, reader, ledger: Ledger, sample: random.Random) -> None:
    databases = {d["Name"] for page in keys.glue.get_paginator("get_databases").paginate() for d in page["DatabaseList"]}
    assert ledger.databases <= databases, sorted(ledger.databases - databases)[:5]
    visible = {d["Name"] for page in reader.glue.get_paginator("get_databases").paginate() for d in page["DatabaseList"]}
    lost = {name for name, has in ledger.granted.items() if has and name not in visible}
    revived = {name for name, has in ledger.granted.items() if not has and name in visible}
    assert not lost and not revived, (sorted(lost)[:5], sorted(revived)[:5])
    keys_listed = {o["Key"] for page in keys.s3.get_paginator("list_objects_v2").paginate(Bucket="ledger") for o in page.get("Contents", [])}
    assert set(ledger.objects) <= keys_listed, sorted(set(ledger.objects) - keys_listed)[:5]
    for name in sample.sample(sorted(ledger.objects), min(10, len(ledger.objects))):
        assert keys.s3.get_object(Bucket="ledger", Key=name)["Body"].read() == ledger.objects[name]


@pytest.mark.timeout(1200)
def test_nothing_acknowledged_is_lost_in_fifty_kills(new_server, hanse):
    chance = random.Random(4711)
    server = new_server()
    keys = server.management()
    account = keys.sts.get_caller_identity()
    keys.lakeformation.put_data_lake_settings(DataLakeSettings={
        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": account["Arn"]}], "CreateDatabaseDefaultPermissions": [],
        "CreateTableDefaultPermissions": []})
    keys.s3.create_bucket(Bucket="ledger")
    keys.iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust(account["Account"]))
    keys.iam.put_role_policy(RoleName="reader", PolicyName="read", PolicyDocument=policy("glue:Get*"))
    reader_arn = f"arn:aws:iam::{account['Account']}:role/reader"
    ledger = Ledger()
    # Made once: reading the service models takes longer than a round. The endpoint stays the same.
    writing = [server.management() for _ in range(WRITERS)]
    for one in writing:
        one.s3, one.glue, one.lakeformation
    for round_ in range(ROUNDS):
        stop = threading.Event()
        writers = [threading.Thread(target=load, args=(writing[w], reader_arn, ledger, w, round_, stop)) for w in range(WRITERS)]
        for writer in writers:
            writer.start()
        stop.wait(0.05 + chance.random() * LAST_MOMENT_S)
        server.kill()
        stop.set()
        for writer in writers:
            writer.join()
        server.start()
        keys = server.management()
        check(keys, keys.assume(account["Account"], "reader"), ledger, chance)
    assert len(ledger.objects) > ROUNDS and len(ledger.granted) > ROUNDS, "the load was too small to prove anything"
    verified = hanse("audit", "verify", "--data", str(server.data))
    assert verified.returncode == 0, verified.stdout + verified.stderr
