/** Agents report at least daily; one that has missed two days should be looked at. */
export const SILENT_AFTER_DAYS = 2;
