"""A SAML 2.0 identity provider for tests: it writes canonical XML by hand and signs it."""
import base64
import datetime
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

AWS = "https://aws.amazon.com/SAML/Attributes/"
LAKE = "https://lakeformation.amazon.com/SAML/Attributes/"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"


class Provider:
    def __init__(self, entity: str = "https://idp.example.com/saml"):
        self.entity = entity
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        now = datetime.datetime.now(datetime.timezone.utc)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.com")])
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self.key.public_key()).serial_number(
            x509.random_serial_number()).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
        self.certificate = made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def metadata(self) -> str:
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" '
            f'entityID="{self.entity}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
            f'<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>'
            f'{base64.encodebytes(self.certificate).decode()}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>'
            f'<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{self.entity}/sso"/>'
            f'</IDPSSODescriptor></EntityDescriptor>')

    def response(self, attributes: dict[str, list[str]], subject: str = "ana@example.com", audience: str = "urn:amazon:webservices",
                 recipient: str = "https://signin.aws.amazon.com/saml", ago: int = 1, lives: int = 240) -> str:
        """A response whose assertion is signed, in Base64."""
        def at(seconds: int) -> str:
            moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

        said = "".join(
            f'<saml:Attribute Name="{name}">' + "".join(f"<saml:AttributeValue>{v}</saml:AttributeValue>" for v in values) +
            "</saml:Attribute>" for name, values in attributes.items())
        head = (f'<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" IssueInstant="{at(-ago)}" '
                f'Version="2.0"><saml:Issuer>{self.entity}</saml:Issuer>')
        rest = (f'<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{subject}</saml:NameID>'
                f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData '
                f'NotOnOrAfter="{at(lives - ago)}" Recipient="{recipient}"></saml:SubjectConfirmationData></saml:SubjectConfirmation>'
                f'</saml:Subject><saml:Conditions NotBefore="{at(-ago)}" NotOnOrAfter="{at(lives - ago)}"><saml:AudienceRestriction>'
                f'<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement '
                f'AuthnInstant="{at(-ago)}"></saml:AuthnStatement><saml:AttributeStatement>{said}</saml:AttributeStatement>'
                f'</saml:Assertion>')
        digest = base64.b64encode(hashlib.sha256((head + rest).encode()).digest()).decode()
        info = (f'<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:CanonicalizationMethod Algorithm="{EXC_C14N}">'
                f'</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256">'
                f'</ds:SignatureMethod><ds:Reference URI="#_a1"><ds:Transforms><ds:Transform '
                f'Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform '
                f'Algorithm="{EXC_C14N}"></ds:Transform></ds:Transforms><ds:DigestMethod '
                f'Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue>'
                f'</ds:Reference></ds:SignedInfo>')
        signed = base64.b64encode(self.key.sign(info.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
        signature = (f'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">{info}<ds:SignatureValue>{signed}'
                     f'</ds:SignatureValue></ds:Signature>')
        return base64.b64encode((
            f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0"><samlp:Status>'
            f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>'
            f'{head}{signature}{rest}</samlp:Response>').encode()).decode()
