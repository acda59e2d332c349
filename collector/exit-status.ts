/** Usage error, KQL error, or it could not run, or go on running, at all. */
export const EXIT_FAILED = 2;
