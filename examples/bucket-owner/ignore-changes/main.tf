# Terraform writes the policy once. After that a change of the owner's statements is put into the policy as it is at that moment.

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

data "aws_caller_identity" "owner" {}

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

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.data.id
  policy = data.aws_iam_policy_document.owner.json

  lifecycle {
    ignore_changes = [policy]
  }
}

# Never replace_triggered_by on the policy instead: it would be deleted before it is written again, with everything that is granted.
resource "terraform_data" "owner_statements" {
  triggers_replace = data.aws_iam_policy_document.owner.json

  provisioner "local-exec" {
    command = "bash '${path.module}/put-owner-statements.sh'"
    environment = {
      BUCKET       = aws_s3_bucket_policy.data.bucket
      BUCKET_OWNER = data.aws_caller_identity.owner.account_id
      OWNER_POLICY = data.aws_iam_policy_document.owner.json
    }
  }
}
