import makeCode from 'qrcode-generator';
import { useMemo } from 'react';

interface QrCodeProps {
  text: string;
  /** What a screen reader says. */
  label: string;
}

/** Empty modules around a code, which scanners need: ISO/IEC 18004, 4 on each side. */
const QUIET = 4;

/** A QR code, drawn here: the text goes to no other host. Its size is that of the class `qr-code`. Also on the wall of phones. */
export function QrCode({ text, label }: QrCodeProps) {
  const { size, path } = useMemo(() => drawn(text), [text]);
  const side = size + 2 * QUIET;
  return (
    <svg className="qr-code" viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`} role="img" aria-label={label}>
      <path d={path} fill="#000" />
    </svg>
  );
}

function drawn(text: string): { size: number; path: string } {
  const code = makeCode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const squares = Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => (code.isDark(y, x) ? `M${x} ${y}h1v1h-1z` : '')).join(''),
  );
  return { size, path: squares.join('') };
}
