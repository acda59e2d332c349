import { enabledRules } from '../../collector/schedule/enabled-rules.ts';
import { huntQuestions } from '../../collector/schedule/hunt-questions.ts';
import { toFindingRange } from '../../collector/schedule/hunt-range.ts';
import { SqliteStore } from '../../collector/store/sqlite/sqlite-store.ts';
import { DEFAULT_QUERY_LIMITS } from '../../collector/store/store.ts';
import { ticksFromUnixMs, unixMsFromTicks } from '../../parsers/record/datetime.ts';

const DAY_MS = 86_400_000;
const WINDOW_DAYS = 5;
const ROUNDS = 3;

/**
 * `npm run bench -- hunts --data FOLDER`: how long all built-in rules take over the last five days of a data folder, by when
 * the rows were received and by their own Timestamp. The first round finds a cold cache.
 */
export async function benchHunts(dataFolder: string): Promise<void> {
  const store = await SqliteStore.open(dataFolder, 'read-write');
  try {
    const rules = await enabledRules(store, ['all']);
    const { observations, newestReceived } = await store.status();
    const to = newestReceived === null ? 0 : unixMsFromTicks(newestReceived);
    console.log(`${observations.toLocaleString('en-US')} rows, ${rules.length} rules`);
    const range = toFindingRange(to - WINDOW_DAYS * DAY_MS, to);
    const run = { now: ticksFromUnixMs(to), limits: DEFAULT_QUERY_LIMITS };
    for (const by of ['ReceivedTime', 'Timestamp'] as const) {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const started = performance.now();
        let [found, slowest, slowestName] = [0, 0, ''];
        for (const question of huntQuestions(rules)) {
          const begun = performance.now();
          found += (await question.read({ store, run }, { ...range, by })).length;
          const took = performance.now() - begun;
          if (took > slowest) [slowest, slowestName] = [took, question.name];
        }
        const total = Math.round(performance.now() - started);
        console.log(
          `${by}, round ${round}: ${total} ms, ${found} findings; slowest ${slowestName} ${Math.round(slowest)} ms`,
        );
      }
    }
  } finally {
    await store.close();
  }
}
