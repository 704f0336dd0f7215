"""SIGTERM ends the server cleanly, however many clients hold connections or write."""
import socket
import threading
import time

import botocore.exceptions


def test_sigterm_ends_within_ten_seconds_under_load_and_with_a_thousand_idle_connections(new_server):
    server = new_server()
    keys = server.management()
    keys.s3.create_bucket(Bucket="busy")
    idle = [socket.create_connection(("127.0.0.1", server.ports[0])) for _ in range(1000)]
    answered, over = [], threading.Event()

    def write(writer: int) -> None:
        mine = server.management()
        for i in range(100_000):
            if over.is_set():
                return
            try:
                mine.s3.put_object(Bucket="busy", Key=f"{writer}/{i}", Body=b"x" * 1000)
                answered.append(f"{writer}/{i}")
            except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError):
                return

    writers = [threading.Thread(target=write, args=(w,)) for w in range(4)]
    for writer in writers:
        writer.start()
    deadline = time.monotonic() + 20
    while len(answered) <= 10 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(answered) > 10, "a thousand idle connections starve the others"
    began = time.monotonic()
    assert server.stop(seconds=10) == 0
    assert time.monotonic() - began < 10
    over.set()
    for writer in writers:
        writer.join()
    for s in idle:
        s.close()
    server.start()
    listed = {o["Key"] for page in server.management().s3.get_paginator("list_objects_v2").paginate(Bucket="busy")
              for o in page.get("Contents", [])}
    assert set(answered) <= listed


def test_the_second_server_of_a_directory_is_refused_and_names_it(new_server, hanse):
    server = new_server()
    second = hanse("serve", "--data", str(server.data), "--listen", "127.0.0.1:0", "--portal-listen", "127.0.0.1:0", "--pg-listen", "127.0.0.1:0")
    assert second.returncode == 1 and str(server.data) in second.stderr
    assert server.management().sts.get_caller_identity()["Account"] == "111111111111"
