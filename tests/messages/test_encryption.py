"""Mail goes over an encrypted line to the server that we mean, or not at all."""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from bookings.models import Message
from tests.factories import NOW
from tests.messages.examples import deliver, only, queued
from tests.messages.sink import listening

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def message() -> Message:
    return only(queued("received"))


def certificate(folder: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's context with a certificate for `address`, which this machine trusts from now on."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, today = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, private)
    return context


@pytest.mark.parametrize("way", ["starttls", "tls"])
@pytest.mark.parametrize(("address", "state"), [("127.0.0.1", "sent"), ("192.0.2.1", "queued")])
def test_the_servers_certificate_must_be_for_the_server(
    settings: Settings,
    message: Message,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    address: str,
    state: str,
) -> None:
    context = certificate(tmp_path, address, monkeypatch)
    with listening(**{way: context}) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = way == "starttls", way == "tls"
        settings.EMAIL_TIMEOUT = 10
        deliver(NOW)
    message.refresh_from_db()
    assert message.state == state
    assert sink.ids() == ([message.message_id] if state == "sent" else [])
