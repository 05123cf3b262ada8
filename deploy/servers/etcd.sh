#!/usr/bin/env bash
# One etcd on loopback, in the foreground: for tests and for a first cluster on one machine.
# usage: etcd.sh DIR CLIENT_PORT PEER_PORT
set -euo pipefail
[ $# -eq 3 ] || { sed -n '2,3s/^# //p' "$0" >&2; exit 2; }
command -v etcd > /dev/null || { echo "etcd is not installed (Debian: apt-get install etcd-server)" >&2; exit 1; }
dir=$1 client="http://127.0.0.1:$2" peer="http://127.0.0.1:$3"
exec etcd --name one --data-dir "$dir" --logger zap --log-level warn \
  --listen-client-urls "$client" --advertise-client-urls "$client" \
  --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "one=$peer" \
  --auto-compaction-mode revision --auto-compaction-retention 10000
