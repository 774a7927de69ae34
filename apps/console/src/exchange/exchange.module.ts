/** Agreements, tariffs, routes and the phase of the exchange. */
import { Module } from '@nestjs/common';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { RegistryModule } from '../registry/registry.module.js';
import { AgreementsController } from './agreements.controller.js';
import { AgreementsService } from './agreements.service.js';
import { ChangesModule } from './changes.module.js';
import { ExchangeEffects } from './exchange.effects.js';
import { HistoryController } from './history.controller.js';
import { HistoryRepository } from './history.repository.js';
import { PreviewController } from './preview.controller.js';
import { PreviewService } from './preview.service.js';
import { TariffsController } from './tariffs.controller.js';

@Module({
  imports: [ChangesModule, RegistryModule],
  controllers: [AgreementsController, TariffsController, HistoryController, PreviewController],
  providers: [AgreementsService, PreviewService, HistoryRepository, BoundedReads, ExchangeEffects],
})
export class ExchangeModule {}
