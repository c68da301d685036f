# Everything in one account, by the plain modules: the DataZone domain, its buckets and the consumers' roles.

terraform {
  required_version = ">= 1.5.0"
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100.0, < 7.0.0" }
  }
}

locals {
  account = "111111111111"
  region  = "eu-west-1"

  buckets = [
    {
      name     = "acme-raw"
      account  = local.account
      region   = local.region
      prefixes = [{ prefix = "runs/", owning_projects = ["5a3se66qm88947"] }]
    },
  ]
}

provider "aws" {
  region              = local.region
  allowed_account_ids = [local.account]
}

module "fulfillment" {
  source = "../../modules/domain-account"

  name                   = "acme"
  mode                   = "observe" # decide and record; "enforce" writes bucket policies
  existing_subscriptions = "grant"
  domain_id              = "dzd_bc8e1ez8r2a6xz"
  domain_account         = local.account
  domain_region          = local.region
  domain_version         = "v1"
  buckets                = local.buckets
  handler_zip            = "${path.module}/../../dist/handler.zip" # npm run bundle
  deletion_protection    = var.deletion_protection
}

module "buckets" {
  source = "../../modules/bucket-account"

  deployment = module.fulfillment.deployment
  account    = local.account
  buckets    = local.buckets
}

variable "deletion_protection" {
  type        = bool
  description = "Whether the ledger of grants refuses to be deleted: apply with false before you destroy."
  default     = true
}

output "ledger_table" {
  value       = module.fulfillment.ledger_table
  description = "Who may read what, since when and by whose approval."
}
