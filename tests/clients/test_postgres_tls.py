"""The PostgreSQL wire over TLS: with a certificate nothing is said in plain, and nothing that came in plain is believed."""
import datetime
import ipaddress
import socket
import struct

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import conftest
from postgres_raw import SSL_REQUEST, Closed, Raw, cancel, fields
from postgres_shop import connect


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    place = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
                   .not_valid_after(now + datetime.timedelta(days=1))
                   .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
                   .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
                   .sign(key, hashes.SHA256()))
    (place / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (place / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    server = conftest.Server(place / "data", "--tls-cert", str(place / "cert.pem"), "--tls-key", str(place / "key.pem")).start()
    server.admin, server.certificate = server.management(), str(place / "cert.pem")
    yield server
    assert server.stop() == 0


def test_a_client_that_verifies_is_bound_to_the_channel(secured):
    verified = {"sslmode": "verify-full", "sslrootcert": secured.certificate, "channel_binding": "require"}
    with connect(secured, secured.admin, dbname="awsdatacatalog", **verified) as connection:
        assert connection.info.ssl_in_use if hasattr(connection.info, "ssl_in_use") else connection.pgconn.ssl_in_use
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with connect(secured, secured.admin, sslmode="require", channel_binding="disable") as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_nothing_is_said_in_plain(secured):
    with pytest.raises(psycopg.OperationalError, match="TLS"):
        connect(secured, secured.admin, sslmode="disable")
    with Raw(secured.ports[2]) as plain:
        kind, body = plain.startup(user=secured.admin["key"]).message()
        assert kind == "E" and fields(body)["C"] == "28000"


def test_what_came_before_the_handshake_is_not_believed(secured):
    with Raw(secured.ports[2]) as stranger:
        startup = struct.pack("!i", 196608) + b"user\0evil\0\0"
        stranger.socket.sendall(SSL_REQUEST + struct.pack("!i", len(startup) + 4) + startup)
        answer = stranger.socket.recv(100)
        while more := stranger.socket.recv(4096):
            answer += more
        assert answer[:1] == b"S" and b"unencrypted" in answer
    with Raw(secured.ports[2]) as stranger:
        stranger.secure().startup(user=secured.admin["key"])
        kind, body = stranger.message()
        assert kind == "R" and b"SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0" in body


def test_a_cancel_comes_in_plain_as_clients_send_it(secured):
    with Raw(secured.ports[2]) as client:
        client.secure().sign_in(secured.admin)
        cancel(secured.ports[2], client.cancel_key)
        client.send("Q", b"SELECT 1\0")
        assert client.until_ready()[-1] == ("Z", b"I")


def test_without_a_certificate_tls_is_declined(new_server):
    server = new_server()
    with socket.create_connection(("127.0.0.1", server.ports[2])) as s:
        s.sendall(SSL_REQUEST)
        assert s.recv(10) == b"N"
    with pytest.raises(psycopg.OperationalError, match="SSL"):
        connect(server, server.management(), sslmode="require")
