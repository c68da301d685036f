#!/usr/bin/env bash
# Plans or applies synthesized stacks side by side: deploy-stacks.sh plan|apply STACK…
# A stack that fails does not stop the others; at the end each failure is named, and the exit code is 1.
# STACKS: their folder (cdktf.out/stacks). AT_ONCE: how many at a time (4). Logs: LOGS/<stack>.log (deploy-logs).
set -uo pipefail
command=${1:?write plan or apply, then the names of stacks}
shift
case $command in plan | apply) ;; *) echo "'$command' is neither plan nor apply" >&2; exit 2 ;; esac
[ $# -gt 0 ] || { echo 'write the names of stacks, such as domain-account' >&2; exit 2; }
stacks=${STACKS:-cdktf.out/stacks}
export LOGS=${LOGS:-$PWD/deploy-logs}
mkdir -p "$LOGS"

deploy() {
  cd "$1/$3" || exit 1
  # An apply takes the plan that was made by `plan`, where there is one: what was approved, and nothing else.
  terraform init -input=false -no-color || exit 1
  if [ "$2" = plan ]; then
    terraform plan -input=false -no-color -out=approved.tfplan
  elif [ -f approved.tfplan ]; then
    terraform apply -input=false -no-color approved.tfplan
  else
    terraform apply -input=false -no-color -auto-approve
  fi
}
export -f deploy

failed=()
running=()
finish() { # waits for the stack that was begun first
  local pid=${running[0]%%:*} stack=${running[0]#*:}
  running=("${running[@]:1}")
  if wait "$pid"; then echo "ok      $stack"; else failed+=("$stack"); echo "FAILED  $stack: see $LOGS/$stack.log"; fi
}
for stack in "$@"; do
  [ ${#running[@]} -lt "${AT_ONCE:-4}" ] || finish
  bash -c 'deploy "$@"' _ "$stacks" "$command" "$stack" >"$LOGS/$stack.log" 2>&1 &
  running+=("$!:$stack")
done
while [ ${#running[@]} -gt 0 ]; do finish; done

[ ${#failed[@]} -eq 0 ] || { echo "${#failed[@]} of $# failed: ${failed[*]}" >&2; exit 1; }
