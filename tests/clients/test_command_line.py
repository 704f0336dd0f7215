"""The program's own commands, as a person or a script uses them."""
import datetime
import json
import os
import pathlib
import pty
import select
import subprocess

import pyarrow.parquet

from conftest import BINARY


def test_help_teaches_with_examples(hanse):
    shown = hanse("--help")
    assert shown.returncode == 0
    for command in ("serve", "demo", "query", "audit", "account"):
        assert command in shown.stdout
        assert hanse(command, "--help").returncode == 0
    assert "hanse serve --data" in shown.stdout and "worker" not in shown.stdout


def test_wrong_usage_is_two_and_names_what_is_wrong(hanse, tmp_path):
    for arguments in (("serve",), ("serve", "--data", str(tmp_path / "x"), "--colour"), ("no-such-command",), ("audit",)):
        done = hanse(*arguments)
        assert done.returncode == 2 and done.stderr, arguments
    assert not (tmp_path / "x").exists()


def test_beyond_this_machine_only_with_tls(hanse, tmp_path):
    done = hanse("serve", "--data", str(tmp_path / "x"), "--listen", "0.0.0.0:0")
    assert done.returncode == 2 and "--tls-cert" in done.stderr
    assert not (tmp_path / "x").exists()


def test_accounts_are_made_and_listed(hanse, server):
    made = hanse("account", "create", "--name", "cli", "--email", "cli@nimbus.example", "--json", env=server.environment())
    assert made.returncode == 0, made.stderr
    account = json.loads(made.stdout)[0]["account"]
    listed = hanse("account", "list", "--json", env=server.environment())
    assert account in [row["account"] for row in json.loads(listed.stdout)]
    again = hanse("account", "create", "--name", "cli", "--email", "cli@nimbus.example", env=server.environment())
    assert again.returncode == 1 and again.stderr


def test_a_question_is_answered_as_table_json_and_csv(hanse, server):
    bucket = "cli-answers"
    server.management().s3.create_bucket(Bucket=bucket)
    ask = ("query", "--output", f"s3://{bucket}/", "SELECT 1 AS one, 'a,\"b' AS text, CAST(NULL AS varchar) AS nothing")
    table = hanse(*ask, env=server.environment())
    assert table.returncode == 0, table.stderr
    assert table.stdout.splitlines()[0].split() == ["one", "text", "nothing"] and "(null)" in table.stdout
    assert json.loads(hanse(*ask, "--json", env=server.environment()).stdout) == [{"one": "1", "text": 'a,"b', "nothing": None}]
    assert hanse(*ask, "--csv", env=server.environment()).stdout == '"one","text","nothing"\n"1","a,""b",\n'
    failed = hanse("query", "--output", f"s3://{bucket}/", "SELECT * FROM nowhere.nothing", env=server.environment())
    assert failed.returncode == 1 and "nothing" in failed.stderr


def test_statements_of_standard_input_are_asked_one_after_the_other(hanse, server):
    bucket = "cli-input"
    server.management().s3.create_bucket(Bucket=bucket)
    ask = ("query", "--csv", "--output", f"s3://{bucket}/")
    done = hanse(*ask, env=server.environment(), input="SELECT 1 AS a; -- one;\nSELECT ';' AS b;\nSELECT 3\nAS c")
    assert done.stdout.splitlines() == ['"a"', '"1"', '"b"', '";"', '"c"', '"3"'], done.stderr
    cut = hanse(*ask, env=server.environment(), input="SELECT 1 AS a; SELECT nothing; SELECT 2 AS b")
    assert cut.returncode == 1 and cut.stdout.splitlines() == ['"a"', '"1"'] and "nothing" in cut.stderr


def test_an_answer_becomes_a_parquet_file_with_its_types(hanse, server, tmp_path):
    bucket = "cli-parquet"
    s3 = server.management().s3
    s3.create_bucket(Bucket=bucket)
    path = tmp_path / "answer.parquet"
    ask = ("query", "--parquet", str(path), "--output", f"s3://{bucket}/")
    done = hanse(*ask, "SELECT CAST(1 AS bigint) AS id, DATE '2026-03-31' AS day, ARRAY['a', 'b'] AS names", env=server.environment())
    assert done.returncode == 0, done.stderr
    assert pyarrow.parquet.read_table(path).to_pylist() == [{"id": 1, "day": datetime.date(2026, 3, 31), "names": ["a", "b"]}]
    left = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    assert not [key for key in left if "unloaded" in key]
    path.unlink()
    none = hanse(*ask, "SELECT 1 AS id WHERE false", env=server.environment())
    assert none.returncode == 0 and "no rows" in none.stderr and not path.exists()


def test_a_description_is_a_table_of_its_own_columns(hanse, server):
    account = server.management()
    account.s3.create_bucket(Bucket="cli-described")
    account.glue.create_database(DatabaseInput={"Name": "described"})
    account.glue.create_table(DatabaseName="described", TableInput={"Name": "t", "StorageDescriptor": {
        "Columns": [{"Name": "id", "Type": "bigint"}], "Location": "s3://cli-described/t/"}})
    done = hanse("query", "--csv", "--output", "s3://cli-described/", "DESCRIBE described.t", env=server.environment())
    assert done.stdout.splitlines() == ['"col_name","data_type","comment"', '"id","bigint",""'], done.stderr


def test_a_profile_that_is_a_role_is_assumed(hanse, server, tmp_path):
    made = hanse("account", "create", "--name", "roles", "--email", "roles@nimbus.example", "--json", env=server.environment())
    account = json.loads(made.stdout)[0]["account"]
    environment = dict(server.environment())
    config = tmp_path / "config"
    own = pathlib.Path(environment["AWS_CONFIG_FILE"]).read_text()
    role = f"role_arn = arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
    endpoint = next(line for line in own.splitlines() if line.startswith("endpoint_url"))
    config.write_text(f"{own}\n[profile its]\n{role}\nsource_profile = management\n{endpoint}\n"
                      f"[profile round]\n{role}\nsource_profile = about\n[profile about]\n{role}\nsource_profile = round\n")
    environment["AWS_CONFIG_FILE"] = str(config)
    done = hanse("query", "--profile", "its", "--output", "s3://none-such-here/", "SELECT 1", env=environment)
    assert done.returncode == 1 and "s3" in done.stderr.lower() and "profile" not in done.stderr
    looked = hanse("audit", "lookup", "--profile", "its", "--attribute", "EventName", "--value", "StartQueryExecution", "--json", env=environment)
    assert looked.returncode == 0, looked.stderr
    assumed = hanse("audit", "lookup", "--profile", "its", "--attribute", "EventName", "--value", "AssumeRole", "--json", env=environment)
    assert "account 111111111111" in {event["who"] for event in json.loads(assumed.stdout)}
    circle = hanse("query", "--profile", "round", "SELECT 1", env=environment)
    assert circle.returncode == 1 and "circle" in circle.stderr


def test_a_prompt_has_history_and_completion(server, tmp_path):
    server.management().s3.create_bucket(Bucket="cli-prompt")
    environment = {**os.environ, **server.environment(), "XDG_STATE_HOME": str(tmp_path), "TERM": "xterm"}
    terminal, inside = pty.openpty()
    prompt = subprocess.Popen([BINARY, "query", "--output", "s3://cli-prompt/"], stdin=inside, stdout=inside, stderr=inside,
                              env=environment, start_new_session=True)
    os.close(inside)

    said = bytearray()

    def heard(what):
        while what not in said:
            assert select.select([terminal], [], [], 20)[0], bytes(said)
            said.extend(os.read(terminal, 4096))
        del said[:said.index(what) + len(what)]

    heard(b"hanse> ")
    os.write(terminal, b"SEL\t 40 + 2 AS answer\n")
    heard(b"hanse-> ")
    os.write(terminal, b";\n")
    heard(b"42")
    heard(b"hanse> ")
    os.write(terminal, b"\\q\n")
    assert prompt.wait(20) == 0
    history = tmp_path / "hanse" / "query_history.txt"
    assert "SELECT" in history.read_text() and history.stat().st_mode & 0o777 == 0o600


def test_the_journal_is_looked_up_and_verified(hanse, server):
    looked = hanse("audit", "lookup", "--attribute", "EventName", "--value", "GetCallerIdentity", "--json", env=server.environment())
    assert looked.returncode == 0, looked.stderr
    verified = hanse("audit", "verify", "--data", str(server.data), "--json")
    answer = json.loads(verified.stdout)
    assert verified.returncode == 0 and answer["ok"] and answer["records"] > 0 and answer["bad"] == []


def test_damage_to_the_journal_is_found_and_named(hanse, new_server):
    server = new_server()
    server.management().s3.create_bucket(Bucket="evidence")
    server.stop()
    segment = max((server.data / "journal").glob("*.log"), key=lambda path: path.stat().st_size)
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(content)
    verified = hanse("audit", "verify", "--data", str(server.data), "--json")
    answer = json.loads(verified.stdout)
    assert verified.returncode == 1 and not answer["ok"] and segment.name in answer["bad"][0]["path"]


def test_without_a_profile_it_says_what_to_set(hanse, tmp_path):
    done = hanse("account", "list", env={"HOME": str(tmp_path)})
    assert done.returncode == 1 and "AWS_SHARED_CREDENTIALS_FILE" in done.stderr
