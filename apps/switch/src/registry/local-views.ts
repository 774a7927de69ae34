/** Local copies of what the console publishes or answers: an event is decided without waiting for anybody. */
import { Injectable } from '@nestjs/common';
import { AbsenceView } from './absence-view.js';
import { ConsentView } from './consent-view.js';
import { Directory } from './directory.js';
import { RegistryView } from './registry-view.js';

@Injectable()
export class LocalViews {
  constructor(
    readonly registry: RegistryView,
    readonly consents: ConsentView,
    readonly directory: Directory,
    readonly absences: AbsenceView,
  ) {}
}
