// Made by `npm run rules` from parsers/rules/packs. Do not edit.
import type { CompiledPlan } from './compiled-plan.ts';

export const compiledPlans: readonly CompiledPlan[] = [
  {
    query:
      "let Time_start = now(-5d);\nlet Time_end = now();\n//\nDeviceFileCertificateInfo\n| where Timestamp between (Time_start..Time_end)\n| where Signer has 'glavsoft'\n| summarize FirstSeen=min(Timestamp), LastSeen=max(Timestamp), \n    Report=make_set(ReportId), Count=count() by DeviceId, DeviceName\n",
    plan: {
      version: 2,
      root: {
        kind: 'summarize',
        input: {
          kind: 'where',
          input: {
            kind: 'where',
            input: {
              kind: 'table',
              table: 'DeviceFileCertificateInfo',
              columns: [
                {
                  name: 'Timestamp',
                  type: 'datetime',
                },
                {
                  name: 'DeviceId',
                  type: 'string',
                },
                {
                  name: 'DeviceName',
                  type: 'string',
                },
                {
                  name: 'SHA1',
                  type: 'string',
                },
                {
                  name: 'IsSigned',
                  type: 'bool',
                },
                {
                  name: 'SignatureType',
                  type: 'string',
                },
                {
                  name: 'Signer',
                  type: 'string',
                },
                {
                  name: 'SignerHash',
                  type: 'string',
                },
                {
                  name: 'Issuer',
                  type: 'string',
                },
                {
                  name: 'IssuerHash',
                  type: 'string',
                },
                {
                  name: 'CertificateSerialNumber',
                  type: 'string',
                },
                {
                  name: 'CrlDistributionPointUrls',
                  type: 'string',
                },
                {
                  name: 'CertificateCreationTime',
                  type: 'datetime',
                },
                {
                  name: 'CertificateExpirationTime',
                  type: 'datetime',
                },
                {
                  name: 'CertificateCountersignatureTime',
                  type: 'datetime',
                },
                {
                  name: 'IsTrusted',
                  type: 'bool',
                },
                {
                  name: 'IsRootSignerMicrosoft',
                  type: 'bool',
                },
                {
                  name: 'ReportId',
                  type: 'long',
                },
                {
                  name: 'TimeGenerated',
                  type: 'datetime',
                },
              ],
              span: {
                start: 52,
                length: 25,
              },
            },
            predicate: {
              kind: 'between',
              negated: false,
              value: {
                kind: 'column',
                name: 'Timestamp',
                type: 'datetime',
                span: {
                  start: 86,
                  length: 9,
                },
              },
              low: {
                kind: 'call',
                name: 'now',
                args: [
                  {
                    kind: 'literal',
                    literal: {
                      type: 'timespan',
                      value: '-4320000000000',
                    },
                    type: 'timespan',
                    span: {
                      start: 21,
                      length: 3,
                    },
                  },
                ],
                type: 'datetime',
                span: {
                  start: 17,
                  length: 8,
                },
              },
              high: {
                kind: 'call',
                name: 'now',
                args: [],
                type: 'datetime',
                span: {
                  start: 42,
                  length: 5,
                },
              },
              type: 'bool',
              span: {
                start: 86,
                length: 40,
              },
            },
            columns: [
              {
                name: 'Timestamp',
                type: 'datetime',
              },
              {
                name: 'DeviceId',
                type: 'string',
              },
              {
                name: 'DeviceName',
                type: 'string',
              },
              {
                name: 'SHA1',
                type: 'string',
              },
              {
                name: 'IsSigned',
                type: 'bool',
              },
              {
                name: 'SignatureType',
                type: 'string',
              },
              {
                name: 'Signer',
                type: 'string',
              },
              {
                name: 'SignerHash',
                type: 'string',
              },
              {
                name: 'Issuer',
                type: 'string',
              },
              {
                name: 'IssuerHash',
                type: 'string',
              },
              {
                name: 'CertificateSerialNumber',
                type: 'string',
              },
              {
                name: 'CrlDistributionPointUrls',
                type: 'string',
              },
              {
                name: 'CertificateCreationTime',
                type: 'datetime',
              },
              {
                name: 'CertificateExpirationTime',
                type: 'datetime',
              },
              {
                name: 'CertificateCountersignatureTime',
                type: 'datetime',
              },
              {
                name: 'IsTrusted',
                type: 'bool',
              },
              {
                name: 'IsRootSignerMicrosoft',
                type: 'bool',
              },
              {
                name: 'ReportId',
                type: 'long',
              },
              {
                name: 'TimeGenerated',
                type: 'datetime',
              },
            ],
            span: {
              start: 80,
              length: 46,
            },
          },
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
          columns: [
            {
              name: 'Timestamp',
              type: 'datetime',
            },
            {
              name: 'DeviceId',
              type: 'string',
            },
            {
              name: 'DeviceName',
              type: 'string',
            },
            {
              name: 'SHA1',
              type: 'string',
            },
            {
              name: 'IsSigned',
              type: 'bool',
            },
            {
              name: 'SignatureType',
              type: 'string',
            },
            {
              name: 'Signer',
              type: 'string',
            },
            {
              name: 'SignerHash',
              type: 'string',
            },
            {
              name: 'Issuer',
              type: 'string',
            },
            {
              name: 'IssuerHash',
              type: 'string',
            },
            {
              name: 'CertificateSerialNumber',
              type: 'string',
            },
            {
              name: 'CrlDistributionPointUrls',
              type: 'string',
            },
            {
              name: 'CertificateCreationTime',
              type: 'datetime',
            },
            {
              name: 'CertificateExpirationTime',
              type: 'datetime',
            },
            {
              name: 'CertificateCountersignatureTime',
              type: 'datetime',
            },
            {
              name: 'IsTrusted',
              type: 'bool',
            },
            {
              name: 'IsRootSignerMicrosoft',
              type: 'bool',
            },
            {
              name: 'ReportId',
              type: 'long',
            },
            {
              name: 'TimeGenerated',
              type: 'datetime',
            },
          ],
          span: {
            start: 129,
            length: 27,
          },
        },
        by: [
          {
            name: 'DeviceId',
            value: {
              kind: 'column',
              name: 'DeviceId',
              type: 'string',
              span: {
                start: 269,
                length: 8,
              },
            },
          },
          {
            name: 'DeviceName',
            value: {
              kind: 'column',
              name: 'DeviceName',
              type: 'string',
              span: {
                start: 279,
                length: 10,
              },
            },
          },
        ],
        aggregates: [
          {
            name: 'FirstSeen',
            aggregate: 'min',
            arg: {
              kind: 'column',
              name: 'Timestamp',
              type: 'datetime',
              span: {
                start: 183,
                length: 9,
              },
            },
            type: 'datetime',
            span: {
              start: 179,
              length: 14,
            },
          },
          {
            name: 'LastSeen',
            aggregate: 'max',
            arg: {
              kind: 'column',
              name: 'Timestamp',
              type: 'datetime',
              span: {
                start: 208,
                length: 9,
              },
            },
            type: 'datetime',
            span: {
              start: 204,
              length: 14,
            },
          },
          {
            name: 'Report',
            aggregate: 'make_set',
            arg: {
              kind: 'column',
              name: 'ReportId',
              type: 'long',
              span: {
                start: 241,
                length: 8,
              },
            },
            type: 'dynamic',
            span: {
              start: 232,
              length: 18,
            },
          },
          {
            name: 'Count',
            aggregate: 'count',
            type: 'long',
            span: {
              start: 258,
              length: 7,
            },
          },
        ],
        columns: [
          {
            name: 'DeviceId',
            type: 'string',
          },
          {
            name: 'DeviceName',
            type: 'string',
          },
          {
            name: 'FirstSeen',
            type: 'datetime',
          },
          {
            name: 'LastSeen',
            type: 'datetime',
          },
          {
            name: 'Report',
            type: 'dynamic',
          },
          {
            name: 'Count',
            type: 'long',
          },
        ],
        span: {
          start: 159,
          length: 130,
        },
      },
    },
  },
];
