import type { DatabaseSync, StatementSync } from 'node:sqlite';

const TICKS_PER_MS = 10_000n;

/** When each device was last heard of, and how far its clock was off then. */
export class ContactTable {
  readonly #upsert: StatementSync;

  constructor(db: DatabaseSync) {
    // A batch that waited longer than a later one does not turn the time back.
    this.#upsert = db.prepare(
      `INSERT INTO contact (DeviceId, FirstContact, LastContact, LastSent, ClockSkewMs) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
          LastContact = excluded.LastContact, LastSent = excluded.LastSent, ClockSkewMs = excluded.ClockSkewMs
        WHERE excluded.LastContact >= LastContact`,
    );
  }

  /** A batch of this device came. Times are 100 ns ticks, `sentAt` by the device's clock. */
  heard(deviceId: string, receivedAt: bigint, sentAt: bigint | undefined): void {
    const skew = sentAt === undefined ? null : (sentAt - receivedAt) / TICKS_PER_MS;
    this.#upsert.run(deviceId, receivedAt, receivedAt, sentAt ?? null, skew);
  }
}
