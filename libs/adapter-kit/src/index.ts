export { AcknowledgedInOrder } from './acknowledged-in-order.js';
export type {
  Abilities,
  Adapter,
  AnyAdapter,
  AttachmentDelivering,
  AttachmentHandling,
  AttachmentOpening,
  AvatarShowing,
  AboutCall,
  BegunCall,
  CallCarrying,
  CallDraft,
  ChangeContext,
  ContactDelivering,
  ContactDraft,
  Delivered,
  DeliveryContext,
  EditDelivering,
  Hub,
  LateEvent,
  LateReport,
  Memory,
  MessageDraft,
  MessageRef,
  NativeAttachment,
  NativeAvatar,
  NativePiece,
  NativeProfile,
  NotCarried,
  OutgoingAttachment,
  Pairing,
  PresenceShowing,
  Profiling,
  Reacting,
  ReactionChange,
  ReactionDelivering,
  RecallDelivering,
  Reconciled,
  Reconciling,
  Withdrawing,
  ReceiptDelivering,
  ReceiptDraft,
  ReportedOn,
  ReportShowing,
  Resolving,
  TypingShowing,
} from './adapter.contract.js';
export { Connectivity } from './connectivity.js';
export { FirstUse } from './first-use.js';
export { ADAPTER, createAdapterHttp, HTTP_EDGE, type HttpEdge } from './http/adapter-http.js';
export { INBOUND_LIMITS, InboundQueue, type Begun, type InboundLimits } from './inbound-queue.js';
export { mediumAfterWords } from './medium-after-words.js';
export { coversMessage, firstNative, firstPiece, lastNative, nativePieces } from './native-pieces.js';
export { presentableParty } from './presentable-party.js';
export {
  adapterModule,
  adapterSettings,
  hostAdapter,
  runAdapter,
  type AdapterModule,
  type AttachTools,
  type HostedAdapter,
  type ServerAttaching,
} from './run-adapter.js';
export { sendSplitText, type SendContext } from './send-split-text.js';
export { StoredMap } from './stored-map.js';
export type { BriefWindow } from './reply-window.js';
