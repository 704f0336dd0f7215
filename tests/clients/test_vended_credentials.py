"""Credentials that Lake Formation vends, used as an engine uses them: how far they reach, and that a revoke ends them at once."""
import contextlib
import json

import botocore.exceptions
import pytest

import conftest

ACCOUNT, LAKE = "111111111111", "engines-lake"
SERVICE = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lakeformation.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
ORDERS = {"Table": {"DatabaseName": "shop", "Name": "orders"}}
ARN = f"arn:aws:glue:{conftest.REGION}:{ACCOUNT}:table/shop/orders"


@contextlib.contextmanager
def refused(*codes: str):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        yield
    assert caught.value.response["Error"]["Code"] in codes, caught.value


class Shop:
    """A governed account with one registered table, and a role whose reading is vended."""

    def __init__(self, server):
        self.admin = server.management()
        iam, lake, self.glue = self.admin.iam, self.admin.lakeformation, self.admin.glue
        self.who = self.admin.sts.get_caller_identity()["Arn"]
        self.settings(AllowFullTableExternalDataAccess=True)
        self.admin.s3.create_bucket(Bucket=LAKE)
        for key in ("orders/part-0", "orders2/part-0"):
            self.admin.s3.put_object(Bucket=LAKE, Key=key, Body=b"rows")
        place = iam.create_role(RoleName="place", AssumeRolePolicyDocument=json.dumps(SERVICE))["Role"]["Arn"]
        iam.put_role_policy(RoleName="place", PolicyName="s3", PolicyDocument=conftest.policy("s3:*", "kms:*"))
        lake.register_resource(ResourceArn=f"arn:aws:s3:::{LAKE}", RoleArn=place)
        self.glue.create_database(DatabaseInput={"Name": "shop"})
        self.table()
        self.role = iam.create_role(RoleName="engine", AssumeRolePolicyDocument=conftest.trust(ACCOUNT))["Role"]["Arn"]
        iam.put_role_policy(RoleName="engine", PolicyName="lake", PolicyDocument=conftest.policy("lakeformation:*"))
        self.engine = self.admin.assume(ACCOUNT, "engine")

    def settings(self, **more) -> None:
        self.admin.lakeformation.put_data_lake_settings(DataLakeSettings={
            "DataLakeAdmins": [{"DataLakePrincipalIdentifier": self.who}], "CreateDatabaseDefaultPermissions": [],
            "CreateTableDefaultPermissions": [], **more})

    def table(self) -> None:
        self.glue.create_table(DatabaseName="shop", TableInput={
            "Name": "orders", "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "int"}], "Location": f"s3://{LAKE}/orders/"}})

    def grant(self) -> None:
        self.admin.lakeformation.grant_permissions(
            Principal={"DataLakePrincipalIdentifier": self.role}, Resource=ORDERS, Permissions=["SELECT"])

    def revoke(self) -> None:
        self.admin.lakeformation.revoke_permissions(
            Principal={"DataLakePrincipalIdentifier": self.role}, Resource=ORDERS, Permissions=["SELECT"])

    def vend(self) -> conftest.Keys:
        made = self.engine.lakeformation.get_temporary_glue_table_credentials(TableArn=ARN)
        return conftest.Keys(endpoint=self.admin["endpoint"], key=made["AccessKeyId"], secret=made["SecretAccessKey"],
                             token=made["SessionToken"])


def read(keys: conftest.Keys, key: str = "orders/part-0") -> bytes:
    return keys.s3.get_object(Bucket=LAKE, Key=key)["Body"].read()


def test_vended_credentials_reach_one_folder_and_end_with_what_they_were_given_on(new_server):
    server = new_server()
    shop = Shop(server)
    with refused("EntityNotFoundException", "AccessDeniedException"):
        shop.vend()
    shop.grant()
    vended = shop.vend()
    assert read(vended) == b"rows"
    with refused("AccessDenied"):
        read(vended, "orders2/part-0")
    with refused("AccessDenied"):
        vended.s3.put_object(Bucket=LAKE, Key="orders/part-1", Body=b"x")
    with refused("AccessDeniedException", "EntityNotFoundException"):
        vended.glue.get_table(DatabaseName="shop", Name="orders")

    def shut_while(closing, opening):
        closing()
        with refused("AccessDenied"):
            read(vended)
        opening()
        assert read(vended) == b"rows"

    shut_while(shop.revoke, shop.grant)
    shut_while(shop.settings, lambda: shop.settings(AllowFullTableExternalDataAccess=True))
    iam = shop.admin.iam
    shut_while(lambda: iam.update_assume_role_policy(RoleName="place", PolicyDocument=conftest.trust(ACCOUNT)),
               lambda: iam.update_assume_role_policy(RoleName="place", PolicyDocument=json.dumps(SERVICE)))
    shut_while(lambda: iam.delete_role_policy(RoleName="engine", PolicyName="lake"),
               lambda: iam.put_role_policy(RoleName="engine", PolicyName="lake", PolicyDocument=conftest.policy("lakeformation:*")))
    server.kill()
    server.start()
    assert read(vended) == b"rows"
    shop.glue.delete_table(DatabaseName="shop", Name="orders")
    shop.table()
    shop.grant()
    with refused("AccessDenied"):
        read(vended)
    assert read(shop.vend()) == b"rows"
