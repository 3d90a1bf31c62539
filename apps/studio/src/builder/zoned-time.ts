/** As a clock in the zone shows it, with the zone's name: "Mon, 2 Dec 2030, 06:00 CET". */
export function zonedTime(at: string, timeZone: string): string {
  const shown = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat(undefined, { ...shown, ...clock, timeZone }).format(new Date(at));
}

/** Zones that this browser knows. */
export const timeZones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')];

export const ownTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
