// A département in production. Replace the address of Dataverse, the e-mail and the date of the budget.
using '../main.bicep'

param environmentName = 'prod'
param location = 'francecentral'
param dataverseUrl = 'https://contoso.crm12.dynamics.com'
param alwaysReadyHttpInstances = 1
param storageRedundancy = 'Standard_ZRS'
param alertEmails = ['exploitation@example.org']
param logDailyCapGb = 5
param purgeProtection = true
// Locks need the role Owner or User Access Administrator, which the guide does not ask for. Who has it sets true.
param enableLocks = false
param monthlyBudget = 50
param budgetStartDate = '2026-12-01'
