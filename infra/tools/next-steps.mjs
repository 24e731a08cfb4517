// Printed after `azd provision`: what remains to be done, with the names of this deployment. Plain JavaScript, so that
// any Node runs it.
const {
  AZURE_KEY_VAULT_NAME: vault,
  WEBHOOK_SECRET_NAME: secret,
  DATAVERSE_APP_USER_CLIENT_ID: clientId,
  DATAVERSE_URL: dataverse,
  WEBHOOK_URL: webhook,
  HEALTH_URL: health,
} = process.env;

console.log(`
Remains to be done (docs/deploiement.md, docs/deployment.md):

1. The secret shared with RDV-Solidarités:
     az keyvault secret set --vault-name ${vault} --name ${secret} --value "$(openssl rand -hex 32)" --output none
2. Tables and role in Dataverse, then the application user, by an administrator of Dynamics:
     DATAVERSE_URL=${dataverse} npm run connector -- provision
     pac admin assign-user --environment ${dataverse} --user ${clientId} --role "Connecteur RDV-Solidarités" --application-user
3. When the code is deployed (azd deploys it now, or: azd deploy), the health check:
     ${health}
4. The webhook, on the side of RDV-Solidarités:
     ${webhook}
`);
