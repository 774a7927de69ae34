export interface Elapsed {
  value: number;
  unit: 'second' | 'minute' | 'hour' | 'day';
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Time between two moments in its largest unit; negative: in the past. */
export function elapsed(from: Date, to: Date): Elapsed {
  const seconds = Math.round((to.getTime() - from.getTime()) / 1000);
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const);
  return { value: Math.trunc(seconds / size), unit };
}

/** A short duration: "340 ms", "2.1 s", "3 min 4 s", "48 h". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.round((ms % 60_000) / 1000)} s`;
  const hours = `${Math.floor(minutes / 60)} h`;
  return minutes % 60 === 0 ? hours : `${hours} ${minutes % 60} min`;
}
