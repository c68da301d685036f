#!/usr/bin/env bash
# Keeps one version of the AWS provider in a folder, unpacked, from which every stack takes it by a link: mirror-provider.sh VERSION FOLDER
# Prints what to put into the environment of Terraform. The provider weighs 700 MB; without this each stack would have a copy.
set -euo pipefail
version=${1:?is the version of hashicorp/aws, such as 5.100.0} folder=${2:?is where it is to be kept}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/main.tf" <<HCL
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "$version" }
  }
}
HCL
terraform -chdir="$work" init -input=false -no-color >&2
cp -RL "$work/.terraform/providers/." "$folder/"

cat >"$folder/terraformrc" <<HCL
provider_installation {
  filesystem_mirror {
    path    = "$folder"
    include = ["registry.terraform.io/hashicorp/aws"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/aws"]
  }
}
HCL
echo "TF_CLI_CONFIG_FILE=$folder/terraformrc"
