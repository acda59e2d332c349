import { describe, expect, test } from 'vitest';
import { stepText } from '../../../agent/service/install-step.ts';
import type { InstallRequest } from '../../../agent/service/install-target.ts';
import { windowsInstall } from '../../../agent/service/windows-install.ts';
import { taskXml } from '../../../agent/service/windows-task.ts';

const HOUR = 3_600_000;
const plan = windowsInstall({
  ProgramW6432: 'C:\\Program Files',
  ProgramData: 'C:\\ProgramData',
  SystemRoot: 'C:\\Windows',
});
const request: InstallRequest = {
  source: { kind: 'executable', path: 'D:\\certsweep.exe' },
  configFile: 'D:\\config.yaml',
  state: 'C:\\ProgramData\\certsweep\\state',
  alsoWritable: [],
  live: false,
  schedule: { everyMs: 24 * HOUR, jitterMs: HOUR, at: '02:30' },
};

describe('on Windows (as text: untested there)', () => {
  test('install copies to folders that only administrators write, and makes a task', () => {
    const icacls = 'run C:\\Windows\\System32\\icacls.exe';
    const full = '*S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F';
    const secured = (folder: string, rights: string) => [
      `${icacls} ${folder} /setowner *S-1-5-32-544 /T /L /Q`,
      `${icacls} ${folder} /inheritance:r /grant:r ${rights} /Q`,
    ];
    const library = 'C:\\Program Files\\certsweep';
    const data = 'C:\\ProgramData\\certsweep';
    expect(plan.install(request).map(stepText)).toEqual([
      `make folder ${library} (0755)`,
      ...secured(library, `${full} *S-1-5-32-545:(OI)(CI)RX`),
      `copy D:\\certsweep.exe to ${library}\\certsweep.exe (0755)`,
      `make folder ${data} (0700)`,
      ...secured(data, full),
      `copy D:\\config.yaml to ${data}\\config.yaml (0600)`,
      `make folder ${data}\\state (0700)`,
      ...secured(`${data}\\state`, full),
      `write ${data}\\task.xml (0600)`,
      `run C:\\Windows\\System32\\schtasks.exe /create /tn certsweep /xml ${data}\\task.xml /f`,
    ]);
  });

  test('install keeps the configuration that is there where none is given', () => {
    const steps = plan.install({ ...request, configFile: undefined });
    expect(steps.filter((step) => step.do === 'copy')).toHaveLength(1);
  });

  test('the task runs one sweep as SYSTEM in the background, and makes up for one that was missed', () => {
    const xml = taskXml(request.schedule, 'C:\\Program Files\\certsweep\\certsweep.exe', [
      'run',
      '--once',
      '--config',
      'C:\\R&D data\\config.yaml',
    ]);
    const lines = xml.split('\n').map((line) => line.trim());
    expect(lines).toEqual(
      expect.arrayContaining([
        '<UserId>S-1-5-18</UserId>',
        '<Priority>7</Priority>',
        '<StartWhenAvailable>true</StartWhenAvailable>',
        '<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
        '<StartBoundary>2026-01-01T02:30:00</StartBoundary>',
        '<RandomDelay>PT60M</RandomDelay>',
        '<DaysInterval>1</DaysInterval>',
        '<Command>C:\\Program Files\\certsweep\\certsweep.exe</Command>',
        '<Arguments>run --once --config "C:\\R&amp;D data\\config.yaml"</Arguments>',
      ]),
    );
    expect(xml).not.toContain('<Repetition>');
  });

  test('the task repeats within a day where it is to', () => {
    const xml = taskXml({ everyMs: 6 * HOUR, jitterMs: 0, at: undefined }, 'x', []);
    expect(xml).toContain('<Interval>PT360M</Interval>');
    expect(xml).toContain('<StartBoundary>2026-01-01T00:00:00</StartBoundary>');
  });

  test('uninstall keeps the data unless it is to purge', () => {
    const state = 'C:\\ProgramData\\certsweep\\state';
    const kept = plan.uninstall(state, false).map(stepText);
    expect(kept).toContain('run C:\\Windows\\System32\\schtasks.exe /delete /tn certsweep /f');
    expect(kept.join('\n')).not.toContain(state);
    expect(kept).toContain('remove C:\\Program Files\\certsweep\\certsweep.exe.old');
    expect(plan.uninstall(state, true).map(stepText).slice(-3)).toEqual([
      `remove the files of certsweep in ${state}`,
      `remove folder ${state} if it is empty`,
      'remove folder C:\\ProgramData\\certsweep and all in it',
    ]);
  });
});
