// What a parameter may be: limits are declared once, for both entry points.

@export()
@description('Tags.')
type resourceTags = {
  @description('Value of the tag.')
  *: string
}

@description('Owner team by organisation id of RDV-Solidarités.')
type ownerTeams = {
  @description('Id (GUID) of the team.')
  @minLength(36)
  @maxLength(36)
  *: string
}

@description('Organisation ids of RDV-Solidarités by source, that is by label of the webhook address.')
type sourceOrganisations = {
  @description('Organisations whose notifications come by that address.')
  @minLength(1)
  *: int[]
}

@export()
@description('Node.js of the runtime. 22 ends on 30 April 2027 (Microsoft Learn: "Supported languages in Azure Functions").')
type supportedNode = '24' | '22'

@export()
@description('Memory of an instance, in MB (Microsoft Learn: "Azure Functions Flex Consumption plan hosting", Instance sizes).')
type instanceMemory = 512 | 2048 | 4096

@export()
@description('Days that Log Analytics keeps interactive logs. The first 31 are included in the price of ingestion.')
@minValue(30)
@maxValue(730)
type logRetention = int

@export()
@description('Redundancy of the storage account: three copies in one place, or one copy in each of three zones.')
type redundancyKind = 'Standard_LRS' | 'Standard_ZRS'

@export()
@description('A setting that holds a secret, read from Key Vault.')
type secretSetting =
  | 'RDV_WEBHOOK_SECRET'
  | 'RDV_WEBHOOK_SECRET_PREVIOUS'
  | 'RDV_WEBHOOK_SECRETS'
  | 'SENDER_CLIENT_SECRET'

@export()
@sealed()
@description('Names that an organisation imposes. Absent ones are derived.')
type resourceNames = {
  @description('Managed identity.')
  @minLength(3)
  @maxLength(128)
  identity: string?

  @description('Storage account: lower-case letters and digits.')
  @minLength(3)
  @maxLength(24)
  storageAccount: string?

  @description('Key vault.')
  @minLength(3)
  @maxLength(24)
  keyVault: string?

  @description('Function app: part of its public address.')
  @minLength(2)
  @maxLength(59)
  functionApp: string?

  @description('Hosting plan.')
  @minLength(1)
  @maxLength(60)
  plan: string?

  @description('Log Analytics workspace.')
  @minLength(4)
  @maxLength(63)
  workspace: string?

  @description('Application Insights component.')
  @minLength(1)
  @maxLength(255)
  insights: string?

  @description('Virtual network.')
  @minLength(2)
  @maxLength(64)
  network: string?
}

@export()
@sealed()
@description('What the organisation gives in place of a network of our own, as resource ids. Absent: made here.')
type existingNetwork = {
  @description('Subnet for the application alone, /26 (a /27 limits how far it scales), delegated to Microsoft.App/environments, without “_” in its name.')
  applicationSubnetId: string?

  @description('Subnet of the private endpoints: four addresses.')
  endpointsSubnetId: string?

  @description('Resource group of the zones privatelink.blob, .queue, .table and .vaultcore, linked to the network there. With subnets only.')
  dnsZonesGroupId: string?

  @description('Whether a policy registers private endpoints: then no zone is made or touched. With subnets only.')
  dnsByPolicy: bool?
}

@export()
@sealed()
@description('Settings of the connector, by their own names (README, Settings). Absent ones keep the default of the application.')
type connectorSettings = {
  @description('What a destroyed RDV does to its appointment.')
  ON_RDV_DESTROYED: ('cancel' | 'delete')?

  @description('What an erasure under the GDPR does to the appointment.')
  ON_RGPD: ('anonymise' | 'keep' | 'delete')?

  @description('What happens to the contact of a usager who left every known organisation.')
  ON_USAGER_REMOVED: ('keep' | 'deactivate' | 'anonymise')?

  @description('What happens to a row that somebody deleted in Dynamics.')
  ON_DELETED_IN_DYNAMICS: ('keep-out' | 'recreate')?

  @description('Whether a usager seen for the first time is tied to the one contact that is certainly the same person.')
  MATCH_ON_CREATE: ('off' | 'certain')?

  @description('Owner team by organisation id of RDV-Solidarités.')
  OWNER_TEAMS: ownerTeams?

  @description('Id (GUID) of the team that owns what no other rule gives to somebody.')
  @minLength(36)
  @maxLength(36)
  DEFAULT_OWNER_TEAM: string?

  @description('Organisations of each source. A notification of another one goes to quarantine.')
  SOURCE_ORGANISATIONS: sourceOrganisations?

  @description('Whether notifications are written to Dynamics. With false they are held: see the first day.')
  WRITE_TO_DYNAMICS: ('true' | 'false')?

  @description('Whether the agent becomes the organizer of the appointment. Exchange then sends invitations.')
  AGENT_AS_ORGANIZER: ('true' | 'false')?

  @description('Whether the other agents of an RDV become required attendees of the appointment.')
  AGENTS_AS_ATTENDEES: ('true' | 'false')?

  @description('Whether rows say of each person who came: table rdvs_participation.')
  PARTICIPATIONS: ('true' | 'false')?

  @description('What happens to absences and plages of an agent who is no user of Dynamics.')
  UNKNOWN_AGENT: ('team' | 'ignore')?

  @description('Whether people with the role “Suivi RDV-Solidarités” get an in-app notification of new incidents.')
  NOTIFY_IN_DYNAMICS: ('true' | 'false')?

  @description('Weeks back that recurring absences and plages show.')
  @minValue(0)
  @maxValue(8)
  CALENDAR_WEEKS_PAST: int?

  @description('Weeks ahead that recurring absences and plages show.')
  @minValue(1)
  @maxValue(38)
  CALENDAR_WEEKS_AHEAD: int?

  @description('Address of RDV-Solidarités, for links to RDV.')
  @minLength(9)
  RDV_SOLIDARITES_URL: string?

  @description('Instance of RDV-Solidarités whose API is read: RDV_SOLIDARITES_URL when absent.')
  @minLength(9)
  SENDER_URL: string?

  @description('Id of the OAuth application that the RDV team registered.')
  @minLength(1)
  SENDER_CLIENT_ID: string?

  @description('Time for one exchange with RDV-Solidarités, in seconds.')
  @minValue(5)
  @maxValue(90)
  SENDER_TIMEOUT_SECONDS: int?

  @description('Requests a minute to RDV-Solidarités, at most.')
  @minValue(1)
  @maxValue(600)
  BACKFILL_PACE: int?

  @description('Subject of appointments: {motif} when absent. Also {usagers}, {initiales}, {organisation}.')
  RDV_SUBJECT: string?

  @description('When the nightly comparison with RDV-Solidarités begins, by the clock of Paris, or off: 04:30 when absent.')
  @minLength(3)
  @maxLength(5)
  RECONCILE_AT: string?

  @description('Longer bodies are refused, in bytes: 2,000,000 when absent. The limit of the host follows.')
  @minValue(1000)
  @maxValue(100000000)
  MAX_BODY_BYTES: int?

  @description('Time for one exchange with Dataverse, in seconds.')
  @minValue(5)
  @maxValue(90)
  DATAVERSE_TIMEOUT_SECONDS: int?

  @description('Delay before a failed notification is tried again the first time, in seconds; it doubles after each failure.')
  @minValue(1)
  @maxValue(3600)
  RETRY_DELAY_SECONDS: int?

  @description('Exchanges with Dataverse at the same time, per process.')
  @minValue(1)
  @maxValue(52)
  DATAVERSE_CONCURRENCY: int?

  @description('The same, in processes that apply what was read at the API of the sender.')
  @minValue(1)
  @maxValue(52)
  SNAPSHOT_CONCURRENCY: int?
}
