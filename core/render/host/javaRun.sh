#!/usr/bin/env bash
# Starts @what@. Rendered; do not edit.
set -euo pipefail
umask 077
# Folders may have any name; without a UTF-8 locale Java cannot open them all.
export LC_ALL=C.UTF-8

runtime=$AMQ_RUNTIMES/@runtime@
log=$AMQ_SERVICE/log
cd "$AMQ_SERVICE"
mkdir -p data log tmp
# Unpacked native libraries and the like: a process that was killed leaves them behind.
find tmp -mindepth 1 -delete
@setup@
# shellcheck disable=SC2054  # commas are the JVM's
options=(
  # Equal sizes: a heap that cannot grow fails at start or not at all.
  -Xms@heapMiB@m
  -Xmx@heapMiB@m
  # After an out of memory error a process lives on half dead. One dump is kept: the JVM never overwrites it.
  -XX:+ExitOnOutOfMemoryError
  -XX:+HeapDumpOnOutOfMemoryError
  -XX:HeapDumpPath="$log/heap.hprof"
  -XX:ErrorFile="$log/jvm-crash-%p.log"
  -Xlog:gc:file="$log/gc.log":time,level,tags:filecount=4,filesize=5m
  # Statistics in shared memory cost pauses when the disk is busy, and leave files in /tmp.
  -XX:+PerfDisableSharedMem
  # A host that was replaced keeps its name and gets another address.
  -Dsun.net.inetaddr.ttl=10
  -Djava.awt.headless=true
  -Dfile.encoding=UTF-8
  -Djava.io.tmpdir="$AMQ_SERVICE/tmp"
@options@
  # The version's folder comes first: its configuration is found by class path.
  -cp "$AMQ_CONF:@first@$runtime/lib/*"
)
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "${options[@]}" @command@
