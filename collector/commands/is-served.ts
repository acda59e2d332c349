import { lockDataFolder } from '../store/data-lock.ts';
import { StoreError } from '../store/store-error.ts';

/** Whether a collector is using a data folder now. */
export function isServed(dataFolder: string): boolean {
  try {
    lockDataFolder(dataFolder).release();
    return false;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'in-use') return true;
    throw error;
  }
}
