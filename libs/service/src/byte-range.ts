/** Parses a Range header (RFC 9110 §14.2) with one range. For several ranges, or an invalid header, the whole content is sent. */
export function byteRange(
  header: string | undefined,
  size: number,
): { from: number; to: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from >= size || (first === '' && Number(last) === 0)) return 'unsatisfiable';
  return from > to ? undefined : { from, to };
}

export interface RangedAnswer {
  status: 200 | 206;
  from: number;
  to: number;
  headers: Record<string, string>;
}

/** Status and headers of the answer for a file of `size` bytes: the whole file, the requested range, or 416. */
export function rangedAnswer(
  header: string | undefined,
  size: number,
): RangedAnswer | { status: 416; headers: Record<string, string> } {
  const range = byteRange(header, size);
  if (range === 'unsatisfiable') return { status: 416, headers: { 'content-range': `bytes */${size}` } };
  const { from, to } = range ?? { from: 0, to: size - 1 };
  const headers = {
    'accept-ranges': 'bytes',
    'content-length': String(to - from + 1),
    ...(range ? { 'content-range': `bytes ${from}-${to}/${size}` } : {}),
  };
  return { status: range ? 206 : 200, from, to, headers };
}
