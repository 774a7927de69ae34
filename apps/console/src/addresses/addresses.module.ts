/** Canonical addresses: the id rule of each network, and stored addresses that are rewritten when a rule changes. */
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { NumbersModule } from '../numbers/numbers.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { IdFoldingsRepository } from './id-foldings.repository.js';
import { StoredAddressesRepository } from './stored-addresses.repository.js';
import { StoredAddresses } from './stored-addresses.service.js';

@Module({
  imports: [AuditModule, NumbersModule, RegistryModule],
  providers: [IdFoldingsRepository, StoredAddressesRepository, StoredAddresses],
  exports: [IdFoldingsRepository, StoredAddresses],
})
export class AddressesModule {}
