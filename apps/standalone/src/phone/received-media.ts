/** Type and size of a file that somebody received, as the server of the simulated network tells them. */
import type { MediaFacts } from './show.js';

const ANSWER_MS = 5000;
/** Maximum number of bytes that are counted of a file without a content-length. */
const MAX_COUNTED_BYTES = 20 * 1024 * 1024;
const THIS_MACHINE = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Only this machine is asked: a file elsewhere would tell a stranger that the person is there. Nothing known: `{}`. */
export async function mediaFacts(address: string): Promise<MediaFacts> {
  if (!isOfThisMachine(address)) return {};
  const stop = new AbortController();
  try {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(ANSWER_MS)]);
    const response = await fetch(address, { signal, redirect: 'error' });
    if (!response.ok) return {};
    const type = response.headers.get('content-type')?.split(';')[0];
    const length = response.headers.get('content-length');
    const bytes = length === null ? await count(response) : Number(length);
    return { ...(type ? { type } : {}), ...(bytes === undefined ? {} : { bytes }) };
  } catch (error) {
    // The line on the screen then says that the size is unknown.
    if (isNoAnswer(error)) return {};
    throw error;
  } finally {
    stop.abort();
  }
}

/** As `fetch` throws where the server does not answer, breaks off, or takes too long. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof TypeError || error instanceof DOMException;
}

function isOfThisMachine(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && THIS_MACHINE.has(hostname);
}

async function count(response: Response): Promise<number | undefined> {
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_COUNTED_BYTES) return undefined;
  }
  return bytes;
}
