export {
  Address,
  addressOf,
  encodeLocal,
  isAddressSchema,
  nativeOf,
  Network,
  network,
  NETWORK_PATTERN,
  networkOf,
  parseAddress,
} from './address.js';
export { AgreementIndex, agreementFor, refusalOf } from './agreements.js';
export { certificationRefusal } from './certification-refusal.js';
export { linkedKey, linkId, linkKey, MediaLink, readLink, signLink } from './attachment-links.js';
export {
  Avatar,
  AVATAR_MAX_BYTES,
  AVATAR_SIDE,
  cleanName,
  fits,
  MediaGrant,
  mediaKindOf,
  MediaMeta,
  mediaPlace,
  MediaRules,
  MediaUrl,
  mediaUrl,
  planMedia,
  type MediaKind,
  type MediaPlace,
  type MediaRule,
} from './attachments.js';
export {
  CALL_ACTIONS,
  CallAction,
  CallCommand,
  CallCommandAnswer,
  CallMedia,
  CallSide,
  CallSignal,
  CallSignalAnswer,
  GatewayCommand,
  GatewaySignal,
  RING_MS,
  SessionDescription,
} from './calls.js';
export { canonicalAddress, CanonicalAddresses } from './canonical-address.js';
export { Capabilities, Feature, FEATURES, Level, levelOf, levels } from './capabilities.js';
export {
  countValidations,
  decodeEvent,
  decodeOutcome,
  encodeEvent,
  encodeOutcome,
  readEvent,
  validated,
  type Validated,
} from './codec.js';
export {
  bodyOf,
  CARD,
  Content,
  contentKind,
  EMPTY,
  ExternalPart,
  leaves,
  LOCATION,
  MARKDOWN,
  markdownText,
  MediaFailure,
  mediaFailureOf,
  Part,
  plainText,
  Reactions,
  textParts,
  wordsOf,
  type LeafPart,
  type SinglePart,
} from './content.js';
export {
  CloseDayAnswer,
  CloseDayRequest,
  DeadLetter,
  DirectoryAnswer,
  DirectoryChange,
  DirectoryEntry,
  DirectoryRequest,
  EventFailures,
  LinkAnswer,
  LinkRequest,
  MEDIA_REPLY,
  MediaRequest,
  MOST_LINKS,
  PAIRING_STATES,
  PairAnswer,
  PairRequest,
  PeerIds,
  RenewAnswer,
  RenewRequest,
  ResolveAnswer,
  ResolveRequest,
  SignOff,
  SignOffAnswer,
  SignOn,
  SignOnAnswer,
  type ResolveReply,
} from './control.js';
export { type FieldProblem } from './field-problems.js';
export { ignoredFields } from './ignored-fields.js';
export { qualifiedEmoji } from './emoji.js';
export {
  Availability,
  Basis,
  Degradation,
  EVENT_SCHEMAS,
  HubEvent,
  isEphemeral,
  kindOf,
  NATIVE_ID_LENGTH,
  Outcome,
  OutcomeStage,
  OUTCOME_STAGES,
  Party,
  withoutAvatar,
  type ContactEvent,
  type DurableEvent,
  type EphemeralEvent,
  type EventKind,
  type MessageEvent,
  ofCall,
  type CallEvent,
  type NoticeEvent,
  type PresenceEvent,
  type ReceiptEvent,
  type ReportEvent,
  type ResolvedBy,
  type TypingEvent,
} from './events.js';
export { fittingName } from './file-names.js';
export { IdFolding, IdRule } from './folding.js';
export { asyncApi, inlineSchema, jsonSchema, resultCodesPage } from './generated-documents.js';
export {
  addressOfGhost,
  callName,
  ghostName,
  isDigestName,
  shownName,
  type GhostNameRule,
} from './ghost-name.js';
export {
  Conversation,
  conversationId,
  conversationKind,
  conversationOf,
  direct,
  directConversation,
  group,
  isInItsConversation,
  recipientIn,
  subjectWith,
  withAddresses,
} from './conversation.js';
export {
  ALL_LANES,
  LANES,
  ConversationId,
  deliveryKey,
  EventId,
  eventId,
  isDeliveryKey,
  laneOf,
  type DeliveryKey,
  type Lane,
} from './ids.js';
export {
  believed,
  HEARTBEAT_MS,
  joined,
  LinkState,
  LIVENESS_KEY,
  LIVENESS_REPEAT_MS,
  livenessOf,
  LivenessSnapshot,
  NetworkLiveness,
  NEVER_HEARD,
  SILENT_AFTER_MS,
  type LivenessFacts,
} from './liveness.js';
export { HOP_LIMIT, networksIn, pathOf, withNetwork } from './network-path.js';
export { movesForward, type OutcomeState } from './outcome-order.js';
export { parseJson } from './parse-json.js';
export { cutName, LONGEST_NAME, personName, visibleName } from './person-name.js';
export { PHRASES, reportWords, type Phrases } from './phrases.js';
export { cardOf, cardPart, locationPart, mapLink, placeOf, readGeoUri } from './places-and-cards.js';
export {
  AdapterState,
  Agreement,
  ANY_NETWORK,
  Blocked,
  CERTIFICATION_LEVELS,
  CertificationLevel,
  classesCovered,
  isCertified,
  LADDER_SECONDS,
  LADDER_STEPS,
  LIMITED_TOWARDS_MAX,
  Limits,
  Member,
  MEMBER_STATES,
  MemberState,
  Phase,
  RISK_LEVELS,
  RiskLevel,
  Route,
  StandIn,
  takesPart,
  type LadderStep,
  type Registry,
} from './registry.js';
export {
  contentsOf,
  ENTRY_MAX_BYTES,
  REGISTRY_ENTRIES,
  RegistryContent,
  RegistryEntries,
  RegistryEntry,
  registryKeys,
} from './registry-entries.js';
export { CERTIFY, HUB, isOffered, isReserved, mayReport } from './reserved-networks.js';
export {
  HubError,
  isSuccess,
  notifiesSender,
  operatorText,
  RESULT_CODES,
  ResultCode,
  RESULTS,
  toHubError,
  type FailureCode,
  type SuccessCode,
} from './results.js';
export { convertedTo, DEGRADATION_RULES } from './degradation-rules.js';
export { RESOLUTION_WORDS } from './resolution-words.js';
export { checkedBody, errorReply, problemOfReply, RequestError, RequestProblem } from './request-error.js';
export { requests, requestSchemas, type BusRequest } from './requests.js';
export { firstIssue } from './schema-bounds.js';
export { smsSegments } from './sms-segments.js';
export {
  adapterConsumers,
  ANY,
  BUCKETS,
  consumers,
  correlationBucket,
  DEDUPE_DAYS,
  inStream,
  mediaStream,
  mediaSubject,
  MEMBER_API,
  networkBucket,
  networkInSubject,
  placeInSubject,
  REFERENCE_DAYS,
  reportSubjects,
  STREAM_SUBJECTS,
  STREAMS,
  subjects,
  waitingBucket,
  type StreamName,
} from './subjects.js';
export {
  Consent,
  consentKey,
  isOpenToAll,
  mayReach,
  mergedConsent,
  openToAll,
  Reach,
} from './subscribers.js';
export {
  digitsOf,
  E164,
  HUB_VOICE,
  isTel,
  nativeOfNumber,
  numberOf,
  TEL,
  telAddress,
} from './telephone-numbers.js';
export { TRAFFIC_CLASSES, trafficOf, UNIT_OF, type TrafficClass } from './traffic-class.js';
