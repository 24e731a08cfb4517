#!/usr/bin/env bash
# After a deployment: is the application well? `--cli` only looks whether the Azure CLI is new enough.
# Needs RESOURCE_GROUP and FUNCTION_NAME; PROVISIONED=true when Dataverse has our tables.
# Ends with 0 when it is well, or waits for `provision`; else with 1, and says what is wrong.
set -euo pipefail

# Older ones repeat for ever an upload that a closed deployment site refuses (Azure/azure-cli#30870).
least=2.87.0
functions=$(find functions -name '*.ts' | wc -l)

cli() {
  found=$(az version --query '"azure-cli"' --output tsv)
  if [ "$(printf '%s\n' "$least" "$found" | sort --version-sort | head -n 1)" != "$least" ]; then
    echo "::error::Azure CLI $found is too old: $least or later"
    exit 1
  fi
}

# Azure itself, for where the application answers only those whom allowedSourceCidrs names.
from_inside() {
  loaded=$(az functionapp function list --resource-group "$RESOURCE_GROUP" --name "$FUNCTION_NAME" --query 'length(@)' --output tsv)
  if [ "$loaded" != "$functions" ]; then
    echo "Azure sees $loaded functions in place of $functions"
    return 1
  fi
  echo "::warning::The application does not answer from here (403). Azure sees its $functions functions; ask /api/health from an allowed address"
}

judge() {
  status=$1 body=$2
  if [ "$status" = 200 ]; then
    echo "well: $body"
    return
  fi
  failing=$(sed -n 's/.*"failing":\[\([^]]*\)\].*/\1/p' <<< "$body" | tr -d '"' | tr ',' ' ')
  case "$status $failing" in
    '503 schema' | '503 dataverse schema')
      if [ "${PROVISIONED:-}" != true ]; then
        echo "::warning::Not provisioned yet: run \`connector -- provision\`, then set DATAVERSE_PROVISIONED=true"
        return
      fi
      ;;
  esac
  echo "::error::broken: HTTP $status ${failing:-no answer of ours}"
  exit 1
}

cli
[ "${1:-}" = --cli ] && exit 0
host=$(az functionapp show --resource-group "$RESOURCE_GROUP" --name "$FUNCTION_NAME" --query properties.defaultHostName --output tsv)
# The first answers come from instances that are still starting, and an answer is kept for a minute.
for try in $(seq "${TRIES:-10}"); do
  answer=$(curl --silent --max-time 30 --write-out '\n%{http_code}' "${HEALTH_URL:-https://$host/api/health}" || true)
  status=${answer##*$'\n'} body=${answer%$'\n'*}
  if [ "$status" = 403 ] && from_inside; then exit 0; fi
  [ "$status" = 200 ] && break
  [ "$try" = "${TRIES:-10}" ] || sleep 10
done
judge "$status" "$body"
