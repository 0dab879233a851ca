#!/bin/sh
# Prints what a sandbox could leave behind on a machine, in an order that can be compared.
list=$(mktemp)

echo '# processes'
ps -eo comm= >"$list"
sort "$list"
rm "$list"

echo '# mounts'
sort /proc/1/mounts

echo '# links, addresses and routes'
ip -o link show | sed 's/^[0-9]*: //; s/:.*//; s/@.*//' | sort
ip -o addr show | awk '{print $2, $4}' | sort
ip route show table all | sort

echo '# packet filter'
for family in iptables ip6tables; do
  for table in filter nat mangle; do
    "$family-save" -t "$table" 2>/dev/null | grep -E '^-A|KUBE|CNI'
  done
done

echo '# kernel settings'
sysctl -a 2>/dev/null | grep -E '^(vm\.overcommit_memory|vm\.panic_on_oom|kernel\.panic|kernel\.keys\.root|net\.ipv4\.ip_forward |net\.ipv4\.conf\.all|net\.netfilter\.nf_conntrack_(max|tcp))'

echo '# shared memory'
ls /dev/shm
ipcs -m | tail -n +4

echo '# folders'
ls -d /run/* /run/.??* /opt/* /var/lib/kubelet /var/lib/cni /var/lib/containerd /usr/libexec/kubernetes 2>/dev/null
exit 0
