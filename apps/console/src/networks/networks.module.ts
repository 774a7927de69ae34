/** Registered networks: sign-on, declared capabilities and stand-in settings. */
import { Module } from '@nestjs/common';
import { AddressesModule } from '../addresses/addresses.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { LivenessModule } from './liveness.module.js';
import { NetworksController } from './networks.controller.js';
import { NetworksService } from './networks.service.js';
import { OutboundConsumers } from './outbound-consumers.js';
import { PairingController } from './pairing.controller.js';
import { SignOnController } from './sign-on.controller.js';
import { StandInController } from './stand-in.controller.js';

@Module({
  imports: [AddressesModule, AuditModule, RegistryModule, CredentialsModule, LivenessModule],
  controllers: [NetworksController, StandInController, PairingController, SignOnController],
  providers: [NetworksService, OutboundConsumers],
  exports: [NetworksService],
})
export class NetworksModule {}
