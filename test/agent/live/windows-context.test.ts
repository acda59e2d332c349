import { expect, test } from 'vitest';
import { readWindowsContext } from '../../../agent/live/windows-context.ts';

/** In the shape that ConvertTo-Json gives. Written by hand from Microsoft's documentation: no Windows was at hand. */
const answer = {
  processes: [
    {
      ProcessId: 0,
      ParentProcessId: 0,
      Name: 'System Idle Process',
      ExecutablePath: null,
      StartTime: null,
    },
    {
      ProcessId: 700,
      ParentProcessId: 4,
      Name: 'services.exe',
      ExecutablePath: null,
      StartTime: null,
    },
    {
      ProcessId: 1234,
      ParentProcessId: 700,
      Name: 'tvnserver.exe',
      ExecutablePath: 'C:\\Program Files\\TightVNC\\tvnserver.exe',
      StartTime: '2026-07-01T08:00:00.1234567Z',
    },
  ],
  services: {
    Name: 'tvnserver',
    State: 'Running',
    StartMode: 'Auto',
    PathName: '"C:\\Program Files\\TightVNC\\tvnserver.exe" -service -password hunter2',
  },
  autostarts: [
    { Name: 'tvncontrol', Command: '"C:\\Program Files\\TightVNC\\tvnserver.exe" -controlservice' },
  ],
  tasks: [
    {
      Name: '\\Support\\VNC',
      State: 'Ready',
      Command: 'C:\\Program Files\\TightVNC\\tvnserver.exe',
    },
  ],
};

test('processes, services, autostarts and tasks come together by the file that they run', () => {
  const context = readWindowsContext(`\ufeff${JSON.stringify(answer)}`, {});
  expect(context.of('c:\\PROGRAM FILES\\TightVNC\\tvnserver.exe')).toEqual({
    RunningProcesses: [
      {
        pid: 1234,
        name: 'tvnserver.exe',
        parentPid: 700,
        parentName: 'services.exe',
        user: null,
        startTime: '2026-07-01T08:00:00.123Z',
      },
    ],
    AutostartEntries: [
      { kind: 'service', name: 'tvnserver', state: 'Running, Auto' },
      { kind: 'autostart', name: 'tvncontrol', state: null },
      { kind: 'scheduled-task', name: '\\Support\\VNC', state: 'Ready' },
    ],
  });
});

test('a process that does not say what it runs makes the context partial; the idle process does not', () => {
  const { status, missing } = readWindowsContext(JSON.stringify(answer), {});
  expect({ status, missing }).toEqual({
    status: 'partial',
    missing: ['of 1 processes the file that they run was not told: run as administrator'],
  });
});

test.each([
  { name: 'no JSON', json: 'Get-CimInstance : Access denied' },
  { name: 'a number', json: '5' },
])('an answer that is $name is missing, not a crash', ({ json }) => {
  const context = readWindowsContext(json, {});
  expect(context).toMatchObject({
    status: 'partial',
    missing: ['PowerShell did not answer in JSON'],
  });
  expect(context.of('C:\\x.exe')).toEqual({ RunningProcesses: [], AutostartEntries: [] });
});

test('no command line is kept: passwords stand in them', () => {
  const context = readWindowsContext(JSON.stringify(answer), {});
  const found = JSON.stringify(context.of('C:\\Program Files\\TightVNC\\tvnserver.exe'));
  expect(found).not.toContain('hunter2');
});
