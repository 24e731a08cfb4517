// As prod, with storage and vault in a virtual network, one fixed outgoing address, and the known senders only.
using '../main.bicep'

param environmentName = 'prod'
param location = 'francecentral'
param dataverseUrl = 'https://contoso.crm12.dynamics.com'
param alwaysReadyHttpInstances = 1
param storageRedundancy = 'Standard_ZRS'
param alertEmails = ['exploitation@example.org']
param logDailyCapGb = 5
param purgeProtection = true
// Who deploys this needs Owner, or User Access Administrator beside Contributor: locks ask for it.
param enableLocks = true
param monthlyBudget = 50
param budgetStartDate = '2026-12-01'
param enablePrivateNetworking = true
param enableFixedEgress = true
param vnetAddressPrefix = '10.40.0.0/24'
// Egress of osc-secnum-fr1, where RDV-Solidarités runs: check it with `dig egress.osc-secnum-fr1.scalingo.com`.
param allowedSourceCidrs = ['148.253.96.190/32']
