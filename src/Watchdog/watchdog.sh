#!/usr/bin/env bash
# Runs a program that ends with whoever started it: when the pipe on stdin closes, which it does even when its other end is killed, the program gets SIGTERM,
# and SIGKILL if it is still there WATCHDOG_SECONDS (60) later. The first line of output is the program's process id. It has a process group of its own, so Ctrl-C in a
# terminal reaches only the starter, who decides in which order things end.
set -m
exec 3<&0 4>&2 2>/dev/null       # the shell itself has nothing to say, not even that the program was killed
sh -c 'echo $$; exec "$@"' sh "$@" </dev/null 2>&4 3<&- 4>&- &
program=$!
trap 'kill -TERM $program 2>/dev/null' TERM
trap : INT
{ cat <&3; kill -TERM $program; sleep "${WATCHDOG_SECONDS:-60}"; kill -KILL $program; } >/dev/null 2>&1 &
watch=$!
disown $watch
exec 3<&- 4>&-
while true; do
  wait $program
  status=$?
  kill -0 $program 2>/dev/null || break
done
kill -KILL -- -$watch 2>/dev/null
exit $status
