"""No content of an object and no answer of a query lies on the disk in the clear, nor in the log: while the server runs and after."""
import base64
import pathlib
import time

MARKER = b"MARKER-heliotrope-0b1c77"


def holding(directory: pathlib.Path) -> list[str]:
    """The files with the marker as it is, in hex, or in base64 at any alignment."""
    forms = [MARKER, MARKER.hex().encode()]
    forms += [base64.b64encode(b"\0" * shift + MARKER)[8:24] for shift in range(3)]
    files = [path for path in directory.rglob("*") if path.is_file()]
    return [str(path) for path in files if any(form in path.read_bytes() for form in forms)]


def test_no_users_bytes_lie_in_the_clear(new_server, tmp_path):
    (tmp_path / "control").write_bytes(base64.b64encode(b"x" + MARKER))
    assert holding(tmp_path) == [str(tmp_path / "control")]
    (tmp_path / "control").unlink()
    server = new_server()
    keys = server.management()
    keys.s3.create_bucket(Bucket="sealed")
    keys.s3.put_object(Bucket="sealed", Key="whole", Body=MARKER * 1000)
    upload = keys.s3.create_multipart_upload(Bucket="sealed", Key="abandoned")["UploadId"]
    keys.s3.upload_part(Bucket="sealed", Key="abandoned", UploadId=upload, PartNumber=1, Body=MARKER * 10)
    keys.s3.put_object(Bucket="sealed", Key="people/a.csv", Body=b"1," + MARKER + b"\n")
    keys.glue.create_database(DatabaseInput={"Name": "shop"})
    keys.glue.create_table(DatabaseName="shop", TableInput={"Name": "people", "StorageDescriptor": {
        "Location": "s3://sealed/people/", "Columns": [{"Name": "id", "Type": "int"}, {"Name": "name", "Type": "string"}],
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "Parameters": {"field.delim": ","}}}})
    query = keys.athena.start_query_execution(QueryString="SELECT name FROM shop.people ORDER BY id",
                                              ResultConfiguration={"OutputLocation": "s3://sealed/results/"})["QueryExecutionId"]
    while keys.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]["State"] in ("QUEUED", "RUNNING"):
        time.sleep(0.02)
    rows = keys.athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
    assert rows[1]["Data"][0]["VarCharValue"] == MARKER.decode()
    assert keys.s3.get_object(Bucket="sealed", Key="whole")["Body"].read() == MARKER * 1000
    assert holding(server.data) == []
    assert server.stop() == 0
    assert holding(tmp_path) == []
