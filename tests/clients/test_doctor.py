"""`hanse doctor` looks at values by the road of queries: as its caller may read them, each read in the journal, no value in any answer."""
import json
import pathlib

import conftest

ACCOUNT, LAKE = "111111111111", "doctors-lake"
TABLE = {"Table": {"DatabaseName": "clinic", "Name": "visits"}}
ROWS = "".join(f"{i}|person{i}@nimbus.example|{'EMEA' if i % 2 else 'APAC'}\n" for i in range(40))


def profile(folder: pathlib.Path, keys: conftest.Keys) -> dict:
    (folder / "credentials").write_text(f"[default]\naws_access_key_id = {keys['key']}\naws_secret_access_key = {keys['secret']}\n"
                                        + (f"aws_session_token = {keys['token']}\n" if keys["token"] else ""))
    (folder / "config").write_text(f"[default]\nregion = {conftest.REGION}\nendpoint_url = {keys['endpoint']}\n")
    return {"AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials"), "AWS_CONFIG_FILE": str(folder / "config")}


def lay_table(admin: conftest.Keys) -> None:
    admin.lakeformation.put_data_lake_settings(DataLakeSettings={
        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin.sts.get_caller_identity()["Arn"]}],
        "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []})
    service = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lakeformation.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    place = admin.iam.create_role(RoleName="place", AssumeRolePolicyDocument=json.dumps(service))["Role"]["Arn"]
    admin.iam.put_role_policy(RoleName="place", PolicyName="s3", PolicyDocument=conftest.policy("s3:*", "kms:*"))
    admin.lakeformation.create_lf_tag(TagKey="sensitivity", TagValues=["internal", "pii"])
    admin.s3.create_bucket(Bucket=LAKE)
    admin.lakeformation.register_resource(ResourceArn=f"arn:aws:s3:::{LAKE}", RoleArn=place)
    for part in range(5):
        admin.s3.put_object(Bucket=LAKE, Key=f"visits/{part}.csv", Body=ROWS)
    admin.glue.create_database(DatabaseInput={"Name": "clinic"})
    admin.glue.create_table(DatabaseName="clinic", TableInput={"Name": "visits", "StorageDescriptor": {
        "Columns": [{"Name": "id", "Type": "int"}, {"Name": "contact", "Type": "string"}, {"Name": "region", "Type": "string"}],
        "Location": f"s3://{LAKE}/visits/", "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                      "Parameters": {"field.delim": "|"}}}})


def test_values_tell_by_whoever_may_read_them_and_by_nobody_else(hanse, new_server, tmp_path):
    server = new_server()
    admin = server.management()
    lay_table(admin)

    def doctor(environment: dict, *more: str) -> dict:
        done = hanse("doctor", "--json", *more, env=environment)
        assert done.returncode == 0, done.stderr
        assert "@nimbus.example" not in done.stdout + done.stderr
        answer = json.loads(done.stdout)
        found = [f for f in answer["Findings"] if f["Kind"] == "PERSONAL_VALUES"]
        return answer | {"Found": found}

    found = doctor(server.environment())
    assert [f["Subject"] for f in found["Found"]] == ["clinic.visits"] and found["TablesSampled"] == 1
    assert "contact (100 % e-mail addresses)" in found["Found"][0]["Text"] and "region" not in found["Found"][0]["Text"]
    assert doctor(server.environment(), "--sample", "0")["TablesSampled"] == 0

    role = admin.iam.create_role(RoleName="auditor", AssumeRolePolicyDocument=conftest.trust(ACCOUNT))["Role"]["Arn"]
    admin.iam.put_role_policy(RoleName="auditor", PolicyName="all", PolicyDocument=conftest.policy("*"))
    auditor = profile(tmp_path, admin.assume(ACCOUNT, "auditor"))
    blind = doctor(auditor)
    assert (blind["Found"], blind["TablesSampled"], blind["TablesNotSampled"]) == ([], 0, 1)
    grant = {"Principal": {"DataLakePrincipalIdentifier": role}, "Permissions": ["SELECT"]}
    admin.lakeformation.grant_permissions(Resource=TABLE, **grant)
    assert [f["Subject"] for f in doctor(auditor)["Found"]] == ["clinic.visits"]
    admin.lakeformation.revoke_permissions(Resource=TABLE, **grant)
    assert doctor(auditor)["Found"] == []
    # A column that is hidden from the reader is not looked at, the others are.
    seen = {"TableWithColumns": {"DatabaseName": "clinic", "Name": "visits", "ColumnNames": ["id", "region"]}}
    admin.lakeformation.grant_permissions(Resource=seen, **grant)
    narrow = doctor(auditor)
    assert narrow["Found"] == [] and narrow["TablesSampled"] == 1

    looked = hanse("audit", "lookup", "--attribute", "EventName", "--value", "GetDataAccess", "--json", env=server.environment())
    assert "auditor" in {row["who"] for row in json.loads(looked.stdout)}
    journal = b"".join(path.read_bytes() for path in (server.data / "journal").rglob("*") if path.is_file())
    assert b"@nimbus.example" not in journal and b"@nimbus.example" not in pathlib.Path(f"{server.data}.log").read_bytes()

    admin.lakeformation.add_lf_tags_to_resource(
        Resource={"TableWithColumns": {"DatabaseName": "clinic", "Name": "visits", "ColumnNames": ["contact"]}},
        LFTags=[{"TagKey": "sensitivity", "TagValues": ["pii"]}])
    assert doctor(server.environment())["Found"] == []
