/** A platform that is not there, for tests without a network: what is sent to it is recorded as it would stand on the wire. */
import { network, type Address, type HubError } from '#protocol';
import { readXml } from '#service';
import { HubDouble } from '../../../../libs/bot-contacts/src/testing/hub-double.js';
import { jsonMessage, xmlMessage } from '../from-canonical.js';
import { RcsAdapter } from '../rcs.adapter.js';
import { rcsSettings, type RcsSettings } from '../rcs.config.js';

export type Dialect = RcsSettings['RCS_DIALECT'];

export const alice = 'im:alice@far' as Address;
export const chen = 'im:13800138000@rcs' as Address;

export function closedSettings(dialect: Dialect): RcsSettings {
  return rcsSettings.parse({
    RCS_DIALECT: dialect,
    RCS_URL: 'http://127.0.0.1:9',
    RCS_CHATBOT: 'sip:106500000001@botplatform.rcs.example.cn',
    RCS_APP_ID: 'csp',
    RCS_APP_KEY: 'key',
    RCS_TOKEN: 'token-of-ours',
    RCS_WAIT_MS: '0',
  });
}

/** What `parse` of the edge makes of a notification. */
export function notificationOf(dialect: Dialect, native: unknown, headers: Record<string, string> = {}) {
  const text = typeof native === 'string' ? native : (JSON.stringify(native) ?? '');
  const { tid = '', authstatus: authStatus = '' } = headers;
  return { native: text, json: dialect === 'xml' ? { root: readXml(text), tid, authStatus } : native };
}

/** An account whose person has talked with alice of the network far. */
export function anAccount(dialect: Dialect, refuses?: HubError) {
  const double = new HubDouble({ talked: true, sends: true, refuses });
  const settings = closedSettings(dialect);
  const adapter = new RcsAdapter(network('rcs'), settings, double.log);
  /** Bodies of requests. */
  const requests: unknown[] = [];
  adapter.client.send = (message) => {
    requests.push(dialect === 'xml' ? xmlMessage(message, settings) : jsonMessage(message, settings));
    return Promise.resolve(`native-${requests.length}`);
  };
  void adapter.start(double.hub);
  const traceOf = (native: unknown, headers?: Record<string, string>) =>
    double.traceOf(() => adapter.webhook(notificationOf(dialect, native, headers)));
  return { adapter, double, requests, traceOf };
}
