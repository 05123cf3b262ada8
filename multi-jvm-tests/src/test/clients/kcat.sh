#!/usr/bin/env bash
# Checks a broker with kcat (librdkafka). usage: kcat.sh BOOTSTRAP PREFIX
# Prints "ok NAME" or "not ok NAME: why" for each check. The topics PREFIX-group (4 partitions) and PREFIX-large
# (records of 2 MiB) exist; the others are created by being written to.
set -uo pipefail
bootstrap="$1" prefix="$2"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

produce() { timeout 30 kcat -b "$bootstrap" -P -t "$@"; }
consume() { timeout 30 kcat -b "$bootstrap" -C -e -q -o beginning -t "$@"; }
same() { diff "$1" "$2" | head -5 >"$work/difference" && cmp -s "$1" "$2" || { cat "$work/difference" >&2; return 1; }; }
equal() { [ "$1" = "$2" ] || { echo "expected '$1' but was '$2'" >&2; return 1; }; }

check() {
  local name="$1"
  shift
  if "$@" >"$work/out" 2>"$work/err"; then
    echo "ok $name"
  else
    echo "not ok $name: $(tail -c 600 "$work/err" "$work/out" | tr '\n' ' ')"
  fi
}

codec() {
  local topic="$prefix-$1" i
  for i in $(seq 200); do echo "key-$i|value-$i-$(printf 'x%.0s' $(seq $((i % 50 + 1))))"; done >"$work/sent"
  produce "$topic" -p 0 -K '|' -z "$1" -l "$work/sent" && consume "$topic" -K '|' >"$work/read" && same "$work/sent" "$work/read"
}

headers() {
  echo value | produce "$prefix-headers" -k key -H a=1 -H a=2 -H empty= &&
    equal 'key value a=1,a=2,empty=' "$(consume "$prefix-headers" -f '%k %s %h\n')"
}

tombstones() {
  echo 'key|' | produce "$prefix-tombstones" -K '|' -Z && equal '3 -1' "$(consume "$prefix-tombstones" -f '%K %S\n')"
}

large_record() {
  head -c 786432 /dev/urandom | base64 -w0 >"$work/sent"
  equal 1048576 "$(stat -c %s "$work/sent")" &&
    produce "$prefix-large" -p 0 -X message.max.bytes=2000000 "$work/sent" &&
    consume "$prefix-large" -D '' >"$work/read" && same "$work/sent" "$work/read"
}

too_large_record() {
  head -c 3000000 /dev/zero | tr '\0' a >"$work/sent"
  ! produce "$prefix-large" -p 0 -X message.max.bytes=4000000 -X message.timeout.ms=10000 "$work/sent" 2>"$work/refusal" &&
    { grep -qi 'too large' "$work/refusal" || { cat "$work/refusal" >&2; return 1; }; }
}

idempotent_order() {
  seq 3000 >"$work/sent"
  produce "$prefix-idempotent" -p 0 -X enable.idempotence=true -l "$work/sent" &&
    consume "$prefix-idempotent" -p 0 >"$work/read" && same "$work/sent" "$work/read"
}

offset_by_timestamp() {
  local topic="$prefix-timestamps" now
  seq 100 | produce "$topic" -p 0
  now="$(($(date +%s%3N) + 1))"
  while [ "$(date +%s%3N)" -le "$now" ]; do :; done
  echo late | produce "$topic" -p 0
  equal "$topic [0] offset 100" "$(kcat -b "$bootstrap" -Q -t "$topic:0:$now")" &&
    equal late "$(kcat -b "$bootstrap" -C -e -q -o "s@$now" -t "$topic" -p 0)" &&
    equal late "$(kcat -b "$bootstrap" -C -e -q -o -1 -t "$topic" -p 0)"
}

member() {
  local group="$1" output="$2"
  shift 2
  timeout 40 kcat -b "$bootstrap" -G "$group" -q -u -X auto.offset.reset=earliest -X session.timeout.ms=6000 \
    -X heartbeat.interval.ms=500 "$@" "$prefix-group" >"$output" 2>"$output.err"
}

# Two members share four partitions; when one leaves, the other one takes over what it had.
rebalance() {
  local group="$prefix-$1" i first second status=0
  : >"$work/first" && : >"$work/second"
  member "$group" "$work/first" -X partition.assignment.strategy="$1" -f '%p\n' & first=$!
  member "$group" "$work/second" -X partition.assignment.strategy="$1" -f '%p\n' & second=$!
  for i in $(seq 150); do
    echo "$i" >"$work/round"
    for partition in 0 1 2 3; do produce "$prefix-group" -p "$partition" "$work/round"; done
    [ -s "$work/first" ] && [ -s "$work/second" ] && break
  done
  [ -s "$work/first" ] && [ -s "$work/second" ] || { echo "not both members got records" >&2; status=1; }
  kill -INT "$(pgrep -P "$first")" 2>/dev/null
  wait "$first"
  for i in $(seq 150); do
    for partition in 0 1 2 3; do produce "$prefix-group" -p "$partition" "$work/round"; done
    [ "$(tail -n 40 "$work/second" | sort -u | wc -l)" = 4 ] && break
  done
  equal 4 "$(tail -n 40 "$work/second" | sort -u | wc -l)" || status=1
  kill -INT "$(pgrep -P "$second")" 2>/dev/null
  wait "$second"
  return "$status"
}

commit_and_resume() {
  local topic="$prefix-resume" group="$prefix-resume"
  resume() { timeout 30 kcat -b "$bootstrap" -G "$group" -e -q -X auto.offset.reset=earliest "$topic"; }
  seq 50 >"$work/sent"
  produce "$topic" -p 0 "$work/sent" -l && resume >"$work/read" && same "$work/sent" "$work/read" &&
    echo more | produce "$topic" -p 0 && equal more "$(resume)"
}

for name in none gzip snappy lz4 zstd; do check "codec $name" codec "$name"; done
check headers headers
check tombstones tombstones
check "record of 1 MiB" large_record
check "record too large" too_large_record
check "idempotent order" idempotent_order
check "offset by timestamp" offset_by_timestamp
check "rebalance range" rebalance range
check "rebalance cooperative-sticky" rebalance cooperative-sticky
check "commit and resume" commit_and_resume
