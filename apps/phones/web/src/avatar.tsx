/** A coloured circle with the first letter of a name. */
const COLOURS = 8;

export function Avatar({ name, network }: { name: string; network?: string }) {
  const letter = Array.from(name.replace(/^[^\p{L}\p{N}]+/u, ''))[0] ?? '·';
  return (
    <span className={`avatar avatar-${hash(`${name}${network ?? ''}`) % COLOURS}`} aria-hidden="true">
      {letter.toUpperCase()}
    </span>
  );
}

function hash(text: string): number {
  let sum = 7;
  for (const char of text) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}
