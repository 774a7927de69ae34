/** Agreements, tariffs, routes and the phase of the exchange. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { AgreementsController } from './agreements.controller.js';
import { AgreementsService } from './agreements.service.js';
import { ChangesModule } from './changes.module.js';
import { ExchangeEffects } from './exchange.effects.js';
import { PreviewService } from './preview.service.js';
import { TariffsController } from './tariffs.controller.js';

@Module({
  imports: [ChangesModule, RegistryModule],
  controllers: [AgreementsController, TariffsController],
  providers: [AgreementsService, PreviewService, ExchangeEffects],
})
export class ExchangeModule {}
