/** It ran, and what it was asked to check is not well. */
export const EXIT_ERRORS = 1;

/** Usage error, KQL error, or it could not run, or go on running, at all. */
export const EXIT_FAILED = 2;

/** It is done, and part of what it was given could not be read. */
export const EXIT_INCOMPLETE = 3;

/** Ended by a signal before its work was done. */
export const EXIT_INTERRUPTED = 130;
