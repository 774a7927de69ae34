/** Puts a file where the server's upload service says (XEP-0363). */
import { xml, type Element } from '@xmpp/component';
import type { MediaFile } from '#media';
import { HubError } from '#protocol';
import { NS } from './namespaces.js';
import type { XmppConnection } from './xmpp.connection.js';

const PUT_MS = 10 * 60_000;
/** The only headers that a service may ask for (XEP-0363 §5). */
const HEADERS = new Set(['authorization', 'cookie', 'expires']);

/** @returns the address to fetch it from. @throws HubError 105 too large, 91 */
export async function upload(connection: XmppConnection, service: string, file: MediaFile): Promise<string> {
  const slot = await connection.ask(service, slotRequest(file)).catch((thrown: unknown) => {
    if (thrown instanceof HubError && thrown.code === '61') throw new HubError('105', thrown.detail);
    throw thrown;
  });
  const found = slot.getChild('slot', NS.upload);
  const [put, get] = [found?.getChild('put'), found?.getChild('get')?.attrs['url']];
  const address = put?.attrs['url'];
  if (!put || !address || !get) throw new HubError('91', 'the upload service gives no slot');
  const response = await fetch(address, {
    method: 'PUT',
    headers: { ...headersOf(put), 'content-type': file.contentType },
    body: await file.blob(),
    redirect: 'error',
    signal: AbortSignal.timeout(PUT_MS),
  }).catch((cause: unknown) => {
    throw new HubError('91', 'the upload service does not take the file', { cause });
  });
  await response.body?.cancel();
  if (response.status === 413) throw new HubError('105', 'more than the upload service takes');
  if (!response.ok) throw new HubError('91', `the upload service answered ${response.status}`);
  return get;
}

function slotRequest(file: MediaFile): Element {
  return xml('request', {
    xmlns: NS.upload,
    filename: file.filename,
    size: String(file.size),
    'content-type': file.contentType,
  });
}

function headersOf(put: Element): Record<string, string> {
  const wanted = put.getChildren('header').map((header): [string, string] => {
    return [String(header.attrs['name']).toLowerCase(), header.text().replace(/[\r\n]/g, '')];
  });
  return Object.fromEntries(wanted.filter(([name]) => HEADERS.has(name)));
}
