/** A QR code in a terminal: two modules, one above the other, are one character. */
import makeCode from 'qrcode-generator';

/** Empty modules around a code, which scanners need. */
const QUIET = 2;

export function qrCodeInText(text: string): string {
  const code = makeCode(0, 'L');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const isDark = (y: number, x: number) => y >= 0 && x >= 0 && y < size && x < size && code.isDark(y, x);
  const places = Array.from({ length: size + 2 * QUIET }, (_, at) => at - QUIET);
  // Dark modules are empty: terminals are dark, and a scanner reads both kinds.
  const block = (y: number, x: number) => {
    const [above, below] = [isDark(y, x), isDark(y + 1, x)];
    if (above) return below ? ' ' : '▄';
    return below ? '▀' : '█';
  };
  return places
    .filter((_, row) => row % 2 === 0)
    .map((y) => places.map((x) => block(y, x)).join(''))
    .join('\n');
}
