"""People of a SAML identity provider: taking on roles without keys of their own, and grants to them and to their groups."""
import contextlib
import json
import time

import boto3
import botocore
import botocore.config
import botocore.exceptions

import conftest
from saml_provider import AWS, LAKE, Provider

ACCOUNT = "111111111111"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/idp"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/analyst"
ORDERS = {"Table": {"DatabaseName": "shop", "Name": "orders"}}
GROUP = f"{PROVIDER}:group/analysts"


@contextlib.contextmanager
def refused(*codes: str):
    try:
        yield
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] in codes, error
    else:
        raise AssertionError("not refused")


def unsigned(server, service: str):
    return boto3.client(service, region_name=conftest.REGION, endpoint_url=server.endpoint,
                        config=botocore.config.Config(signature_version=botocore.UNSIGNED, retries={"max_attempts": 0}))


class House:
    """A governed account with a provider, a role that trusts it, and a table."""

    def __init__(self, server):
        self.server, self.admin, self.idp = server, server.management(), Provider()
        iam = self.admin.iam
        assert iam.create_saml_provider(Name="idp", SAMLMetadataDocument=self.idp.metadata())["SAMLProviderArn"] == PROVIDER
        iam.create_role(RoleName="analyst", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Federated": PROVIDER}, "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
            "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}}]}))
        iam.put_role_policy(RoleName="analyst", PolicyName="lake", PolicyDocument=conftest.policy(
            "glue:Get*", "lakeformation:GetDataAccess", "iam:GetRole"))
        who = self.admin.sts.get_caller_identity()["Arn"]
        self.admin.lakeformation.put_data_lake_settings(DataLakeSettings={
            "DataLakeAdmins": [{"DataLakePrincipalIdentifier": who}], "CreateDatabaseDefaultPermissions": [],
            "CreateTableDefaultPermissions": []})
        self.admin.glue.create_database(DatabaseInput={"Name": "shop"})
        self.admin.glue.create_table(DatabaseName="shop", TableInput={
            "Name": "orders", "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "int"}], "Location": "s3://shop/orders/"}})

    def response(self, groups=("analysts",), idp=None, **more) -> str:
        return (idp or self.idp).response({
            f"{AWS}Role": [f"{ROLE},{PROVIDER}"], f"{AWS}RoleSessionName": ["ana"], f"{AWS}PrincipalTag:Project": ["lake"],
            f"{LAKE}Username": ["ana"], f"{LAKE}Groups": [",".join(groups)]}, **more)

    def keys(self, made: dict) -> conftest.Keys:
        return conftest.Keys(endpoint=self.server.endpoint, key=made["AccessKeyId"], secret=made["SecretAccessKey"],
                             token=made["SessionToken"])

    def decorated(self, **more) -> conftest.Keys:
        return self.keys(unsigned(self.server, "lakeformation").assume_decorated_role_with_saml(
            RoleArn=ROLE, PrincipalArn=PROVIDER, SAMLAssertion=self.response(**more)))

    def plain(self, **more) -> dict:
        return unsigned(self.server, "sts").assume_role_with_saml(
            RoleArn=ROLE, PrincipalArn=PROVIDER, SAMLAssertion=self.response(**more))


def test_a_grant_to_a_group_is_for_its_members_until_it_is_revoked(new_server):
    house = House(new_server())
    lake = house.admin.lakeformation

    def sees(keys: conftest.Keys) -> bool:
        try:
            return keys.glue.get_table(DatabaseName="shop", Name="orders")["Table"]["Name"] == "orders"
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] in ("EntityNotFoundException", "AccessDeniedException"), error
            return False

    member, other = house.decorated(), house.decorated(groups=("finance",))
    plain = house.keys(house.plain()["Credentials"])
    assert not sees(member)
    lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": GROUP}, Resource=ORDERS, Permissions=["SELECT"])
    assert sees(member) and not sees(other) and not sees(plain)
    listed = lake.list_permissions(Principal={"DataLakePrincipalIdentifier": GROUP})["PrincipalResourcePermissions"]
    assert {row["Principal"]["DataLakePrincipalIdentifier"] for row in listed} == {GROUP}
    lake.revoke_permissions(Principal={"DataLakePrincipalIdentifier": GROUP}, Resource=ORDERS, Permissions=["SELECT"])
    assert not sees(member)
    # A provider made again under its name is another one: it inherits neither grants nor trust, and its sessions have ended.
    lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": GROUP}, Resource=ORDERS, Permissions=["SELECT"])
    house.admin.iam.delete_saml_provider(SAMLProviderArn=PROVIDER)
    with refused("UnrecognizedClientException", "InvalidClientTokenId"):
        member.glue.get_table(DatabaseName="shop", Name="orders")
    house.admin.iam.create_saml_provider(Name="idp", SAMLMetadataDocument=house.idp.metadata())
    with refused("AccessDeniedException"):
        house.decorated()


def test_a_session_of_an_assertion_is_what_the_assertion_says(new_server):
    house = House(new_server())
    made = house.plain()
    assert (made["Subject"], made["SubjectType"], made["Issuer"]) == ("ana@example.com", "persistent", house.idp.entity)
    assert made["Audience"] == "https://signin.aws.amazon.com/saml"
    keys = house.keys(made["Credentials"])
    assert keys.sts.get_caller_identity()["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/analyst/ana"
    shown = house.admin.iam.get_role(RoleName="analyst")["Role"]["AssumeRolePolicyDocument"]
    assert shown["Statement"][0]["Principal"] == {"Federated": PROVIDER}
    with refused("InvalidIdentityToken"):
        house.plain(idp=Provider(house.idp.entity))
    with refused("InvalidIdentityToken"):
        house.plain(audience="https://elsewhere.example.com")
    with refused("ExpiredTokenException"):
        house.plain(ago=301, lives=3600)
    with refused("InvalidInputException"):
        house.decorated(idp=Provider(house.idp.entity))
    with refused("MissingAuthenticationToken"):
        unsigned(house.server, "sts").get_caller_identity()
    deadline, events = time.monotonic() + 10, []
    while not events and time.monotonic() < deadline:
        events = house.admin.cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "AssumeRoleWithSAML"}])["Events"]
    identity = json.loads(events[0]["CloudTrailEvent"])["userIdentity"]
    assert (identity["type"], identity["userName"]) == ("SAMLUser", "ana@example.com")
    assert house.admin.iam.list_saml_providers()["SAMLProviderList"][0]["Arn"] == PROVIDER
    assert len(house.admin.iam.get_saml_provider(SAMLProviderArn=PROVIDER)["SAMLProviderUUID"]) == 22
