/** Sign-in of people to the web console: password, second factor, OpenID Connect, sessions. */
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AnnouncementsModule } from '../announcements/announcements.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../exchange/changes.module.js';
import { PeopleModule } from '../people/people.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { AccountService } from './account.service.js';
import { MeController } from './me.controller.js';
import { OidcController } from './oidc.controller.js';
import { OidcProvider } from './oidc-provider.js';
import { OidcService } from './oidc.service.js';
import { RecoveryCodesService } from './recovery-codes.service.js';
import { RecoveryRepository } from './recovery.repository.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SecondFactorResetController } from './second-factor-reset.controller.js';
import { SecondFactorService } from './second-factor.service.js';
import { SessionController } from './session.controller.js';
import { SettingsPasswords } from './settings-passwords.js';
import { SignInEffects } from './sign-in.effects.js';
import { SignInLimits } from './sign-in-limits.js';
import { SignInLimitsRepository } from './sign-in-limits.repository.js';
import { SignInRepository } from './sign-in.repository.js';
import { SignInService } from './sign-in.service.js';

@Module({
  imports: [AccessModule, AnnouncementsModule, AuditModule, ChangesModule, PeopleModule, SecretsModule],
  controllers: [
    SessionController,
    OidcController,
    MeController,
    SecondFactorController,
    SecondFactorResetController,
  ],
  providers: [
    AccountService,
    OidcProvider,
    OidcService,
    RecoveryCodesService,
    RecoveryRepository,
    SecondFactorService,
    SettingsPasswords,
    SignInEffects,
    SignInLimits,
    SignInLimitsRepository,
    SignInRepository,
    SignInService,
  ],
})
export class SignInModule {}
