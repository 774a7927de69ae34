export { AccountRegistry, type AccountTraffic, type LiveConnection } from './account-registry.js';
export { BatchReader } from './batch-reader.js';
export { newSharedConsumers, SHARED_STREAMS, type SharedStream } from './shared-stream-consumers.js';
export { Bucket } from './bucket.js';
export { BucketReader } from './bucket-reader.js';
export { BusAuthority, credentialsExpiry, type AuthoritySeeds } from './bus-authority.js';
export { BusConnection, type BusConnectionOptions, type BusSession, type BusTls } from './bus-connection.js';
export { allowBatchesOf } from './batches-allowed.js';
export { createdAt, createdOnBus, createMissing, saysNotFound, type Created } from './bus-objects.js';
export { adapterConsumerInfos, deleteConsumer, placeOf } from './consumer-place.js';
export { checkedValue } from './checked-value.js';
export { answer, ask, BinaryReply } from './control-client.js';
export { CredentialsFile, factsOf, isStillValid, newUser } from './credentials-file.js';
export { publishDeadLetter } from './dead-letters.js';
export { openHubBus } from './hub-process.js';
export { LaneConsumer } from './lane-consumer.js';
export type { BusMessage, LaneReader } from './lane-reader.js';
export { Lease } from './lease.js';
export { BLOCK_BYTES, nonceOf, openBlock, sealBlock, TAG_BYTES } from './media-blocks.js';
export { MediaGrants } from './media-grants.js';
export { readDirectly, readFromStream } from './media-reader.js';
export { MediaStore, type StoredObject } from './media-store.js';
export { OrderedPublisher } from './ordered-publisher.js';
export { openOwnRecords, OwnRecords } from './own-records.js';
export { readRevision, replaceRevision } from './revisions.js';
export { sharedSecret } from './shared-secret.js';
export { StorageCheck } from './storage-check.js';
export {
  adapterConsumer,
  CONSUMER_GROUP,
  hubTopology,
  keepMedia,
  networkTopology,
  partitionConsumers,
  PULL_MS,
  recorderConsumer,
  RETIRED_CONSUMERS,
  switchEventsConsumer,
  switchOutcomesConsumer,
  type BusObject,
  type BusObjectKind,
} from './topology.js';
