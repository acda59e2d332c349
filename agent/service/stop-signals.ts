import { exitStatus } from '../exit-status.ts';

/** What a process manager asks of the service. */
export interface StopSignals {
  /** Aborted by the first SIGINT or SIGTERM; the second ends the process at once. */
  readonly stop: AbortSignal;
  /** A signal that SIGHUP aborts: each call begins to listen anew, and is also aborted by `stop`. */
  untilReload(): { readonly signal: AbortSignal; readonly reloads: () => boolean };
  /** Takes the listeners away. */
  remove(): void;
}

export function listenForStop(): StopSignals {
  const stop = new AbortController();
  let reload = new AbortController();
  const onStop = () => {
    if (stop.signal.aborted) process.exit(exitStatus.interrupted);
    stop.abort();
  };
  const onReload = () => reload.abort();
  process.on('SIGINT', onStop).on('SIGTERM', onStop).on('SIGHUP', onReload);
  return {
    stop: stop.signal,
    untilReload() {
      if (reload.signal.aborted) reload = new AbortController();
      const current = reload.signal;
      return {
        signal: AbortSignal.any([stop.signal, current]),
        reloads: () => current.aborted && !stop.signal.aborted,
      };
    },
    remove() {
      process.off('SIGINT', onStop).off('SIGTERM', onStop).off('SIGHUP', onReload);
    },
  };
}
