"""What a workgroup limits and enforces, and the statements that tell of queries."""
import json
import time

import pytest

from conftest import Server

RESULTS = "s3://workgroup-results/"


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("workgroups") / "data").start()
    admin = server.management()
    admin.s3.create_bucket(Bucket="workgroup-results")
    me = {"DataLakePrincipalIdentifier": admin.sts.get_caller_identity()["Arn"]}
    admin.lakeformation.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [me]})
    for name in ("free", "sealed"):
        admin.athena.create_work_group(Name=name, Configuration={
            "EnforceWorkGroupConfiguration": False, "ResultConfiguration": {"OutputLocation": RESULTS + name}})

    def run(sql: str, workgroup: str = "free", **more) -> dict:
        started = admin.athena.start_query_execution(QueryString=sql, WorkGroup=workgroup, **more)["QueryExecutionId"]
        for _ in range(600):
            execution = admin.athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
            if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return execution
            time.sleep(0.03)
        raise AssertionError("the query does not end")

    def lines(sql: str) -> list[str]:
        done = run(sql)
        assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
        rows = admin.athena.get_query_results(QueryExecutionId=done["QueryExecutionId"])["ResultSet"]["Rows"]
        return ["\t".join(cell.get("VarCharValue", "") for cell in row["Data"]) for row in rows]
    run.admin, run.lines, run.server = admin, lines, server
    assert run("CREATE DATABASE made")["Status"]["State"] == "SUCCEEDED"
    made = run("CREATE TABLE made.numbers AS SELECT x FROM UNNEST(sequence(1, 10000)) AS t(x)")
    assert made["Status"]["State"] == "SUCCEEDED", made["Status"]
    yield run
    server.kill()


def test_explain_analyze_runs_the_query_and_tells_of_the_whole(ask):
    told = ask.lines("EXPLAIN ANALYZE SELECT x FROM made.numbers WHERE x > 9990")
    assert told[0].startswith("Planning: ") and told[2] == "Output: 10 rows"
    assert any("TableScan[table = awsdatacatalog:made:numbers]" in line for line in told)
    scanned = int(told[1].split()[1])
    assert scanned > 0
    done = ask("EXPLAIN ANALYZE SELECT nothing FROM made.numbers")
    assert done["Status"]["State"] == "FAILED" and "COLUMN_NOT_FOUND" in done["Status"]["StateChangeReason"]


def test_show_functions(ask):
    everything = ask.lines("SHOW FUNCTIONS")
    assert {"date_trunc", "approx_distinct", "row_number"} <= set(everything)
    dates = ask.lines("SHOW FUNCTIONS LIKE 'date%'")
    assert "date_trunc" in dates and "row_number" not in dates and set(dates) < set(everything)


def test_the_minimum_of_encryption_is_held(ask):
    admin = ask.admin
    refused = admin.athena.exceptions.InvalidRequestException
    key = admin.kms.create_key()["KeyMetadata"]["Arn"]
    with pytest.raises(refused, match="EncryptionConfiguration"):
        admin.athena.update_work_group(WorkGroup="sealed", ConfigurationUpdates={"EnableMinimumEncryptionConfiguration": True})
    admin.athena.update_work_group(WorkGroup="sealed", ConfigurationUpdates={
        "EnableMinimumEncryptionConfiguration": True,
        "ResultConfigurationUpdates": {"EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": key}}})
    with pytest.raises(refused, match="weaker"):
        ask("SELECT 1", "sealed", ResultConfiguration={"EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}})
    with pytest.raises(refused, match="CSE_KMS is not supported"):
        ask("SELECT 1", "sealed", ResultConfiguration={"EncryptionConfiguration": {"EncryptionOption": "CSE_KMS", "KmsKey": key}})
    for sql in ("SELECT 1", "CREATE TABLE made.sealed AS SELECT 1 AS a"):
        done = ask(sql, "sealed")
        assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    sealed_with = {}
    for item in admin.s3.list_objects_v2(Bucket="workgroup-results", Prefix="sealed/")["Contents"]:
        head = admin.s3.head_object(Bucket="workgroup-results", Key=item["Key"])
        sealed_with[item["Key"]] = head["SSEKMSKeyId"]
    assert len(sealed_with) >= 4 and set(sealed_with.values()) == {key}, sealed_with


def test_a_workgroup_scans_no_more_than_its_controls_leave(ask, hanse):
    environment = ask.server.environment()
    admin = ask.admin
    admin.athena.create_work_group(Name="thrifty", Configuration={"ResultConfiguration": {"OutputLocation": RESULTS + "thrifty"}})

    def usage(*arguments: str, code: int = 0) -> list[dict]:
        done = hanse("usage", "thrifty", "--json", *arguments, env=environment)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout) if code == 0 else done.stderr

    sql = "SELECT sum(x) FROM made.numbers"
    scanned = ask(sql, "thrifty")["Statistics"]["DataScannedInBytes"]
    assert scanned > 0 and usage() == []
    told = usage("--set", "1GB/1h", "--set", f"{2 * scanned + 1}B/7d")
    assert [row["period"] for row in told] == ["1h", "7d"] and {int(row["bytes_used"]) for row in told} == {scanned}
    assert ask(sql, "thrifty")["Status"]["State"] == "SUCCEEDED"
    cut = ask(sql, "thrifty")
    assert cut["Status"]["State"] == "CANCELLED" and "Bytes scanned limit" in cut["Status"]["StateChangeReason"], cut["Status"]
    refused = admin.athena.exceptions.InvalidRequestException
    if usage()[1]["state"] == "shut":
        with pytest.raises(refused, match="data usage controls"):
            ask(sql, "thrifty")
    assert usage("--set", "0B/1m")[0]["state"] == "shut"
    with pytest.raises(refused, match="data usage controls"):
        ask(sql, "thrifty")
    assert ask("SHOW DATABASES", "thrifty")["Status"]["State"] == "SUCCEEDED"
    assert ask(sql, "free")["Status"]["State"] == "SUCCEEDED"
    assert "--set" in usage("--set", "much/1h", code=1)
    assert usage("--clear") == [] and ask(sql, "thrifty")["Status"]["State"] == "SUCCEEDED"
    assert hanse("usage", "nothing", env=environment).returncode == 1
