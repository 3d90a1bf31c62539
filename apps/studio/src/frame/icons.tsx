import type { ReactNode } from 'react';

const SHAPES = {
  home: <path d="M2.5 7.5L8 3l5.5 4.5V13h-4V9.5h-3V13h-4z" />,
  runs: <path d="M3 4h2M7 4h6M3 8h2M7 8h6M3 12h2M7 12h6" />,
  review: <path d="M2.5 3h11v8h-6l-3 2.5V11h-2zM5.5 7l1.8 1.8 3.4-3.6" />,
  operations: <path d="M2.5 12.5V9M6.2 12.5v-9M9.8 12.5V6.5M13.5 12.5V5" />,
  workflows: <path d="M2.5 6.5h3v3h-3zM10.5 3h3v3h-3zM10.5 10h3v3h-3zM5.5 8H8V4.5h2.5M8 8v3.5h2.5" />,
  prompts: <path d="M2.5 3.5h11M2.5 6.5h7M2.5 9.5h4M9 13l4.5-4.5-1.5-1.5L7.5 11.5 7 13.5z" />,
  evaluators: <path d="M8 2.5v11M4 13.5h8M2.5 5h11M4.5 5l-2 4.5h4zM11.5 5l-2 4.5h4z" />,
  bin: <path d="M3 4.5h10M6.5 4.5v-2h3v2M4.2 4.5l.6 9h6.4l.6-9M6.8 7v4M9.2 7v4" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.5v1.8M8 12.7v1.8M1.5 8h1.8M12.7 8h1.8M3.4 3.4l1.3 1.3M11.3 11.3l1.3 1.3M12.6 3.4l-1.3 1.3M4.7 11.3l-1.3 1.3" />
    </>
  ),
  moon: <path d="M13 9.6A5.5 5.5 0 1 1 6.4 3 4.3 4.3 0 0 0 13 9.6z" />,
  catalog: <path d="M2.5 3.5h11M2.5 8h11M2.5 12.5h11M5.5 3.5v9" />,
  sources: (
    <>
      <ellipse cx="8" cy="4" rx="5" ry="1.8" />
      <path d="M3 4v8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4M3 8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8" />
    </>
  ),
  play: <path d="M5 3.5l7.5 4.5L5 12.5z" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  pencil: <path d="M3 13l.8-3L10.5 3.3l2.2 2.2L6 12.2z" />,
  pin: <path d="M5.5 2.5h5M6.5 2.5v4L4 9.5h8L9.5 6.5v-4M8 9.5v4.5" />,
  more: (
    <>
      <circle cx="3" cy="8" r="0.9" />
      <circle cx="8" cy="8" r="0.9" />
      <circle cx="13" cy="8" r="0.9" />
    </>
  ),
  close: <path d="M4 4l8 8M12 4l-8 8" />,
} satisfies Record<string, ReactNode>;

export function Icon({ name }: { name: keyof typeof SHAPES }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[name]}
    </svg>
  );
}
