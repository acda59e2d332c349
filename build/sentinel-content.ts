/**
 * `npm run sentinel`: writes the deployable files of docs/sentinel from parsers/record/columns.ts and the KQL beside them. A test
 * compares them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ColumnType, recordColumns } from '../parsers/record/columns.ts';

export const sentinelFolder = path.join(import.meta.dirname, '../docs/sentinel');

/** The table of a Log Analytics workspace that takes the agents' records. */
export const AGENT_TABLE = 'DeviceFileCertificateAgent_CL';
/** The saved function that gives both tables as one. */
export const UNION_FUNCTION = 'DeviceFileCertificateAll';

/** The name of a column's type in tables and streams. Source: Azure Monitor, "Structure of a data collection rule". */
const AZURE_TYPES: Record<ColumnType, string> = {
  string: 'string',
  bool: 'boolean',
  datetime: 'datetime',
  long: 'long',
  dynamic: 'dynamic',
};

/** Every table must have it. Records have Timestamp alone; the rule copies it. */
const TIME_GENERATED = {
  name: 'TimeGenerated',
  type: 'datetime',
  description: 'Timestamp; the time of ingestion where that was more than two days earlier',
};

/** Text of each file that is made, by its name. */
export function sentinelFiles(): Record<string, string> {
  const query = readFileSync(path.join(sentinelFolder, `${UNION_FUNCTION}.kql`), 'utf8');
  const files = {
    'table.json': tableTemplate(),
    'data-collection-rule.json': ruleTemplate(),
    'function.json': functionTemplate(query),
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]),
  );
}

/** Source: Azure template reference, "Microsoft.OperationalInsights workspaces/tables". */
function tableTemplate() {
  const columns = Object.entries(recordColumns).map(([name, { type, doc }]) => ({
    name,
    type: AZURE_TYPES[type],
    description: doc,
  }));
  return template(
    {
      workspaceName: { type: 'string' },
      retentionInDays: { type: 'int', defaultValue: 90, minValue: 4, maxValue: 730 },
    },
    {
      type: 'Microsoft.OperationalInsights/workspaces/tables',
      apiVersion: '2022-10-01',
      name: `[concat(parameters('workspaceName'), '/${AGENT_TABLE}')]`,
      properties: {
        plan: 'Analytics',
        retentionInDays: "[parameters('retentionInDays')]",
        schema: { name: AGENT_TABLE, columns: [TIME_GENERATED, ...columns] },
      },
    },
  );
}

/** Source: Azure Monitor, "Structure of a data collection rule", kind Direct; "Logs Ingestion API". */
function ruleTemplate() {
  const stream = `Custom-${AGENT_TABLE}`;
  const columns = Object.entries(recordColumns).map(([name, { type }]) => ({
    name,
    type: AZURE_TYPES[type],
  }));
  const name = "parameters('ruleName')";
  const rule = `reference(resourceId('Microsoft.Insights/dataCollectionRules', ${name}), '2023-03-11')`;
  return template(
    {
      ruleName: { type: 'string', defaultValue: 'certsweep-records' },
      location: { type: 'string', defaultValue: '[resourceGroup().location]' },
      workspaceResourceId: { type: 'string' },
    },
    {
      type: 'Microsoft.Insights/dataCollectionRules',
      apiVersion: '2023-03-11',
      name: `[${name}]`,
      location: "[parameters('location')]",
      kind: 'Direct',
      properties: {
        streamDeclarations: { [stream]: { columns } },
        destinations: {
          logAnalytics: [
            { name: 'workspace', workspaceResourceId: "[parameters('workspaceResourceId')]" },
          ],
        },
        dataFlows: [
          {
            streams: [stream],
            destinations: ['workspace'],
            transformKql: 'source | extend TimeGenerated = Timestamp',
            outputStream: stream,
          },
        ],
      },
    },
    {
      immutableId: { type: 'string', value: `[${rule}.immutableId]` },
      logsIngestionUrl: { type: 'string', value: `[${rule}.endpoints.logsIngestion]` },
    },
  );
}

/** Source: Azure template reference, "Microsoft.OperationalInsights workspaces/savedSearches". */
function functionTemplate(query: string) {
  return template(
    { workspaceName: { type: 'string' } },
    {
      type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
      apiVersion: '2020-08-01',
      name: `[concat(parameters('workspaceName'), '/${UNION_FUNCTION}')]`,
      properties: {
        category: 'certsweep',
        displayName: UNION_FUNCTION,
        functionAlias: UNION_FUNCTION,
        query,
        version: 2,
      },
    },
  );
}

function template(parameters: object, resource: object, outputs?: object) {
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters,
    resources: [resource],
    ...(outputs && { outputs }),
  };
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(sentinelFiles())) {
    writeFileSync(path.join(sentinelFolder, name), text);
    console.log(`made docs/sentinel/${name}`);
  }
}
