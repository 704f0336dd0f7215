"""The program's own commands, as a person or a script uses them."""
import json


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
