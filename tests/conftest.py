"""A `hanse serve` for the tests of the whole program, and clients that sign as whom they are told.

HANSE names the binary (default build/release/hanse under the repository's root).
"""
import configparser
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

import boto3
import botocore.config
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = os.environ.get("HANSE", str(ROOT / "build/release/hanse"))
REGION = "us-east-1"
OPEN_PORTS = {"--listen": 0, "--portal-listen": 1, "--pg-listen": 2}


class Keys(dict):
    """Credentials of somebody at one endpoint; clients are made on demand: keys.glue, keys.s3."""

    def __getattr__(self, service: str):
        if service.startswith("_"):
            raise AttributeError(service)
        if service not in self:
            config = botocore.config.Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=60, inject_host_prefix=False)
            self[service] = boto3.client(
                service.replace("_", "-"), region_name=REGION, endpoint_url=self["endpoint"], config=config,
                aws_access_key_id=self["key"], aws_secret_access_key=self["secret"], aws_session_token=self["token"])
        return self[service]

    def assume(self, account: str, role: str, **more) -> "Keys":
        arn = f"arn:aws:iam::{account}:role/{role}"
        c = self.sts.assume_role(RoleArn=arn, RoleSessionName=role[:60], **more)["Credentials"]
        return Keys(endpoint=self["endpoint"], key=c["AccessKeyId"], secret=c["SecretAccessKey"], token=c["SessionToken"])


class Server:
    def __init__(self, data: pathlib.Path, *options: str):
        self.data, self.options, self.process = data, options, None
        self.ports = free_ports(3)
        self.endpoint = f"http://127.0.0.1:{self.ports[0]}"

    def start(self) -> "Server":
        listeners = [word for option, i in OPEN_PORTS.items() for word in (option, f"127.0.0.1:{self.ports[i]}")]
        with open(f"{self.data}.log", "ab") as log:
            self.process = subprocess.Popen([BINARY, "serve", "--data", str(self.data), *listeners, *self.options],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while not (self.listens() and (self.data / "credentials").exists()):
            assert self.process.poll() is None and time.monotonic() < deadline, pathlib.Path(f"{self.data}.log").read_text()[-2000:]
            time.sleep(0.02)
        return self

    def listens(self) -> bool:
        with socket.socket() as s:
            s.settimeout(0.2)
            return s.connect_ex(("127.0.0.1", self.ports[0])) == 0

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 10) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def management(self) -> Keys:
        files = configparser.ConfigParser()
        files.read(self.data / "credentials")
        section = files["management"]
        return Keys(endpoint=self.endpoint, key=section["aws_access_key_id"], secret=section["aws_secret_access_key"], token=None)

    def environment(self, profile: str = "management") -> dict:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
        return clean | {"AWS_SHARED_CREDENTIALS_FILE": str(self.data / "credentials"), "AWS_CONFIG_FILE": str(self.data / "config"),
                        "AWS_PROFILE": profile, "AWS_PAGER": ""}


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


@pytest.fixture
def new_server(tmp_path):
    """new_server() starts a server of the test's own; what still runs at the end is killed."""
    made = []

    def start(data: pathlib.Path | None = None, *options: str) -> Server:
        made.append(Server(data or tmp_path / f"data{len(made)}", *options).start())
        return made[-1]

    yield start
    for server in made:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The server that tests share which change nothing that others see."""
    started = Server(tmp_path_factory.mktemp("hanse") / "data").start()
    yield started
    assert started.stop() == 0


@pytest.fixture
def hanse():
    """hanse("query", …) -> completed process."""
    def run(*arguments: str, env: dict | None = None, timeout: float = 60, input: str = ""):
        return subprocess.run([BINARY, *arguments], text=True, capture_output=True, env=env, timeout=timeout, input=input)
    return run


def trust(account: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}]})


def policy(*actions: str, resource="*") -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": resource}]})
