"""The flow of handler.ts in the blog post's language and with its SDK, boto3. Creates the clients at import."""

import json

import boto3

datazone = boto3.client("datazone")
s3 = boto3.client("s3")

ASSET_TYPE = "S3ObjectCollectionAssetType"


def read_policy(bucket):
    try:
        return json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucketPolicy":
            return {"Version": "2012-10-17", "Statement": []}
        raise


def handler(event, context):
    """Fulfills one "Subscription Created" event from EventBridge."""
    detail = event["detail"]
    domain = detail["metadata"]["domain"]
    data = detail["data"]
    listing = datazone.get_listing(domainIdentifier=domain, identifier=data["subscribedListing"]["id"])
    forms = json.loads(listing["item"]["assetListing"]["forms"])
    bucket_arn = forms["S3ObjectCollectionForm"]["bucketArn"]
    bucket, _, prefix = bucket_arn.removeprefix("arn:aws:s3:::").partition("/")

    environments = datazone.list_environments(
        domainIdentifier=domain, projectIdentifier=data["subscribedPrincipal"]["id"]
    )["items"]
    principals = []
    for environment in environments:
        targets = datazone.list_subscription_targets(
            domainIdentifier=domain, environmentIdentifier=environment["id"]
        )["items"]
        for target in targets:
            if ASSET_TYPE in target["applicableAssetTypes"]:
                principals.extend(target["authorizedPrincipals"])

    policy = read_policy(bucket)
    principal = {"AWS": principals}
    policy["Statement"] += [
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{bucket}/{prefix}*",
        },
        {
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:ListBucket",
            "Resource": f"arn:aws:s3:::{bucket}",
            "Condition": {"StringLike": {"s3:prefix": f"{prefix}*"}},
        },
    ]
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
