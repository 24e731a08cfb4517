// What `$metadata` says of the functions and actions that are served. Microsoft Learn, Web API function and action reference.
// One without a signature here is declared by its name alone.

/** Parameters and results by name, in types of CSDL. */
interface Signature {
  readonly takes?: Readonly<Record<string, string>>;
  readonly gives?: Readonly<Record<string, string>>;
}

const LANGUAGES = 'Collection(Edm.Int32)';
const ENTITY = 'mscrm.crmbaseentity';

const CHOICE = { OptionSetName: 'Edm.String', AttributeLogicalName: 'Edm.String', EntityLogicalName: 'Edm.String' };
const OPTION = { ...CHOICE, Value: 'Edm.Int32', Label: 'mscrm.Label', SolutionUniqueName: 'Edm.String' };

const SIGNATURES: Readonly<Record<string, Signature>> = {
  WhoAmI: { gives: { BusinessUnitId: 'Edm.Guid', UserId: 'Edm.Guid', OrganizationId: 'Edm.Guid' } },
  RetrieveVersion: { gives: { Version: 'Edm.String' } },
  RetrieveProvisionedLanguages: { gives: { RetrieveProvisionedLanguages: LANGUAGES } },
  RetrieveAvailableLanguages: { gives: { LocaleIds: LANGUAGES } },
  RetrieveInstalledLanguagePacks: { gives: { RetrieveInstalledLanguagePacks: LANGUAGES } },
  RetrieveRolePrivilegesRole: {
    takes: { RoleId: 'Edm.Guid' },
    gives: { RolePrivileges: 'Collection(mscrm.RolePrivilege)' },
  },
  AddAppComponents: { takes: { AppId: 'Edm.Guid', Components: `Collection(${ENTITY})` } },
  RemoveAppComponents: { takes: { AppId: 'Edm.Guid', Components: `Collection(${ENTITY})` } },
  RetrieveAppComponents: {
    takes: { AppModuleId: 'Edm.Guid' },
    gives: { AppComponents: `Collection(${ENTITY})` },
  },
  RetrieveDependenciesForDelete: {
    takes: { ObjectId: 'Edm.Guid', ComponentType: 'Edm.Int32' },
    gives: { EntityCollection: `Collection(${ENTITY})` },
  },
  ValidateApp: { takes: { AppModuleId: 'Edm.Guid' }, gives: { AppValidationResponse: 'mscrm.AppValidationResponse' } },
  CreateEntities: { takes: { Entities: `Collection(${ENTITY})` }, gives: { EntityIds: 'Collection(Edm.Guid)' } },
  InsertOptionValue: { takes: OPTION, gives: { NewOptionValue: 'Edm.Int32' } },
  UpdateOptionValue: { takes: { ...OPTION, MergeLabels: 'Edm.Boolean' } },
  Merge: {
    takes: { Target: ENTITY, Subordinate: ENTITY, UpdateContent: ENTITY, PerformParentingChecks: 'Edm.Boolean' },
  },
  SetLocLabels: {
    takes: { EntityMoniker: ENTITY, AttributeName: 'Edm.String', Labels: 'Collection(mscrm.LocalizedLabel)' },
  },
  PublishDuplicateRule: { takes: { DuplicateRuleId: 'Edm.Guid' }, gives: { JobId: 'Edm.Guid' } },
  UnpublishDuplicateRule: { takes: { DuplicateRuleId: 'Edm.Guid' } },
  PublishXml: { takes: { ParameterXml: 'Edm.String' } },
  AddSolutionComponent: {
    takes: {
      ComponentId: 'Edm.Guid',
      ComponentType: 'Edm.Int32',
      SolutionUniqueName: 'Edm.String',
      AddRequiredComponents: 'Edm.Boolean',
      DoNotIncludeSubcomponents: 'Edm.Boolean',
      IncludedComponentSettingsValues: 'Collection(Edm.String)',
    },
    gives: { id: 'Edm.Guid' },
  },
};

/** Complex types that signatures name. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LocalizedLabel: { Label: 'Edm.String', LanguageCode: 'Edm.Int32', IsManaged: 'Edm.Boolean', MetadataId: 'Edm.Guid' },
  Label: { LocalizedLabels: 'Collection(mscrm.LocalizedLabel)', UserLocalizedLabel: 'mscrm.LocalizedLabel' },
  AppValidationResponse: {
    ValidationSuccess: 'Edm.Boolean',
    ValidationIssueList: 'Collection(mscrm.ValidationIssue)',
  },
  ValidationIssue: { ErrorType: 'Edm.String', Message: 'Edm.String', CRMErrorCode: 'Edm.Int32' },
  RolePrivilege: {
    Depth: 'Edm.String',
    PrivilegeId: 'Edm.Guid',
    BusinessUnitId: 'Edm.Guid',
    PrivilegeName: 'Edm.String',
  },
};

/** Bound to a role. */
const ROLE_ACTIONS = ['AddPrivilegesRole', 'ReplacePrivilegesRole'];

const BULK = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'];

export interface Served {
  readonly functions: readonly string[];
  readonly actions: readonly string[];
  /** Logical names of the tables that take bulk messages. */
  readonly bulkTables: readonly string[];
}

/** The elements that stand in the schema. */
export function declarations({ functions, actions, bulkTables }: Served): string {
  const all = [...functions, ...actions];
  const results = all.flatMap((name) => {
    const gives = SIGNATURES[name]?.gives;
    return gives === undefined ? [] : [complexType(`${name}Response`, gives)];
  });
  const role = ROLE_ACTIONS.map((name) =>
    bound(name, { entity: 'mscrm.role', Privileges: 'Collection(mscrm.RolePrivilege)' }),
  );
  const bulk = bulkTables.flatMap((table) =>
    BULK.map((name) => bound(name, { entityset: `Collection(mscrm.${table})`, Targets: `Collection(mscrm.${table})` })),
  );
  return [
    '<EntityType Name="crmbaseentity" Abstract="true"/>',
    ...Object.entries(TYPES).map(([name, properties]) => complexType(name, properties)),
    ...results,
    ...functions.map((name) => operation('Function', name)),
    ...actions.map((name) => operation('Action', name)),
    ...role,
    ...bulk,
  ].join('\n');
}

/** The elements that stand in the container. */
export function imports({ functions, actions }: Served): string {
  const element = (kind: string) => (name: string) =>
    `<${kind}Import Name="${name}" ${kind}="Microsoft.Dynamics.CRM.${name}"/>`;
  return [...functions.map(element('Function')), ...actions.map(element('Action'))].join('');
}

function complexType(name: string, properties: Readonly<Record<string, string>>): string {
  return `<ComplexType Name="${name}">${elements('Property', properties)}</ComplexType>`;
}

function elements(element: string, types: Readonly<Record<string, string>>): string {
  return Object.entries(types)
    .map(([name, type]) => `<${element} Name="${name}" Type="${type}"/>`)
    .join('');
}

function operation(kind: 'Function' | 'Action', name: string): string {
  const { takes = {}, gives } = SIGNATURES[name] ?? {};
  const result = gives === undefined ? '' : `<ReturnType Type="mscrm.${name}Response" Nullable="false"/>`;
  return `<${kind} Name="${name}">${elements('Parameter', takes)}${result}</${kind}>`;
}

function bound(name: string, takes: Readonly<Record<string, string>>): string {
  return `<Action Name="${name}" IsBound="true">${elements('Parameter', takes)}</Action>`;
}
