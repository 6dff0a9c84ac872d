/** IAM and STS give whole seconds: `2026-08-01T00:00:00Z`. */
export const isoDate = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')
