# The DataZone domain in one account, registered buckets in others, one list of buckets for all of them.

terraform {
  required_version = ">= 1.5.0"
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100.0, < 7.0.0" }
  }
}

locals {
  region = "eu-west-1"

  # Every account by a name of yours, which is also that of its provider and module below.
  accounts = {
    domain   = "111111111111"
    labs     = "222222222222"
    archives = "444444444444"
  }

  buckets_of = { for name, account in local.accounts : name => [for bucket in var.buckets : bucket if bucket.account == account] }
}

variable "buckets" {
  description = "All registered buckets, as modules/domain-account takes them."
  type = list(object({
    name     = string
    account  = string
    region   = string
    state    = optional(string, "active")
    prefixes = list(object({ prefix = string, owning_projects = list(string) }))
  }))
  default = [
    {
      name     = "acme-raw"
      account  = "222222222222"
      region   = "eu-west-1"
      prefixes = [{ prefix = "runs/", owning_projects = ["5a3se66qm88947"] }]
    },
    {
      name     = "acme-images"
      account  = "222222222222"
      region   = "us-east-1"
      prefixes = [{ prefix = "", owning_projects = ["5a3se66qm88947", "6b4tf77rn99058"] }]
    },
    {
      name     = "acme-reference"
      account  = "222222222222"
      region   = "eu-west-1"
      prefixes = [{ prefix = "genomes/", owning_projects = ["*"] }]
    },
    {
      name     = "acme-archive"
      account  = "444444444444"
      region   = "eu-west-1"
      prefixes = [{ prefix = "2025/", owning_projects = ["6b4tf77rn99058"] }]
    },
  ]
}

provider "aws" {
  alias               = "domain"
  region              = local.region
  allowed_account_ids = [local.accounts.domain]
  assume_role {
    role_arn = "arn:aws:iam::${local.accounts.domain}:role/Deploy"
  }
}

provider "aws" {
  alias               = "labs"
  region              = local.region # roles are global: one module serves the buckets of all Regions
  allowed_account_ids = [local.accounts.labs]
  assume_role {
    role_arn = "arn:aws:iam::${local.accounts.labs}:role/Deploy"
  }
}

provider "aws" {
  alias               = "archives"
  region              = local.region
  allowed_account_ids = [local.accounts.archives]
  assume_role {
    role_arn = "arn:aws:iam::${local.accounts.archives}:role/Deploy"
  }
}

module "fulfillment" {
  source    = "../../modules/domain-account"
  providers = { aws = aws.domain }

  name                   = "acme"
  mode                   = "enforce"
  existing_subscriptions = "grant"
  domain_id              = "dzd_bc8e1ez8r2a6xz"
  domain_account         = local.accounts.domain
  domain_region          = local.region
  domain_version         = "v1"
  buckets                = var.buckets
  handler_zip            = "${path.module}/../../dist/handler.zip" # npm run bundle
  deletion_protection    = var.deletion_protection
}

# for_each has an account's module come with its first bucket and go with its last one. It cannot choose the provider: see README.md.
module "labs" {
  source    = "../../modules/bucket-account"
  providers = { aws = aws.labs }
  for_each  = { for name, buckets in local.buckets_of : local.accounts[name] => buckets if name == "labs" && length(buckets) > 0 }

  deployment = module.fulfillment.deployment
  account    = each.key
  buckets    = each.value
}

module "archives" {
  source    = "../../modules/bucket-account"
  providers = { aws = aws.archives }
  for_each  = { for name, buckets in local.buckets_of : local.accounts[name] => buckets if name == "archives" && length(buckets) > 0 }

  deployment = module.fulfillment.deployment
  account    = each.key
  buckets    = each.value
}

variable "deletion_protection" {
  type        = bool
  description = "Whether the ledger of grants refuses to be deleted: apply with false before you destroy."
  default     = true
}

output "editor_roles" {
  value       = { for account, module in merge(module.labs, module.archives) : account => module.editor_role_arn }
  description = "The role in each bucket account that edits the policies of registered buckets."

  precondition {
    condition     = alltrue([for bucket in var.buckets : contains(values(local.accounts), bucket.account)])
    error_message = "A bucket lies in an account that is not among local.accounts: name it there, and give it a provider and a module."
  }
}
