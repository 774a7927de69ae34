/** The console as one app: REST, its documentation, control for adapters, and the recorder. */
import { keepMedia } from '#bus';
import { answerForResidents } from '#certification';
import { DatabasePulse, databaseInTime } from '#database';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import {
  busCredentials,
  busTls,
  fastifyHttpOptions,
  limitConnections,
  nestLog,
  Recurring,
  type Log,
  type Refuse,
} from '#service';
import { RiskService } from './abuse/risk.service.js';
import { ApiKeysService } from './access/api-keys.service.js';
import { Denials } from './access/denials.js';
import { KeyExpiry } from './access/key-expiry.js';
import { AuditCheckpoints } from './audit/audit-checkpoints.js';
import { wallClock, type Clock } from './clock.js';
import { CertificationsService } from './certification/certifications.service.js';
import type { ConsoleSettings } from './console.config.js';
import { ConsoleBus } from './console-bus.js';
import { ConsoleModule, DEFAULT_TERMS, type ExchangeTerms } from './console.module.js';
import { controlTransport } from './control-transport.js';
import { AllowedMethods } from './http/allowed-methods.js';
import { withExamples } from './http/examples.js';
import { tooDeep } from './http/depth.js';
import { CanonicalInput } from './http/canonical-input.js';
import { InputPipe } from './http/input.pipe.js';
import { withIdempotencyKey } from './http/idempotency-key.js';
import { withOpenBounds } from './http/open-bounds.js';
import { ProblemFilter } from './http/problem.js';
import { problemTable } from './http/problems.js';
import { secureAnswers } from './http/security-headers.js';
import { StorableInput } from './http/storable-input.js';
import { expireChanges } from './exchange/change-expiry.js';
import { ChangesService } from './exchange/changes.service.js';
import { Departures } from './members/departures.js';
import { DeparturesRepository } from './members/departures.repository.js';
import { DeparturesService } from './members/departures.service.js';
import { SuspensionsService } from './members/suspensions.service.js';
import { MembersService } from './members/members.service.js';
import { NoticeSender } from './subscribers/notice-sender.js';
import { DirectoryService } from './numbers/directory.service.js';
import { LivenessBoard } from './networks/liveness.js';
import { LivenessNotice } from './networks/liveness-notice.js';
import { NetworksService } from './networks/networks.service.js';
import { RegistryPublisher } from './registry/registry-publisher.js';
import { RegistryService } from './registry/registry.service.js';
import { DisputeSweeper } from './disputes/dispute.sweeper.js';
import { DisputesService } from './disputes/disputes.service.js';
import { MediaSweeper } from './media/sweeper.js';
import { ConsentService } from './subscribers/consent.service.js';
import { Recorder } from './trace/recorder.js';

const REGISTRY_COMPARED_MS = 60_000;
const RISK_EVERY_MS = 60_000;
const KEYS_EVERY_MS = 60_000;
const BODY_LIMIT = 256 * 1024;

export interface ConsoleApp {
  url: string;
  /** A provider, for tests that run a round of background work themselves. */
  get<T>(provider: Type<T>): T;
  close(): Promise<void>;
}

export async function startConsole(
  settings: ConsoleSettings,
  log: Log,
  clock: Clock = wallClock,
  onRefusal?: Refuse,
): Promise<ConsoleApp> {
  const database = await databaseInTime(settings.DATABASE_URL, log);
  const bus = await ConsoleBus.open(settings, database, log, onRefusal);
  const pulse = new DatabasePulse(database);
  const readiness = {
    check: () => ({ bus: bus.link.connected, topology: bus.inventory.isWhole, database: pulse.alive }),
  };
  const app = await createHttp(
    bus,
    database,
    readiness,
    log,
    settings.MEDIA_LINK_KEY,
    clock,
    settings.TRUSTED_PROXIES,
    termsOf(settings),
  );
  const networks = app.get(NetworksService);
  await bus.link.onSession(() => networks.prepareAll());
  await app.get(DirectoryService).serve();
  await app.get(ConsentService).restore();
  await app.get(RegistryPublisher).start();
  const reconcile = () => app.get(RegistryService).reconcile();
  await reconcile();
  const comparing = new Recurring(
    REGISTRY_COMPARED_MS,
    reconcile,
    'registry compared with the database',
    log,
  );
  const keys = app.get(ApiKeysService);
  if (settings.ADMIN_KEY) await keys.ensureSettingsKey(settings.ADMIN_KEY, 'first admin', log);
  if (settings.SECOND_ADMIN_KEY) await keys.ensureSettingsKey(settings.SECOND_ADMIN_KEY, 'second admin', log);
  const checkpoints = app.get(AuditCheckpoints);
  await checkpoints.begin(settings, log);
  const liveness = await LivenessNotice.start(app.get(LivenessBoard), bus, log);
  app.connectMicroservice(controlTransport(settings.NATS_URL, busCredentials(settings), busTls(settings)), {
    inheritAppConfig: false,
  });
  await app.startAllMicroservices();
  await answerForResidents(bus.link);
  const certifications = app.get(CertificationsService);
  certifications.begin(log);
  const recorder = await Recorder.start(bus, database, log);
  await networks.onPrepared((network) => recorder.read(network));
  await bus.link.onSession((session) => keepMedia(session, settings.MEDIA_HOURS, settings.MEDIA_STORE_GB));
  const sweeper = new MediaSweeper(bus, database, settings.MEDIA_SWEEP_SECONDS * 1000, log);
  const departures = new Departures(
    app.get(DeparturesRepository),
    app.get(DeparturesService),
    app.get(MembersService),
    app.get(NoticeSender),
    clock,
    log,
  );
  const suspensions = app.get(SuspensionsService).liftOverdue(log);
  const changeExpiry = expireChanges(app.get(ChangesService), log);
  const disputeSweeper = new DisputeSweeper(app.get(DisputesService), log);
  const judge = () => app.get(RiskService).judge(clock());
  const risk = new Recurring(RISK_EVERY_MS, judge, 'risk of networks judged', log);
  const expiry = new Recurring(
    KEYS_EVERY_MS,
    () => Promise.all([app.get(KeyExpiry).sweep(), app.get(Denials).endMinute()]),
    'expired keys and denials written to the audit log',
    log,
  );
  await app.listen(settings.HTTP_PORT, settings.HTTP_HOST);
  return {
    url: (await app.getUrl()).replace('[::1]', '127.0.0.1'),
    get: (provider) => app.get(provider),
    close: async () => {
      pulse.stop();
      await certifications.stop();
      liveness.stop();
      await app.close();
      await departures.stop();
      await suspensions.stop();
      await changeExpiry.stop();
      await sweeper.stop();
      await disputeSweeper.stop();
      await risk.stop();
      await comparing.stop();
      await expiry.stop();
      await checkpoints.stop();
      await recorder.stop();
      await bus.close();
      await database.destroy();
    },
  };
}

export async function createHttp(
  bus: ConsoleBus,
  database: DataSource,
  readiness: { check(): Record<string, boolean> },
  log: Log,
  linkSecret?: string,
  clock: Clock = wallClock,
  trustedProxies?: string[],
  terms: ExchangeTerms = DEFAULT_TERMS,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    ...fastifyHttpOptions(),
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    trustProxy: trustedProxies ?? false,
  });
  const methods = new AllowedMethods(adapter.getInstance());
  adapter.getInstance().addHook('preValidation', (request, _, done) => {
    done(tooDeep(request.body));
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    ConsoleModule.using(bus, database, readiness, linkSecret, clock, terms),
    adapter,
    { logger: nestLog(log) },
  );
  limitConnections(app.getHttpServer());
  secureAnswers(app);
  app.useGlobalFilters(new ProblemFilter(log, methods.of));
  app.useGlobalPipes(new StorableInput(), new InputPipe(), app.get(CanonicalInput));
  SwaggerModule.setup('docs', app, openApi(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    customSiteTitle: 'Hutong console API',
  });
  return app;
}

export function openApi(app: NestFastifyApplication): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle('Hutong console')
    .setDescription(
      [
        'Register networks, watch their health, trace messages, look after dead letters.',
        'Errors are `application/problem+json` (RFC 9457) with one of these types. Where a delivery result is meant, the type is `urn:hutong:result:<code>` and the field `code` has the result code.',
        problemTable(),
      ].join('\n\n'),
    )
    .setVersion('1.0.0')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  const made = SwaggerModule.createDocument(app, document);
  // Fastify writes a colon that is no parameter as two.
  const paths = Object.entries(made.paths).map(([path, item]) => [path.replaceAll('::', ':'), item] as const);
  const whole = withOpenBounds({ ...made, paths: Object.fromEntries(paths) });
  return withExamples(withIdempotencyKey(whole));
}

function termsOf(settings: ConsoleSettings): ExchangeTerms {
  return {
    changes: { days: settings.CHANGE_DAYS, openPerProposer: settings.OPEN_PROPOSALS },
    membership: {
      leaveNoticeDays: settings.LEAVE_NOTICE_DAYS,
      emergencySuspensionHours: settings.EMERGENCY_SUSPENSION_HOURS,
    },
  };
}
