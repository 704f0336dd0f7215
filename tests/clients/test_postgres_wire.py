"""The PostgreSQL wire: who may sign in, what a statement reads, what is refused, and how the protocol ends what goes wrong."""
import datetime
import decimal
import json
import struct
import threading
import time

import psycopg
import pytest

import conftest
from postgres_raw import Closed, Raw, cancel, fields, kinds
from postgres_shop import ACCOUNT, connect, open_shop, psql


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    server = open_shop(tmp_path_factory.mktemp("pg") / "data")
    yield server
    assert server.stop() == 0


def raw(shop) -> Raw:
    return Raw(shop.ports[2]).sign_in(shop.admin, database="shop")


def test_psql_reads_a_table_and_a_wrong_secret_does_not(shop):
    asked = psql(shop, "-Atc", "SELECT id, country FROM orders ORDER BY id")
    assert asked.stdout == "1|DE\n2|FR\n3|\n", asked.stderr
    assert "password authentication failed" in psql(shop, "-c", "SELECT 1", PGPASSWORD="no" * 20).stderr
    assert "does not exist" in psql(shop, "-c", "SELECT * FROM nothing").stderr


@pytest.mark.parametrize("binary", [False, True])
def test_parameters_types_and_errors(shop, binary):
    with connect(shop, shop.admin) as connection, connection.cursor(binary=binary) as cursor:
        cursor.execute("SELECT id, country, day, price, true, 1.5e0, TIMESTAMP '2024-01-02 03:04:05', X'6162' FROM orders "
                       "WHERE id = %s AND country = %s", (1, "DE"))
        assert cursor.fetchall() == [(1, "DE", datetime.date(1970, 1, 1), decimal.Decimal("1.00"), True, 1.5,
                                      datetime.datetime(2024, 1, 2, 3, 4, 5), b"ab")]
        cursor.execute("SELECT id FROM orders WHERE country = %s", ("x' OR '1'='1",))
        assert cursor.fetchall() == []
        with pytest.raises(psycopg.errors.UndefinedColumn):
            cursor.execute("SELECT nope FROM orders")
        with pytest.raises(psycopg.errors.UndefinedTable):
            cursor.execute("SELECT 1 FROM nothing")
        with pytest.raises(psycopg.errors.FeatureNotSupported):
            cursor.execute("DROP TABLE orders")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cursor.execute("SET ROLE admin")
        assert cursor.execute("SELECT 1").fetchone() == (1,)
        assert cursor.execute("SELECT current_schemas(true), current_setting('server_version_num')::int / 10000").fetchone() == (
            ["pg_catalog", "shop"], 15)


def test_what_is_revoked_is_refused_at_the_next_statement(shop):
    iam = shop.admin.iam
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument=conftest.trust(ACCOUNT))
    everything = conftest.policy("athena:*", "glue:*", "s3:*", "lakeformation:*", "kms:*")
    iam.put_role_policy(RoleName="reader", PolicyName="all", PolicyDocument=everything)
    with connect(shop, shop.admin.assume(ACCOUNT, "reader")) as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (3,)
        assert ("orders",) in connection.execute("SELECT relname FROM pg_class").fetchall()
        prepared = "SELECT count(*) FROM orders WHERE id > %s"
        assert connection.execute(prepared, (1,), prepare=True).fetchone() == (2,)
        iam.put_role_policy(RoleName="reader", PolicyName="all", PolicyDocument=conftest.policy("s3:*"))
        for statement in ("SELECT count(*) FROM orders", "SELECT relname FROM pg_class", "SELECT version()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(prepared, (1,), prepare=True)
    iam.delete_role_policy(RoleName="reader", PolicyName="all")
    iam.delete_role(RoleName="reader")


def test_a_session_ends_with_its_key(shop):
    iam = shop.admin.iam
    iam.create_user(UserName="leaver")
    iam.put_user_policy(UserName="leaver", PolicyName="all", PolicyDocument=conftest.policy("*"))
    made = iam.create_access_key(UserName="leaver")["AccessKey"]
    keys = conftest.Keys(endpoint=shop.endpoint, key=made["AccessKeyId"], secret=made["SecretAccessKey"], token=None)
    with connect(shop, keys) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        iam.update_access_key(UserName="leaver", AccessKeyId=keys["key"], Status="Inactive")
        with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(shop, keys)


def test_a_statement_is_journalled_as_its_callers(shop):
    with connect(shop, shop.admin) as connection:
        connection.execute("SELECT 'journal me' FROM orders").fetchall()
    deadline, found = time.monotonic() + 20, []
    while not found and time.monotonic() < deadline:
        events = shop.admin.cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "StartQueryExecution"}])["Events"]
        found = [event for event in map(lambda e: json.loads(e["CloudTrailEvent"]), events) if "journal me" in json.dumps(event)]
    assert found and found[0]["userIdentity"]["accessKeyId"] == shop.admin["key"], events
    assert found[0]["sourceIPAddress"] == "127.0.0.1"


def test_a_stranger_learns_nothing_of_which_keys_there_are(shop):
    told = []
    for key, secret in ((shop.admin["key"], "wrong" * 8), ("AKIA0123456789ABCDEF", shop.admin["secret"]), ("nobody", "")):
        with Raw(shop.ports[2]) as stranger:
            told.append(stranger.startup(user=key, database="shop").prove(secret))
            with pytest.raises(Closed):
                stranger.message()
    assert told[0] == told[1] == told[2] and fields(told[0][1])["C"] == "28P01"


def test_packets_before_the_proof_are_small_and_nothing_else_is_read(shop):
    for packet in (struct.pack("!ii", 10_001, 196608), struct.pack("!ii", 4, 196608), b"GET / HTTP/1.1\r\n\r\n"):
        with Raw(shop.ports[2]) as stranger:
            stranger.socket.sendall(packet)
            kind, body = stranger.message()
            assert kind == "E" and fields(body)["S"] == "FATAL" and fields(body)["C"] == "08P01"
    with Raw(shop.ports[2]) as stranger:  # A statement in the place of the proof.
        stranger.startup(user=shop.admin["key"]).message()
        stranger.send("Q", b"SELECT 1\0")
        assert stranger.message()[0] == "E"
        with pytest.raises(Closed):
            stranger.message()
    with Raw(shop.ports[2]) as stranger:
        stranger.startup(user=shop.admin["key"]).message()
        stranger.socket.sendall(b"p" + struct.pack("!i", 20_000))
        assert stranger.message()[0] == "E"


def test_strangers_take_no_place_of_those_who_signed_in(shop):
    with connect(shop, shop.admin) as connection:
        strangers = [Raw(shop.ports[2]) for _ in range(50)]
        try:
            with Raw(shop.ports[2]) as one_more:
                kind, body = one_more.message()
                assert kind == "E" and fields(body)["C"] == "53300"
            assert connection.execute("SELECT 1").fetchone() == (1,)
        finally:
            for stranger in strangers:
                stranger.socket.close()
    deadline = time.monotonic() + 10
    while psql(shop, "-c", "SELECT 1").returncode != 0:
        assert time.monotonic() < deadline


def test_portals_are_taken_in_parts(shop):
    with raw(shop) as client:
        client.send("Q", b"BEGIN\0").until_ready()
        client.parse("SELECT n FROM numbers WHERE n < 10 ORDER BY n").bind("p").describe("P", "p").execute(4, "p")
        first = client.sync()
        assert kinds(first) == "12TDDDDsZ" and first[-1][1] == b"T"
        assert kinds(client.execute(4, "p").sync()) == "DDDDsZ"
        last = client.execute(4, "p").sync()
        assert kinds(last) == "DDCZ" and last[2][1] == b"SELECT 2\0"
        assert kinds(client.execute(4, "p").sync()) == "CZ"
        client.send("Q", b"COMMIT\0").until_ready()
        refused = client.execute(4, "p").sync()
        assert kinds(refused) == "EZ" and fields(refused[0][1])["C"] == "34000"


def test_a_pipeline_stops_at_its_error_and_goes_on_after_sync(shop):
    with raw(shop) as client:
        client.parse("SELECT 1").bind().execute().parse("SELECT nope FROM orders").bind().execute().parse("SELECT 2").bind().execute()
        told = client.sync()
        assert kinds(told) == "12DC12EZ" and fields(told[-2][1])["C"] == "42703"
        assert kinds(client.parse("SELECT 3").bind().execute().sync()) == "12DCZ"
    with connect(shop, shop.admin) as connection, connection.pipeline() as pipeline:
        good, bad, skipped = connection.cursor(), connection.cursor(), connection.cursor()
        good.execute("SELECT id FROM orders ORDER BY id")
        pipeline.sync()
        assert len(good.fetchall()) == 3
        with pytest.raises(psycopg.errors.UndefinedColumn):
            bad.execute("SELECT nope FROM orders")
            skipped.execute("SELECT 1")
            pipeline.sync()
        assert connection.execute("SELECT 4").fetchone() == (4,)


def test_describing_runs_nothing(shop):
    def executions() -> int:
        return len(shop.admin.athena.list_query_executions()["QueryExecutionIds"])

    with raw(shop) as client:
        before = executions()
        told = client.parse("SELECT id, country FROM orders WHERE id = $1", "s").describe("S", "s").sync()
        assert kinds(told) == "1tTZ" and struct.unpack("!h", told[2][1][:2]) == (2,)
        assert kinds(client.parse("SELECT relname FROM pg_catalog.pg_class", "c").describe("S", "c").sync()) == "1tTZ"
        assert executions() == before
        refused = client.parse("SELECT nope FROM orders", "n").describe("S", "n").sync()
        assert kinds(refused) == "1tEZ" and fields(refused[2][1])["C"] == "42703"


def test_a_transaction_that_failed_takes_nothing_until_its_end(shop):
    with raw(shop) as client:
        told = client.send("Q", b"BEGIN; SELECT nope FROM orders; SELECT 1\0").until_ready()
        assert kinds(told) == "CEZ" and told[-1][1] == b"E"
        told = client.send("Q", b"SELECT 1\0").until_ready()
        assert fields(told[0][1])["C"] == "25P02"
        told = client.send("Q", b"COMMIT\0").until_ready()
        assert told == [("C", b"ROLLBACK\0"), ("Z", b"I")]


SLOW = "SELECT count(*) FROM numbers a, numbers b, numbers c WHERE a.n + b.n + c.n = 7"


def test_a_client_cancels_its_statement_and_nobody_elses(shop):
    with raw(shop) as client:
        client.send("Q", SLOW.encode() + b"\0")
        time.sleep(0.5)
        process = client.cancel_key[:4]
        cancel(shop.ports[2], process + bytes(4))  # The right session and not its secret.
        client.socket.settimeout(1)
        with pytest.raises(TimeoutError):
            client.message()
        client.socket.settimeout(30)
        cancel(shop.ports[2], client.cancel_key)
        told = client.until_ready()
        assert kinds(told) == "EZ" and fields(told[0][1])["C"] == "57014"
        assert kinds(client.send("Q", b"SELECT 1\0").until_ready()) == "TDCZ"
    with connect(shop, shop.admin) as connection:
        threading.Timer(0.5, connection.cancel_safe).start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute(SLOW)
        connection.execute("SET statement_timeout = '300ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute(SLOW)


def test_what_loses_its_grounds_while_it_runs_is_stopped(shop):
    iam = shop.admin.iam
    iam.create_role(RoleName="runner", AssumeRolePolicyDocument=conftest.trust(ACCOUNT))
    iam.put_role_policy(RoleName="runner", PolicyName="all", PolicyDocument=conftest.policy("*"))
    with connect(shop, shop.admin.assume(ACCOUNT, "runner")) as connection:
        threading.Timer(1, lambda: iam.put_role_policy(RoleName="runner", PolicyName="all",
                                                       PolicyDocument=conftest.policy("athena:*"))).start()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(SLOW)
    iam.delete_role_policy(RoleName="runner", PolicyName="all")
    iam.delete_role(RoleName="runner")


def test_a_slow_reader_holds_no_worker(shop):
    with Raw(shop.ports[2]) as sleeper, connect(shop, shop.admin) as connection:
        sleeper.sign_in(shop.admin, database="shop")
        sleeper.send("Q", b"SELECT a.n, b.n FROM numbers a CROSS JOIN numbers b WHERE b.n < 20\0")
        for _ in range(3):
            assert connection.execute("SELECT count(*) FROM numbers").fetchone() == (100_000,)


def test_a_cursor_is_fetched_in_parts(shop):
    with connect(shop, shop.admin, autocommit=False) as connection:
        with connection.cursor("few") as cursor:
            cursor.itersize = 3
            cursor.execute("SELECT n FROM numbers WHERE n < %s ORDER BY n", (8,))
            assert cursor.fetchmany(3) == [(0,), (1,), (2,)]
            assert [n for n, in cursor] == [3, 4, 5, 6, 7]
    asked = psql(shop, "-At", "-v", "FETCH_COUNT=3", "-c", "SELECT n FROM numbers WHERE n < 7 ORDER BY n")
    assert asked.stdout.split() == [str(n) for n in range(7)], asked.stderr


def test_what_waits_is_not_given_after_its_rights_are_gone(shop):
    iam = shop.admin.iam
    iam.create_role(RoleName="slow", AssumeRolePolicyDocument=conftest.trust(ACCOUNT))

    def allow(*actions: str) -> None:
        iam.put_role_policy(RoleName="slow", PolicyName="all", PolicyDocument=conftest.policy(*actions))

    allow("*")
    reader = shop.admin.assume(ACCOUNT, "slow")
    with Raw(shop.ports[2]) as client:
        client.sign_in(reader, database="shop")
        client.send("Q", b"BEGIN\0").until_ready()
        client.parse("SELECT n FROM numbers WHERE n < 10 ORDER BY n").bind("p").execute(4, "p")
        assert kinds(client.sync()) == "12DDDDsZ"
        allow("athena:*")
        refused = client.execute(4, "p").sync()
        assert kinds(refused) == "EZ" and fields(refused[0][1])["C"] == "42501", refused
        assert "shop.numbers" in fields(refused[0][1])["M"]
        client.send("Q", b"ROLLBACK\0").until_ready()
        allow("*")
        client.send("Q", b"DECLARE c CURSOR WITH HOLD FOR SELECT n FROM numbers ORDER BY n\0").until_ready()
        assert kinds(client.send("Q", b"FETCH 2 FROM c\0").until_ready()) == "TDDCZ"
        allow("athena:*")
        refused = client.send("Q", b"FETCH 2 FROM c\0").until_ready()
        assert kinds(refused) == "EZ" and fields(refused[0][1])["C"] == "42501", refused
        allow("*")
        assert kinds(client.send("Q", b"FETCH 2 FROM c\0").until_ready()) == "TDDCZ"
    iam.delete_role_policy(RoleName="slow", PolicyName="all")
    iam.delete_role(RoleName="slow")


COPIED = "SELECT id, country, day FROM orders ORDER BY id"


def test_rows_are_copied_out(shop):
    with connect(shop, shop.admin) as connection:
        with connection.cursor().copy(f"COPY ({COPIED}) TO STDOUT") as copy:
            assert b"".join(copy) == b"1\tDE\t1970-01-01\n2\tFR\t1970-01-02\n3\t\\N\t1970-01-03\n"
        with connection.cursor().copy("COPY (SELECT n FROM numbers) TO STDOUT WITH (FORMAT csv, HEADER)") as copy:
            lines = b"".join(copy).split()
        assert lines[0] == b"n" and len(lines) == 100_001
        for statement in ("COPY orders FROM STDIN", "COPY (SELECT 1) TO '/tmp/x'", "COPY (SELECT 1) TO STDOUT (FORMAT binary)"):
            with pytest.raises(psycopg.errors.FeatureNotSupported):
                connection.execute(statement)
        with pytest.raises(psycopg.errors.UndefinedTable):
            with connection.cursor().copy("COPY nothing TO STDOUT") as copy:
                list(copy)
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_psql_copies_to_a_file(shop, tmp_path):
    file = tmp_path / "orders.csv"
    done = psql(shop, "-c", f"\\copy ({COPIED}) TO '{file}' csv header")
    assert done.returncode == 0 and "COPY 3" in done.stdout, done.stderr
    assert file.read_text() == "id,country,day\n1,DE,1970-01-01\n2,FR,1970-01-02\n3,,1970-01-03\n"


def test_a_silent_session_ends(shop):
    with raw(shop) as client:
        client.send("Q", b"SET idle_session_timeout = '300ms'\0").until_ready()
        began = time.monotonic()
        kind, body = client.message()
        assert kind == "E" and fields(body)["C"] == "57P05" and 0.2 < time.monotonic() - began < 5
        with pytest.raises(Closed):
            client.message()
    with raw(shop) as client:
        refused = client.send("Q", b"SET idle_session_timeout = 'for ever'\0").until_ready()
        assert fields(refused[0][1])["C"] == "22023"
        assert kinds(client.send("Q", b"SELECT 1\0").until_ready()) == "TDCZ"


def test_who_does_not_sign_in_in_time_goes(shop):
    """Twenty seconds in all, however busy he looks."""
    with Raw(shop.ports[2], timeout=60) as client:
        began = time.monotonic()
        client.socket.sendall(struct.pack("!i", 5000))
        client.socket.settimeout(0.5)
        gone = False
        while not gone and time.monotonic() - began < 30:
            try:
                client.socket.sendall(b"a")
                gone = client.socket.recv(1) == b""
            except TimeoutError:
                pass
            except OSError:
                gone = True
        assert gone and 18 < time.monotonic() - began < 28


def test_a_key_has_so_many_sessions_and_takes_no_place_of_others(shop):
    iam = shop.admin.iam
    iam.create_user(UserName="many")
    iam.put_user_policy(UserName="many", PolicyName="all", PolicyDocument=conftest.policy("*"))
    made = iam.create_access_key(UserName="many")["AccessKey"]
    keys = conftest.Keys(endpoint=shop.endpoint, key=made["AccessKeyId"], secret=made["SecretAccessKey"], token=None)
    sessions = [connect(shop, keys) for _ in range(100)]
    try:
        with pytest.raises(psycopg.OperationalError, match="too many clients"):
            connect(shop, keys)
        connect(shop, shop.admin).close()
        sessions.pop().close()
        deadline = time.monotonic() + 5
        while True:  # The place is free as soon as the server has seen that its client has gone.
            try:
                sessions.append(connect(shop, keys))
                break
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
    finally:
        for session in sessions:
            session.close()


def test_settings_are_told_and_kept(shop):
    with connect(shop, shop.admin, application_name="dashboard") as connection:
        told = connection.info.parameter_status
        assert (told("server_encoding"), told("is_superuser"), told("application_name")) == ("UTF8", "off", "dashboard")
        connection.execute("SET application_name TO 'other'")
        assert told("application_name") == "other"
        connection.execute("DISCARD ALL")
        assert connection.execute("SHOW application_name").fetchone() == ("dashboard",)
        with pytest.raises(psycopg.Error):
            connection.execute("SHOW hanse.session_token")
