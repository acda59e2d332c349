/** Usage error, KQL error, or it could not run, or go on running, at all. */
export const EXIT_FAILED = 2;

/** Ended by a signal before its work was done. */
export const EXIT_INTERRUPTED = 130;
