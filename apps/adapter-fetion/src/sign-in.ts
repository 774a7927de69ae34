/** Bootstrap over HTTP: the addresses of the servers, the identity of an account, and captchas. */
import { child, descendants, readXml, type XmlElement } from '#service';
import { HubError } from '#protocol';
import { digest1 } from './login-digests.js';

export interface Account {
  /** 11 digits. */
  mobile: string;
  password: string;
}

export interface Servers {
  sipcHost: string;
  sipcPort: number;
  signInUrl: string;
}

export interface Identity {
  userId: number;
  sid: string;
  uri: string;
}

/** A login picture that a person must read. */
export interface Captcha {
  id: string;
  algorithm: string;
  /** Base64. */
  picture: string;
}
export interface CaptchaAnswer {
  id: string;
  algorithm: string;
  text: string;
}

export class CaptchaNeeded extends Error {
  constructor(readonly algorithm: string) {
    super('the network asks for a captcha');
  }
}

const TIMEOUT_MS = 10_000;
const DOMAIN = 'fetion.com.cn';

export async function findServers(navigationUrl: string, mobile: string): Promise<Servers> {
  const body =
    `<config><user mobile-no="${mobile}"/><client type="PC" version="4.3.0980" platform="W5.1"/>` +
    '<servers version="0"/><parameters version="0"/><hints version="0"/></config>';
  const config = await ask(`${navigationUrl}/nav/getsystemconfig.aspx`, body);
  const [proxy] = descendants(config, 'sipc-proxy');
  const [signIn] = [...descendants(config, 'ssi-app-sign-in-v2'), ...descendants(config, 'ssi-app-sign-in')];
  const [host = '', port = ''] = (proxy?.text.trim() ?? '').split(':');
  if (host === '' || !/^\d+$/.test(port) || !signIn)
    throw new HubError('91', 'the answer of the Fetion navigation server has no servers');
  return { sipcHost: host, sipcPort: Number(port), signInUrl: signIn.text.trim() };
}

/** @throws HubError 31 wrong password or suspended, 91 not available; CaptchaNeeded */
export async function signIn(url: string, account: Account, captcha?: CaptchaAnswer): Promise<Identity> {
  const query = new URLSearchParams({
    mobileno: account.mobile,
    domains: DOMAIN,
    'v4digest-type': '1',
    v4digest: digest1(account.password),
    ...(captcha ? { pid: captcha.id, pic: captcha.text, algorithm: captcha.algorithm } : {}),
  });
  const results = await ask(`${url}?${query.toString()}`);
  const status = results?.attributes['status-code'] ?? '';
  if (status === '421' || status === '420')
    throw new CaptchaNeeded(descendants(results, 'verification')[0]?.attributes['algorithm'] ?? '');
  if (status === '401' || status === '404' || status === '433')
    throw new HubError('31', `Fetion sign-in refused with ${status}`);
  const { 'user-id': userId = '', uri = '' } = child(results, 'user')?.attributes ?? {};
  const sid = sidOf(uri);
  if (status !== '200' || !/^\d+$/.test(userId) || sid === undefined)
    throw new HubError('91', `Fetion sign-in answered ${status || 'nothing'}`);
  return { userId: Number(userId), sid, uri };
}

export async function fetchCaptcha(navigationUrl: string, algorithm: string): Promise<Captcha> {
  const query = new URLSearchParams({ algorithm }).toString();
  const results = await ask(`${navigationUrl}/nav/GetPicCodeV4.aspx?${query}`);
  const { id, pic } = child(results, 'pic-certificate')?.attributes ?? {};
  if (!id || !pic) throw new HubError('91', 'Fetion gave no captcha');
  return { id, algorithm, picture: pic };
}

/** `sip:700000001@fetion.com.cn;p=6907` -> 700000001 */
export function sidOf(uri: string): string | undefined {
  return /^sip:(\d{1,12})@fetion\.com\.cn(?:;p=\d+)?$/.exec(uri)?.[1];
}

async function ask(url: string, body?: string): Promise<XmlElement | undefined> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
    const text = await response.text();
    if (response.status >= 500) throw new HubError('91', `Fetion answered HTTP ${response.status}`);
    return readXml(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    if (cause instanceof HubError) throw cause;
    throw new HubError('91', 'the Fetion HTTP servers cannot be reached', { cause });
  }
}
