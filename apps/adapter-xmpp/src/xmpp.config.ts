import { z } from 'zod';

export const xmppSettings = z.object({
  NETWORK: z.string().default('xmpp').describe('Slug of this network'),
  XMPP_HOST: z.string().default('127.0.0.1').describe('Host on which the XMPP server listens for components'),
  XMPP_COMPONENT_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(5347)
    .describe('Component port of the XMPP server (XEP-0114)'),
  XMPP_PROFILE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('After how many seconds the name and picture of a person who writes are read again'),
  XMPP_COMPONENT_PORTS: z
    .string()
    .regex(/^([a-z][a-z0-9-]*:\d+)(,[a-z][a-z0-9-]*:\d+)*$/, 'expected <network>:<port>,...')
    .optional()
    .describe(
      'Component ports for each network, if the server needs one for each (ejabberd): network-a:5547,network-b:5548',
    ),
  XMPP_COMPONENT_DOMAIN: z
    .string()
    .min(3)
    .describe(
      'Parent domain of the components, one for each remote network: hub.example.org gives network-a.hub.example.org',
    ),
  XMPP_COMPONENT_SECRET: z
    .string()
    .min(1)
    .describe('Secret with which the components authenticate at the XMPP server'),
  XMPP_UPLOAD_SERVICE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JID of the upload service (XEP-0363), which must allow the domains of the components. Without it attachments are sent as links',
    ),
  XMPP_UPLOAD_MB: z.coerce
    .number()
    .int()
    .min(1)
    .default(10)
    .describe('Maximum upload size of XMPP_UPLOAD_SERVICE, in MB'),
  XMPP_SERVER_DOMAIN: z
    .string()
    .min(1)
    .describe(
      'Domain of the XMPP server. The adapter pings it to know that the server has processed what was sent before',
    ),
});
export type XmppSettings = ReturnType<(typeof xmppSettings)['parse']>;

/** Port of the component of one remote network. */
export function componentPort(settings: XmppSettings, network: string): number {
  for (const pair of settings.XMPP_COMPONENT_PORTS?.split(',') ?? []) {
    const [name, port] = pair.split(':');
    if (name === network) return Number(port);
  }
  return settings.XMPP_COMPONENT_PORT;
}
