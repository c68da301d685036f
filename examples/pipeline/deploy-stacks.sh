#!/usr/bin/env bash
# Plans or applies synthesized stacks side by side: deploy-stacks.sh plan|apply STACK…
# A stack that fails does not stop the others; at the end each failure is named, and the exit code is 1.
# STACKS: their folder (cdktf.out/stacks). AT_ONCE: how many at a time (4). LOGS: a log for each stack (deploy-logs).
set -o pipefail
command=$1
shift
case $command in plan | apply) ;; *) echo "'$command' is neither plan nor apply" >&2; exit 2 ;; esac
[ $# -gt 0 ] || { echo 'write the names of stacks, such as domain-account' >&2; exit 2; }
stacks=${STACKS:-cdktf.out/stacks}
logs=${LOGS:-deploy-logs}
mkdir -p "$logs"

in_stack() { # stack, then arguments of Terraform
  (cd "$stacks/$1" && terraform "${@:2}" -input=false -no-color)
}
deploy() { # an apply takes the plan that `plan` kept, where there is one: what was approved, and nothing else
  if [ "$command" = plan ]; then
    in_stack "$1" plan -out=approved.tfplan
  elif [ -f "$stacks/$1/approved.tfplan" ]; then
    (cd "$stacks/$1" && terraform apply -input=false -no-color approved.tfplan && rm approved.tfplan)
  else
    in_stack "$1" apply -auto-approve
  fi
}

failed=()
running=()
fail() {
  failed+=("$1")
  echo "FAILED  $1: see $logs/$1.log"
}
finish() { # waits for the stack that was begun first
  local pid=${running[0]%%:*} stack=${running[0]#*:}
  running=("${running[@]:1}")
  if wait "$pid"; then echo "ok      $stack"; else fail "$stack"; fi
}
for stack in "$@"; do
  # One after the other: Terraform's plugin cache is not made for several at once.
  if ! in_stack "$stack" init >"$logs/$stack.log" 2>&1; then
    fail "$stack"
    continue
  fi
  [ ${#running[@]} -lt "${AT_ONCE:-4}" ] || finish
  deploy "$stack" >>"$logs/$stack.log" 2>&1 &
  running+=("$!:$stack")
done
while [ ${#running[@]} -gt 0 ]; do finish; done

[ ${#failed[@]} -eq 0 ] || { echo "${#failed[@]} of $# failed: ${failed[*]}" >&2; exit 1; }
