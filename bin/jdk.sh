# Sourced. Finds a JDK 25 or newer and exports JAVA_HOME; says what is missing when there is none.
jdk_version() { [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null; }

find_jdk() {
  local candidate version
  for candidate in "${JAVA_HOME:-}" "${JAVA25_HOME:-}" \
      "$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /)")")")" \
      /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$candidate" ] || continue
    version="$(jdk_version "$candidate")"
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      echo "$candidate"
      return
    fi
  done
  return 1
}

JAVA_HOME="$(find_jdk)" || {
  echo "tributary: needs a JDK 25 or newer. None was found in JAVA_HOME, JAVA25_HOME, on the path or in the usual folders." >&2
  echo "           Install one (for example Temurin 25) and set JAVA25_HOME to its folder." >&2
  exit 1
}
export JAVA_HOME
