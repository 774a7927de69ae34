/** Downloads of clients: attachments, and the addresses in messages that came as links. */

/** More than any network of `npm start` carries. */
const MOST_BYTES = 128 * 1024 * 1024;

export class TooLarge extends Error {
  constructor(readonly mostBytes: number) {
    super(`the attachment is larger than ${Math.floor(mostBytes / (1024 * 1024))} MB`);
  }
}

/** Downloads an address as a client or a browser does. @throws TooLarge, as soon as more than `mostBytes` have come */
export async function fetchBytes(
  url: string,
  { headers = {}, mostBytes = MOST_BYTES }: { headers?: Record<string, string>; mostBytes?: number } = {},
): Promise<Buffer> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`GET ${url}: ${response.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  // An error inside the loop cancels the rest of the body.
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > mostBytes) throw new TooLarge(mostBytes);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

/** The content behind the link of an attachment that came as a link. */
export function linkIn(text = ''): string {
  return /https?:\/\/\S+/.exec(text)?.[0] ?? '';
}
