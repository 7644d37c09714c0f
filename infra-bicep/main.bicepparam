using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'serverlessrec')
param location = readEnvironmentVariable('AZURE_LOCATION', 'westeurope')
param principalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
