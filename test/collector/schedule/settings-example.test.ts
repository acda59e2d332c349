import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseNotifySettings } from '../../../collector/notify/parse-settings.ts';

const page = path.join(import.meta.dirname, '../../../docs/scheduled-hunts.md');

test('the settings in docs/scheduled-hunts.md are read as they stand', () => {
  const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(readFileSync(page, 'utf8')) ?? [];
  const { channels, nameOnly } = parseNotifySettings(yaml, { file: page, readPem: () => '' });
  expect(channels.map(({ kind, name }) => [kind, name])).toEqual([
    ...[
      ['webhook', 'soc'],
      ['syslog', 'siem'],
      ['file', 'log'],
    ],
  ]);
  expect(nameOnly).toBe(false);
});
