#!/bin/sh
# Writes one seed for each file of the minimal pack into fuzz/corpus/read, in the form the target reads.
set -eu
cd "$(dirname "$0")/../tests/diag/minimal"
out=../../../fuzz/corpus/read
mkdir -p "$out"
find . -type f | sed 's|^\./||' | while read -r file; do
    { printf '%s\n' "$file"; cat "$file"; } > "$out/$(printf '%s' "$file" | tr '/' '-')"
done
