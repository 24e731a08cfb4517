// Rules of parameters that types cannot express. `fail` stops the deployment at its validation, before anything is
// created.
import { existingNetwork, redundancyKind } from 'types.bicep'

@export()
@description('A name that resources can carry, or a failure.')
func shortName(value string) string =>
  length(filter(
      range(0, length(value)),
      i => !contains('abcdefghijklmnopqrstuvwxyz0123456789-', substring(value, i, 1))
    )) == 0
    ? value
    : fail('environmentName: expected lower-case letters, digits and hyphens, such as prod')

@export()
@description('The address of a Dataverse environment, or a failure. Sovereign clouds have other domains: extend the list.')
func dataverseAddress(value string) string =>
  startsWith(value, 'https://') && contains(value, '.dynamics.com') && !contains(value, ' ')
    ? value
    : fail('dataverseUrl: expected the address of the environment, such as https://contoso.crm12.dynamics.com')

@export()
@description('E-mail addresses, or a failure.')
func emailAddresses(values string[]) string[] =>
  length(filter(values, value => !contains(value, '@'))) == 0 ? values : fail('alertEmails: expected e-mail addresses')

@export()
@description('IPv4 ranges, or a failure.')
func ipRanges(values string[]) string[] =>
  length(filter(values, value => !contains(value, '/') || parseCidr(value).cidr > 32)) == 0
    ? values
    : fail('allowedSourceCidrs: expected IPv4 ranges, such as 192.0.2.0/24')

@export()
@description('A retention in days, or a failure when a notification may still need the data.')
func retentionAfter(days int, maxAgeDays int, name string) int =>
  days > maxAgeDays ? days : fail('${name}: expected more than maxAgeDays (${maxAgeDays})')

@export()
@description('Whether the network is private, or a failure when something is asked for that only a private one has.')
func privateNetwork(private bool, fixedEgress bool, existing existingNetwork) bool =>
  private
    ? true
    : fixedEgress
        ? fail('enableFixedEgress: expected enablePrivateNetworking too')
        : empty(existing) ? false : fail('existingNetworkParts: expected enablePrivateNetworking too')

@export()
@description('A range that holds both subnets, or a failure.')
func networkRange(range string) string =>
  contains(range, '/') && parseCidr(range).cidr <= 25
    ? range
    : fail('vnetAddressPrefix: expected a range of /25 or larger, such as 10.40.0.0/24')

@export()
@description('What the organisation gives, or a failure when a part of it is missing or contradicts another.')
func wholeNetwork(existing existingNetwork, fixedEgress bool) existingNetwork =>
  empty(existing.?applicationSubnetId) != empty(existing.?endpointsSubnetId)
    ? fail('existingNetworkParts: expected applicationSubnetId and endpointsSubnetId, both or neither')
    : fixedEgress && !empty(existing.?applicationSubnetId)
        ? fail('enableFixedEgress: expected no existing subnet, which has its own way out')
        : !empty(existing.?dnsZonesGroupId) && (existing.?dnsByPolicy ?? false)
            ? fail('existingNetworkParts: expected dnsZonesGroupId or dnsByPolicy, not both')
            : empty(existing.?applicationSubnetId) && (!empty(existing.?dnsZonesGroupId) || (existing.?dnsByPolicy ?? false))
                ? fail('existingNetworkParts: expected subnets too, because others cannot link zones to a network made here')
                : existing

@export()
@description('Whether instances are spread over zones, or a failure: they would all wait for a storage of one zone.')
func spreadOverZones(zoneRedundant bool, redundancy redundancyKind) bool =>
  zoneRedundant && redundancy != 'Standard_ZRS'
    ? fail('zoneRedundant: expected storageRedundancy Standard_ZRS too')
    : zoneRedundant

@export()
@description('A date that a budget can start on, or a failure.')
func firstOfMonth(value string) string =>
  empty(value) || endsWith(value, '-01')
    ? value
    : fail('budgetStartDate: expected the first day of the current month, such as 2026-12-01')

@export()
@description('A secret, or a failure: a shorter one can be found by trying, and the application never uses it.')
func longSecret(value string, name string) string =>
  length(trim(value)) >= 16 ? value : fail('${name}: expected the secret itself, 16 characters or more')

@export()
@description('Secrets per source, one or several each, as JSON, or a failure.')
func longSecrets(perSource string, name string) string =>
  empty(filter(flatten(map(items(json(perSource)), source => array(source.value))), secret => length(trim(secret)) < 16))
    ? string(json(perSource))
    : fail('${name}: expected the secrets themselves, 16 characters or more each')
