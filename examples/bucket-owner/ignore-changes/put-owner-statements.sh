#!/usr/bin/env bash
# Puts the statements of OWNER_POLICY into the policy of BUCKET in the place of all that are not datazone-s3-fulfillment's, which stay
# as they are. Needs the AWS CLI and jq, and credentials that may s3:GetBucketPolicy and s3:PutBucketPolicy.
set -euo pipefail
: "${BUCKET:?is the name of the bucket}" "${BUCKET_OWNER:?is the account that owns it}" "${OWNER_POLICY:?is the policy of the owner}"

# Any failure ends this here: a policy that could not be read is never taken for an empty one.
now=$(aws s3api get-bucket-policy --bucket "$BUCKET" --expected-bucket-owner "$BUCKET_OWNER" --query Policy --output text)

# S3 gives a list of one back as its element. Of somebody who was deleted it gives back a bare id, and then takes it no more.
next=$(jq -cn --argjson owner "$OWNER_POLICY" --argjson now "$now" '
  ($now.Statement | [.] | flatten
    | map(select((.Sid // "") | startswith("DZS3F")))
    | map(.Principal.AWS = ([.Principal.AWS] | flatten | map(select(startswith("arn:")))))
    | map(select(.Principal.AWS | length > 0))) as $fulfillment
  | $owner | .Statement = (([.Statement] | flatten) + $fulfillment)')

aws s3api put-bucket-policy --bucket "$BUCKET" --expected-bucket-owner "$BUCKET_OWNER" --policy "$next"
