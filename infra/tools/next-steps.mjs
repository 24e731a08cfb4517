// Printed after `azd provision`: what remains to be done, with the names of this deployment. Plain JavaScript, so that
// any Node runs it.
const {
  AZURE_RESOURCE_GROUP: group,
  AZURE_FUNCTION_NAME: app,
  AZURE_KEY_VAULT_NAME: vault,
  WEBHOOK_SECRET_NAME: secret,
  DATAVERSE_APP_USER_CLIENT_ID: clientId,
  DATAVERSE_URL: dataverse,
  WEBHOOK_URL: webhook,
  HEALTH_URL: health,
} = process.env;

console.log(`
Remains to be done (docs/deploiement.md, docs/deployment.md):

1. The secret shared with RDV-Solidarités. Given as WEBHOOK_SECRET, the vault has it. Else set one, and let the
   application read it again (a restart alone does not):
     az keyvault secret set --vault-name ${vault} --name ${secret} --value "$SECRET" --output none
     az rest --method post --url "$(az functionapp show --resource-group ${group} --name ${app} --query id -o tsv)/config/configreferences/appsettings/refresh?api-version=2022-03-01"
     az functionapp restart --resource-group ${group} --name ${app}
2. Tables and role in Dataverse, then the application user, by an administrator of Dynamics:
     DATAVERSE_URL=${dataverse} npm run connector -- provision
     pac admin assign-user --environment ${dataverse} --user ${clientId} --role "Connecteur RDV-Solidarités" --application-user
3. When the code is deployed (azd deploys it now, or: azd deploy), the health check:
     ${health}
4. The webhook, on the side of RDV-Solidarités:
     ${webhook}
`);
