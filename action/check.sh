#!/usr/bin/env bash
# check.sh: judge what changed since BASE, by the criteria of BASE. Without a key the checks run alone.
set -euo pipefail
: "${BASE:?the ref to compare with is not set}"
arguments=(--diff-base "$BASE" --criteria-from "$BASE" --format github --format sarif=self-refine.sarif)
if [ -n "${SELF_REFINE_BASE_URL:-}" ]; then
  export OPENAI_BASE_URL=$SELF_REFINE_BASE_URL
fi
# An empty value would be taken for an address or a name.
[ -n "${OPENAI_MODEL:-}" ] || unset OPENAI_MODEL
if [ -z "${OPENAI_API_KEY:-}" ]; then
  unset OPENAI_API_KEY
  [ -n "${OPENAI_BASE_URL:-}" ] || arguments+=(--deterministic)
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  arguments+=(--format "markdown=$GITHUB_STEP_SUMMARY")
fi
# The user's own words: split at blanks, as on a command line.
# shellcheck disable=SC2086
exec self-refine check "${arguments[@]}" ${ARGUMENTS:-}
