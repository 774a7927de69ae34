/** Drawings of the buttons. */
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  call: 'M6 4l4 1 1 4-2 2c1 2 2 3 4 4l2-2 4 1 1 4c-1 2-3 2-5 2C9 19 5 14 4 9c0-2 0-4 2-5z',
  close: 'M6 6l12 12M18 6L6 18',
  send: 'M4 12l16-8-6 16-3-7z',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01',
  microphone: 'M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3',
  stop: 'M7 7h10v10H7z',
  place: 'M12 21s-6-6-6-11a6 6 0 0 1 12 0c0 5-6 11-6 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  card: 'M3 6h18v12H3zM8.5 12a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM5.5 15.5c1-2 5-2 6 0M14 10h4M14 13h4',
  sticker: 'M12 3a9 9 0 1 0 9 9c-5 0-9-4-9-9zM12 3l9 9M8.5 11h.01M9 15c1 1 3 1.300 4 .5',
  reply: 'M10 7L5 12l5 5M5 12h8c4 0 6 2 6 6',
  edit: 'M5 19l1-4L16 5l3 3L9 18z',
  recall: 'M5 7h14M9 7V5h6v2M7 7l1 13h8l1-13',
  react: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 10h.01M15 10h.01M8.500 14c1.500 2 5.500 2 7 0',
  play: 'M8 5l11 7-11 7z',
  route: 'M5 12h14M5 12a2 2 0 1 0 .01 0M12 12a2 2 0 1 0 .01 0M19 12a2 2 0 1 0 .01 0',
  plus: 'M12 5v14M5 12h14',
  contacts: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6',
  address: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18h2v2',
} as const;
export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

export function IconButton({
  name,
  label,
  onClick,
  on,
  disabled,
}: {
  name: IconName;
  label: string;
  onClick: () => void;
  on?: boolean;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={on}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={name} />
    </button>
  );
}
