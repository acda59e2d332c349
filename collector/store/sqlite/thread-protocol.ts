import type { MessagePort } from 'node:worker_threads';
import { StoreError, type StoreErrorCode } from '../store-error.ts';
import { toStoreError } from './sqlite-error.ts';

/** Structured clone drops an error's class and code, so errors cross threads as these fields. */
export interface ErrorMessage {
  readonly code: StoreErrorCode;
  readonly message: string;
}

/** One call of a thread's method. */
export interface CallMessage {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type ReplyMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'not-started'; readonly error: ErrorMessage }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorMessage };

/** What a thread offers: plain synchronous methods, by name. */
export type ThreadMethods = Record<string, (...args: never[]) => unknown>;

/** Runs `work` and posts its result, or its error, as the reply to call `id`. */
export function reply(port: MessagePort, id: number, work: () => unknown): void {
  try {
    post(port, { kind: 'result', id, value: work() });
  } catch (error) {
    post(port, { kind: 'error', id, error: toMessage(error) });
  }
}

/** Runs a thread's start and says how it went. undefined where it failed: the thread has nothing to do then. */
export function announce<Started>(port: MessagePort, start: () => Started): Started | undefined {
  try {
    const started = start();
    post(port, { kind: 'ready' });
    return started;
  } catch (error) {
    post(port, { kind: 'not-started', error: toMessage(error) });
    return undefined;
  }
}

export function post(port: MessagePort, message: ReplyMessage): void {
  port.postMessage(message);
}

export function fromMessage({ code, message }: ErrorMessage): StoreError {
  return new StoreError(code, message);
}

export function toMessage(error: unknown): ErrorMessage {
  const { code, message } = toStoreError(error);
  return { code, message };
}
