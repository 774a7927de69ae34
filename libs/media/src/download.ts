/**
 * Downloads URLs that messages name. The URLs are untrusted: only hosts that the operator declared are requested, and private IP
 * addresses only where the operator allows them. Checked after the name is resolved, and at every redirect.
 */
import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { HubError } from '#protocol';
import { isPublic, publicLookup } from '#service/public-address';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter(Boolean),
);

export const downloadSettings = {
  MEDIA_HOSTS: list
    .default([])
    .describe(
      'Public hosts from which the adapter may download attachments, separated by commas: files.example.org,upload.example.org:5281',
    ),
  MEDIA_PRIVATE_HOSTS: list
    .default([])
    .describe(
      'Hosts with private or loopback addresses from which the adapter may download attachments, separated by commas',
    ),
};

export interface HostRules {
  MEDIA_HOSTS: string[];
  MEDIA_PRIVATE_HOSTS: string[];
}

const REDIRECTS = 3;
const HEADERS_MS = 15_000;
const BODY_MS = 30_000;

export class Downloader {
  private readonly outside = agent(false);
  private readonly inside = agent(true);

  constructor(private readonly rules: HostRules) {}

  /** @throws HubError 107: refused, gone, or an unexpected answer; 91: retryable */
  async open(address: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    let url = address;
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const target = this.allowed(url);
      const { statusCode, headers, body } = await request(target.url, {
        dispatcher: target.inside ? this.inside : this.outside,
        signal,
        // No compressed answers: they could be decompression bombs.
        headers: { 'accept-encoding': 'identity' },
      }).catch((cause: unknown) => {
        throw refused(cause) ?? new HubError('91', `${target.url.host} does not answer`, { cause });
      });
      if (statusCode === 200) return body;
      await body.dump().catch((cause: unknown) => {
        throw new HubError('91', `${target.url.host} did not end its answer`, { cause });
      });
      const { location } = headers;
      if (statusCode < 300 || statusCode >= 400 || typeof location !== 'string')
        throw new HubError(statusCode >= 500 || statusCode === 429 ? '91' : '107', `answered ${statusCode}`);
      url = new URL(location, target.url).href;
    }
    throw new HubError('107', 'too many redirects');
  }

  async close(): Promise<void> {
    await Promise.all([this.outside.destroy(), this.inside.destroy()]);
  }

  private allowed(address: string): { url: URL; inside: boolean } {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '')
      throw new HubError('107', 'not an address that is fetched from');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const named = (hosts: string[]) => hosts.includes(url.port === '' ? host : `${host}:${url.port}`);
    const inside = named(this.rules.MEDIA_PRIVATE_HOSTS);
    if (!inside && !named(this.rules.MEDIA_HOSTS))
      throw new HubError('107', `${url.host} is not among the declared hosts (MEDIA_HOSTS)`);
    if (!inside && isIP(host) && !isPublic(host)) throw privateAddress(host);
    return { url, inside };
  }
}

function agent(inside: boolean): Agent {
  return new Agent({
    headersTimeout: HEADERS_MS,
    bodyTimeout: BODY_MS,
    connect: { timeout: HEADERS_MS, ...(inside ? {} : { lookup: publicLookup(privateAddress) }) },
  });
}

function privateAddress(host: string): HubError {
  return new HubError('107', `${host} is inside a private network`);
}

function refused(thrown: unknown): HubError | undefined {
  if (thrown instanceof HubError) return thrown;
  const { cause } = thrown as { cause?: unknown };
  return cause instanceof HubError ? cause : undefined;
}
