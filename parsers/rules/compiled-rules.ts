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
    facts: {
      tool: 'TightVNC',
      signers: ['GlavSoft LLC.', 'GlavSoft LLC', 'GLAVSOFT, OOO', 'GlavSoft OOO'],
      thumbprints: [
        '5c4a473c04fb874e2fbbe34416b671527f4edf57',
        'af05fc3d72412cd35de89738a04d1d9dd85b6c74',
        '3f09b5badda5dc08da370bbb6eca059325fd2e06',
        '015cfcec6cb2a8e01e5c6270f79b05c323bf469a',
        '22206709758eb1e3b17c6936cf4de630729a1252',
        '122924c013e2d5acb0198abb5a2e1dcdbe7ba168',
        '4d125bf09ede5bd690dc600a1d849087b7fcbc74',
      ],
      companyNames: ['GlavSoft LLC.', 'TightVNC Group'],
      productNames: ['TightVNC', 'TightVNC Win32 Viewer'],
      originalFileNames: [
        'tvnserver',
        'tvnserver.exe',
        'tvnviewer',
        'tvnviewer.exe',
        'screenhooks.dll',
        'hookldr.exe',
      ],
      fileNames: [
        'tvnserver.exe',
        'tvnviewer.exe',
        'screenhooks32.dll',
        'screenhooks64.dll',
        'hookldr.exe',
      ],
      sharedSigner: false,
      dualUse: false,
      sources: ['kql-filesig', 'summary-md', 'surveyor', 'lolrmm', 'files'],
      falsePositives:
        'Support desks and administrators who chose TightVNC; products that carry it inside under its own signature.',
    },
  },
];
