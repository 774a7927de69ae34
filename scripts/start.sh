#!/bin/sh
# `npm start`: installs and compiles as every command does, then becomes the program. A process that waited for the program
# would keep 60 MB. The options are those of apps/standalone/src/node-options.ts, which gives the reasons.
set -e
for word in "$@"; do
  case $word in --help | -h) exec node scripts/run.mjs start --help ;; esac
done
node=$(node scripts/run.mjs path-of-node)
PATH=$(dirname "$node"):$PATH
export PATH
exec "$node" --max-semi-space-size=1 --optimize-for-size dist/apps/standalone/src/main.js "$@"
