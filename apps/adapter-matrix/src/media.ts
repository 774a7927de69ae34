/** The homeserver's media: uploads as a ghost, downloads with our token (authenticated media, Matrix v1.11). */
import { z } from 'zod';
import type { MediaFile } from '#media';
import { HubError, parseJson } from '#protocol';
import type { MatrixSettings } from './matrix.config.js';

const MXC = /^mxc:\/\/([A-Za-z0-9.:[\]-]{1,255})\/([A-Za-z0-9_-]{1,255})$/;
const Uploaded = z.object({ content_uri: z.string().optional(), errcode: z.string().optional() });
const UPLOAD_MS = 10 * 60_000;

export class MatrixMedia {
  constructor(private readonly settings: MatrixSettings) {}

  /** @throws HubError 107 when the file is gone, 91 when a later attempt may succeed */
  async open(mxc: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const [, server, id] = MXC.exec(mxc) ?? [];
    if (server === undefined || id === undefined) throw new HubError('107', 'not an mxc address');
    const path = `/_matrix/client/v1/media/download/${encodeURIComponent(server)}/${encodeURIComponent(id)}`;
    const response = await this.call(path, { method: 'GET', signal });
    if (response.ok && response.body) return response.body;
    throw new HubError(
      isPassing(response.status) ? '91' : '107',
      `the homeserver answered ${response.status}`,
    );
  }

  /** @returns its mxc address. @throws HubError 105 too large, 91 */
  async upload(ghost: string, file: MediaFile): Promise<string> {
    const query = new URLSearchParams({ filename: file.filename, user_id: ghost });
    const upload = {
      method: 'POST',
      body: await file.blob(),
      signal: AbortSignal.timeout(UPLOAD_MS),
    };
    const path = `/_matrix/media/v3/upload?${query.toString()}`;
    const response = await this.call(path, upload, { 'content-type': file.contentType });
    const answer = Uploaded.safeParse(parseJson(await response.bytes())).data ?? {};
    if (response.ok && answer.content_uri !== undefined) return answer.content_uri;
    if (response.status === 413) throw new HubError('105', 'more than the homeserver takes');
    const code = isPassing(response.status) ? '91' : '106';
    throw new HubError(code, `upload: ${response.status} ${answer.errcode ?? ''}`);
  }

  private call(path: string, init: RequestInit, headers: Record<string, string> = {}): Promise<Response> {
    const authorization = `Bearer ${this.settings.MATRIX_AS_TOKEN}`;
    return fetch(this.settings.MATRIX_URL + path, {
      ...init,
      redirect: 'error',
      headers: { ...headers, authorization },
    }).catch((cause: unknown) => {
      throw new HubError('91', 'the homeserver does not answer', { cause });
    });
  }
}

function isPassing(status: number): boolean {
  return status >= 500 || status === 429 || status === 401;
}
