import { describe, expect, test } from 'vitest';
import { parseDeviceMap } from '../../../collector/coverage/device-map.ts';
import { matchDevices } from '../../../collector/coverage/match-devices.ts';
import type { SideDevice } from '../../../collector/coverage/side.ts';

/** `ID NAME`, and after them the agent's DeviceIdSource. */
function devices(...texts: readonly string[]): readonly SideDevice[] {
  return texts.map((text, index) => {
    const [id = '', name = '', source = 'machine-id'] = text.split(' ');
    return {
      ...{ index, id, name: name === '-' ? '' : name, otherNames: [], source },
      ...{ rows: 1, rowsInWindow: 1, first: 1n, last: 1n },
    };
  });
}

function match(agents: readonly SideDevice[], exported: readonly SideDevice[], map = '') {
  const matches = matchDevices(agents, exported, parseDeviceMap(map).devices);
  const ids = (list: readonly SideDevice[]) => list.map(({ id }) => id).join(' ');
  return {
    pairs: matches.pairs.map(({ agent, exported: other, by }) => `${agent.id}=${other.id} ${by}`),
    collisions: matches.collisions.map(
      ({ agent, exported: other }) => `${ids(agent)}|${ids(other)}`,
    ),
    onlyAgent: ids(matches.onlyAgent),
    onlyExport: ids(matches.onlyExport),
  };
}

const nothing = { pairs: [], collisions: [], onlyAgent: '', onlyExport: '' };

describe('devices are joined', () => {
  test.each([
    {
      name: 'by DeviceId, whatever their names',
      agents: ['a pc1'],
      exported: ['a pc2'],
      pairs: ['a=a device-id'],
    },
    {
      name: 'by whole name, without regard to case and a final dot',
      agents: ['a PC1.corp'],
      exported: ['x pc1.Corp.'],
      pairs: ['a=x name'],
    },
    {
      name: 'by the first label',
      agents: ['a pc1'],
      exported: ['x pc1.corp'],
      pairs: ['a=x first-label'],
    },
    {
      name: 'by the map before anything else',
      agents: ['a pc1'],
      exported: ['a pc1', 'x pc2'],
      map: 'a,x',
      pairs: ['a=x device-map'],
      onlyExport: 'a',
    },
  ])('$name', ({ name: _name, agents, exported, map, ...expected }) => {
    expect(match(devices(...agents), devices(...exported), map)).toEqual({
      ...nothing,
      ...expected,
    });
  });
});

describe('what could be several is told, and not joined:', () => {
  test.each([
    {
      name: 'two agents with one name',
      agents: ['a pc1', 'b pc1'],
      exported: ['x pc1'],
      collisions: ['a b|x'],
    },
    {
      name: 'two devices of the export with one name',
      agents: ['a pc1'],
      exported: ['x pc1', 'y pc1'],
      collisions: ['a|x y'],
    },
    {
      name: 'two domains that share a first label',
      agents: ['a pc1'],
      exported: ['x pc1.corp', 'y pc1.lab'],
      collisions: ['a|x y'],
    },
    {
      name: "a name under another id than Defender's own",
      agents: ['a pc1 defender'],
      exported: ['x pc1'],
      collisions: ['a|x'],
    },
  ])('$name', ({ name: _name, agents, exported, ...expected }) => {
    const found = match(devices(...agents), devices(...exported));
    expect(found).toEqual({ ...nothing, ...expected });
  });

  test('a device without a name is joined with none of them', () => {
    expect(match(devices('a -'), devices('x -'))).toEqual({
      ...nothing,
      onlyAgent: 'a',
      onlyExport: 'x',
    });
  });
});

describe('a device map', () => {
  test('may have a header, quotes, blanks and empty lines', () => {
    const text = '\ufeffagent DeviceId,export DeviceId\r\n"A1" , X1\r\n\r\na2,x2\n';
    expect(parseDeviceMap(text)).toEqual({
      devices: [
        { agentId: 'a1', exportId: 'x1', line: 2 },
        { agentId: 'a2', exportId: 'x2', line: 4 },
      ],
      problems: [],
    });
  });

  test.each([
    {
      name: 'one id for two of the export',
      text: 'a,x\na,y\nb,z',
      used: ['b'],
      says: /lines 1, 2: the agent DeviceId a/,
    },
    {
      name: 'two ids for one of the export',
      text: 'a,x\nb,x\nc,z',
      used: ['c'],
      says: /lines 1, 2: the export DeviceId x/,
    },
    { name: 'a line twice', text: 'a,x\na,x', used: ['a'], says: /line 2: the same as line 1/ },
    { name: 'one cell', text: 'a,x\nb', used: ['a'], says: /line 2: expected two ids/ },
    { name: 'three cells', text: 'a,x,y', used: [], says: /line 1: expected two ids/ },
    { name: 'markup', text: '<b>,x', used: [], says: /line 1: expected two ids/ },
  ])('$name is told with its line', ({ text, used, says }) => {
    const map = parseDeviceMap(text);
    expect(map.devices.map(({ agentId }) => agentId)).toEqual(used);
    expect(map.problems.join('\n')).toMatch(says);
  });
});
