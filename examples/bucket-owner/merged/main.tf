# The owner's statements, and beside them those of datazone-s3-fulfillment as they are when this is planned.

terraform {
  required_version = ">= 1.5.0"
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100.0, < 7.0.0" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "bucket" {
  type    = string
  default = "acme-raw"
}

variable "partner_accounts" {
  type        = list(string)
  description = "What the owner grants, and changes from time to time: here, accounts that may list the bucket's inventory."
  default     = ["555555555555"]
}

variable "policy_exists" {
  type        = bool
  description = "false for the first apply alone, while the bucket has no policy that could be read."
  default     = true
}

resource "aws_s3_bucket" "data" {
  bucket = var.bucket
}

data "aws_iam_policy_document" "owner" {
  statement {
    sid       = "Inventory"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.data.arn}/inventory/*"]
    principals {
      type        = "AWS"
      identifiers = [for account in var.partner_accounts : "arn:aws:iam::${account}:root"]
    }
  }
  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

data "aws_s3_bucket_policy" "now" {
  count  = var.policy_exists ? 1 : 0
  bucket = aws_s3_bucket.data.id
}

locals {
  # S3 gives a list of one back as its element. Of somebody who was deleted it gives back a bare id, and then takes it no more.
  statements_now = flatten([for now in data.aws_s3_bucket_policy.now : jsondecode(now.policy).Statement])
  fulfillment = [
    for statement in local.statements_now : merge(statement, {
      Principal = { AWS = [for principal in flatten([statement.Principal.AWS]) : principal if startswith(principal, "arn:")] }
    }) if startswith(try(statement.Sid, ""), "DZS3F")
  ]
  fulfillment_alive = [for statement in local.fulfillment : statement if length(statement.Principal.AWS) > 0]
}

data "aws_iam_policy_document" "bucket" {
  source_policy_documents = concat(
    [data.aws_iam_policy_document.owner.json],
    [for statement in local.fulfillment_alive : jsonencode({ Version = "2012-10-17", Statement = [statement] })],
  )
}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = data.aws_iam_policy_document.bucket.json
}
