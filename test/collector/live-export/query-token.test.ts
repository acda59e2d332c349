import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { graphService } from '../../../collector/live-export/graph-service.ts';
import { logAnalyticsService } from '../../../collector/live-export/log-analytics-service.ts';
import { queryToken } from '../../../collector/live-export/query-token.ts';
import { UsageError } from '../../../collector/usage-error.ts';
import { temporaryFolder } from '../collector-process.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

function tokenFile(name: string, text: string, mode = 0o600): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('the token of a query', () => {
  test('comes from a file, anew each time it is asked for', () => {
    const file = tokenFile('renewed', 'first.token\n');
    const token = queryToken(file, { CERTSWEEP_QUERY_TOKEN: 'of.the.environment' });
    expect(token()).toBe('first.token');
    writeFileSync(file, 'second.token\r\n');
    expect(token()).toBe('second.token');
  });

  test('comes from the environment where no file is named', () => {
    expect(queryToken(undefined, { CERTSWEEP_QUERY_TOKEN: ' a.b.c\n' })()).toBe('a.b.c');
  });

  test.each([
    { name: 'no file and no variable', file: () => undefined, says: '--query-token-file FILE' },
    { name: 'a file that is not there', file: () => path.join(folder, 'none'), says: 'ENOENT' },
    { name: 'a folder', file: () => folderOf('sub'), says: 'is no file' },
    {
      name: 'a file that others can read',
      file: () => tokenFile('open', 'a.b.c', 0o640),
      says: 'chmod 600',
    },
    { name: 'an empty file', file: () => tokenFile('empty', ''), says: 'does not hold a token' },
    { name: 'two lines', file: () => tokenFile('two', 'a\nb'), says: 'does not hold a token' },
    {
      name: 'a file of more than 16 KB',
      file: () => tokenFile('long', 'x'.repeat(16_385)),
      says: 'does not hold a token',
    },
  ])('is refused: $name', ({ file, says }) => {
    const read = () => queryToken(file(), {});
    expect(read).toThrow(UsageError);
    expect(read).toThrow(says);
  });
});

function folderOf(name: string): string {
  mkdirSync(path.join(folder, name), { recursive: true });
  return path.join(folder, name);
}

describe('the address of a service', () => {
  const id = '11111111-2222-3333-4444-555555555555';
  test.each([
    {
      name: 'that of Graph',
      address: () => graphService().url.href,
      is: 'https://graph.microsoft.com/v1.0/security/runHuntingQuery',
    },
    {
      name: "another cloud's",
      address: () => graphService('https://graph.microsoft.us/').url.href,
      is: 'https://graph.microsoft.us/v1.0/security/runHuntingQuery',
    },
    {
      name: 'that of Log Analytics',
      address: () => logAnalyticsService(id, 0).url.href,
      is: `https://api.loganalytics.azure.com/v1/workspaces/${id}/query`,
    },
    {
      name: 'one below a path',
      address: () => logAnalyticsService(id, 0, 'http://[::1]:8080/under/').url.href,
      is: `http://[::1]:8080/under/v1/workspaces/${id}/query`,
    },
  ])('is $name', ({ address, is }) => {
    expect(address()).toBe(is);
  });

  test.each([
    { url: 'http://graph.microsoft.com', says: 'in clear' },
    { url: 'http://127.0.0.1.example.com', says: 'in clear' },
    { url: 'https://user:secret@graph.microsoft.com', says: 'no user or password' },
    { url: 'ftp://graph.microsoft.com', says: 'an address is wanted' },
    { url: 'graph.microsoft.com', says: 'an address is wanted' },
    { url: 'https://graph.microsoft.com/?a=b', says: 'an address is wanted' },
  ])('is not $url', ({ url, says }) => {
    expect(() => graphService(url)).toThrow(says);
  });

  test.each(['', 'my-workspace', `${id}/query?x=`, `../${id}`])(
    'has a workspace id, and %j is none',
    (workspace) => {
      expect(() => logAnalyticsService(workspace, 0)).toThrow('takes the workspace id');
    },
  );
});
