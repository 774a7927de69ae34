/** Line drawings of 24 by 24. */
const PATHS = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM4 20h6v-3H4zM14 7h6V4h-6z',
  find: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4.5 4.5',
  networks: 'M12 3v6M12 15v6M5 21h14M5 3h14M6 9h12v6H6z',
  agreements: 'M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3',
  deadLetters: 'M3 6h18v12H3zM3 6l9 7 9-7M9 20l6 0',
  audit: 'M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-5',
  days: 'M4 6h16v15H4zM4 10h16M8 3v5M16 3v5M9 15h6',
  adjustments: 'M4 8h16M4 16h16M9 5v6M15 13v6',
  disputes: 'M12 4v16M7 20h10M5 7h14M5 7l-3 7h6zM19 7l-3 7h6z',
  changes: 'M4 13h4l2 3h4l2-3h4M4 13l3-9h10l3 9v7H4z',
  numbers: 'M9 3L7 21M17 3l-2 18M4 9h17M3 15h17',
  risk: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  topology: 'M5 5h4v4H5zM15 5h4v4h-4zM10 15h4v4h-4zM9 7h6M8 9l3 6M16 9l-3 6',
  certification: 'M12 3a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM9 14l-1.5 7L12 18.5 16.5 21 15 14',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  menu: 'M4 6h16M4 12h16M4 18h16',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2',
  moon: 'M20 14A8.5 8.5 0 0 1 10 4a8.5 8.5 0 1 0 10 10z',
  people:
    'M9 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM2 21c0-4 3-6 7-6s7 2 7 6M16 4.5a4 4 0 0 1 0 7M18 15.5c2.5.8 4 2.5 4 5.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
