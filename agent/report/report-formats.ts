/** What each is for: a terminal; programs and the collector; spreadsheets; people who were not there. */
export const reportFormats = ['table', 'ndjson', 'csv', 'html'] as const;

export type ReportFormat = (typeof reportFormats)[number];
