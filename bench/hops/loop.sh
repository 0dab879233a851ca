#!/bin/sh
# A careful upgrade by hand: loop.sh <chart> <namespace> <values file> <version>...
# Each version is deployed, and waited for until its rollout is complete, no pod of the one before is left, and every
# pod's status page, where the release has one, is healthy. A second lies between two looks.
set -eu
chart=$1 namespace=$2 values=$3
shift 3
k() { kubectl --namespace "$namespace" "$@"; }

healthy() {
  pods=$(k get pods --selector app.kubernetes.io/name=bufd --output name)
  for pod in $pods; do
    k get --raw "/api/v1/namespaces/$namespace/pods/${pod#pod/}:3003/proxy/-/status/json" |
      grep -q '"overall_status":"healthy"' || return 1
  done
}

for version; do
  old=$(k get pods --output name)
  helm upgrade bsr "$chart" --version "$version" --namespace "$namespace" --values "$values" --reset-values >/dev/null
  for deployment in $(k get deployments --output name); do
    k rollout status "$deployment" --timeout=180s >/dev/null
  done
  # shellcheck disable=SC2086
  k wait --for=delete --timeout=180s $old >/dev/null
  case $version in 1.[0-9].* | 1.10.*) continue ;; esac
  until healthy; do sleep 1; done
done
