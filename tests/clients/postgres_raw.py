"""The PostgreSQL protocol by hand, for what no client library does: odd packets, portals taken in parts, proofs that are wrong."""
import base64
import hashlib
import hmac
import os
import socket
import ssl
import struct

SSL_REQUEST = struct.pack("!ii", 8, 80877103)


class Closed(Exception):
    pass


class Raw:
    """A connection; messages as (type, body)."""

    def __init__(self, port: int, timeout: float = 30):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.parameters, self.cancel_key = {}, b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def take(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise Closed
            data += more
        return data

    def message(self) -> tuple[str, bytes]:
        head = self.take(5)
        return chr(head[0]), self.take(struct.unpack("!i", head[1:])[0] - 4)

    def send(self, kind: str, body: bytes = b"") -> "Raw":
        self.socket.sendall(kind.encode() + struct.pack("!i", len(body) + 4) + body)
        return self

    def secure(self) -> "Raw":
        self.socket.sendall(SSL_REQUEST)
        assert self.take(1) == b"S"
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket)
        return self

    def startup(self, **parameters: str) -> "Raw":
        body = struct.pack("!i", 196608) + b"".join(f"{k}\0{v}\0".encode() for k, v in parameters.items()) + b"\0"
        self.socket.sendall(struct.pack("!i", len(body) + 4) + body)
        return self

    def prove(self, secret: str) -> tuple[str, bytes]:
        """SCRAM-SHA-256 after startup(); the message that answers the proof."""
        kind, body = self.message()
        assert kind == "R" and body[:4] == struct.pack("!i", 10), (kind, body)
        nonce = base64.b64encode(os.urandom(18)).decode()
        bare = f"n=,r={nonce}"
        first = ("n,," + bare).encode()
        self.send("p", b"SCRAM-SHA-256\0" + struct.pack("!i", len(first)) + first)
        kind, body = self.message()
        assert kind == "R" and body[:4] == struct.pack("!i", 11), (kind, body)
        challenge = body[4:].decode()
        fields = dict(part.split("=", 1) for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", secret.encode(), base64.b64decode(fields["s"]), int(fields["i"]))
        without = f"c=biws,r={fields['r']}"
        told = f"{bare},{challenge},{without}".encode()
        key = hmac.digest(salted, b"Client Key", "sha256")
        signature = hmac.digest(hashlib.sha256(key).digest(), told, "sha256")
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature))).decode()
        self.send("p", f"{without},p={proof}".encode())
        return self.message()

    def sign_in(self, keys, **parameters: str) -> "Raw":
        if keys["token"]:
            parameters["options"] = f"-c hanse.session_token={keys['token']}"
        kind, body = self.startup(user=keys["key"], **parameters).prove(keys["secret"])
        assert kind == "R" and body[:4] == struct.pack("!i", 12), (kind, body)
        for kind, body in self.until_ready():
            if kind == "S":
                name, value = body.decode().split("\0")[:2]
                self.parameters[name] = value
            if kind == "K":
                self.cancel_key = body
        return self

    def until_ready(self) -> list[tuple[str, bytes]]:
        messages = [self.message()]
        while messages[-1][0] != "Z":
            messages.append(self.message())
        return messages

    def parse(self, sql: str, name: str = "") -> "Raw":
        return self.send("P", f"{name}\0{sql}\0".encode() + struct.pack("!h", 0))

    def bind(self, portal: str = "", statement: str = "") -> "Raw":
        return self.send("B", f"{portal}\0{statement}\0".encode() + struct.pack("!hhh", 0, 0, 0))

    def describe(self, kind: str, name: str = "") -> "Raw":
        return self.send("D", f"{kind}{name}\0".encode())

    def execute(self, rows: int = 0, portal: str = "") -> "Raw":
        return self.send("E", f"{portal}\0".encode() + struct.pack("!i", rows))

    def sync(self) -> list[tuple[str, bytes]]:
        return self.send("S").until_ready()


def cancel(port: int, key: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        s.sendall(struct.pack("!ii", 16, 80877102) + key)
        assert s.recv(1) == b""


def fields(error: bytes) -> dict[str, str]:
    """Of an ErrorResponse: by field type."""
    return {part[:1].decode(): part[1:].decode() for part in error.split(b"\0") if part}


def kinds(messages: list[tuple[str, bytes]]) -> str:
    return "".join(kind for kind, _ in messages)
