// For trying things out: cheapest, removable at once, nobody is woken up.
// az deployment sub create -l francecentral -f infra/main.bicep -p infra/params/dev.bicepparam -p dataverseUrl=…
using '../main.bicep'

param environmentName = 'dev'
param location = 'francecentral'
param dataverseUrl = 'https://contoso-dev.crm12.dynamics.com'
param storageRedundancy = 'Standard_LRS'
param logDailyCapGb = 1
param bodyRetentionDays = 8
param quarantineRetentionDays = 14
param blobSoftDeleteDays = 1
param purgeProtection = false
