#!/bin/sh
# The node: containerd and the kubelet as the first processes of their own process and mount namespaces. When this
# shell ends, the kernel ends every container and lets go of every mount and network namespace with it.
# node.sh <folder for the node's data> <places of the machine that it goes to instead> <containerd's socket>
#   <containerd's configuration> <kubelet's arguments>...
set -eu
data=$1 places=$2 socket=$3 config=$4
shift 4

for place in $places; do
  own=$data$place
  mkdir -p "$own"
  mount --no-mtab --bind "$own" "$place"
done

containerd --config "$config" >/var/log/containerd.log 2>&1 &
until ctr --address "$socket" version >/dev/null 2>&1; do
  kill -0 $! 2>/dev/null || { echo 'containerd ended:' && tail -n 5 /var/log/containerd.log && exit 1; }
  sleep 0.05
done
# The image that holds a pod's network namespace open.
ctr --address "$socket" --namespace k8s.io images import "$data/pause.tar"

kubelet "$@" &
# As the first process of its namespace this shell inherits orphans; waiting reaps them.
wait
