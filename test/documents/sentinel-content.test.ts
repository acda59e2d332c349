import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  AGENT_TABLE,
  sentinelFiles,
  sentinelFolder,
  UNION_FUNCTION,
} from '../../build/sentinel-content.ts';
import type { Kusto } from '../../parsers/kql/load-kusto.ts';
import {
  canonicalColumns,
  recordColumns,
  type TableColumns,
} from '../../parsers/record/columns.ts';
import { parseRule } from '../../parsers/rules/parse-rule.ts';
import { kustoWith } from '../kusto-sources.ts';

const time = { type: 'datetime', doc: '' } as const;
const text = { type: 'string', doc: '' } as const;
/** As Azure Monitor has Defender's table: its 18 columns and those of every table there. */
const DEFENDER: TableColumns = {
  ...canonicalColumns,
  ...{ TimeGenerated: time, MachineGroup: text, SourceSystem: text, TenantId: text, Type: text },
};
const AGENT: TableColumns = { ...recordColumns, TimeGenerated: time, TenantId: text, Type: text };

const workspace = { DeviceFileCertificateInfo: DEFENDER, [AGENT_TABLE]: AGENT };
const loaded = kustoWith(workspace);
const union = read(`${UNION_FUNCTION}.kql`);
const rules = ['hunting', 'analytic'].flatMap((folder) =>
  readdirSync(path.join(sentinelFolder, folder)).map((file) => `${folder}/${file}`),
);

function read(file: string): string {
  return readFileSync(path.join(sentinelFolder, file), 'utf8');
}

/** What Microsoft's analysis says of a query in the workspace: complaints, and the columns of the answer. */
function analyse(query: string, kusto = loaded) {
  const code = kusto.analyze(kusto.parse(query));
  const found = code.GetDiagnostics();
  const complaints = Array.from({ length: found.Count }, (_, index) => found.getItem(index)).map(
    ({ Code, Message, Start }) => `${Code} at ${Start}: ${Message}`,
  );
  return { complaints, columns: lastColumns(code.Syntax) };
}

const withUnion = (query: string) => `let ${UNION_FUNCTION} = () {\n${union}};\n${query}`;

/** Name to type of the last expression's columns. */
function lastColumns(node: ReturnType<Kusto['parse']>['Syntax']): Record<string, string> {
  for (let index = node.ChildCount - 1; index >= 0; index -= 1) {
    const child = node.GetChild(index);
    const columns = child?.ResultType?.Columns;
    if (columns)
      return Object.fromEntries(
        Array.from({ length: columns.Count }, (_, at) => columns.getItem(at)).map(
          ({ Name, Type }) => [Name, Type.Name],
        ),
      );
    const below = child ? lastColumns(child) : {};
    if (Object.keys(below).length > 0) return below;
  }
  return {};
}

test.each(Object.entries(sentinelFiles()))(
  'docs/sentinel/%s is what `npm run sentinel` writes',
  (file, made) => {
    expect(read(file)).toBe(made);
  },
);

describe('the KQL, by the analysis of Microsoft', () => {
  test('the function is sound, and has every column of DeviceFileCertificateInfo by name and type', () => {
    const { complaints, columns } = analyse(union);
    expect(complaints).toEqual([]);
    const types = Object.entries(canonicalColumns).map(([name, { type }]) => [name, type]);
    expect(columns).toMatchObject(Object.fromEntries(types));
    expect(columns).toMatchObject({ Source: 'string', RecordId: 'string', Rules: 'dynamic' });
  });

  test.each([
    { name: 'a column that is not there', query: `${UNION_FUNCTION} | where Singer has 'x'` },
    { name: 'a table that is not there', query: 'DeviceFileCertificate_CL | count' },
    { name: 'a text where a time belongs', query: `${UNION_FUNCTION} | where Timestamp has 'x'` },
  ])('would not let $name pass', ({ query }) => {
    expect(analyse(withUnion(query)).complaints).not.toEqual([]);
  });

  test.each(rules)('%s is sound, and its entities are columns of the answer', (file) => {
    const { complaints, columns } = analyse(withUnion(parseRule(read(file), file).rule.query));
    expect(complaints).toEqual([]);
    const { entityMappings } = parse(read(file));
    const mapped = entityMappings.flatMap(
      ({ fieldMappings }: { fieldMappings: { columnName: string }[] }) =>
        fieldMappings.map(({ columnName }) => columns[columnName]),
    );
    expect(mapped).toEqual(['string', 'string', 'string', 'string']);
  });

  test('the transformation of the rule gives the columns of the table', () => {
    const { resources } = JSON.parse(read('data-collection-rule.json'));
    const { streamDeclarations, dataFlows } = resources[0].properties;
    const [flow] = dataFlows;
    const stream = streamDeclarations[flow.streams[0]].columns as { name: string; type: string }[];
    const declared = Object.fromEntries(
      stream.map(({ name, type }) => [name, { type: type === 'boolean' ? 'bool' : type, doc: '' }]),
    ) as TableColumns;
    const { complaints, columns } = analyse(flow.transformKql, kustoWith({ source: declared }));
    expect(complaints).toEqual([]);
    const table = JSON.parse(read('table.json')).resources[0].properties.schema.columns;
    const asKql = (type: string) => (type === 'boolean' ? 'bool' : type);
    expect(columns).toEqual(
      Object.fromEntries(
        table.map(({ name, type }: { name: string; type: string }) => [name, asKql(type)]),
      ),
    );
  });
});

describe('the rules', () => {
  test('have ids of their own', () => {
    const ids = rules.map((file) => parseRule(read(file), file).rule.id);
    expect(new Set(ids).size).toBe(rules.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  });

  test.each(rules)('%s is in the form of Azure-Sentinel, without repairs', (file) => {
    const { rule, repairs } = parseRule(read(file), file);
    expect(repairs).toEqual([]);
    expect(rule.kind).toBe(file.split('/')[0]);
    const yaml = parse(read(file));
    expect(yaml).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    for (const technique of rule.techniques) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/);
    expect(yaml.entityMappings).toEqual([
      mapping('Host', [
        ['HostName', 'HostName'],
        ['DnsDomain', 'DnsDomain'],
      ]),
      mapping('FileHash', [
        ['Algorithm', 'HashAlgorithm'],
        ['Value', 'SHA1'],
      ]),
    ]);
  });

  test.each(rules.filter((file) => file.startsWith('analytic/')))(
    '%s says how often it runs, over what, and when it alerts',
    (file) => {
      const { severity, queryFrequency, queryPeriod, triggerOperator, triggerThreshold, kind } =
        parse(read(file));
      expect({ triggerOperator, triggerThreshold, kind }).toEqual({
        triggerOperator: 'gt',
        triggerThreshold: 0,
        kind: 'Scheduled',
      });
      expect(['Informational', 'Low', 'Medium', 'High']).toContain(severity);
      // The query looks for what came since the last run.
      expect(read(file)).toContain(`> ago(${queryFrequency})`);
      expect(queryPeriod).toBe('14d'); // the longest that Sentinel allows
    },
  );
});

describe('the templates', () => {
  test('name columns as a custom table allows', () => {
    const { schema } = JSON.parse(read('table.json')).resources[0].properties;
    expect(schema.name).toMatch(/^[A-Za-z][A-Za-z0-9_]{1,60}_CL$/);
    for (const { name, type } of schema.columns) {
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,44}$/);
      expect(['TenantId', 'Type', 'UniqueId', 'Title', 'id']).not.toContain(name);
      expect(['string', 'boolean', 'datetime', 'long', 'dynamic']).toContain(type);
    }
  });

  test.each(Object.keys(sentinelFiles()))(
    '%s refers only to its own parameters, and uses each',
    (file) => {
      const made = JSON.parse(read(file));
      const uses = [...read(file).matchAll(/parameters\('(\w+)'\)/g)].map(([, name]) => name);
      expect([...new Set(uses)].sort()).toEqual(Object.keys(made.parameters).sort());
    },
  );

  test('the stream of the rule goes into the table, by a workspace that is declared', () => {
    const { properties } = JSON.parse(read('data-collection-rule.json')).resources[0];
    expect(properties.dataFlows).toMatchObject([
      { streams: [`Custom-${AGENT_TABLE}`], outputStream: `Custom-${AGENT_TABLE}` },
    ]);
    expect(Object.keys(properties.streamDeclarations)).toEqual(properties.dataFlows[0].streams);
    expect(properties.destinations.logAnalytics.map(({ name }: { name: string }) => name)).toEqual(
      properties.dataFlows[0].destinations,
    );
  });
});

function mapping(entityType: string, fields: readonly [string, string][]) {
  const fieldMappings = fields.map(([identifier, columnName]) => ({ identifier, columnName }));
  return { entityType, fieldMappings };
}
