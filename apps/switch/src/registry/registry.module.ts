/** The registry, consents, absences and numbers, as this instance knows them. */
import { Module } from '@nestjs/common';
import { AbsenceView } from './absence-view.js';
import { ConsentView } from './consent-view.js';
import { DirectoryClient } from './directory.client.js';
import { Directory } from './directory.js';
import { LocalViews } from './local-views.js';
import { RegistryView } from './registry-view.js';
import { ViewUpdates } from './view-updates.js';

@Module({
  providers: [RegistryView, ConsentView, ViewUpdates, DirectoryClient, Directory, AbsenceView, LocalViews],
  exports: [RegistryView, ConsentView, AbsenceView, LocalViews],
})
export class RegistryModule {}
