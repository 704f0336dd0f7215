"""Twenty users of one account, one of whom runs bombs: the other nineteen are answered while the bombs still run."""
import concurrent.futures
import time

from conftest import Keys, policy

BOMB = ("SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x) CROSS JOIN UNNEST(sequence(1, 10000)) b(y) "
        "CROSS JOIN UNNEST(sequence(1, 10000)) c(z) WHERE (x * y * z) % 7 = 3")
RESULTS = {"OutputLocation": "s3://twenty-results/"}


def user(keys: Keys, name: str) -> Keys:
    keys.iam.create_user(UserName=name)
    keys.iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=policy("athena:*", "glue:*", "s3:*", "lakeformation:*"))
    made = keys.iam.create_access_key(UserName=name)["AccessKey"]
    return Keys(endpoint=keys["endpoint"], key=made["AccessKeyId"], secret=made["SecretAccessKey"], token=None)


def start(keys: Keys, sql: str) -> str:
    return keys.athena.start_query_execution(QueryString=sql, ResultConfiguration=RESULTS)["QueryExecutionId"]


def state(keys: Keys, query: str) -> str:
    return keys.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"]


def answer(keys: Keys, number: int) -> str:
    query = start(keys, f"SELECT {number}")
    deadline = time.monotonic() + 60
    while state(keys, query) in ("QUEUED", "RUNNING"):
        assert time.monotonic() < deadline, "the bombs hold up everybody else"
        time.sleep(0.1)
    rows = keys.athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
    return rows[1]["Data"][0]["VarCharValue"]


def test_one_who_runs_bombs_holds_up_nobody_else(new_server):
    keys = new_server().management()
    keys.s3.create_bucket(Bucket="twenty-results")
    bomber, *others = [user(keys, f"user{i}") for i in range(20)]
    bombs = [start(bomber, BOMB) for _ in range(30)]
    with concurrent.futures.ThreadPoolExecutor(len(others)) as pool:
        answers = list(pool.map(lambda one: answer(others[one % len(others)], one), range(3 * len(others))))
    assert answers == [str(i) for i in range(3 * len(others))]
    states = [state(bomber, bomb) for bomb in bombs]
    assert set(states) == {"RUNNING", "QUEUED"} and 1 <= states.count("RUNNING") < 8
    for bomb in bombs:
        bomber.athena.stop_query_execution(QueryExecutionId=bomb)
    assert answer(bomber, 7) == "7"
    assert {state(bomber, bomb) for bomb in bombs} == {"CANCELLED"}
