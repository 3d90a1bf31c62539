/** The types of the API, as `src/api/schema.ts` holds them. */
export function clientTypes(description: unknown): Promise<string>;
