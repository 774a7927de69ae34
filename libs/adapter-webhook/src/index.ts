export { BotPlatformAdapter, type BotWords } from './bot-platform.adapter.js';
export { downloadError, openContent, statusError, uploading } from './attachments.js';
export {
  edgeThrough,
  headerOf,
  jsonRefusal,
  parameterOf,
  publicDetail,
  SMALL_BODY,
  textRefusal,
  UNPROVEN,
  type Edge,
  type EdgeRequest,
  type EdgeTools,
  type Refusal,
} from './edge.js';
export { FirstAnswer } from './first-answer.js';
export { answerBytes, answerJson, isGatewayError, resultOfStatus } from './platform-answer.js';
export { PlatformHttp } from './platform-http.js';
export { claimOf, slowedDown } from './guesses.js';
export { hmacEdge, readCallback, type SignedCallback } from './hmac-edge.js';
export { JsonApi } from './json-api.js';
export { OpenToAll, ProvenBy } from './proven-by.js';
export { RateLimit, type Rate } from './rate-limit.js';
export { admitUpgrade } from './upgrades.js';
export { repeatable } from './repeatable.js';
export { replyOrPush } from './reply-window.js';
export { secretEdge } from './secret-edge.js';
export { sendPart } from './send-part.js';
export { SharedNotes } from './shared-notes.js';
export { TokenStore, type FreshToken } from './token-store.js';
export { uuidOf } from './uuid-of.js';
export { webhookController, type WebhookTaking } from './webhook.controller.js';
export { webhookModule } from './webhook.module.js';
