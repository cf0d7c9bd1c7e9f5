#!/bin/sh
# Records kiln.jfr.gz anew: a standard recording of the virtual machine, with nothing in it but samples. The
# environment is emptied, as the default settings would write it into the file.
set -eu
cd "$(dirname "$0")"
build=$(mktemp -d)
javac -d "$build" Kiln.java
set -- settings=none +jdk.ActiveSetting#enabled=true
for event in ExecutionSample NativeMethodSample; do
  set -- "$@" "+jdk.$event#enabled=true" "+jdk.$event#period=10ms"
done
for event in ObjectAllocationInNewTLAB ObjectAllocationOutsideTLAB ObjectAllocationSample; do
  set -- "$@" "+jdk.$event#enabled=true" "+jdk.$event#stackTrace=true"
done
for event in JavaMonitorEnter ThreadPark; do
  set -- "$@" "+jdk.$event#enabled=true" "+jdk.$event#stackTrace=true" "+jdk.$event#threshold=1ms"
done
options=$(IFS=,; echo "$*")
env -i "$(command -v java)" -Xmx64m "-XX:StartFlightRecording:$options,filename=$build/kiln.jfr" -cp "$build" Kiln 1500
gzip -9n <"$build/kiln.jfr" >kiln.jfr.gz
