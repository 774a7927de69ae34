export {
  allDone,
  awaitedLater,
  described,
  guarded,
  runInBackground,
  settled,
  tolerate,
} from './background.js';
export { JsonRefused, readJson, readSmallJson, type JsonBounds } from './bounded-json.js';
export { rangedAnswer } from './byte-range.js';
export { csvHead, csvLine } from './csv.js';
export { fileContent, fileHash } from './file-content.js';
export { helpIfAsked } from './help-option.js';
export { HealthModule, Public, PUBLIC_KEY, type Readiness } from './http.js';
export { fastifyHttpOptions, HTTP_LIMITS, limitConnections, type HttpLimits } from './http-limits.js';
export { hutongVersion } from './hutong-version.js';
export { LOG, SETTINGS } from './injection-tokens.js';
export { createLog, silentLog, type Log } from './log.js';
export { LruCache } from './lru-cache.js';
export { collectProcessMetrics, metrics, metricsPage, metricsRegistry } from './metrics.js';
export { metricsSettings } from './metrics-server.js';
export { nestLog } from './nest-log.js';
export { PeriodicTask } from './periodic-task.js';
export { PeriodicWorker } from './periodic-worker.js';
export { runProcess, StartRefused, type Refuse } from './process.js';
export { addressGroup, RefusalLog } from './refusal-log.js';
export { requestSent } from './request-sent.js';
export { backoff, sleep } from './retry.js';
export { isSealed, SecretBox } from './secret-box.js';
export { secretsEqual } from './secret-comparison.js';
export {
  busConnectionSettings,
  busCredentials,
  busSettings,
  busTls,
  commonSettings,
  databaseSettings,
  describeSettings,
  readSettings,
  SettingsError,
  topologySettings,
  type BusEnvironment,
} from './settings.js';
export { endWhenLate, endWhenSlow } from './slow-bodies.js';
export { TurnsByKey } from './turns-by-key.js';
export { FREE_WRONG_PROOFS, SYSTEM_CLOCK, WrongProofs, type Claim } from './wrong-proofs.js';
export { child, descendants, escapeXml, readXml, unescapeXml, type XmlElement } from './xml.js';
