"""What a workgroup enforces holds for a prepared statement as for the statement itself."""
import time

import pytest

RESULTS = "s3://prepared-results/"


@pytest.fixture
def ask(new_server):
    admin = new_server().management()
    admin.s3.create_bucket(Bucket="prepared-results")
    admin.athena.create_work_group(Name="team", Configuration={
        "EnforceWorkGroupConfiguration": True, "ResultConfiguration": {"OutputLocation": RESULTS}})

    def run(sql: str) -> tuple[str, str]:
        started = admin.athena.start_query_execution(QueryString=sql, WorkGroup="team")["QueryExecutionId"]
        for _ in range(400):
            status = admin.athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
            if status["State"] not in ("QUEUED", "RUNNING"):
                return status["State"], status.get("StateChangeReason", "")
            time.sleep(0.05)
        raise AssertionError("the query does not end")
    run.admin = admin
    return run


def test_a_prepared_table_from_a_query_lies_where_the_workgroup_says(ask):
    ask.admin.lakeformation.put_data_lake_settings(DataLakeSettings={
        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": ask.admin.sts.get_caller_identity()["Arn"]}]})
    assert ask("CREATE DATABASE made")[0] == "SUCCEEDED"
    create = "CREATE TABLE made.{} {} AS SELECT 1 AS a"
    named = create.format("elsewhere", "WITH (external_location = 's3://prepared-results/elsewhere/')")
    with pytest.raises(ask.admin.athena.exceptions.InvalidRequestException):
        ask(named)
    for name, statement in (("elsewhere", named), ("here", create.format("here", ""))):
        assert ask(f"PREPARE {name} FROM {statement}")[0] == "SUCCEEDED"
    state, reason = ask("EXECUTE elsewhere")
    assert state == "FAILED" and "external_location" in reason
    assert ask("EXECUTE here") == ("SUCCEEDED", "")
    tables = {t["Name"]: t["StorageDescriptor"]["Location"] for t in ask.admin.glue.get_tables(DatabaseName="made")["TableList"]}
    assert list(tables) == ["here"] and tables["here"].startswith(RESULTS)
