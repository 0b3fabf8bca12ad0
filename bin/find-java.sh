# Finds a Java 21 or later for the scripts beside this file, which source it: sets "java" and
# "java_text" (what "java -version" prints), or ends the script with what to type. JAVA_HOME chooses the
# Java. Without it, the java of the path is used, or one in the usual directories.

java=
candidates=("${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(command -v java || true)")
if [ -z "${JAVA_HOME:-}" ]; then
  candidates+=(/usr/lib/jvm/*/bin/java /opt/*/bin/java
    /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java "${HOME:-}"/.sdkman/candidates/java/*/bin/java)
fi
for candidate in "${candidates[@]}"; do
  if [ -x "$candidate" ] && java_text=$("$candidate" -version 2>&1) &&
    [[ $java_text =~ version\ \"([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 21 ]; then
    java=$candidate
    break
  fi
  # A Java that was chosen is not replaced by another one.
  if [ -n "${JAVA_HOME:-}" ]; then break; fi
done
if [ -z "$java" ]; then
  echo "${0##*/}: no Java 21 or later was found (JAVA_HOME is '${JAVA_HOME:-not set}')." >&2
  echo "Install one and type: export JAVA_HOME=/path/of/the/jdk" >&2
  exit 1
fi
