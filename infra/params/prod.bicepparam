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
param enableLocks = true
param monthlyBudget = 50
param budgetStartDate = '2026-12-01'
