// Made by `npm run rules` from parsers/rules/packs. Do not edit.
import type { CompiledRule } from './compiled-rule.ts';

export const compiledRules: readonly CompiledRule[] = [
  {
    id: '18f7c17b-65d4-4263-b9e2-587e84233989',
    name: 'Remote Management and Monitoring tool - TightVNC - File Signature',
    tactics: ['CommandAndControl'],
    techniques: ['T1219'],
    query:
      "let Time_start = now(-5d);\nlet Time_end = now();\n//\nDeviceFileCertificateInfo\n| where Timestamp between (Time_start..Time_end)\n| where Signer has 'glavsoft'\n| summarize FirstSeen=min(Timestamp), LastSeen=max(Timestamp), \n    Report=make_set(ReportId), Count=count() by DeviceId, DeviceName\n",
    digest: '503e30bf04c5ee6c280a324344b9d29d0c4b0acc925b32061975491ade3ee508',
    predicate: {
      kind: 'string-match',
      operator: 'has',
      negated: false,
      caseSensitive: false,
      value: {
        kind: 'column',
        name: 'Signer',
        type: 'string',
        span: {
          start: 135,
          length: 6,
        },
      },
      needles: [
        {
          kind: 'literal',
          literal: {
            type: 'string',
            value: 'glavsoft',
          },
          type: 'string',
          span: {
            start: 146,
            length: 10,
          },
        },
      ],
      type: 'bool',
      span: {
        start: 135,
        length: 21,
      },
    },
  },
];
