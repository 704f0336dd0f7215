"""CloudWatch's metrics by boto3 (CBOR), by the AWS CLI, and by the older protocols; what Athena tells of a workgroup's queries."""
import datetime
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from botocore.exceptions import ClientError

import conftest
from conftest import REGION, Server

SPACE = "Lake/Tests"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("metrics") / "data").start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def admin(server):
    return server.management()


def minute(offset: int = 0) -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(second=0, microsecond=0) + datetime.timedelta(minutes=offset)


def datum(name: str, value: float, table: str = "orders", at: datetime.datetime | None = None) -> dict:
    return {"MetricName": name, "Dimensions": [{"Name": "Table", "Value": table}], "Value": value, "Unit": "Count",
            "Timestamp": at or minute(-2)}


def sums(cloudwatch, name: str, table: str = "orders") -> list[float]:
    points = cloudwatch.get_metric_statistics(
        Namespace=SPACE, MetricName=name, Dimensions=[{"Name": "Table", "Value": table}], StartTime=minute(-10), EndTime=minute(2),
        Period=60, Statistics=["Sum"])["Datapoints"]
    return [point["Sum"] for point in points]


def test_what_is_put_is_listed_and_read_and_survives_the_server(server, admin):
    cloudwatch = admin.cloudwatch
    cloudwatch.put_metric_data(Namespace=SPACE, MetricData=[datum("Rows", 5.0), datum("Rows", 7.0), datum("Rows", 1.0, "returns")])
    listed = cloudwatch.list_metrics(Namespace=SPACE, Dimensions=[{"Name": "Table"}])["Metrics"]
    assert sorted(one["Dimensions"][0]["Value"] for one in listed) == ["orders", "returns"]
    server.kill()
    server.start()
    assert sums(cloudwatch, "Rows") == [12.0]
    metric = {"Namespace": SPACE, "MetricName": "Rows", "Dimensions": [{"Name": "Table", "Value": "orders"}]}
    answer = cloudwatch.get_metric_data(StartTime=minute(-10), EndTime=minute(2), MetricDataQueries=[
        {"Id": "rows", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": False},
        {"Id": "half", "Expression": "rows / 2", "Label": "Half of them"}])
    [result] = answer["MetricDataResults"]
    assert (result["Values"], result["Label"], result["Timestamps"]) == ([6.0], "Half of them", [minute(-2)])


def test_a_large_request_comes_compressed(admin):
    admin.cloudwatch.put_metric_data(Namespace=SPACE, MetricData=[datum(f"Wide{i}", float(i)) for i in range(600)])
    assert sums(admin.cloudwatch, "Wide599") == [599.0]


def test_rights_are_by_the_namespace_and_end_with_them(admin):
    iam = admin.iam
    account = admin.sts.get_caller_identity()["Account"]
    iam.create_role(RoleName="meter", AssumeRolePolicyDocument=conftest.trust(account))
    allow = {"Effect": "Allow", "Action": ["cloudwatch:PutMetricData", "cloudwatch:GetMetricStatistics"], "Resource": "*",
             "Condition": {"StringEqualsIfExists": {"cloudwatch:namespace": SPACE}}}
    iam.put_role_policy(RoleName="meter", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow]}))
    meter = admin.assume(account, "meter").cloudwatch
    meter.put_metric_data(Namespace=SPACE, MetricData=[datum("Meter", 3.0)])
    assert sums(meter, "Meter") == [3.0]
    for refused in (lambda: meter.put_metric_data(Namespace="Other", MetricData=[datum("Meter", 3.0)]),
                    lambda: meter.list_metrics()):
        with pytest.raises(ClientError) as error:
            refused()
        assert error.value.response["Error"]["Code"] == "AccessDenied"
    iam.delete_role_policy(RoleName="meter", PolicyName="p")
    with pytest.raises(ClientError, match="AccessDenied"):
        sums(meter, "Meter")


def test_what_is_not_served_says_so(admin):
    cloudwatch = admin.cloudwatch
    with pytest.raises(ClientError) as error:
        cloudwatch.put_dashboard(DashboardName="d", DashboardBody="{}")
    assert error.value.response["Error"]["Code"] == "NotImplemented"
    with pytest.raises(ClientError) as error:
        cloudwatch.put_metric_data(Namespace="AWS/Athena", MetricData=[datum("Forged", 1.0)])
    assert error.value.response["Error"]["Code"] == "InvalidParameterValue"
    with pytest.raises(cloudwatch.exceptions.InvalidParameterCombinationException):
        cloudwatch.put_metric_data(Namespace=SPACE, MetricData=[{"MetricName": "None"}])


def test_the_command_line_asks_too(server, admin):
    admin.cloudwatch.put_metric_data(Namespace=SPACE, MetricData=[datum("Shell", 4.0)])
    environment = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": admin["key"], "AWS_SECRET_ACCESS_KEY": admin["secret"],
                   "AWS_DEFAULT_REGION": REGION, "HOME": str(server.data)}
    aws = [sys.executable, str(pathlib.Path(sys.executable).parent / "aws"), "--endpoint-url", server.endpoint, "cloudwatch"]
    listed = subprocess.run([*aws, "list-metrics", "--namespace", SPACE, "--metric-name", "Shell"], env=environment, check=True,
                            capture_output=True, text=True, timeout=60)
    assert json.loads(listed.stdout)["Metrics"][0]["Dimensions"] == [{"Name": "Table", "Value": "orders"}]
    subprocess.run([*aws, "put-metric-data", "--namespace", SPACE, "--metric-name", "Shell", "--value", "6", "--unit", "Count",
                    "--dimensions", "Table=orders", "--timestamp", minute(-2).isoformat()], env=environment, check=True, timeout=60)
    assert sums(admin.cloudwatch, "Shell") == [10.0]


def call(server, admin, headers: dict, body: str) -> tuple[int, str]:
    request = botocore.awsrequest.AWSRequest("POST", server.endpoint + "/", headers=headers, data=body.encode())
    keys = botocore.credentials.Credentials(admin["key"], admin["secret"])
    botocore.auth.SigV4Auth(keys, "monitoring", REGION).add_auth(request)
    prepared = request.prepare()
    try:
        with urllib.request.urlopen(urllib.request.Request(prepared.url, prepared.body, dict(prepared.headers))) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_older_protocols_mean_the_same(server, admin):
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    status, _ = call(server, admin, form, "Action=PutMetricData&Version=2010-08-01&Namespace=Old&MetricData.member.1.MetricName=Rows"
                     "&MetricData.member.1.Value=2.5&MetricData.member.1.Dimensions.member.1.Name=Table"
                     "&MetricData.member.1.Dimensions.member.1.Value=orders")
    assert status == 200
    status, body = call(server, admin, form, "Action=ListMetrics&Version=2010-08-01&Namespace=Old")
    assert status == 200 and "<ListMetricsResult><Metrics><member>" in body and "<Value>orders</Value>" in body
    status, body = call(server, admin, form, "Action=PutMetricData&Version=2010-08-01&Namespace=AWS%2FEC2"
                        "&MetricData.member.1.MetricName=Rows&MetricData.member.1.Value=1")
    assert status == 400 and "<Code>InvalidParameterValue</Code>" in body
    target = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "GraniteServiceVersion20100801.ListMetrics"}
    status, body = call(server, admin, target, '{"Namespace": "Old"}')
    assert status == 200 and json.loads(body)["Metrics"][0]["MetricName"] == "Rows"


def test_a_workgroup_tells_of_its_queries_where_it_is_told_to(admin):
    athena, cloudwatch = admin.athena, admin.cloudwatch
    admin.s3.create_bucket(Bucket="metric-results")
    for group, publishes in (("loud", True), ("quiet", False)):
        athena.create_work_group(Name=group, Configuration={
            "PublishCloudWatchMetricsEnabled": publishes, "ResultConfiguration": {"OutputLocation": f"s3://metric-results/{group}/"}})
        for sql in ("SELECT 1", "SELECT 2", "SELECT nothing"):
            started = athena.start_query_execution(QueryString=sql, WorkGroup=group)["QueryExecutionId"]
            for _ in range(400):
                state = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]["State"]
                if state not in ("QUEUED", "RUNNING"):
                    break
                time.sleep(0.03)
            assert state == ("FAILED" if "nothing" in sql else "SUCCEEDED")
    listed = cloudwatch.list_metrics(Namespace="AWS/Athena")["Metrics"]
    assert {one["MetricName"] for one in listed} == {
        "TotalExecutionTime", "ProcessedBytes", "QueryQueueTime", "QueryPlanningTime", "EngineExecutionTime",
        "ServicePreProcessingTime", "ServiceProcessingTime"}
    assert {dimension["Value"] for one in listed for dimension in one["Dimensions"] if dimension["Name"] == "WorkGroup"} == {"loud"}

    def count(state: str) -> float:
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/Athena", MetricName="TotalExecutionTime", StartTime=minute(-5), EndTime=minute(2), Period=60,
            Statistics=["SampleCount"], Dimensions=[{"Name": "WorkGroup", "Value": "loud"}, {"Name": "QueryType", "Value": "DML"},
                                                    {"Name": "QueryState", "Value": state}])["Datapoints"]
        return sum(point["SampleCount"] for point in points)
    assert (count("SUCCEEDED"), count("FAILED"), count("CANCELLED")) == (2, 1, 0)
