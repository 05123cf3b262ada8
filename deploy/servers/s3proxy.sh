#!/usr/bin/env bash
# An S3 server over a folder, on loopback, in the foreground: for tests.
# usage: s3proxy.sh DIR PORT     a folder of DIR is a bucket; credentials: local / localsecret
#        s3proxy.sh --prepare    only fetches its class path
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
target="$here/../target/s3proxy-4.1.0"

prepare() {
  mkdir -p "$target"
  (
    flock 9
    [ -e "$target/ready" ] && exit 0
    mvn -q -B -f "$here/s3proxy/pom.xml" dependency:copy-dependencies -DoutputDirectory="$target/lib"
    touch "$target/ready"
  ) 9> "$target/lock" 1>&2
}

[ -e "$target/ready" ] || prepare
[ "${1:-}" != --prepare ] || exit 0
[ $# -eq 2 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
dir=$1 port=$2
mkdir -p "$dir"
settings="$target/port-$port.properties"
cat > "$settings" <<X
s3proxy.endpoint=http://127.0.0.1:$port
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=local
s3proxy.credential=localsecret
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir=$dir
jclouds.identity=unused
jclouds.credential=unused
X
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
exec "$java" -Xmx256m -Dlogback.configurationFile="$here/s3proxy/logback.xml" -cp "$target/lib/*" \
  org.gaul.s3proxy.Main --properties "$settings"
