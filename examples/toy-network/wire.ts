/** A line of the toy network: fields separated by tabs. Characters that would break a line are written as \uXXXX. */
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

export function writeLine(...fields: string[]): string {
  const written = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${fields.map((field) => field.replace(/[\\\t\r\n\u2028\u2029]/g, written)).join('\t')}\n`;
}

export function readLine(line: string): string[] {
  const read = (_: string, hex: string) => String.fromCharCode(parseInt(hex, 16));
  return line.split('\t').map((field) => field.replace(/\\u([0-9a-f]{4})/g, read));
}

export function onLines(socket: Socket, receive: (...fields: string[]) => void): void {
  const lines = createInterface({ input: socket.on('error', () => socket.destroy()) });
  lines.on('error', () => socket.destroy()).on('line', (line) => receive(...readLine(line)));
}
