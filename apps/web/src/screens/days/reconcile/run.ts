/** Reads the own file and the clearing file of the day as streams, and compares them. */
import { problemOf } from '../../../api/problem';
import { Comparer, type Comparison } from './comparison';
import { recordReader } from './records';

/** Bytes of an own file at most. */
export const MOST_BYTES = 200 * 1024 * 1024;

export interface Progress {
  part: 'own' | 'billed';
  /** 0 to 100. */
  percent: number;
}

/** @throws RecordFault for a file that is not readable, ApiProblem if the clearing file is not to be had */
export async function reconcile(
  file: File,
  clearingFile: string,
  onProgress: (progress: Progress) => void,
): Promise<Comparison> {
  const comparer = new Comparer();
  const readOwn = recordReader();
  await eachLine(file.stream(), file.size, part('own', onProgress), (line, number) => {
    const record = readOwn(line, number);
    if (record) comparer.addOwn(record, number);
  });
  const response = await fetch(clearingFile, { credentials: 'same-origin' });
  if (!response.ok || !response.body) throw problemOf(response.status, await body(response), null);
  const size = Number(response.headers.get('content-length') ?? 0);
  const readBilled = recordReader();
  await eachLine(response.body, size, part('billed', onProgress), (line, number) => {
    const record = readBilled(line, number);
    if (record) comparer.addBilled(record);
  });
  return comparer.finish();
}

function part(name: Progress['part'], onProgress: (progress: Progress) => void): (percent: number) => void {
  return (percent) => onProgress({ part: name, percent });
}

async function body(response: Response): Promise<unknown> {
  return response.headers.get('content-type')?.includes('json') ? response.json() : undefined;
}

async function eachLine(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  size: number,
  onPercent: (percent: number) => void,
  take: (line: string, number: number) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let [rest, read, number] = ['', 0, 0];
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    read += value.length;
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line.replace(/\r$/, ''), ++number);
    onPercent(size > 0 ? Math.min(99, Math.floor((read / size) * 100)) : 50);
  }
  take(rest + decoder.decode(), ++number);
  onPercent(100);
}
