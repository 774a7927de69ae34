/** Which browser a session belongs to. Pure. */

/** Every browser names older ones too, so the first that fits is the right one. */
const BROWSERS = [
  [/Edg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/OPR\/(\d+)/, 'Opera'],
  [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/(?:Headless)?(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/Version\/(\d+)[\d.]* .*Safari/, 'Safari'],
] as const;

const SYSTEMS = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux|X11/, 'Linux'],
] as const;

/** @param agent header `User-Agent` @returns such as "Firefox 140 · Linux"; the header itself if it names no known browser */
export function browserOf(agent: string): string {
  for (const [form, name] of BROWSERS) {
    const version = form.exec(agent)?.[1];
    if (version === undefined) continue;
    const system = SYSTEMS.find(([known]) => known.test(agent))?.[1];
    return [`${name} ${version}`, system].filter(Boolean).join(' · ');
  }
  return agent;
}
