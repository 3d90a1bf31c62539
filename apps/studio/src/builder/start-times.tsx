import { zonedTime } from './zoned-time.js';

/** In the zone that the pattern is meant in. */
export function Times({
  times,
  timeZone,
  label,
}: {
  times: readonly string[];
  timeZone: string;
  label: string;
}) {
  return (
    <ol className="starts-times" aria-label={label}>
      {times.map((at) => (
        <li key={at}>
          <time dateTime={at}>{zonedTime(at, timeZone)}</time>
        </li>
      ))}
    </ol>
  );
}
