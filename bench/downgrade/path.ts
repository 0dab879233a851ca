/** One minor down, with migrations to undo. */
export const from = "1.9.1";
export const schemaVersionBefore = 286;
export const to = "1.8.3";
export const schemaVersion = 281;
