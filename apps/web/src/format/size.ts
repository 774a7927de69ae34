const UNITS = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const;

/** A number of bytes in its largest unit, with one decimal at most: "10 MiB", "2.5 KiB", "900 B". */
export function size(bytes: number): string {
  const unit = UNITS.find(([, one]) => bytes >= one);
  if (unit === undefined) return `${bytes} B`;
  const [name, one] = unit;
  return `${Math.round((bytes / one) * 10) / 10} ${name}`;
}
