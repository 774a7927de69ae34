/** The registry, which is published on the bus through an outbox for the switch. */
import { Module } from '@nestjs/common';
import { RegistryComparison } from './registry-comparison.js';
import { RegistryPublisher } from './registry-publisher.js';
import { RegistryService } from './registry.service.js';

@Module({
  providers: [RegistryService, RegistryPublisher, RegistryComparison],
  exports: [RegistryService],
})
export class RegistryModule {}
