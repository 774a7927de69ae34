/** Networks without a public protocol, as data: how their people are named and what their clients can show. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  Capabilities,
  Feature,
  HubError,
  Level,
  levels,
  type IdRule,
  type MediaKind,
  type MediaRule,
  type MediaRules,
} from '#protocol';

export const PROFILE_NAMES = ['generic', 'feiliao', 'yiliao', 'wo', 'jego', 'libon', 'kik'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

const IDENTITIES = {
  /** Any text that the network chooses. */
  any: /^[\s\S]{1,1000}$/,
  /** E.164 without separators, of any carrier. */
  phone: /^\+?[1-9]\d{5,14}$/,
  username: /^[A-Za-z0-9._]{2,30}$/,
};

const MB = 1024 * 1024;

/** Media rules for each kind of attachment that a profile names; the same for all networks of the open interface. */
const MEDIA: Record<MediaKind, MediaRule> = {
  image: { types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'], maxBytes: 20 * MB },
  voice: { types: ['audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'], maxBytes: 10 * MB },
  video: { types: ['video/mp4'], maxBytes: 100 * MB },
  file: { maxBytes: 100 * MB },
};

const Profile = z.object({
  name: z.string(),
  operator: z.string(),
  label: z.literal('no public protocol; joins through the open interface'),
  identity: z.enum(['any', 'phone', 'username']),
  carrierIndependent: z.boolean(),
  media: z.array(z.enum(['image', 'voice', 'video', 'file'])),
  language: Capabilities.shape.language,
  features: z.partialRecord(Feature, Level),
  limits: Capabilities.shape.limits,
});
export type Profile = z.infer<typeof Profile>;

const FOLDER = join('apps', 'adapter-open', 'profiles');

/** @throws Error that names the file */
export function loadProfile(name: ProfileName): Profile {
  const file = join(FOLDER, `${name}.json`);
  const parsed = Profile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success)
    throw new Error(`${file}: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
  return parsed.data;
}

/** The rule by which different spellings of an id are one person, unless the settings name another. */
const FOLDING: Record<Profile['identity'], IdRule> = {
  any: 'exact',
  phone: 'e164',
  username: 'case-insensitive',
};

/** @param ids the rule from the settings; undefined: the rule of the kind of identity */
export function capabilitiesOf(name: ProfileName, profile: Profile, declared?: IdRule): Capabilities {
  const ids = declared ?? FOLDING[profile.identity];
  const media = Object.fromEntries(profile.media.map((kind) => [kind, MEDIA[kind]])) as MediaRules;
  const some = profile.media.length > 0;
  return {
    version: `open-${name}-5-${ids}`,
    language: profile.language,
    originalTime: true,
    lateOutcomes: { stages: ['failed'] },
    ids,
    features: levels(0, { text: 2, ...(some ? { media: 1, sticker: 1 } : {}), ...profile.features }),
    ...(some ? { media: { ...media, captions: true }, avatars: 'both' } : {}),
    limits: profile.limits,
  };
}

/** @throws HubError 30 for an id that the network could not have given */
export function checkIdentity(profile: Profile, native: string): void {
  if (!IDENTITIES[profile.identity].test(native))
    throw new HubError(
      '30',
      `"from.id" is no ${profile.identity === 'phone' ? 'phone number (E.164)' : profile.identity}`,
    );
}
