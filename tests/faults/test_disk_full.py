"""A full disk gives clear errors, loses nothing that was acknowledged, and is over when there is room again."""
import pathlib
import subprocess

import botocore.exceptions
import pytest

SIZE_MB = 48


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(disk)], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"cannot mount a small tmpfs here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_is_said_and_loses_nothing(new_server, small_disk: pathlib.Path):
    server = new_server(small_disk / "data")
    keys = server.management()
    keys.s3.create_bucket(Bucket="full")
    stored, error = [], None
    for i in range(200):
        try:
            keys.s3.put_object(Bucket="full", Key=f"o{i}", Body=bytes([i % 256]) * (1 << 20))
            stored.append(i)
        except botocore.exceptions.ClientError as caught:
            error = caught
            break
    assert error is not None and 5 < len(stored) < SIZE_MB
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] in (500, 503), error
    for i in stored:
        assert keys.s3.get_object(Bucket="full", Key=f"o{i}")["Body"].read() == bytes([i % 256]) * (1 << 20)
    subprocess.run(["mount", "-o", f"remount,size={4 * SIZE_MB}m", str(small_disk)], check=True)
    keys.s3.put_object(Bucket="full", Key="after", Body=b"room again")
    server.kill()
    server.start()
    keys = server.management()
    assert keys.s3.get_object(Bucket="full", Key="after")["Body"].read() == b"room again"
    for i in stored:
        assert keys.s3.head_object(Bucket="full", Key=f"o{i}")["ContentLength"] == 1 << 20
