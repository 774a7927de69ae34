/** Worker thread for SILK, the voice codec of WeChat and QQ, because encoding would block the event loop. */
import { readFile, writeFile } from 'node:fs/promises';
import { decode, encode } from 'silk-wasm';

export interface SilkTask {
  direction: 'decode' | 'encode';
  from: string;
  to: string;
  /** Sample rate of the samples, which are mono, 16 bit. */
  rate: number;
}

export default async function silk({ direction, from, to, rate }: SilkTask): Promise<void> {
  const input = await readFile(from);
  const { data } = direction === 'decode' ? await decode(input, rate) : await encode(input, rate);
  await writeFile(to, data, { mode: 0o600 });
}
