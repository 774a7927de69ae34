/** The webhook address that is entered at Meta: its check (GET), and what happened (POST). */
import { Controller, Get, Header, Query } from '@nestjs/common';
import { hmacEdge, parameterOf, ProvenBy, textRefusal, webhookController, type Edge } from '#adapter-webhook';
import { HubError } from '#protocol';
import { secretsEqual } from '#service';
import type { WhatsAppAdapter } from './whatsapp.adapter.js';

const Deliveries = webhookController(
  'webhook',
  hmacEdge<WhatsAppAdapter>({
    header: 'x-hub-signature-256',
    encoding: 'hex',
    prefix: 'sha256=',
    secretOf: ({ settings }) => settings.WHATSAPP_APP_SECRET,
    // Meta sends up to a thousand changes at a time.
    maxBody: 3 * 1024 * 1024,
    bounds: { depth: 24, values: 100_000 },
  }),
);

const handshake: Edge<WhatsAppAdapter> = {
  maxBody: 0,
  form(request, { settings }) {
    const token = parameterOf(request, 'hub.verify_token') ?? '';
    if (
      parameterOf(request, 'hub.mode') !== 'subscribe' ||
      !secretsEqual(token, settings.WHATSAPP_VERIFY_TOKEN)
    )
      throw new HubError('31', 'the check of the address has a wrong verify token');
  },
  proof: () => undefined,
  refusal: (error) => ({
    ...textRefusal(error),
    status: error.code === '31' ? 403 : textRefusal(error).status,
  }),
};

@Controller('webhook')
export class WhatsAppWebhookController extends Deliveries {
  @Get()
  @ProvenBy(handshake)
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  challenge(@Query() query: Record<string, unknown>): string {
    return parameterOf({ query }, 'hub.challenge')?.slice(0, 1000) ?? '';
  }
}
